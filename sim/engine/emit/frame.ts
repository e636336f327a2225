import type { Insn } from '../../object/insn.js';
import type { Signature } from '../../calls/signature.js';
import { Code } from './code.js';

/** Kinds of faults that code reports, by number. */
export const FAULT = { load: 0, store: 1, shadow: 2, stack: 3, fuel: 4, poison: 5 } as const;

/** A function that code can call: its number in the module, and how values cross. */
export interface Callee {
  readonly index: number;
  readonly signature: Signature;
}

/** What a function of the object needs of the module around it. */
export interface ModuleContext {
  readonly checks: 'none' | 'range' | 'shadow';
  /** First address behind what programs may touch, and the shadow (0 without). */
  readonly end: number;
  readonly shadow: number;
  /** Number of the import that reports faults: (kind, site, address low, high), does not return. */
  readonly fault: number;
  /** Number of the function of the module for one of the object. */
  functionIndex(index: number): number;
  /** The table's place of a function of the object. */
  tableIndex(index: number): number;
  /** What a call instruction calls; undefined where a fault is all that is to happen. */
  callee(insn: Insn): Callee | undefined;
  /** The number of a place in the code, for messages. */
  site(insn: Insn): number;
  /** Where the executions of a block are counted (8 bytes); undefined without a profile. */
  counter(block: number): number | undefined;
}

/** Locals: the parameters of every function are r1 to r5. */
export const LOCAL = {
  r: [5, 0, 1, 2, 3, 4, 6, 7, 8, 9, 10],
  a: 11,
  b: 12,
  i: 13,
  budget: 14,
  next: 15,
};
export const PARAMETERS = 5;
/** Types of the locals behind the parameters: eight of 64 bits, three of 32. */
export const LOCALS = { i64: 8, i32: 3 };

export class FunctionFrame {
  readonly code = new Code();
  /** Whether it has a stack frame: whether r10 is used. */
  constructor(
    readonly module: ModuleContext,
    readonly usesStack: boolean,
  ) {}

  reg(number: number): number {
    return LOCAL.r[number]!;
  }

  /** Reports a fault at an instruction; the address is on no stack: the local of 64 bits holds it. */
  fault(kind: number, insn: Insn, address?: number): void {
    const { code } = this;
    code.i32(kind).i32(this.module.site(insn));
    if (address === undefined) code.i32(0).i32(0);
    else {
      code.get(address).op('i32_wrap_i64');
      code.get(address).i64(32).op('i64_shr_u', 'i32_wrap_i64');
    }
    code.index('call', this.module.fault).op('unreachable');
  }
}
