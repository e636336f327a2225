import type { MapIr } from './module.js';

/**
 * C types of scxts programs. Every IR expression has exactly one.
 * Objects of struct type are C lvalues; what TypeScript calls "an object" held in a variable is a
 * pointer to one.
 */
export interface IntType {
  kind: 'int';
  bits: 8 | 16 | 32 | 64;
  signed: boolean;
  /** Of `let x = 0`, while it is not known what else is assigned to it. */
  open?: boolean;
  /** The kernel enum this came from, for the printer of CO-RE structs only. */
  enumName?: string;
}
export interface BoolType {
  kind: 'bool';
}
export interface VoidType {
  kind: 'void';
}
/** A number literal, or arithmetic on literals only: exact until it meets a sized type. */
export interface UntypedType {
  kind: 'untyped';
}
/** The type of `null` and `undefined`. */
export interface NullType {
  kind: 'null';
}
/** What lowering gives an expression that already has a diagnostic, so that no cascade follows. */
export interface ErrorType {
  kind: 'error';
}
/** A string literal or a `char *` from the kernel. */
export interface StringType {
  kind: 'string';
}
/** `char name[N]`. */
export interface CharsType {
  kind: 'chars';
  length: number;
}
export interface ArrayType {
  kind: 'array';
  of: CType;
  length: number;
}
export interface StructType {
  kind: 'struct';
  struct: StructDef;
}

/** How much the verifier trusts a pointer into kernel memory, most trusted first. */
export type Trust = 'trusted' | 'rcu' | 'untrusted';

export interface PtrType {
  kind: 'ptr';
  to: CType;
  /** Must be tested before use. */
  nullable: boolean;
  /** Whose memory it is: 'kernel' is read through BTF, others are plain memory. */
  region: 'kernel' | 'map' | 'stack' | 'global' | 'rodata' | 'arena' | 'any';
  trust?: Trust;
  /** Bound object that must be released; set on what acquiring calls return. */
  owned?: boolean;
  /** The kernel's object behind it is moved in and out by `bpf_kptr_xchg`. */
  kptr?: boolean;
}
/** A pointer that programs only pass along. */
export interface OpaqueType {
  kind: 'opaque';
  /** It leads to text of the kernel, which formats can print. */
  text?: true;
  /** A map found in a map of maps. */
  map?: MapIr;
}
/** Several results of one call, by name (`const { cpu, is_idle } = ...`). Never a C value. */
export interface RecordType {
  kind: 'record';
  fields: Map<string, CType>;
}

export type CType =
  | IntType
  | BoolType
  | VoidType
  | UntypedType
  | NullType
  | ErrorType
  | StringType
  | CharsType
  | ArrayType
  | StructType
  | PtrType
  | OpaqueType
  | RecordType;

export interface Field {
  name: string;
  type: CType;
  /** BPF may not assign it. */
  readonly: boolean;
  /** Width in bits of a bitfield. */
  bits?: number;
  /** Its offset is a multiple of that many bytes, more than its type asks for. */
  align?: number;
  /** First and last kernel that has the field, where not all do. */
  since?: string;
  until?: string;
  /** A pointer field tagged for `bpf_kptr_xchg`, or an array of such pointers. */
  kptr?: boolean;
  /** `__contains(struct, field)` of a list head or tree root. */
  contains?: { struct: StructDef; node: string };
}

export interface StructDef {
  /** The name in C: that in TypeScript, unless C or another struct has it. */
  name: string;
  /** The name that the author gave it, and the file. */
  source?: { name: string; file: string };
  /** `struct` or `union` in C. */
  keyword: 'struct' | 'union';
  /** Its size and its offset where it is a part of something are multiples of that many bytes, more than its fields ask for. */
  align?: number;
  /** Defined by the kernel: fields are found by CO-RE and only those used are emitted. */
  kernel: boolean;
  /** Resolved on demand: kernel structs are cyclic and large. */
  field(name: string): Field | undefined;
  /** All fields in order; for kernel structs every field of the declaration. */
  fields(): Field[];
  /** Names of elements of one of its arrays, by their index. */
  elements?: { of: string; at: ReadonlyMap<string, number> };
  /** Addresses of variables that a callback captures. */
  captures?: boolean;
  /** Defined by libbpf or the UAPI under this name; not to be emitted. */
  builtin?: boolean;
}

