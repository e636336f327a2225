import type { Space } from '../engine/space.js';
import { sizeOf, strip, type Types } from '../object/types.js';
import { Specials } from './maps/specials.js';

interface Owned {
  readonly specials: Specials;
  references: number;
  /** Of one that each CPU has its own copy of: bytes from one to the next. */
  readonly stride: number;
}

/** Objects that programs make and own: bpf_obj_new(), masks, copies for each CPU. */
export class ObjectPool {
  private readonly owned = new Map<number, Owned>();

  constructor(private readonly space: Space) {}

  /** bpf_obj_new(): an object of a type of the calling program's object file; zeroed. */
  create(typeId: number, perCpu: boolean): number {
    const { owner } = this.space.sites.at(this.space.context.site);
    const types = owner?.types ?? [];
    const size = typeId < types.length ? sizeOf(types, typeId) : 0;
    if (size === 0) return 0;
    const name = strip(types, typeId).name || 'object';
    return this.make(types, typeId, size, `a ${name}`, perCpu);
  }
  private make(types: Types, type: number, size: number, label: string, perCpu: boolean): number {
    const stride = perCpu ? Math.ceil(size / 16) * 16 : 0;
    const at = this.space.memory.allocate(stride * this.space.cpus || size, label);
    const specials = new Specials(types, type, size);
    for (const s of specials.list)
      if (s.kind === 'refcount') this.space.memory.u32[(at + s.offset) >>> 2] = 1;
    this.owned.set(at, { specials, references: 1, stride });
    if (stride) this.space.perCpu.set(at, stride);
    return at;
  }
  /** An object of the kernel's that programs own, such as a mask. */
  adopt(size: number, label: string): number {
    return this.make([], 0, size, label, false);
  }
  /** One more owner. */
  acquire(object: number): number {
    const known = this.owned.get(object);
    if (known) known.references++;
    return object;
  }
  /** One owner less; the last one frees it. Objects of the kernel itself stay. */
  release(object: number, _type = ''): void {
    const known = this.owned.get(object);
    if (!known || --known.references > 0) return;
    this.owned.delete(object);
    this.space.perCpu.delete(object);
    for (const s of known.specials.list) {
      if (s.kind !== 'kptr') continue;
      const inner = this.space.memory.u32[(object + s.offset) >>> 2]!;
      if (inner) this.release(inner, s.target);
    }
    this.space.memory.free(object);
  }
  has(object: number): boolean {
    return this.owned.has(object);
  }
}
