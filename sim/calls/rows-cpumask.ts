import type { Space } from '../engine/space.js';
import type { CallRow } from './types.js';

const one = (cpu: number): number => 1 << (cpu & 31);

/** bpf_cpumask_*: sets of CPUs, a bit each, as long as the machine has CPUs. */
export function cpumaskCalls(space: Space): CallRow[] {
  const { memory, cpus, objects } = space;
  const { u32 } = memory;
  const words = Math.ceil(cpus / 32);
  const size = space.struct('bpf_cpumask').size;
  const rest = cpus % 32;
  const last = rest ? (1 << rest) - 1 : -1;
  /** A word of a mask, without what is beyond the last CPU. */
  const word = (mask: number, i: number): number =>
    i === words - 1 ? u32[(mask >>> 2) + i]! & last : u32[(mask >>> 2) + i]!;
  const has = (cpu: number, mask: number): boolean =>
    cpu >>> 0 < cpus && (u32[(mask >>> 2) + (cpu >> 5)]! & one(cpu)) !== 0;
  const put = (cpu: number, mask: number, set: boolean): number => {
    if (cpu >>> 0 >= cpus) return 0;
    const at = (mask >>> 2) + (cpu >> 5);
    const before = (u32[at]! & one(cpu)) !== 0;
    u32[at] = set ? u32[at]! | one(cpu) : u32[at]! & ~one(cpu);
    return before ? 1 : 0;
  };
  /** The first CPU from `from` on whose bit the words give; cpus where none. */
  const first = (read: (i: number) => number, from = 0): number => {
    for (let i = from >> 5; i < words; i++) {
      let bits = read(i);
      if (i === from >> 5) bits &= -1 << (from & 31);
      if (bits) return i * 32 + (31 - Math.clz32(bits & -bits));
    }
    return cpus;
  };
  let next = 0;
  /** Another one each time, round the mask. */
  const distribute = (read: (i: number) => number): number => {
    let cpu = next < cpus ? first(read, next) : cpus;
    if (cpu >= cpus) cpu = first(read);
    if (cpu < cpus) next = cpu + 1;
    return cpu;
  };
  const combine = (to: number, from: (i: number) => number): number => {
    let any = 0;
    for (let i = 0; i < words; i++) {
      const value = from(i);
      u32[(to >>> 2) + i] = value;
      any |= value;
    }
    return any ? 1 : 0;
  };
  const every = (test: (i: number) => boolean): number => {
    for (let i = 0; i < words; i++) if (!test(i)) return 0;
    return 1;
  };
  const weight = (mask: number): number => {
    let count = 0;
    for (let i = 0; i < words; i++) for (let bits = word(mask, i); bits; bits &= bits - 1) count++;
    return count;
  };
  const both = (a: number, b: number) => (i: number) => word(a, i) & word(b, i);
  return [
    {
      name: 'bpf_cpumask_create',
      signature: ':p',
      run: () => objects.adopt(size, 'a bpf_cpumask'),
    },
    { name: 'bpf_cpumask_acquire', signature: 'p:p', run: (m) => objects.acquire(m! >>> 0) },
    { name: 'bpf_cpumask_release', signature: 'p:v', run: (m) => objects.release(m! >>> 0) },
    { name: 'bpf_cpumask_first', signature: 'p:u', run: (m) => first((i) => word(m!, i)) },
    {
      name: 'bpf_cpumask_first_zero',
      signature: 'p:u',
      run: (m) => first((i) => ~word(m!, i) & (i === words - 1 ? last : -1)),
    },
    { name: 'bpf_cpumask_first_and', signature: 'pp:u', run: (a, b) => first(both(a!, b!)) },
    { name: 'bpf_cpumask_set_cpu', signature: 'up:v', run: (c, m) => void put(c!, m!, true) },
    { name: 'bpf_cpumask_clear_cpu', signature: 'up:v', run: (c, m) => void put(c!, m!, false) },
    { name: 'bpf_cpumask_test_cpu', signature: 'up:b', run: (c, m) => (has(c!, m!) ? 1 : 0) },
    { name: 'bpf_cpumask_test_and_set_cpu', signature: 'up:b', run: (c, m) => put(c!, m!, true) },
    {
      name: 'bpf_cpumask_test_and_clear_cpu',
      signature: 'up:b',
      run: (c, m) => put(c!, m!, false),
    },
    {
      name: 'bpf_cpumask_setall',
      signature: 'p:v',
      run: (m) => void combine(m!, (i) => (i === words - 1 ? last : -1)),
    },
    { name: 'bpf_cpumask_clear', signature: 'p:v', run: (m) => void combine(m!, () => 0) },
    { name: 'bpf_cpumask_and', signature: 'ppp:b', run: (to, a, b) => combine(to!, both(a!, b!)) },
    {
      name: 'bpf_cpumask_or',
      signature: 'ppp:v',
      run: (to, a, b) => void combine(to!, (i) => word(a!, i) | word(b!, i)),
    },
    {
      name: 'bpf_cpumask_xor',
      signature: 'ppp:v',
      run: (to, a, b) => void combine(to!, (i) => word(a!, i) ^ word(b!, i)),
    },
    {
      name: 'bpf_cpumask_equal',
      signature: 'pp:b',
      run: (a, b) => every((i) => word(a!, i) === word(b!, i)),
    },
    {
      name: 'bpf_cpumask_intersects',
      signature: 'pp:b',
      run: (a, b) => 1 - every((i) => both(a!, b!)(i) === 0),
    },
    {
      name: 'bpf_cpumask_subset',
      signature: 'pp:b',
      run: (a, b) => every((i) => (word(a!, i) & ~word(b!, i)) === 0),
    },
    { name: 'bpf_cpumask_empty', signature: 'p:b', run: (m) => every((i) => word(m!, i) === 0) },
    { name: 'bpf_cpumask_full', signature: 'p:b', run: (m) => (weight(m!) === cpus ? 1 : 0) },
    {
      name: 'bpf_cpumask_copy',
      signature: 'pp:v',
      run: (to, from) => void combine(to!, (i) => word(from!, i)),
    },
    {
      name: 'bpf_cpumask_any_distribute',
      signature: 'p:u',
      run: (m) => distribute((i) => word(m!, i)),
    },
    {
      name: 'bpf_cpumask_any_and_distribute',
      signature: 'pp:u',
      run: (a, b) => distribute(both(a!, b!)),
    },
    { name: 'bpf_cpumask_weight', signature: 'p:u', run: (m) => weight(m!) },
    {
      name: 'bpf_cpumask_populate',
      signature: 'ppl:i',
      run: (to, from, bytes) => {
        if (bytes! < words * 4) return -13;
        memory.bytes.copyWithin(to! >>> 0, from! >>> 0, (from! >>> 0) + words * 4);
        return 0;
      },
    },
  ];
}
