import type { CallRow } from '../calls/types.js';
import {
  createDsq,
  destroyDsq,
  dispatchCancel,
  dispatchSlots,
  dsqInsert,
  dsqMove,
  dsqMoveToLocal,
  dsqNrQueued,
  dsqPeek,
  dsqWalk,
  type Target,
} from '../kernel/calls-queue.js';
import { dsqKey, type DsqWalk } from '../kernel/dsq.js';
import type { Field } from '../memory/types.js';
import { fail } from '../kernel/fail.js';
import type { Guest } from './guest.js';
import { taskOf } from './tasks.js';

const BUILTIN = 0x8000_0000 | 0;
const LOCAL_ON = 0x4000_0000;
const LOCAL: Target = { to: 'local' };
const GLOBAL: Target = { to: 'global' };
const ITER_REV = 1 << 16;
const ENOENT = -2;
const ENODEV = -19;

/** What an id of a dispatch queue names; enum scx_dsq_id_flags of the documentation. */
export function targetOf(low: number, high: number): Target {
  if ((high & BUILTIN) === 0) return userTarget(low, high);
  if (high & LOCAL_ON) return { to: 'local-on', cpu: low >>> 0 };
  if (low === 2) return LOCAL;
  return low === 1 ? GLOBAL : { to: 'user', key: dsqKey(low, high) };
}

let lastUser: { low: number; high: number; target: Target } | undefined;

/** Most schedulers ask for one queue again and again. */
function userTarget(low: number, high: number): Target {
  if (lastUser?.low !== low || lastUser.high !== high)
    lastUser = { low, high, target: { to: 'user', key: dsqKey(low, high) } };
  return lastUser.target;
}

/** ns of a u64; all ones are Infinity. */
export function nsOfHalves(low: number, high: number): number {
  return low === -1 && high === -1 ? Infinity : (high >>> 0) * 0x1_0000_0000 + (low >>> 0);
}

/** The members of the struct that newer kernels take vtime inserts in, looked up once. */
function vtimeFields(guest: Guest): () => Field[] {
  let fields: Field[] | undefined;
  return () =>
    (fields ??= ['dsq_id', 'slice', 'vtime', 'enq_flags'].map((name) =>
      guest.space.struct('scx_bpf_dsq_insert_vtime_args').field(name),
    ));
}

