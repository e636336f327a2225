import {
  canBeUncallable,
  canLackCall,
  functionKernels,
  kernelFunction,
} from '../../../kernel/index.js';
import type { KernelFunction } from '../../../kernel/types.js';
import { KERNELS, isNewer } from '../../../kernel/versions.js';
import { declaration } from './declaration.js';
import { DSQ_COMPAT } from './dsq.js';
import { GIVEN_COMPAT } from './given.js';
import { NODE_COMPAT } from './nodes.js';
import { OTHER_COMPAT } from './others.js';
import type { Compat, Way } from './types.js';
import { guarded } from './uncallable.js';

const TABLE: Readonly<Record<string, Compat>> = {
  ...DSQ_COMPAT,
  ...NODE_COMPAT,
  ...OTHER_COMPAT,
  ...GIVEN_COMPAT,
};

/** Functions that have ways of their own, beside those that only need a test. */
export const EMULATED: ReadonlySet<string> = new Set(Object.keys(TABLE));

/** How C calls a function of the kernel; undefined where it does so by its name. */
export function compatOf(name: string): Compat | undefined {
  if (Object.hasOwn(TABLE, name)) return TABLE[name];
  const fn = kernelFunction(name);
  return fn?.kind === 'kfunc' && canBeUncallable(name) ? guarded(fn) : undefined;
}

/** The C function to call for a name of the language. */
export function cFunction(name: string): string {
  return compatOf(name)?.wrapper ?? name;
}

/** The ways that some kernel from `floor` on can take; the last of them needs no test. */
export function waysFrom({ ways }: Compat, floor: string): Way[] {
  // Between two kernels of the table nothing is known: the older one counts.
  const oldest = KERNELS.filter((k) => !isNewer(k, floor)).at(-1) ?? KERNELS[0];
  const asked = KERNELS.filter((k) => !isNewer(oldest, k));
  return ways.filter((way, i) =>
    asked.some((k) => has(way, k) && !ways.slice(0, i).some((w) => isSure(w, k))),
  );
}

/** Whether a kernel has what a way takes. What follows the last ___ of a symbol is C's only. */
function has({ symbol }: Way, kernel: string): boolean {
  return symbol === undefined || functionKernels(essential(symbol)).includes(kernel);
}

/** Whether all builds of a kernel can call it. */
function isSure(way: Way, kernel: string): boolean {
  const { symbol } = way;
  return has(way, kernel) && (symbol === undefined || !canLackCall(essential(symbol), kernel));
}

function essential(symbol: string): string {
  return symbol.replace(/___(?!.*___).*$/, '');
}

/** The symbols of kernels that have a function themselves, any of which will do. */
export function nativeSymbols(name: string): string[] {
  const compat = compatOf(name);
  const symbols = compat?.ways.flatMap((w) => (w.old ? [] : (w.symbol ?? []))) ?? [];
  return symbols.length > 0 ? symbols : [name];
}

/** The same as kernels call them. */
export function kernelNames(name: string): string[] {
  return [...new Set(nativeSymbols(name).map(essential))];
}

/** What a function of the kernel needs in the C: undefined if that is its own declaration only. */
export function compatText(fn: KernelFunction, floor: string): CompatText | undefined {
  const compat = compatOf(fn.name);
  if (!compat) return undefined;
  const ways = waysFrom(compat, floor);
  return {
    externs: ways.flatMap((w) => w.externs),
    structs: ways.flatMap((w) => w.structs ?? []),
    calls: ways.flatMap((w) => w.calls ?? []),
    complains: ways.some((w) => w.complains),
    ...(ways.some((w) => w.c !== '') ? { c: functionText(fn, compat, ways) } : {}),
  };
}

export interface CompatText {
  externs: string[];
  structs: string[];
  calls: string[];
  /** Its text ends the scheduler with a message. */
  complains: boolean;
  c?: string;
}

function indent(text: string): string {
  return text
    .split('\n')
    .map((line) => (line ? `\t${line}` : line))
    .join('\n');
}

function functionText(fn: KernelFunction, compat: Compat, ways: Way[]): string {
  const comment = compat.comment && ways.length > 1 ? `/* ${compat.comment} */\n` : '';
  const head = compat.head ?? declaration(fn, compat.wrapper);
  const last = ways.length - 1;
  const body = ways.map((way, i) => {
    const isElse = i > 0 && ways[i - 1]!.goesOn === true;
    if (i === last) return isElse ? `else\n${indent(way.c)}` : way.c;
    const test = `${isElse ? 'else ' : ''}if (bpf_ksym_exists(${way.symbol}))`;
    return way.c.includes('\n') ? `${test} {\n${indent(way.c)}\n}` : `${test}\n${indent(way.c)}`;
  });
  if (compat.result && ways.some((w) => w.goesOn)) body.push(`return ${compat.result};`);
  return `${comment}static __always_inline ${head}\n{\n${indent(body.join('\n'))}\n}`;
}
