import { SLOT } from '../../memory/layout.js';
import type { Insn } from '../../object/insn.js';
import type { Letter, Signature } from '../../calls/signature.js';
import { Code, I32, I64 } from './code.js';
import type { Callee, ModuleContext } from './frame.js';
import { emitFunction } from './function.js';
import type { Block } from '../cfg.js';

/** How a program's context reaches it. */
export type ContextForm =
  /** Its arguments in an array of u64: struct_ops, tp_btf, fentry. */
  | 'array'
  /** One pointer to it: syscall, tracepoints, kprobes. */
  | 'pointer';

export interface EntryPoint {
  readonly name: string;
  /** Of the object's functions. */
  readonly index: number;
  readonly form: ContextForm;
  readonly parameters: readonly Letter[];
}

export interface ModuleSource {
  readonly functions: readonly {
    name: string;
    insns: readonly (Insn | undefined)[];
    index: number;
  }[];
  readonly entries: readonly EntryPoint[];
  readonly checks: ModuleContext['checks'];
  readonly end: number;
  readonly shadow: number;
  /** The table's first place for this module's functions. */
  readonly tableBase: number;
  /** What a call is to be answered by; undefined where it is a fault. Equal keys are imported once. */
  callee(insn: Insn): { key: string; signature: Signature } | undefined;
  site(insn: Insn, functionIndex: number): number;
  /** Where a block's executions are counted; undefined without a profile. */
  counter(functionIndex: number, block: number): number | undefined;
}

export interface BuiltModule {
  readonly bytes: Uint8Array;
  /** Keys of the functions to import, by name of the import. */
  readonly imports: ReadonlyMap<string, string>;
  readonly blocks: readonly (readonly Block[])[];
}

/** Numbers of function types. */
class FunctionTypes {
  readonly code: Code[] = [];
  private readonly known = new Map<string, number>();

  number(parameters: readonly number[], results: readonly number[]): number {
    const key = `${parameters.join()}:${results.join()}`;
    let at = this.known.get(key);
    if (at === undefined) {
      const code = new Code().byte(0x60).u32(parameters.length);
      parameters.forEach((p) => code.byte(p));
      code.u32(results.length);
      results.forEach((r) => code.byte(r));
      at = this.code.push(code) - 1;
      this.known.set(key, at);
    }
    return at;
  }
}

const wide = (letters: readonly Letter[]): number[] =>
  letters.flatMap((letter) => (letter === 'l' ? [I32, I32] : [I32]));
const BPF = [I64, I64, I64, I64, I64];

function vector(items: readonly Code[]): Code {
  const out = new Code().u32(items.length);
  items.forEach((item) => out.append(item));
  return out;
}

/** Names of what every module exports beside its programs. */
export const INVOKE = 'invoke';
export const entryName = (program: string): string => `program ${program}`;

