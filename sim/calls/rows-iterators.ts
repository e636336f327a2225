import type { Space } from '../engine/space.js';
import { E } from './maps/map.js';
import type { CallRow } from './types.js';

/** enum bpf_task_iter: which tasks. */
const ALL_PROCESSES = 0;
const ALL_THREADS = 1;
const PROCESS_THREADS = 2;
/** Flags of bpf_iter_css. */
const DESCENDANTS_PRE = 1;
/** 2 is descendants before their ancestors. */
const ANCESTORS_UP = 3;

/** Open-coded iterators: `new` says over what, `next` gives one after the other, then null. */
export function iteratorCalls(space: Space): CallRow[] {
  const { memory } = space;
  const open = new Map<number, Iterator<number>>();
  const start = (it: number, over: Iterable<number>): number => {
    open.set(it, over[Symbol.iterator]());
    return 0;
  };
  const next = (it?: number): number => {
    const step = open.get(it!)?.next();
    return step && !step.done ? step.value : 0;
  };
  const destroy = (it?: number): void => void open.delete(it!);
  const ends = (name: string): CallRow[] => [
    { name: `bpf_iter_${name}_next`, signature: 'p:p', run: next },
    { name: `bpf_iter_${name}_destroy`, signature: 'p:v', run: destroy },
  ];
  return [
    ...numbers(space),
    ...ends('task'),
    ...ends('css'),
    ...ends('css_task'),
    ...ends('bits'),
    {
      name: 'bpf_iter_task_new',
      signature: 'ppu:i',
      run: (it, of, flags) =>
        flags! > PROCESS_THREADS || (flags === PROCESS_THREADS && !of)
          ? (start(it!, []), E.INVAL)
          : start(it!, tasksOf(space, of!, flags!)),
    },
    {
      name: 'bpf_iter_css_new',
      signature: 'ppu:i',
      run: (it, from, flags) =>
        flags! < DESCENDANTS_PRE || flags! > ANCESTORS_UP
          ? (start(it!, []), E.INVAL)
          : start(it!, stylesOf(space, from!, flags!)),
    },
    {
      name: 'bpf_iter_css_task_new',
      signature: 'ppu:i',
      run: (it, from) => start(it!, tasksUnder(space, from!)),
    },
    {
      name: 'bpf_iter_bits_new',
      signature: 'ppu:i',
      run: (it, from, words) => {
        const found: number[] = [];
        // Each is shown by its address, as next() gives it.
        const cell = memory.allocate(16, 'a bit of bpf_iter_bits');
        for (let i = 0; i < words! * 64; i++)
          if (memory.u32[(from! >>> 2) + (i >> 5)]! & (1 << (i & 31))) found.push(i);
        return start(it!, shown(memory.u32, cell, found));
      },
    },
  ];
}

function* shown(u32: Uint32Array, cell: number, values: Iterable<number>): Iterable<number> {
  for (const value of values) {
    u32[cell >>> 2] = value;
    yield cell;
  }
}

/** bpf_iter_num keeps its state where the program has it: current and end, as s32 each. */
function numbers(space: Space): CallRow[] {
  const { i32 } = space.memory;
  return [
    {
      name: 'bpf_iter_num_new',
      signature: 'pii:i',
      run: (it, from, to) => {
        const at = it! >>> 2;
        i32[at] = i32[at + 1] = 0;
        if (from! > to!) return E.INVAL;
        if (to! - from! > 8 * 1024 * 1024) return E['2BIG'];
        i32[at] = from! - 1;
        i32[at + 1] = to!;
        return 0;
      },
    },
    {
      name: 'bpf_iter_num_next',
      signature: 'p:p',
      run: (it) => {
        const at = it! >>> 2;
        if (i32[at]! + 1 >= i32[at + 1]!) {
          i32[at] = i32[at + 1] = 0;
          return 0;
        }
        i32[at]!++;
        return it!;
      },
    },
    {
      name: 'bpf_iter_num_destroy',
      signature: 'p:v',
      run: (it) => void (i32[it! >>> 2] = i32[(it! >>> 2) + 1] = 0),
    },
  ];
}

function* tasksOf(space: Space, of: number, flags: number): Iterable<number> {
  const task = space.struct('task_struct');
  const [pid, tgid] = [task.field('pid'), task.field('tgid')];
  const process = flags === PROCESS_THREADS ? tgid.get(of) : 0;
  for (const t of space.host.tasks()) {
    if (flags === ALL_PROCESSES && pid.get(t) !== tgid.get(t)) continue;
    if (flags !== ALL_PROCESSES && flags !== ALL_THREADS && tgid.get(t) !== process) continue;
    yield t;
  }
}

/** cgroup_subsys_state of cgroups: `self` of each, which is where a struct cgroup begins. */
function* stylesOf(space: Space, from: number, flags: number): Iterable<number> {
  const self = space.struct('cgroup').field('self').offset;
  const root = space.struct('cgroup_subsys_state').field('cgroup').get(from);
  if (flags === ANCESTORS_UP) {
    for (let at = root; at; at = space.host.parentOf(at)) yield at + self;
    return;
  }
  yield* walk(space, root, self, flags === DESCENDANTS_PRE);
}
function* walk(space: Space, at: number, self: number, before: boolean): Iterable<number> {
  if (before) yield at + self;
  for (const child of space.host.childrenOf(at)) yield* walk(space, child, self, before);
  if (!before) yield at + self;
}

function* tasksUnder(space: Space, style: number): Iterable<number> {
  const cgroup = space.struct('cgroup_subsys_state').field('cgroup').get(style);
  const sets = space.struct('task_struct').field('cgroups');
  const home = space.struct('css_set').field('dfl_cgrp');
  for (const t of space.host.tasks()) {
    const set = sets.get(t);
    if (set && home.get(set) === cgroup) yield t;
  }
}
