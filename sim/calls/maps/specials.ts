import type { LinearMemory } from '../../memory/linear.js';
import { isComposite, sizeOf, strip, type Types } from '../../object/types.js';
import type { BtfType } from '../../../codegen/toolchain/btf/parse.js';

/** A part of a value that belongs to the kernel. */
export interface Special {
  readonly kind: 'lock' | 'timer' | 'list' | 'tree' | 'kptr' | 'node' | 'refcount' | 'wq';
  readonly offset: number;
  readonly size: number;
  /** Of a kptr: name of the struct that it points to, in the object or the kernel. */
  readonly target?: string;
}

const KINDS: Readonly<Record<string, Special['kind']>> = {
  bpf_spin_lock: 'lock',
  bpf_res_spin_lock: 'lock',
  bpf_timer: 'timer',
  bpf_wq: 'wq',
  bpf_list_head: 'list',
  bpf_rb_root: 'tree',
  bpf_list_node: 'node',
  bpf_rb_node: 'node',
  bpf_refcount: 'refcount',
};

/** Whether a pointer's target has a tag such as kptr: `struct bpf_cpumask __kptr *`. */
function kptrTarget(types: Types, pointer: BtfType): string | undefined {
  let type = types[pointer.type]!;
  let tagged = false;
  while (['typedef', 'const', 'volatile', 'restrict', 'type_tag'].includes(type.kind)) {
    if (type.kind === 'type_tag' && /^(kptr|kptr_untrusted|percpu_kptr|uptr)$/.test(type.name))
      tagged = true;
    type = types[type.type]!;
  }
  return tagged ? type.name : undefined;
}

function collect(types: Types, id: number, offset: number, out: Special[]): void {
  const type = strip(types, id);
  if (type.kind === 'array') {
    const size = sizeOf(types, type.type);
    const before = out.length;
    collect(types, type.type, offset, out);
    const one = out.slice(before);
    if (one.length)
      for (let i = 1; i < type.count!; i++)
        out.push(...one.map((s) => ({ ...s, offset: s.offset + i * size })));
  } else if (type.kind === 'ptr') {
    const target = kptrTarget(types, type);
    if (target !== undefined) out.push({ kind: 'kptr', offset, size: 8, target });
  } else if (isComposite(type)) {
    const kind = KINDS[type.name];
    if (kind) out.push({ kind, offset, size: type.size });
    else for (const m of type.members!) collect(types, m.type, offset + m.offset / 8, out);
  }
}

/** What of a value's type belongs to the kernel, and copies that leave it as it is. */
export class Specials {
  readonly list: readonly Special[];
  /** Ranges that are copied: [from, to). */
  private readonly plain: readonly (readonly [number, number])[];

  constructor(types: Types, type: number, size: number) {
    const found: Special[] = [];
    if (type) collect(types, type, 0, found);
    this.list = found.sort((a, b) => a.offset - b.offset);
    const plain: [number, number][] = [];
    let at = 0;
    for (const s of this.list) {
      if (s.offset > at) plain.push([at, s.offset]);
      at = s.offset + s.size;
    }
    if (at < size) plain.push([at, size]);
    this.plain = plain;
  }

  copy(memory: LinearMemory, from: number, to: number): void {
    for (const [start, end] of this.plain)
      memory.bytes.copyWithin(to + start, from + start, from + end);
  }
  copyIn(memory: LinearMemory, from: Uint8Array, to: number): void {
    for (const [start, end] of this.plain) memory.bytes.set(from.subarray(start, end), to + start);
  }
}

export const NO_SPECIALS = new Specials([], 0, 0);
