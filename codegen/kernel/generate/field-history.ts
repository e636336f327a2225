import type { BtfType } from '../../toolchain/btf/parse.js';
import { scalarName, strip } from './c-names.js';

export interface FlatField {
  name: string;
  type: number;
  bits: number;
}

interface Types {
  version: string;
  types: BtfType[];
}

/** A field as one kernel has it. */
export interface FieldAt<K extends Types> {
  kernel: K;
  field: FlatField;
}

export interface FieldHistory<K extends Types> extends FieldAt<K> {
  /** Kernels that have the field as a value of this kind. */
  present: string[];
  /** Width in bits of a scalar that is not of the same width, sign and place everywhere. */
  width?: number;
}

/**
 * What the language says about a field that kernels have in different ways. CO-RE takes a field for the same only
 * where it is of the same kind (bpf_core_fields_are_compat() in libbpf), so the kernels before it became what
 * it is on the newest count as without it. A scalar gets the widest of its types, and is read by its width.
 */
export function fieldHistory<K extends Types>(versions: FieldAt<K>[]): FieldHistory<K> {
  const newest = versions[versions.length - 1]!;
  let first = versions.length - 1;
  while (first > 0 && kindOf(versions[first - 1]!) === kindOf(newest)) first--;
  const same = versions.slice(first);
  const present = same.map((v) => v.kernel.version);
  if (!scalarName(newest.kernel.types, newest.field.type)) return { ...newest, present };
  if (same.every((v) => shapeOf(v) === shapeOf(newest))) return { ...newest, present };
  const width = Math.max(...same.map(widthOf));
  const widest = same.filter((v) => widthOf(v) === width).pop()!;
  return { ...widest, present, width };
}

function kindOf({ kernel, field }: FieldAt<Types>): string {
  const { kind } = strip(kernel.types, field.type);
  return kind === 'enum64' ? 'enum' : kind === 'union' ? 'struct' : kind;
}

function shapeOf(at: FieldAt<Types>): string {
  return `${scalarName(at.kernel.types, at.field.type)}:${at.field.bits}`;
}

function widthOf({ kernel, field }: FieldAt<Types>): number {
  return field.bits || strip(kernel.types, field.type).size * 8;
}