/** scx_bpf_* about dispatch queues, in all generations of their names. */
export function queueRows(guest: Guest): CallRow[] {
  const { space, enq } = guest;
  const walks = new Map<number, DsqWalk>();
  let lastWalk = 0;
  const word = (it: number): number => space.memory.u32[it >>> 2]!;
  const walkAt = (it: number): DsqWalk | undefined => walks.get(word(it));

  const insert = (
    p: number,
    dl: number,
    dh: number,
    sl: number,
    sh: number,
    fl: number,
    fh: number,
  ): number => {
    const task = taskOf(guest, p);
    const done = dsqInsert(
      guest.kernel,
      task,
      targetOf(dl, dh),
      nsOfHalves(sl, sh),
      enq.decode(fl, fh),
    );
    return done ? 1 : 0;
  };
  const insertVtime = (
    p: number,
    dl: number,
    dh: number,
    sl: number,
    sh: number,
    vl: number,
    vh: number,
    fl: number,
    fh: number,
  ): number => {
    const task = taskOf(guest, p);
    const slice = nsOfHalves(sl, sh);
    const flags = enq.decode(fl, fh);
    const vtime = { low: vl, high: vh };
    return dsqInsert(guest.kernel, task, targetOf(dl, dh), slice, flags, vtime) ? 1 : 0;
  };
  const moveToLocal = (low: number, high: number): number =>
    dsqMoveToLocal(guest.kernel, dsqKey(low, high)) ? 1 : 0;
  const move =
    (byVtime: boolean) =>
    (...[it, p, dl, dh, fl, fh]: number[]): number => {
      const walk = walkAt(it!);
      const task = taskOf(guest, p!);
      if (!walk) return 0;
      const flags = enq.decode(fl!, fh!);
      return dsqMove(guest.kernel, walk, task, targetOf(dl!, dh!), flags, byVtime) ? 1 : 0;
    };
  const setSlice = (it: number, low: number, high: number): void => {
    const walk = walkAt(it);
    if (walk) walk.slice = nsOfHalves(low, high);
  };
  const setVtime = (it: number, low: number, high: number): void => {
    const walk = walkAt(it);
    if (walk) walk.vtime = { low, high };
  };
  const vtimeArguments = vtimeFields(guest);

  const rows: [
    name: string,
    signature: string,
    run: (...args: number[]) => number | undefined | void,
  ][] = [
    ['scx_bpf_dispatch', 'plll:v', insert as never],
    ['scx_bpf_dsq_insert', 'plll:v', insert as never],
    ['scx_bpf_dsq_insert___v2', 'plll:b', insert as never],
    ['scx_bpf_dispatch_vtime', 'pllll:v', insertVtime as never],
    ['scx_bpf_dsq_insert_vtime', 'pllll:v', insertVtime as never],
    [
      '__scx_bpf_dsq_insert_vtime',
      'pp:b',
      (p, a) => {
        const [dsq, slice, vtime, flags] = vtimeArguments() as [Field, Field, Field, Field];
        // prettier-ignore
        return insertVtime(
          p!, dsq.low(a!), dsq.high(a!), slice.low(a!), slice.high(a!),
          vtime.low(a!), vtime.high(a!), flags.low(a!), flags.high(a!),
        );
      },
    ],
    ['scx_bpf_consume', 'l:b', moveToLocal as never],
    ['scx_bpf_dsq_move_to_local', 'l:b', moveToLocal as never],
    ['scx_bpf_dsq_move_to_local___v2', 'll:b', moveToLocal as never],
    ['scx_bpf_dispatch_from_dsq', 'ppll:b', move(false)],
    ['scx_bpf_dsq_move', 'ppll:b', move(false)],
    ['scx_bpf_dispatch_vtime_from_dsq', 'ppll:b', move(true)],
    ['scx_bpf_dsq_move_vtime', 'ppll:b', move(true)],
    ['scx_bpf_dispatch_from_dsq_set_slice', 'pl:v', setSlice as never],
    ['scx_bpf_dsq_move_set_slice', 'pl:v', setSlice as never],
    ['scx_bpf_dispatch_from_dsq_set_vtime', 'pl:v', setVtime as never],
    ['scx_bpf_dsq_move_set_vtime', 'pl:v', setVtime as never],
    ['scx_bpf_dispatch_nr_slots', ':u', () => dispatchSlots(guest.kernel)],
    ['scx_bpf_dispatch_cancel', ':v', () => dispatchCancel(guest.kernel)],
    ['scx_bpf_create_dsq', 'li:i', (low, high, node) => create(guest, low!, high!, node!)],
    ['scx_bpf_destroy_dsq', 'l:v', (low, high) => destroyDsq(guest.kernel, dsqKey(low!, high!))],
    [
      'scx_bpf_dsq_nr_queued',
      'l:i',
      (low, high) => dsqNrQueued(guest.kernel, targetOf(low!, high!)),
    ],
    [
      'scx_bpf_dsq_peek',
      'l:p',
      (low, high) => {
        const task = dsqPeek(guest.kernel, dsqKey(low!, high!));
        return task ? guest.addressOf(task) : 0;
      },
    ],
    [
      'bpf_iter_scx_dsq_new',
      'pll:i',
      (it, low, high, flags) => {
        const walk = dsqWalk(guest.kernel, dsqKey(low!, high!), (flags! & ITER_REV) !== 0);
        space.memory.u32[it! >>> 2] = 0;
        if (!walk) return ENOENT;
        walks.set(++lastWalk, walk);
        space.memory.u32[it! >>> 2] = lastWalk;
        return 0;
      },
    ],
    [
      'bpf_iter_scx_dsq_next',
      'p:p',
      (it) => {
        const task = walkAt(it!)?.next();
        return task ? guest.addressOf(task) : 0;
      },
    ],
    [
      'bpf_iter_scx_dsq_destroy',
      'p:v',
      (it) => {
        walkAt(it!)?.leave();
        walks.delete(word(it!));
      },
    ],
  ];
  return rows.map(([name, signature, run]) => ({ name, signature, run }));
}

function create(guest: Guest, low: number, high: number, node: number): number {
  const { kernel } = guest;
  if (node >= kernel.machine.nodes || node < -1) {
    fail(kernel, `invalid node ${node}`);
    return ENODEV;
  }
  return createDsq(kernel, dsqKey(low, high), node);
}
