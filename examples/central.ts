// central: one CPU decides for all.
//
// Every task that becomes ready goes into one queue, and only the central CPU takes tasks out of it: in
// its dispatch() it fills the local queues of all CPUs that have asked for work. The others run what
// they are given with an infinite slice, so that with nohz_full their timer tick can stop. A timer on
// the central CPU looks at them each millisecond and preempts those whose time is up while others wait.
//
// It shows dispatching to other CPUs (SCX_DSQ_LOCAL_ON), kicking them (scx_bpf_kick_cpu), a pinned BPF
// timer, and infinite slices. Behaviour, flags and statistics are those of scx_central, with one
// difference: the timer is armed by the first dispatch() on the central CPU, so that it is pinned there
// whichever CPU the loading process runs on.
//
// examples/central-run.ts is the userspace half; docs/schedulers/central.md says more.
import {
  scheduler,
  config,
  counter,
  array,
  queue,
  timer,
  range,
  atomicAdd,
  atomicCas,
  atomicSub,
  scx_bpf_create_dsq,
  scx_bpf_dispatch_nr_slots,
  scx_bpf_dsq_insert,
  scx_bpf_dsq_move_to_local,
  scx_bpf_dsq_nr_queued,
  scx_bpf_error,
  scx_bpf_get_online_cpumask,
  scx_bpf_kick_cpu,
  scx_bpf_now,
  scx_bpf_nr_cpu_ids,
  scx_bpf_task_cpu,
  scx_bpf_task_running,
  bpf_cpumask_test_cpu,
  bpf_get_smp_processor_id,
  bpf_task_from_pid,
  time_before,
  s32,
  u32,
  EINVAL,
  NR_CPUS,
  NSEC_PER_MSEC,
  PF_KTHREAD,
  SCX_DSQ_LOCAL,
  SCX_DSQ_LOCAL_ON,
  SCX_ENQ_PREEMPT,
  SCX_KICK_IDLE,
  SCX_KICK_PREEMPT,
  SCX_OPS_ENQ_LAST,
  SCX_SLICE_INF,
  type bool,
  type u64,
} from 'scxts';

const FALLBACK_DSQ = 0;
const TIMER_NS = NSEC_PER_MSEC;

export const central_cpu = config<s32>(0, 'the CPU that decides');
export const slice_ns = config(20 * NSEC_PER_MSEC, 'time after which a task makes way, in ns');

export const nr_total = counter('tasks that became ready');
export const nr_locals = counter('kernel threads of one CPU, put at the head of its local queue');
export const nr_lost_pids = counter('queued tasks that were gone when their turn came');
export const nr_dispatches = counter('times that the central CPU looked for work');
export const nr_placed = counter('tasks given to a CPU, counted on the CPU that decided it');
export const nr_mismatches = counter('tasks that may not run on the CPU that asked');
export const nr_retries = counter('times that the central CPU ran out of dispatch slots');
export const nr_overflows = counter('tasks that the full queue did not take');

const waiting = queue<s32>(4096);
/** CPUs that have asked for work. */
const asked = array<bool>(NR_CPUS);
/** When the running task started, 0 for none. */
const started_at = array<u64>(NR_CPUS);
let nr_queued: u64 = 0;
let nr_timers: u64 = 0;
let armed: u32 = 0;

const tick = timer(() => {
  const here = bpf_get_smp_processor_id();
  if (s32(here) !== central_cpu) {
    scx_bpf_error(`the timer ran on CPU ${here}, not on the central CPU ${central_cpu}`);
    return;
  }
  const now = scx_bpf_now();
  const nr_cpus = scx_bpf_nr_cpu_ids();
  let toKick = nr_queued;
  for (const i of range(nr_cpus)) {
    // Another CPU comes first each time.
    const cpu = s32((nr_timers + i) % nr_cpus);
    if (cpu === central_cpu) continue;
    const started = started_at.get(cpu);
    if (started && started.value && time_before(now, started.value + slice_ns)) continue;
    if (
      scx_bpf_dsq_nr_queued(FALLBACK_DSQ) <= 0 &&
      scx_bpf_dsq_nr_queued(SCX_DSQ_LOCAL_ON | cpu) <= 0
    ) {
      if (toKick === 0) continue;
      toKick--;
    }
    scx_bpf_kick_cpu(cpu, SCX_KICK_PREEMPT);
  }
  atomicAdd(nr_timers, 1);
  tick.start(TIMER_NS, { cpu: central_cpu });
});