export const U8: IntType = { kind: 'int', bits: 8, signed: false };
export const U16: IntType = { kind: 'int', bits: 16, signed: false };
export const U32: IntType = { kind: 'int', bits: 32, signed: false };
export const U64: IntType = { kind: 'int', bits: 64, signed: false };
export const S8: IntType = { kind: 'int', bits: 8, signed: true };
export const S16: IntType = { kind: 'int', bits: 16, signed: true };
export const S32: IntType = { kind: 'int', bits: 32, signed: true };
export const S64: IntType = { kind: 'int', bits: 64, signed: true };
export const BOOL: BoolType = { kind: 'bool' };
export const VOID: VoidType = { kind: 'void' };
export const UNTYPED: UntypedType = { kind: 'untyped' };
export const NULL: NullType = { kind: 'null' };
export const ERROR: ErrorType = { kind: 'error' };
export const STRING: StringType = { kind: 'string' };

export const INT_TYPES: Readonly<Record<string, IntType>> = {
  u8: U8,
  u16: U16,
  u32: U32,
  u64: U64,
  s8: S8,
  s16: S16,
  s32: S32,
  s64: S64,
};

export function intType(bits: IntType['bits'], signed: boolean): IntType {
  return INT_TYPES[`${signed ? 's' : 'u'}${bits}`]!;
}

export function pointerTo(
  to: CType,
  region: PtrType['region'],
  rest: Partial<Omit<PtrType, 'kind' | 'to' | 'region'>> = {},
): PtrType {
  return { kind: 'ptr', to, region, nullable: false, ...rest };
}

/** What is used in place, by its address, rather than loaded. */
export function isAggregate({ kind }: CType): boolean {
  return kind === 'struct' || kind === 'array' || kind === 'chars';
}

export function isInteger(type: CType): type is IntType | BoolType | UntypedType {
  return type.kind === 'int' || type.kind === 'bool' || type.kind === 'untyped';
}

/** How many characters a char array has, or bytes that can hold what one does; by reference too. */
export function charsIn(type: CType): number | undefined {
  const held = type.kind === 'ptr' ? type.to : type;
  if (held.kind === 'chars') return held.length;
  return held.kind === 'array' && held.of.kind === 'int' && held.of.bits === 8
    ? held.length
    : undefined;
}

/** The struct that an object-typed expression denotes, whether held directly or by pointer. */
export function structOf(type: CType): StructDef | undefined {
  if (type.kind === 'struct') return type.struct;
  if (type.kind === 'ptr' && type.to.kind === 'struct') return type.to.struct;
  return undefined;
}

export function sameType(a: CType, b: CType): boolean {
  if (a.kind !== b.kind) return false;
  switch (a.kind) {
    case 'int':
      return a.bits === (b as IntType).bits && a.signed === (b as IntType).signed;
    case 'chars':
      return a.length === (b as CharsType).length;
    case 'array':
      return a.length === (b as ArrayType).length && sameType(a.of, (b as ArrayType).of);
    case 'struct':
      return a.struct === (b as StructType).struct;
    case 'ptr':
      return sameType(a.to, (b as PtrType).to);
    case 'opaque':
      return a.text === (b as OpaqueType).text && a.map === (b as OpaqueType).map;
    default:
      return true;
  }
}

/** Whether an element of an array, or what a field holds, is a kptr. */
export function isKptrType(type: CType): boolean {
  return type.kind === 'ptr' && type.kptr === true;
}

/** How a message names a type: in the words of the DSL. */
export function describeType(type: CType): string {
  switch (type.kind) {
    case 'int':
      return `${type.signed ? 's' : 'u'}${type.bits}`;
    case 'untyped':
      return 'number literal';
    case 'chars':
      return `CString<${type.length}>`;
    case 'array':
      return `FixedArray<${describeType(type.of)}, ${type.length}>`;
    case 'struct':
      return type.struct.name;
    case 'ptr': {
      const target =
        type.to.kind === 'struct' ? type.to.struct.name : `Ref<${describeType(type.to)}>`;
      return type.nullable ? `${target} | null` : target;
    }
    case 'opaque':
      return type.map ? `${type.map.kind} | null` : type.text ? 'char *' : 'void *';
    case 'record':
      return `{ ${[...type.fields].map(([name, t]) => `${name}: ${describeType(t)}`).join('; ')} }`;
    case 'error':
      return 'unknown';
    default:
      return type.kind;
  }
}
