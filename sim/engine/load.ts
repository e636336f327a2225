import { Fault, SimError } from '../errors.js';
import { helper } from '../calls/helper-table.js';
import { formatSignature, shapeOf, type Signature } from '../calls/signature.js';
import type { CallRow } from '../calls/types.js';
import type { ObjectFile } from '../object/file.js';
import type { Insn } from '../object/insn.js';
import type { Linked } from '../object/link.js';
import { buildModule, entryName, INVOKE, type EntryPoint } from './emit/module.js';
import { faultOf } from './faults.js';
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
  readonly counters: readonly { address: number; insns: readonly Insn[] }[];
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

/** Translates an object that is linked, and instantiates it. */
export function loadModule(
  space: Space,
  object: ObjectFile,
  linked: Linked,
  entries: readonly EntryPoint[],
  calls: CallTable,
): Loaded {
  const { table, memory, sites } = space;
  const firstSites = object.functions.map((f) => sites.add(object, f.name, f.insns) - f.start);
  const tableBase = table.grow(object.functions.length);
  const signatures = new Map<string, { name: string; signature: Signature }>();
  const callee = (insn: Insn): { key: string; signature: Signature } | undefined => {
    if (insn.link?.kind === 'kernel') {
      const bound = linked.functions.get(insn.link.name);
      if (!bound) return undefined;
      signatures.set(insn.link.name, bound);
      return { key: insn.link.name, signature: bound.signature };
    }
    if (insn.link || insn.src !== 0) return undefined;
    // A helper without a row is called with nothing, and says that it is not there.
    const found = helper(insn.imm) ?? {
      name: `helper ${insn.imm}`,
      signature: { parameters: [], result: 'v' as const },
    };
    signatures.set(`helper ${insn.imm}`, found);
    return { key: `helper ${insn.imm}`, signature: found.signature };
  };
  const counters: { address: number; function: number; block: number }[] = [];
  const built = buildModule({
    functions: object.functions,
    entries,
    checks: space.checks,
    end: memory.end,
    shadow: memory.shadow,
    tableBase,
    callee,
    site: (insn, f) => firstSites[f]! + insn.slot,
    counter: (f, block) => {
      if (!space.profile) return undefined;
      const address = memory.allocate(16, 'a counter of the profile');
      counters.push({ address, function: f, block });
      return address;
    },
  });
  const imports: Record<string, unknown> = {
    memory: memory.wasm,
    table,
    f0: (kind: number, site: number, low: number, high: number): never => {
      throw faultOf(memory, sites, kind, site, low, high);
    },
  };
  for (const [name, key] of built.imports) {
    const { name: called, signature } = signatures.get(key)!;
    const row = calls.find(called, signature);
    imports[name] = row?.run ?? missing(space, called, signature, calls);
  }
  const exports = instantiate(object.name, built.bytes, imports);
  space.invoke = exports[INVOKE]!;
  return {
    entries: new Map(
      entries.map((e) => [
        e.name,
        exports[entryName(e.name)] as (...args: (number | undefined)[]) => number,
      ]),
    ),
    counters: counters.map((c) => ({
      address: c.address,
      insns: built.blocks[c.function]![c.block]!.insns,
    })),
  };
}
