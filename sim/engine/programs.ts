import { signatureOf, type Letter } from '../calls/signature.js';
import type { ObjectFile, ObjectFunction } from '../object/file.js';
import { strip, type TypeIndex, type Types } from '../object/types.js';
import type { ContextForm } from './emit/module.js';
import type { Parameter, Passing } from './types.js';

/** How a program is called, from its section and the kernel's types. */
export interface ProgramShape {
  readonly form: ContextForm;
  readonly letters: readonly Letter[];
  readonly parameters: readonly Parameter[];
  readonly result: Passing;
}

const PASSING: Readonly<Record<Letter, Passing>> = {
  p: 'ptr',
  i: 's32',
  u: 'u32',
  b: 'u32',
  l: 'u64',
  v: 'void',
};
const CONTEXT: ProgramShape = {
  form: 'pointer',
  letters: ['p'],
  parameters: [{ name: 'ctx', passing: 'ptr', struct: '' }],
  result: 's32',
};
/** Functions that the cut BTF does not know: their arguments are six numbers of 64 bits. */
const UNKNOWN: ProgramShape = {
  form: 'array',
  letters: ['l', 'l', 'l', 'l', 'l', 'l'],
  parameters: Array.from({ length: 6 }, (_, i) => ({
    name: `arg${i}`,
    passing: 'u64' as const,
    struct: '',
  })),
  result: 's32',
};

/** Sections whose programs get their arguments in an array. */
const ARRAY = /^(tp_btf|raw_tp|raw_tracepoint|fentry|fexit|fmod_ret|lsm|freplace)(\.s)?\//;

export function shapeOf(
  kernel: TypeIndex,
  f: ObjectFunction,
  member: { type: string; name: string } | undefined,
): ProgramShape {
  if (member) return memberShape(kernel, member.type, member.name);
  if (!ARRAY.test(f.section)) return CONTEXT;
  const target = f.section.slice(f.section.indexOf('/') + 1);
  const isEvent = /^(tp_btf|raw_t)/.test(f.section);
  const proto = isEvent
    ? prototype(kernel.types, kernel.find(`btf_trace_${target}`, 'typedef')?.type)
    : kernel.types[kernel.find(target, 'func')?.type ?? 0];
  if (proto?.kind !== 'func_proto') return UNKNOWN;
  // The first parameter of an event's function is the kernel's own.
  return shape(kernel.types, proto.id, isEvent ? 1 : 0);
}

/** The prototype behind a pointer; undefined where there is none. */
function prototype(types: Types, id: number | undefined): Types[number] | undefined {
  if (id === undefined) return undefined;
  const pointer = strip(types, id);
  return pointer.kind === 'ptr' ? strip(types, pointer.type) : pointer;
}

function memberShape(kernel: TypeIndex, type: string, name: string): ProgramShape {
  const struct = kernel.find(type, 'struct');
  const member = struct?.members?.find((m) => m.name === name);
  const proto = member && prototype(kernel.types, member.type);
  return proto?.kind === 'func_proto' ? shape(kernel.types, proto.id, 0) : UNKNOWN;
}

function shape(types: Types, id: number, skip: number): ProgramShape {
  const proto = types[id]!;
  const { parameters, result } = signatureOf(types, proto);
  const kept = proto.params!.slice(skip);
  const letters = parameters.slice(skip);
  return {
    form: 'array',
    letters,
    parameters: kept.map((p, i) => {
      const type = strip(types, p.type);
      return {
        name: p.name,
        passing: PASSING[letters[i]!] as Parameter['passing'],
        struct: type.kind === 'ptr' ? strip(types, type.type).name : '',
      };
    }),
    result: PASSING[result],
  };
}

/** The member of struct_ops that each program is the value of, by the program's name. */
export function membersOf(object: ObjectFile): Map<string, { type: string; name: string }> {
  const out = new Map<string, { type: string; name: string }>();
  for (const variable of object.structOps) {
    const struct = strip(object.types, variable.type);
    for (const [offset, program] of variable.functions) {
      const member = struct.members!.find((m) => m.offset === offset * 8);
      if (member) out.set(program, { type: variable.typeName, name: member.name });
    }
  }
  return out;
}
