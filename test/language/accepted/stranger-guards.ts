// Critical sections without preemption or interrupts, and what is known of the current task.
import {
  scheduler,
  array,
  bpf_get_current_comm,
  bpf_get_current_task_btf,
  bpf_get_current_uid_gid,
  bpf_get_smp_processor_id,
  bpf_ktime_get_ns,
  bpf_local_irq_save,
  bpf_preempt_disable,
  bpf_printk,
  counter,
  exists,
  kprobe,
  lruHash,
  percpuArray,
  scx_bpf_create_dsq,
  scx_bpf_dsq_insert,
  scx_bpf_dsq_move_to_local,
  startsWith,
  streq,
  syscall,
  tracepoint,
  SCX_SLICE_DFL,
  type FixedArray,
  type SpinLock,
  u32,
  type u64,
  type u8,
} from 'scxts';

const QUEUE = 1;
interface Account {
  lock: SpinLock;
  total: u64;
  worst: u64;
}
interface Link {
  count: u64;
  uid: u32;
  pad: u32;
  waker: FixedArray<u8, 16>;
}
const accounts = array<Account>(16);
const sums = percpuArray<u64>(4);
const links = lruHash<u32, Link>(1024);
export const nr_sections = counter('sections');
export const nr_shells = counter('wakeups by shells');

function both(ns: u64): boolean {
  using off = bpf_preempt_disable();
  const first = sums.get(0);
  const second = sums.get(1);
  if (!first || !second) return false;
  first.value += ns;
  for (let i = 0; i < 3; i++) {
    if (second.value > ns) return false;
    second.value += i;
  }
  nr_sections.inc();
  return true;
}

function quietly(ns: u64): void {
  if (!exists(bpf_local_irq_save)) return;
  using irq = bpf_local_irq_save();
  {
    using off = bpf_preempt_disable();
    const third = sums.get(2);
    if (!third) return;
    third.value = Math.max(third.value, ns);
  }
  nr_sections.inc();
}

function note(key: u32): void {
  const link = links.get(key);
  const { buf } = bpf_get_current_comm();
  if (startsWith(buf, 'bash') || streq(bpf_get_current_comm(), 'sh')) nr_shells.inc();
  if (link) {
    link.count++;
    link.waker = bpf_get_current_comm();
    if (streq(link.waker, 'init')) bpf_printk(`${link.waker} woke ${key} ${link.count} times`);
  } else {
    const uid = u32(bpf_get_current_uid_gid());
    links.set(key, { count: 1, uid, pad: 0, waker: bpf_get_current_task_btf().comm });
  }
}

export const on_sleep = kprobe('do_nanosleep', () => note(1));
export const on_exit = tracepoint('sched/sched_process_exit', (ctx) => note(u32(ctx.pid)));

export const worst = syscall((args: { slot: u32; worst: u64 }) => {
  const account = accounts.get(args.slot);
  if (!account) return -1;
  using held = account.lock.hold();
  args.worst = account.worst;
  return 0;
});

export default scheduler({
  name: 'stranger_guards',
  enqueue(p, enq_flags) {
    note(u32(p.pid));
    scx_bpf_dsq_insert(p, QUEUE, SCX_SLICE_DFL, enq_flags);
  },
  dispatch() {
    scx_bpf_dsq_move_to_local(QUEUE, 0);
  },
  running() {
    if (both(1)) quietly(bpf_ktime_get_ns());
  },
  stopping(p) {
    const used = SCX_SLICE_DFL - p.scx.slice;
    const account = accounts.get(bpf_get_smp_processor_id() & 15);
    if (!account) return;
    using off = bpf_preempt_disable();
    using held = account.lock.hold();
    account.total += used;
    if (used > account.worst) account.worst = used;
  },
  init() {
    {
      using off = bpf_preempt_disable();
      const first = sums.get(0);
      if (first) first.value = 0;
    }
    return scx_bpf_create_dsq(QUEUE, -1);
  },
});
