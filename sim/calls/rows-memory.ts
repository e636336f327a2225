import type { Space } from '../engine/space.js';
import { NULL_PAGE } from '../memory/layout.js';
import { formatKernel } from './format.js';
import { E } from './maps/map.js';
import type { CallRow } from './types.js';

const EFAULT = -14;

/** Reads that may fail, per-CPU places, text, locks, and objects that programs own. */
export function memoryCalls(space: Space): CallRow[] {
  const { memory, context, locks, objects } = space;
  const { bytes } = memory;
  const readable = (from: number, size: number): boolean =>
    from >= NULL_PAGE && from + size <= memory.end;
  const read = (to: number, size: number, from: number): number => {
    if (readable(from, size)) {
      bytes.copyWithin(to, from, from + size);
      return 0;
    }
    bytes.fill(0, to, to + size);
    return EFAULT;
  };
  /** The length with its NUL. */
  const readText = (to: number, size: number, from: number): number => {
    if (size === 0) return E.INVAL;
    if (!readable(from, 1)) {
      bytes[to] = 0;
      return EFAULT;
    }
    let length = 0;
    while (length < size - 1 && bytes[from + length]) length++;
    bytes.copyWithin(to, from, from + length);
    bytes[to + length] = 0;
    return length + 1;
  };
  const perCpu = (base: number, cpu: number): number => {
    const stride = space.perCpu.get(base);
    if (!base || stride === undefined || cpu >= space.cpus) return 0;
    for (const told of space.found) told(base, cpu);
    return base + cpu * stride;
  };
  const text = (format: number, data: number, size: number): string =>
    formatKernel(memory, memory.text(format), data, size);
  const reads: CallRow[] = ['', '_user', '_kernel'].flatMap((kind) => [
    {
      name: `bpf_probe_read${kind}`,
      signature: 'pup:i',
      run: (to, size, from) => read(to!, size! >>> 0, from! >>> 0),
    },
    {
      name: `bpf_probe_read${kind}_str`,
      signature: 'pup:i',
      run: (to, size, from) => readText(to!, size! >>> 0, from! >>> 0),
    },
  ]);
  return [
    ...reads,
    { name: 'bpf_per_cpu_ptr', signature: 'pu:p', run: (p, cpu) => perCpu(p! >>> 0, cpu! >>> 0) },
    { name: 'bpf_this_cpu_ptr', signature: 'p:p', run: (p) => perCpu(p! >>> 0, context.cpu) },
    {
      name: 'bpf_trace_printk',
      signature: 'pulll:i',
      run: (format, _size, ...words) => {
        const data = memory.allocate(24, 'arguments of bpf_printk');
        words.forEach((word, i) => (memory.i32[(data >>> 2) + i] = word));
        const line = text(format! >>> 0, data, 24);
        memory.free(data);
        space.host.printk(line);
        return line.length;
      },
    },
    {
      name: 'bpf_trace_vprintk',
      signature: 'pupu:i',
      run: (format, _size, data, size) => {
        const line = text(format! >>> 0, data! >>> 0, size! >>> 0);
        space.host.printk(line);
        return line.length;
      },
    },
    {
      name: 'bpf_snprintf',
      signature: 'puppu:i',
      run: (to, size, format, data, length) => {
        const line = text(format! >>> 0, data! >>> 0, length! >>> 0);
        if (size) memory.setText(to! >>> 0, size >>> 0, line);
        return line.length + 1;
      },
    },
    {
      name: 'bpf_strncmp',
      signature: 'pup:i',
      run: (a, size, b) => {
        for (let i = 0; i < size!; i++) {
          const difference = bytes[a! + i]! - bytes[b! + i]!;
          if (difference || !bytes[a! + i]) return Math.sign(difference);
        }
        return 0;
      },
    },
    { name: 'bpf_spin_lock', signature: 'p:v', run: (lock) => locks.take(lock! >>> 0) },
    { name: 'bpf_spin_unlock', signature: 'p:v', run: (lock) => locks.give(lock! >>> 0) },
    {
      name: 'bpf_kptr_xchg',
      signature: 'pp:p',
      run: (place, object) => {
        const at = place! >>> 2;
        const old = memory.i32[at]!;
        memory.i32[at] = object!;
        memory.i32[at + 1] = 0;
        return old;
      },
    },
    ...owned(space, objects),
    {
      name: 'bpf_loop',
      signature: 'uppl:i',
      run: (rounds, callback, data, flags) => {
        const most = rounds! >>> 0;
        if (flags) return E.INVAL;
        if (most > 8 * 1024 * 1024) return E['2BIG'];
        for (let i = 0; i < most; i++) if (space.invoke(callback!, i, data!, 0, 0, 0)) return i + 1;
        return most;
      },
    },
    { name: 'bpf_rdonly_cast', signature: 'pu:p', run: (p) => p! },
    { name: 'bpf_cast_to_kern_ctx', signature: 'p:p', run: (p) => p! },
  ];
}

/** Both forms of each: with and without the argument that the verifier fills in. */
function owned(space: Space, objects: Space['objects']): CallRow[] {
  const create = (perCpu: boolean) => (type?: number) => objects.create(type! >>> 0, perCpu);
  const drop = (object?: number): void => objects.release(object! >>> 0);
  const acquire = (object?: number): number => objects.acquire(object! >>> 0);
  return [
    ...['bpf_obj_new', 'bpf_obj_new_impl'].flatMap((name) => [
      { name, signature: 'l:p', run: create(false) },
      { name, signature: 'lp:p', run: create(false) },
    ]),
    ...['bpf_percpu_obj_new', 'bpf_percpu_obj_new_impl'].flatMap((name) => [
      { name, signature: 'l:p', run: create(true) },
      { name, signature: 'lp:p', run: create(true) },
    ]),
    ...['bpf_obj_drop', 'bpf_percpu_obj_drop'].flatMap((name) =>
      [name, `${name}_impl`].flatMap((n) => [
        { name: n, signature: 'p:v', run: drop },
        { name: n, signature: 'pp:v', run: drop },
      ]),
    ),
    ...['bpf_refcount_acquire', 'bpf_refcount_acquire_impl'].flatMap((name) => [
      { name, signature: 'p:p', run: acquire },
      { name, signature: 'pp:p', run: acquire },
    ]),
  ];
}