/** All functions of an object as one WebAssembly module. */
export function buildModule(source: ModuleSource): BuiltModule {
  const types = new FunctionTypes();
  const bpf = types.number(BPF, [I64]);
  const imports = new Map<string, string>();
  const importTypes: number[] = [types.number([I32, I32, I32, I32], [])];
  const callees = new Map<string, Callee>();
  // Imports are numbered before functions, so that all of them must be known first.
  for (const f of source.functions) {
    for (const insn of f.insns) {
      const callee = insn && insn.code === 0x85 ? source.callee(insn) : undefined;
      if (!callee || callees.has(callee.key)) continue;
      const { parameters, result } = callee.signature;
      const index =
        importTypes.push(types.number(wide(parameters), result === 'v' ? [] : [I32])) - 1;
      callees.set(callee.key, { index, signature: callee.signature });
      imports.set(`f${index}`, callee.key);
    }
  }
  const base = importTypes.length;
  const place = new Map(source.functions.map((f, i) => [f.index, i]));
  const bodies: Code[] = [];
  const declared: number[] = [];
  const blocks = source.functions.map((f) => {
    const { body, cfg } = emitFunction(f.name, f.insns, {
      checks: source.checks,
      end: source.end,
      shadow: source.shadow,
      fault: 0,
      functionIndex: (index) => base + place.get(index)!,
      tableIndex: (index) => source.tableBase + place.get(index)!,
      callee: (insn) => {
        const callee = source.callee(insn);
        return callee && callees.get(callee.key);
      },
      site: (insn) => source.site(insn, f.index),
      counter: (block) => source.counter(f.index, block),
    });
    bodies.push(body);
    declared.push(bpf);
    return cfg.blocks;
  });
  const exported: Code[] = [];
  for (const entry of source.entries) {
    exported.push(
      new Code()
        .text(entryName(entry.name))
        .byte(0)
        .u32(base + bodies.length),
    );
    declared.push(types.number(wide(entry.parameters), [I32]));
    bodies.push(thunk(entry, base + place.get(entry.index)!));
  }
  exported.push(
    new Code()
      .text(INVOKE)
      .byte(0)
      .u32(base + bodies.length),
  );
  declared.push(types.number([I32, I32, I32, I32, I32, I32], [I32]));
  bodies.push(invoke(bpf));

  const out = new Code();
  const section = (id: number, content: Code): void => void out.byte(id).sized(content);
  out.bytes.push(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0);
  section(1, vector(types.code));
  section(2, importSection(importTypes));
  section(3, vector(declared.map((t) => new Code().u32(t))));
  section(7, vector(exported));
  section(9, elements(source, base));
  section(10, vector(bodies.map((body) => new Code().sized(body))));
  return { bytes: new Uint8Array(out.bytes), imports, blocks };
}

function importSection(types: readonly number[]): Code {
  const from = (name: string): Code => new Code().text('model').text(name);
  return vector([
    // The smallest the engine gives; a larger one fits too.
    from('memory').byte(2).byte(0).u32(4),
    from('table').byte(1).byte(0x70).byte(0).u32(1),
    ...types.map((type, i) => from(`f${i}`).byte(0).u32(type)),
  ]);
}

/** Puts the object's functions into the table, for pointers to functions. */
function elements(source: ModuleSource, base: number): Code {
  const segment = new Code().u32(0).i32(source.tableBase).op('end').u32(source.functions.length);
  source.functions.forEach((_, i) => segment.u32(base + i));
  return vector([segment]);
}

/**
 * What JavaScript calls: writes the context onto the stack, runs the program, and gives the stack back. Locals: the
 * parameters, then the address of the context.
 */
function thunk(entry: EntryPoint, target: number): Code {
  const code = new Code();
  const flat = wide(entry.parameters).length;
  const context = flat;
  code.u32(1).u32(1).byte(I32);
  if (entry.form === 'pointer') {
    if (flat) code.get(0).op('i64_extend_i32_u');
    else code.i64(0);
    for (let i = 0; i < 4; i++) code.i64(0);
    return code.index('call', target).op('i32_wrap_i64', 'end');
  }
  // Frames of programs stay aligned to 16.
  const bytes = Math.ceil((entry.parameters.length * 8) / 16) * 16;
  code.i32(SLOT.stack).i32(SLOT.stack).access('i32_load').i32(bytes).op('i32_sub').tee(context);
  code.access('i32_store');
  let local = 0;
  entry.parameters.forEach((letter, i) => {
    code.get(context);
    if (letter === 'l') {
      code.get(local).access('i32_store', i * 8);
      code
        .get(context)
        .get(local + 1)
        .access('i32_store', i * 8 + 4);
      local += 2;
      return;
    }
    code.get(local).op(letter === 'i' ? 'i64_extend_i32_s' : 'i64_extend_i32_u');
    code.access('i64_store', i * 8);
    local++;
  });
  code.get(context).op('i64_extend_i32_u');
  for (let i = 0; i < 4; i++) code.i64(0);
  code.index('call', target).op('i32_wrap_i64');
  code.i32(SLOT.stack).get(context).i32(bytes).op('i32_add').access('i32_store');
  return code.op('end');
}

/** (place in the table, five arguments): calls a function of the object for a helper. */
function invoke(type: number): Code {
  const code = new Code().u32(0);
  for (let i = 1; i <= 5; i++) code.get(i).op('i64_extend_i32_u');
  code.get(0).op('call_indirect').u32(type).u32(0);
  return code.op('i32_wrap_i64', 'end');
}