/**
 * Gives a CPU the next task that may run there; the others on the way go to the fallback queue.
 * @noinline
 */
function give(cpu: s32): bool {
  for (;;) {
    const pid = waiting.pop();
    if (!pid) return false;
    atomicSub(nr_queued, 1);
    using p = bpf_task_from_pid(pid.value);
    if (!p) {
      nr_lost_pids.inc();
      continue;
    }
    if (!bpf_cpumask_test_cpu(u32(cpu), p.cpus_ptr)) {
      nr_mismatches.inc();
      scx_bpf_dsq_insert(p, FALLBACK_DSQ, SCX_SLICE_INF, 0);
      if (scx_bpf_dispatch_nr_slots() === 0) return false;
      continue;
    }
    nr_placed.inc();
    scx_bpf_dsq_insert(p, SCX_DSQ_LOCAL_ON | cpu, SCX_SLICE_INF, 0);
    if (cpu !== central_cpu) scx_bpf_kick_cpu(cpu, SCX_KICK_IDLE);
    return true;
  }
}

function decide(): void {
  nr_dispatches.inc();
  if (atomicCas(armed, 0, 1) === 0) tick.start(TIMER_NS, { cpu: central_cpu });
  for (const cpu of range(scx_bpf_nr_cpu_ids())) {
    if (scx_bpf_dispatch_nr_slots() === 0) break;
    const wants = asked.get(cpu);
    if (wants && wants.value && give(s32(cpu))) wants.value = false;
  }
  if (scx_bpf_dispatch_nr_slots() === 0) {
    // CPUs may have been passed over, this one included: look again.
    nr_retries.inc();
    scx_bpf_kick_cpu(central_cpu, SCX_KICK_PREEMPT);
    return;
  }
  if (!scx_bpf_dsq_move_to_local(FALLBACK_DSQ, 0)) give(central_cpu);
}

export default scheduler({
  name: 'central',
  // The last task of a CPU has to queue like any other, because only the central CPU decides.
  flags: SCX_OPS_ENQ_LAST,

  select_cpu(p, prev_cpu, wake_flags) {
    // Disturb the others as little as possible. It is a hint: where the task may not run there, the
    // kernel chooses.
    return central_cpu;
  },

  enqueue(p, enq_flags) {
    nr_total.inc();
    // The timer may depend on ksoftirqd: kernel threads of one CPU never wait.
    if (p.flags & PF_KTHREAD && p.nr_cpus_allowed === 1) {
      nr_locals.inc();
      scx_bpf_dsq_insert(p, SCX_DSQ_LOCAL, SCX_SLICE_INF, enq_flags | SCX_ENQ_PREEMPT);
      return;
    }
    if (waiting.push(p.pid)) {
      nr_overflows.inc();
      scx_bpf_dsq_insert(p, FALLBACK_DSQ, SCX_SLICE_INF, enq_flags);
      return;
    }
    atomicAdd(nr_queued, 1);
    if (!scx_bpf_task_running(p)) scx_bpf_kick_cpu(central_cpu, SCX_KICK_PREEMPT);
  },

  dispatch(cpu, prev) {
    if (cpu === central_cpu) {
      decide();
      return;
    }
    if (scx_bpf_dsq_move_to_local(FALLBACK_DSQ, 0)) return;
    const wants = asked.get(cpu);
    if (wants) wants.value = true;
    scx_bpf_kick_cpu(central_cpu, SCX_KICK_PREEMPT);
  },

  running(p) {
    const started = started_at.get(scx_bpf_task_cpu(p));
    const now = scx_bpf_now();
    if (started) started.value = now ? now : 1;
  },

  stopping(p, runnable) {
    const started = started_at.get(scx_bpf_task_cpu(p));
    if (started) started.value = 0;
  },

  init() {
    using online = scx_bpf_get_online_cpumask();
    if (!bpf_cpumask_test_cpu(u32(central_cpu), online)) {
      scx_bpf_error(`the central CPU ${central_cpu} is not online`);
      return -EINVAL;
    }
    return scx_bpf_create_dsq(FALLBACK_DSQ, -1);
  },
});
