import type { BtfMember, BtfType } from '../../codegen/toolchain/btf/parse.js';
import { essentialName, isComposite, isEnum, sizeOf, strip, type Types } from './types.js';

/** A step of an access that has a name, or an index of an array. */
interface Step {
  readonly name?: string;
  readonly type: number;
  readonly index: number;
}

/** What a field access means in the object's own types. */
export interface FieldSpec {
  readonly steps: readonly Step[];
  /** Bits from the start of the root. */
  readonly bitOffset: number;
  /** Type of what is accessed. */
  readonly type: number;
  /** The member itself, unless the access ends at an array's element or the root. */
  readonly member?: BtfMember;
}

/** Reads `0:1:2` against the object's types; undefined where it does not fit them. */
export function localField(types: Types, root: number, access: string): FieldSpec | undefined {
  const indices = access.split(':').map(Number);
  const first = indices[0] ?? NaN;
  if (!Number.isInteger(first)) return undefined;
  let type = root;
  let bitOffset = first * sizeOf(types, root) * 8;
  let member: BtfMember | undefined;
  const steps: Step[] = [{ type: strip(types, root).id, index: first }];
  for (const index of indices.slice(1)) {
    const at = strip(types, type);
    if (isComposite(at)) {
      member = at.members?.[index];
      if (!member) return undefined;
      bitOffset += member.offset;
      type = member.type;
      if (member.name) steps.push({ name: member.name, type: at.id, index });
    } else if (at.kind === 'array') {
      member = undefined;
      steps.push({ type: strip(types, at.type).id, index });
      bitOffset += index * sizeOf(types, at.type) * 8;
      type = at.type;
    } else return undefined;
  }
  return { steps, bitOffset, type, ...(member ? { member } : {}) };
}

/** Whether a field of one type may stand for one of the other: what libbpf demands of CO-RE. */
function fieldsFit(local: Types, localId: number, target: Types, targetId: number): boolean {
  const [a, b] = [strip(local, localId), strip(target, targetId)];
  if (isComposite(a) && isComposite(b)) return true;
  if (isEnum(a) && isEnum(b)) return namesFit(a, b);
  if (a.kind !== b.kind) return false;
  switch (a.kind) {
    case 'ptr':
    case 'float':
    case 'int':
      return true;
    case 'fwd':
      return namesFit(a, b);
    case 'array':
      return fieldsFit(local, a.type, target, b.type);
    default:
      return false;
  }
}

const namesFit = (a: BtfType, b: BtfType): boolean =>
  !a.name || !b.name || essentialName(a.name) === essentialName(b.name);

interface Found {
  readonly member: BtfMember;
  readonly bitOffset: number;
}

/** A member by name, looked for in structs and unions without a name too. */
function findMember(types: Types, struct: BtfType, name: string): Found | undefined {
  for (const member of struct.members ?? []) {
    if (member.name === name) return { member, bitOffset: member.offset };
    if (member.name) continue;
    const inner = findMember(types, strip(types, member.type), name);
    if (inner) return { member: inner.member, bitOffset: member.offset + inner.bitOffset };
  }
  return undefined;
}

/** The same access in another type; undefined where the type lacks it. */
export function matchField(
  local: Types,
  spec: FieldSpec,
  target: Types,
  root: number,
): FieldSpec | undefined {
  let type = root;
  let bitOffset = spec.steps[0]!.index * sizeOf(target, root) * 8;
  let member: BtfMember | undefined;
  const steps: Step[] = [spec.steps[0]!];
  for (const step of spec.steps.slice(1)) {
    const at = strip(target, type);
    if (step.name !== undefined) {
      const localMember = local[step.type]!.members![step.index]!;
      const found = findMember(target, at, step.name);
      if (!found || !fieldsFit(local, localMember.type, target, found.member.type))
        return undefined;
      member = found.member;
      type = member.type;
      bitOffset += found.bitOffset;
    } else {
      if (at.kind !== 'array') return undefined;
      // The last member of a struct may be an array without a length, of which any element is there.
      if (at.count! > 0 && step.index >= at.count!) return undefined;
      member = undefined;
      type = at.type;
      bitOffset += step.index * sizeOf(target, at.type) * 8;
    }
    steps.push({ ...step, type: at.id });
  }
  return { steps, bitOffset, type, ...(member ? { member } : {}) };
}

/** Where a field is for a load: bytes and, of a bit field, the shifts that bring it out. */
export interface FieldValue {
  readonly offset: number;
  readonly size: number;
  readonly signed: boolean;
  readonly left: number;
  readonly right: number;
}

export function fieldValue(types: Types, spec: FieldSpec): FieldValue {
  const type = strip(types, spec.type);
  let size = sizeOf(types, spec.type);
  const bits = spec.member?.bits || size * 8;
  let offset = Math.floor(spec.bitOffset / 8);
  if (spec.member?.bits) {
    // The widest read that holds all of it, aligned to its own size.
    const aligned = (): number => Math.floor(spec.bitOffset / 8 / size) * size;
    offset = aligned();
    while (spec.bitOffset + bits - offset * 8 > size * 8 && size < 8) {
      size *= 2;
      offset = aligned();
    }
  }
  return {
    offset,
    size,
    signed: type.signed ?? false,
    left: 64 - (spec.bitOffset + bits - offset * 8),
    right: 64 - bits,
  };
}

/** Whether two types are alike as libbpf compares prototypes: by kind, pointers and functions in depth. */
export function typesFit(
  local: Types,
  localId: number,
  target: Types,
  targetId: number,
  depth = 32,
): boolean {
  if (depth === 0) return false;
  const [a, b] = [strip(local, localId), strip(target, targetId)];
  if (isEnum(a) && isEnum(b)) return true;
  if (a.kind !== b.kind) return false;
  switch (a.kind) {
    case 'ptr':
    case 'array':
      return typesFit(local, a.type, target, b.type, depth - 1);
    case 'func_proto': {
      const [p, q] = [a.params!, b.params!];
      return (
        p.length === q.length &&
        p.every((param, i) => typesFit(local, param.type, target, q[i]!.type, depth - 1)) &&
        typesFit(local, a.type, target, b.type, depth - 1)
      );
    }
    case 'void':
    case 'struct':
    case 'union':
    case 'fwd':
    case 'int':
      return true;
    default:
      return false;
  }
}
