// What TypeScript authors write without a thought: fallthrough, bare returns, literals after ??, two steps of a loop.
import {
  scheduler,
  counter,
  each,
  hash,
  taskStorage,
  timer,
  scx_bpf_dsq_insert,
  SCX_DSQ_GLOBAL,
  SCX_SLICE_DFL,
  NSEC_PER_SEC,
  u32,
  u64,
  type FixedArray,
} from 'scxts';
interface Usage {
  vtime: u64;
  tasks: u32;
}
interface Task {
  domain: u32;
  boost: u32;
}
const POOL = 0x100 as const;
const LIMITS = { soft: 10, hard: 20 * 2 } as const;
const SHIFTS = { wide: 4 };
const users = hash<u32, Usage>(64);
const tctx = taskStorage<Task>();
export const nr_steps = counter('steps');
let least: u64 = 0;
let tries: FixedArray<u32, 8> = [1, 2, 3, 4, 5, 6, 7, 8];

export const collect = timer(() => {
  least = area(1);
  users.forEach((uid, u) => {
    if (u.tasks === 0) {
      users.delete(uid);
      return;
    }
    if (!least || u.vtime < least) least = u.vtime;
    if (u.tasks > 1000) return true;
  });
  users.forEach((uid, u) => {
    if (uid === 0) return;
    u.vtime -= least;
  });
  collect.start(NSEC_PER_SEC);
});

function cost(kind: u32): u64 {
  let sum: u64 = 0;
  switch (kind) {
    case 1:
      sum += 1;
      nr_steps.inc();
    // falls through
    case 2:
      sum += 10;
    case 3:
      sum += 100;
      break;
    default:
      sum = 7;
    case 4:
      sum += 1000;
  }
  return sum;
}

export default scheduler({
  name: 'patterns_more',
  init() {
    collect.start(NSEC_PER_SEC);
    return 0;
  },
  enqueue(p, enq_flags) {
    const { domain, boost } = tctx.get(p) ?? { domain: 3, boost: 0 };
    const usage = users.get(domain) ?? { vtime: least, tasks: 1 };
    if (usage.tasks > LIMITS.hard) usage.vtime += LIMITS.soft << SHIFTS.wide;
    usage.vtime += cost(u32(domain + POOL)) + boost;
    for (let i = 0, j = 7; i < j; i++, j--) {
      const t = tries[i];
      tries[i] = tries[j];
      tries[j] = t;
    }
    scx_bpf_dsq_insert(p, SCX_DSQ_GLOBAL, SCX_SLICE_DFL, enq_flags);
  },
});

interface Point {
  x: u64;
  y: u64;
}
interface Shape {
  at: Point;
  corners: FixedArray<Point, 4>;
  on: u32;
}
const shapes = hash<u32, Shape>(8);

/** Patterns within patterns, and in the heads of loops. */
export function area(id: u32): u64 {
  const shape = shapes.get(id);
  if (!shape) return 0;
  const {
    at: { x, y: top },
    on,
  } = shape;
  let sum: u64 = on ? x : top;
  for (const { x: left, y } of shape.corners) sum += left * y;
  for (const { pid, scx: own } of each.task()) sum += u64(pid) + own.dsq_vtime;
  return sum;
}
