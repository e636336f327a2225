import type { NativeType } from '../addon.js';
import { ScxtsError } from '../errors.js';
import { bitfield } from './bitfield.js';
import { array, struct } from './composite.js';
import type { Field, Layout } from './layout.js';
import { BOOL, bytes, chars, float, integer } from './scalars.js';

const MODIFIERS = new Set(['typedef', 'const', 'volatile', 'restrict', 'type_tag']);

/** The kernel's own structs in map values: user space has no use for their bytes. */
const OPAQUE = new Set([
  'bpf_timer',
  'bpf_wq',
  'bpf_spin_lock',
  'bpf_res_spin_lock',
  'bpf_refcount',
  'bpf_list_head',
  'bpf_list_node',
  'bpf_rb_root',
  'bpf_rb_node',
  'scxts_arena_lock',
]);

/** How deep types may be nested; BTF that was tampered with can go in circles. */
const MAX_DEPTH = 64;

/** Members looked at in one object: anonymous unions in each other can be made to have 2^64. */
const MAX_MEMBERS = 4_000_000;

/** Layouts of an object's types, by BTF type id; each is worked out once. */
export class Layouts {
  private readonly cache = new Map<number, Layout>();
  private depth = 0;
  private members = 0;

  constructor(readonly types: readonly NativeType[]) {}

  /** The type behind typedefs and qualifiers. */
  strip(id: number): NativeType {
    let type = this.types[id];
    for (let i = 0; type && MODIFIERS.has(type.kind) && i < MAX_DEPTH; i++)
      type = this.types[type.type];
    if (!type || MODIFIERS.has(type.kind))
      throw new ScxtsError('ERR_BTF', `the object's BTF has no valid type ${id}`);
    return type;
  }

  of(id: number): Layout {
    const known = this.cache.get(id);
    if (known) return known;
    if (this.depth > MAX_DEPTH)
      throw new ScxtsError('ERR_BTF', `type ${id} of the object's BTF contains itself`);
    this.depth++;
    try {
      const made = this.make(id);
      this.cache.set(id, made);
      return made;
    } finally {
      this.depth--;
    }
  }

  private make(id: number): Layout {
    const type = this.strip(id);
    switch (type.kind) {
      case 'int':
        return type.bool && type.size === 1 ? BOOL : integer(type.size, type.signed ?? false);
      case 'enum':
      case 'enum64':
        return integer(type.size, type.signed ?? false);
      case 'float':
        return float(type.size);
      case 'ptr':
        return this.pointer(type.type);
      case 'array': {
        // char, not u8: the language has bytes as numbers and char arrays as strings.
        const isChar = this.isChar(type.type);
        return isChar ? chars(type.count ?? 0) : array(this.of(type.type), type.count ?? 0);
      }
      case 'struct':
      case 'union':
        return struct(type.name, type.size, this.fields(type, 0, type.kind === 'union'));
      default:
        return bytes(0);
    }
  }

  private pointer(to: number): Layout {
    const plain = integer(8, false);
    const target = this.types[to] && to !== 0 ? this.strip(to) : undefined;
    return target?.kind === 'struct' ? { ...plain, pointer: () => this.of(to) } : plain;
  }

  private isChar(id: number): boolean {
    let type = this.types[id];
    for (let i = 0; type && i < MAX_DEPTH; i++) {
      if (type.kind === 'int') return type.name === 'char';
      if (type.kind !== 'const' && type.kind !== 'volatile') return false;
      type = this.types[type.type];
    }
    return false;
  }

  /** Members, those of anonymous structs and unions among them, without padding and kernel objects. */
  private fields(type: NativeType, base: number, inUnion: boolean): Field[] {
    const out: Field[] = [];
    for (const m of type.members ?? []) {
      if (++this.members > MAX_MEMBERS)
        throw new ScxtsError('ERR_BTF', "the object's types have too many members");
      const bit = base + m.offset;
      const inner = this.strip(m.type);
      if (!m.name) {
        if (this.depth > MAX_DEPTH) throw new ScxtsError('ERR_BTF', 'types nest too deep');
        this.depth++;
        if (inner.kind === 'struct' || inner.kind === 'union')
          // A union of one member shares nothing: the compiler hides bitfields from the kernel in such.
          for (const f of this.fields(
            inner,
            bit,
            inUnion || (inner.kind === 'union' && inner.members?.length !== 1),
          ))
            out.push(f);
        this.depth--;
        continue;
      }
      if (/^__pad\d*$/.test(m.name) || OPAQUE.has(inner.name) || this.isKptr(inner)) continue;
      const layout = m.bits > 0 ? this.bits(inner, m.bits, bit % 8) : this.of(m.type);
      out.push({
        name: m.name,
        offset: Math.floor(bit / 8),
        layout,
        ...(inUnion ? { inUnion } : {}),
      });
    }
    return out.filter((f) => f.offset + f.layout.size <= base / 8 + type.size);
  }

  private bits(type: NativeType, bits: number, shift: number): Layout {
    return bitfield(bits, shift, {
      unit: type.size,
      signed: type.signed ?? false,
      bool: type.bool ?? false,
    });
  }

  /** A pointer to an object of the kernel that a map value owns (`__kptr`). */
  private isKptr(type: NativeType): boolean {
    if (type.kind === 'array' && this.depth <= MAX_DEPTH) return this.isKptr(this.strip(type.type));
    const target = type.kind === 'ptr' ? this.types[type.type] : undefined;
    return target?.kind === 'type_tag' && /kptr/.test(target.name);
  }
}
