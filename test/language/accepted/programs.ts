import {
  scheduler,
  timer,
  syscall,
  tp_btf,
  counter,
  array,
  hash,
  type Timer,
  type SpinLock,
  type u32,
  type u64,
  type s32,
  type bool,
} from 'scxts';
import { pick, Level, SHIFT } from './lib/pick.js';
import * as lib from './lib/pick.js';

interface Args {
  id: u32;
  value: u64;
}
interface CpuTimer {
  compact: Timer;
  armed: bool;
}
interface Guarded {
  lock: SpinLock;
  a: u64;
  b: u64;
}
const cpus = array<CpuTimer>(16);
const guarded = array<Guarded>(4);
const nums = hash<u32, u64>(16);
export const switches = counter('context switches seen');
let level: s32 = 0;
let last: u64 = 0;

export const on_switch = tp_btf('sched_switch', (preempt, prev, next) => {
  if (preempt && prev.pid !== next.pid) switches.inc();
});

export const rebalance = timer(() => {
  last += 1;
  rebalance.start(1_000_000_000);
});

export const set_level = syscall((args: Args) => {
  level = Level.HIGH;
  nums.set(args.id, args.value);
  const g = guarded.get(args.id);
  if (g) {
    using held = g.lock.hold();
    g.a += 1;
    g.b = g.a + args.value;
  }
  if (args.id > 100) return -22;
  return 0;
});

function largest<T extends number>(a: T, b: T): T {
  return a > b ? a : b;
}
const twice = (x: u32): u32 => x * 2;
function withDefault(x: u32, y: u32 = 5): u32 {
  return x + y;
}

export default scheduler({
  name: 'programs',
  init() {
    rebalance.start(1000);
    const c = cpus.get(1);
    if (c) {
      c.compact.init(cpus, (key, value) => {
        value.armed = false;
        last += key;
      });
      c.compact.start(5_000_000);
      c.armed = true;
    }
    return 0;
  },
  enqueue(p) {
    last =
      largest(last, p.start_time) + pick(p, SHIFT) + twice(3) + withDefault(1) + withDefault(1, 2);
    last += lib.pick(p, 2);
    level = largest(level, 3);
    if (level === Level.LOW) last = 0;
  },
});
