import { Fault, SimError } from '../errors.js';
import { helper } from '../calls/helper-table.js';
import { formatSignature, shapeOf, type Signature } from '../calls/signature.js';
import type { CallRow } from '../calls/types.js';
import type { ObjectFile } from '../object/file.js';
import type { Insn } from '../object/insn.js';
import type { Linked } from '../object/link.js';
import { buildCfg } from './cfg.js';
import { Counters, type BlockCount } from './counters.js';
import { buildModule, entryName, INVOKE, type EntryPoint } from './emit/module.js';
import { faultOf } from './faults.js';
import type { Callable } from './interpret/interpreter.js';
import { interpretedEntries } from './interpret/load.js';
import type { Space } from './space.js';
import { wasm } from './webassembly.js';

type Imported = (...args: number[]) => number | undefined | void;

/** Rows by name; one name may have several, with other parameters. */
export class CallTable {
  private readonly rows = new Map<string, CallRow[]>();

  constructor(rows: readonly CallRow[]) {
    for (const row of rows) this.rows.set(row.name, [...(this.rows.get(row.name) ?? []), row]);
  }
  /** The row with the parameters of the modelled kernel. */
  find(name: string, signature: Signature): CallRow | undefined {
    const [parameters, result] = shapeOf(signature).split(':') as [string, string];
    return this.rows.get(name)?.find((row) => {
      const [own, gives] = shapeOf(parseRow(row)).split(':') as [string, string];
      // A result that this kernel's generation does not give is dropped.
      return own === parameters && (result === 'v' || result === gives);
    });
  }
  /** What there is instead, for messages. */
  others(name: string): string {
    return (this.rows.get(name) ?? []).map((row) => row.signature).join(', ');
  }
}

const parsed = new WeakMap<CallRow, Signature>();
function parseRow(row: CallRow): Signature {
  let signature = parsed.get(row);
  if (!signature) {
    const [parameters, result] = row.signature.split(':') as [string, string];
    signature = { parameters: [...parameters], result } as unknown as Signature;
    parsed.set(row, signature);
  }
  return signature;
}

/** A function that the kernel has and the model has not: an error when it is called, never before and never nothing. */
function missing(space: Space, name: string, signature: Signature, table: CallTable): Imported {
  return () => {
    const { where, program } = space.sites.at(space.context.site);
    const others = table.others(name);
    throw new Fault(
      'NOT_MODELLED',
      `the model has no ${name}()${others ? ` with parameters ${formatSignature(signature)}, only ${others}` : ''}`,
      where,
      program,
      'what the model does not know is listed in docs/sim.md',
    );
  };
}

/** Programs of an object as functions, by name, and what its profile counts. */
export interface Loaded {
  readonly entries: ReadonlyMap<string, (...args: (number | undefined)[]) => number>;
  /** How often each block was executed so far; nothing without a profile. */
  readonly counters: () => readonly BlockCount[];
}

function instantiate(
  name: string,
  code: Uint8Array,
  imports: Record<string, unknown>,
): Record<string, (...args: number[]) => number> {
  try {
    return new wasm.Instance(new wasm.Module(code), { model: imports }).exports;
  } catch (error) {
    throw new SimError(
      'TRANSLATION',
      `${name} cannot be translated: ${(error as Error).message}`,
      'this is a bug in scxts: please report it with the object',
    );
  }
}

interface Called {
  readonly key: string;
  readonly name: string;
  readonly signature: Signature;
}

/** What a call instruction calls; undefined where a fault is all that is to happen. */
function calledBy(insn: Insn, linked: Linked): Called | undefined {
  if (insn.link?.kind === 'kernel') {
    const bound = linked.functions.get(insn.link.name);
    return bound ? { key: insn.link.name, ...bound } : undefined;
  }
  if (insn.link || insn.src !== 0) return undefined;
  // A helper without a row is called with nothing, and says that it is not there.
  const name = `helper ${insn.imm}`;
  const known = helper(insn.imm) ?? { name, signature: { parameters: [], result: 'v' as const } };
  return { key: name, ...known };
}

/** Translates an object that is linked, or prepares it for the interpreter. */
export function loadModule(
  space: Space,
  object: ObjectFile,
  linked: Linked,
  entries: readonly EntryPoint[],
  calls: CallTable,
): Loaded {
  const { memory, sites } = space;
  const firstSites = object.functions.map((f) => sites.add(object, f.name, f.insns) - f.start);
  const tableBase = space.table.grow(object.functions.length);
  const counters = new Counters(space);
  const implementation = ({ name, signature }: Called): Imported =>
    calls.find(name, signature)?.run ?? missing(space, name, signature, calls);
  const common = {
    functions: object.functions,
    checks: space.checks,
    tableBase,
    site: (insn: Insn, f: number): number => firstSites[f]! + insn.slot,
  };
  const fault = (kind: number, site: number, low: number, high: number): never => {
    throw faultOf(memory, sites, kind, site, low, high);
  };
  if (space.engine === 'interpreter') {
    const callables = new Map<string, Callable>();
    const source = {
      ...{ ...common, memory, fault },
      callee: (insn: Insn): Callable | undefined => {
        const called = calledBy(insn, linked);
        if (!called) return undefined;
        let known = callables.get(called.key);
        if (!known) {
          known = { signature: called.signature, run: implementation(called) };
          callables.set(called.key, known);
        }
        return known;
      },
      count: (f: number, block: number): void => counters.count(f, block),
      step: () => space.onStep,
    };
    const blocks = object.functions.map((f) => buildCfg(f.insns, f.name).blocks);
    return {
      entries: interpretedEntries(space, source, entries),
      counters: () => counters.list(blocks),
    };
  }
  const wanted = new Map<string, Called>();
  const built = buildModule({
    ...common,
    entries,
    end: memory.end,
    shadow: memory.shadow,
    callee: (insn) => {
      const called = calledBy(insn, linked);
      if (called) wanted.set(called.key, called);
      return called;
    },
    counter: (f, block) => (space.profile ? counters.address(f, block) : undefined),
  });
  const imports: Record<string, unknown> = { memory: memory.wasm, table: space.table, f0: fault };
  for (const [name, key] of built.imports) imports[name] = implementation(wanted.get(key)!);
  const exports = instantiate(object.name, built.bytes, imports);
  space.invoke = exports[INVOKE]!;
  return {
    entries: new Map(
      entries.map((e) => [
        e.name,
        exports[entryName(e.name)] as (...args: (number | undefined)[]) => number,
      ]),
    ),
    counters: () => counters.list(built.blocks),
  };
}
