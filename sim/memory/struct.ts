import { SimError } from '../errors.js';
import type { BtfType } from '../../codegen/toolchain/btf/parse.js';
import { isComposite, sizeOf, strip, type Types } from '../object/types.js';
import { fieldAt, type Place } from './field.js';
import type { Field, Memory, StructType } from './types.js';

/** A struct of a kernel by its BTF: paths are resolved once. */
export class StructLayout implements StructType {
  readonly size: number;
  private readonly fields = new Map<string, Field | undefined>();

  constructor(
    readonly name: string,
    private readonly types: Types,
    private readonly type: BtfType,
    private readonly memory: Memory,
    private readonly kernel: string,
  ) {
    this.size = type.size;
  }

  has(path: string): boolean {
    return this.find(path) !== undefined;
  }

  field(path: string): Field {
    const found = this.find(path);
    if (!found)
      throw new SimError(
        'NO_FIELD',
        `Linux ${this.kernel} has no field ${path} in struct ${this.name}`,
      );
    return found;
  }

  private find(path: string): Field | undefined {
    if (!this.fields.has(path)) this.fields.set(path, this.resolve(path));
    return this.fields.get(path);
  }

  private resolve(path: string): Field | undefined {
    let place: Place & { type: number } = { bitOffset: 0, bits: 0, type: this.type.id };
    for (const step of path.split(/\.|(?=\[)/)) {
      const next = step.startsWith('[')
        ? this.element(place, Number(step.slice(1, -1)))
        : this.member(strip(this.types, place.type), step, place.bitOffset);
      if (!next) return undefined;
      place = next;
    }
    const type = strip(this.types, place.type);
    return fieldAt(this.memory, path, place, sizeOf(this.types, place.type), type.signed ?? false);
  }

  private element(
    at: Place & { type: number },
    index: number,
  ): (Place & { type: number }) | undefined {
    const array = strip(this.types, at.type);
    // An array without a length is the end of a struct, of which the owner knows how long it is.
    if (array.kind !== 'array' || (array.count! > 0 && index >= array.count!)) return undefined;
    const size = sizeOf(this.types, array.type);
    return { bitOffset: at.bitOffset + index * size * 8, bits: 0, type: array.type };
  }

  private member(
    struct: BtfType,
    name: string,
    base: number,
  ): (Place & { type: number }) | undefined {
    if (!isComposite(struct)) return undefined;
    for (const m of struct.members!) {
      if (m.name === name) return { bitOffset: base + m.offset, bits: m.bits, type: m.type };
      if (m.name) continue;
      const inner = this.member(strip(this.types, m.type), name, base + m.offset);
      if (inner) return inner;
    }
    return undefined;
  }
}
