// eas: energy-aware. A task that wakes up goes to the CPU whose performance domain's energy grows least, as long as no
// CPU is over-utilised; then tasks are spread and idle CPUs take waiting ones. Each CPU has a queue, ordered by
// virtual time weighted by nice. Without an energy model tasks are packed or spread, as userspace says.
//
// examples/eas-run.ts is the userspace half, which brings the model; docs/schedulers/eas.md says more.
import {
  scheduler,
  array,
  config,
  counter,
  range,
  scx_bpf_create_dsq,
  scx_bpf_dsq_insert,
  scx_bpf_dsq_insert_vtime,
  scx_bpf_dsq_move_to_local,
  scx_bpf_dsq_nr_queued,
  scx_bpf_kick_cpu,
  scx_bpf_nr_cpu_ids,
  scx_bpf_pick_idle_cpu,
  scx_bpf_task_cpu,
  scx_bpf_test_and_clear_cpu_idle,
  time_after,
  time_before,
  u32,
  u64,
  NR_CPUS,
  NSEC_PER_MSEC,
  SCX_DSQ_LOCAL,
  SCX_DSQ_LOCAL_ON,
  SCX_KICK_IDLE,
} from 'scxts';
import { energy } from 'scxts/components/energy';

export const slice_ns = config(5 * NSEC_PER_MSEC, 'time slice in ns');
export const nr_idle = counter('queued on a CPU that was idle');
export const nr_queued = counter('queued behind others');
export const nr_stolen = counter('taken from the queue of another CPU');
export const nr_misfit = counter('moved because their CPU is too weak');

/** Virtual time of each CPU's queue. */
const clocks = array<u64>(NR_CPUS);

/** Whether idle CPUs take what waits for others. */
function helpWanted(): boolean {
  return energy.overutilised() || !energy.packing();
}

export default scheduler({
  name: 'eas',
  use: [energy],

  select_cpu(p, prev_cpu, wake_flags) {
    const { cpu, is_idle } = energy.place(p, prev_cpu);
    if (is_idle) {
      nr_idle.inc();
      scx_bpf_dsq_insert(p, u64(SCX_DSQ_LOCAL_ON | u64(cpu)), slice_ns, 0);
    }
    return cpu;
  },

  enqueue(p, enq_flags) {
    const cpu = scx_bpf_task_cpu(p);
    const better = energy.bigger(p);
    if (better >= 0 && scx_bpf_test_and_clear_cpu_idle(better)) {
      nr_misfit.inc();
      scx_bpf_dsq_insert(p, u64(SCX_DSQ_LOCAL_ON | u64(better)), slice_ns, enq_flags);
      return;
    }
    nr_queued.inc();
    const clock = clocks.get(cpu);
    const now = clock ? clock.value : 0;
    let vtime = p.scx.dsq_vtime;
    // A task that slept for long gets at most one slice ahead of the others; one whose time is that of another CPU's queue
    // waits no longer than if it had used up a slice here.
    const latest = now + (slice_ns * 100) / p.scx.weight;
    if (time_before(vtime, now - slice_ns)) vtime = now - slice_ns;
    else if (time_after(vtime, latest)) vtime = latest;
    scx_bpf_dsq_insert_vtime(p, u64(cpu), slice_ns, vtime, enq_flags);
    scx_bpf_kick_cpu(cpu, SCX_KICK_IDLE);
    if (!helpWanted()) return;
    const helper = scx_bpf_pick_idle_cpu(p.cpus_ptr, 0);
    if (helper >= 0) scx_bpf_kick_cpu(helper, SCX_KICK_IDLE);
  },

  dispatch(cpu, prev) {
    if (scx_bpf_dsq_move_to_local(u64(cpu), 0)) return;
    // Nobody waits here. Who waits elsewhere waits on purpose unless a CPU has more than it can do.
    if (prev && !helpWanted()) return;
    const nr = scx_bpf_nr_cpu_ids();
    for (const i of range(1, nr)) {
      const other = u64((u32(cpu) + u32(i)) % nr);
      if (scx_bpf_dsq_nr_queued(other) > 0 && scx_bpf_dsq_move_to_local(other, 0)) {
        nr_stolen.inc();
        return;
      }
    }
  },

  running(p) {
    const clock = clocks.get(scx_bpf_task_cpu(p));
    if (clock && time_before(clock.value, p.scx.dsq_vtime)) clock.value = p.scx.dsq_vtime;
  },

  stopping(p, runnable) {
    const left = p.scx.slice;
    const used = left < slice_ns ? slice_ns - left : 0;
    p.scx.dsq_vtime += (used * 100) / p.scx.weight;
  },

  tick(p) {
    // A bigger CPU may be idle: enqueue() looks.
    if (energy.bigger(p) >= 0) p.scx.slice = 0;
  },

  enable(p) {
    const clock = clocks.get(scx_bpf_task_cpu(p));
    p.scx.dsq_vtime = clock ? clock.value : 0;
  },

  init() {
    for (const cpu of range(scx_bpf_nr_cpu_ids())) {
      const err = scx_bpf_create_dsq(u64(cpu), -1);
      if (err) return err;
    }
    return 0;
  },
});
