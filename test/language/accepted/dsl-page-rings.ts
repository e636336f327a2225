import {
  scheduler,
  ringbuf,
  userRingbuf,
  counter,
  hash,
  syscall,
  scx_bpf_dsq_insert,
  SCX_DSQ_GLOBAL,
  SCX_SLICE_DFL,
  bpf_ktime_get_ns,
  scx_bpf_dsq_move_to_local,
  u8,
  u32,
  u64,
  s32,
  streq,
  startsWith,
  EINVAL,
  ENOSPC,
  type FixedArray,
  config,
  bpf_get_smp_processor_id,
} from 'scxts';

enum Kind {
  WAKE,
  RUN,
  STOP,
}
interface Event {
  kind: u32;
  pid: s32;
  cpu: u32;
  at: u64;
  comm: FixedArray<u8, 16>;
}
interface Order {
  pid: s32;
  slice: u64;
  boost: u8;
  cpu: u32;
}
interface Stop {
  pid: s32;
  ran: u64;
}
const events = ringbuf<Event>(256 * 1024);
const stops = ringbuf<Stop>(4096);
const orders = userRingbuf<Order>(256 * 1024);
const slices = hash<s32, u64>(1024);
export const dropped = counter('events dropped');
export const drained = counter('orders');
const verbose = config(false, 'verbose');

function emit(kind: u32, pid: s32) {
  using e = events.reserve();
  if (!e) {
    dropped.inc();
    return;
  }
  if (pid === 0) return;
  e.kind = kind;
  e.pid = pid;
  e.cpu = bpf_get_smp_processor_id();
  e.at = bpf_ktime_get_ns();
  e.submit();
}

interface FeedArgs {
  max: u32;
  done: u32;
}
export const feed = syscall((args: FeedArgs) => {
  const n = orders.drain((o) => {
    drained.inc();
    slices.set(o.pid, o.boost ? o.slice * 2 : o.slice);
    return 0;
  });
  args.done = u32(n);
  return n < 0 ? -EINVAL : 0;
});

export default scheduler({
  name: 'rings',
  runnable(p, enq_flags) {
    if (startsWith(p.comm, 'kworker') || streq(p.comm, 'swapper/0')) return;
    emit(Kind.WAKE, p.pid);
  },
  running(p) {
    events.output({ kind: Kind.RUN, pid: p.pid, cpu: 0, at: bpf_ktime_get_ns(), comm: p.comm });
  },
  stopping(p, runnable) {
    for (let i = 0; i < 3; i++) {
      using s = stops.reserve();
      if (!s) continue;
      if (i === 1 && !runnable) break;
      s.pid = p.pid;
      s.ran = p.se.sum_exec_runtime;
      s.submit();
      if (verbose) return;
    }
  },
  enqueue(p, enq_flags) {
    const s = slices.get(p.pid);
    scx_bpf_dsq_insert(p, SCX_DSQ_GLOBAL, s?.value ?? SCX_SLICE_DFL, enq_flags);
  },
  dispatch(cpu, prev) {
    orders.drain((o) => {
      if (o.slice === 0) return 1;
      slices.set(o.pid, o.slice);
      return 0;
    });
  },
});
