import type { Signature } from '../../calls/signature.js';
import { FRAME, SLOT, STACK_BOTTOM } from '../../memory/layout.js';
import type { LinearMemory } from '../../memory/linear.js';
import {
  ALU,
  ALU64,
  CALL,
  classOf,
  EXIT,
  JMP32,
  LD_IMM64,
  LDX,
  ST,
  STX,
  type Insn,
} from '../../object/insn.js';
import { buildCfg, MAY_GOTO } from '../cfg.js';
import { FAULT } from '../emit/frame.js';
import { MAY_GOTO_ROUNDS } from '../emit/function.js';
import { Access } from './access.js';
import { alu, taken } from './alu.js';

export interface Callable {
  readonly signature: Signature;
  readonly run: (...args: number[]) => number | undefined | void;
}

export interface InterpreterSource {
  readonly functions: readonly { name: string; insns: readonly (Insn | undefined)[] }[];
  readonly memory: LinearMemory;
  readonly checks: 'none' | 'range' | 'shadow';
  /** The table's first place for these functions. */
  readonly tableBase: number;
  /** What a call instruction calls; undefined where a fault is all that is to happen. */
  callee(insn: Insn): Callable | undefined;
  site(insn: Insn, functionIndex: number): number;
  fault(kind: number, site: number, low: number, high: number): never;
  /** Counts the executions of blocks, by function and place in its control-flow graph. */
  count(functionIndex: number, block: number): void;
  /** Told before each instruction, of a stepper. */
  step(): ((site: number) => void) | undefined;
}

interface Prepared {
  readonly insns: readonly (Insn | undefined)[];
  readonly first: number;
  readonly usesStack: boolean;
  /** Of the slot that a block begins at: its length in instructions, and its number. */
  readonly blocks: ReadonlyMap<number, { length: number; number: number }>;
}

const MEMSX = 0x80;
const ATOMIC = 0xc0;
const MEM = 0x60;
const GET_SMP_PROCESSOR_ID = 8;
const GET_CURRENT_TASK_BTF = 158;

/**
 * Runs programs instruction by instruction, over the same memory and with the same counts as the translation: what that is
 * compared with, and a stepper. A hundred times slower.
 */
export class Interpreter {
  private readonly prepared: readonly Prepared[];

  constructor(private readonly source: InterpreterSource) {
    this.prepared = source.functions.map(({ name, insns }) => {
      const blocks = new Map(
        buildCfg(insns, name).blocks.map((b, number) => [
          b.insns[0]!.slot,
          { length: b.insns.length, number },
        ]),
      );
      const usesStack = insns.some((i) => i !== undefined && (i.dst === 10 || i.src === 10));
      return { insns, first: insns[0]!.slot, usesStack, blocks };
    });
  }

  /** Calls a function with r1 to r5; its r0. */
  call(index: number, args: readonly bigint[]): bigint {
    const { memory } = this.source;
    const f = this.prepared[index]!;
    const r = new BigUint64Array(11);
    args.forEach((value, i) => (r[i + 1] = value));
    const report = (kind: number, insn: Insn, address = 0n): never => {
      const low = Number(BigInt.asIntN(32, address));
      const high = Number(BigInt.asIntN(32, address >> 32n));
      return this.source.fault(kind, this.source.site(insn, index), low, high);
    };
    const top = memory.i32[SLOT.stack >> 2]!;
    if (f.usesStack) {
      if (top < STACK_BOTTOM + FRAME) report(FAULT.stack, f.insns[0]!);
      r[10] = BigInt(top);
      memory.i32[SLOT.stack >> 2] = top - FRAME;
    }
    this.execute(f, index, r, report);
    memory.i32[SLOT.stack >> 2] = top;
    return r[0]!;
  }

  private execute(
    f: Prepared,
    index: number,
    r: BigUint64Array,
    report: (kind: number, insn: Insn, address?: bigint) => never,
  ): void {
    const { memory, checks } = this.source;
    const access = new Access(memory, checks, report);
    let budget = MAY_GOTO_ROUNDS;
    for (let slot = f.first; ;) {
      const insn = f.insns[slot - f.first]!;
      this.enter(f, index, slot, report);
      this.source.step()?.(this.source.site(insn, index));
      slot++;
      const { code } = insn;
      if (code === EXIT) return;
      if (insn.link?.kind === 'poison') report(FAULT.poison, insn);
      if (code === LD_IMM64) {
        r[insn.dst] = this.immediate(insn);
        slot++;
      } else if (code === CALL) this.callOut(insn, index, r, report);
      else if (code === MAY_GOTO) {
        if (insn.off === 0) continue;
        if (budget === 0) slot += insn.off;
        else budget--;
      } else slot += this.plain(insn, r, access, report);
    }
  }

  /** Counts a block when it begins, as the translation does. */
  private enter(
    f: Prepared,
    index: number,
    slot: number,
    report: (kind: number, insn: Insn) => never,
  ): void {
    const block = f.blocks.get(slot);
    if (!block) return;
    const { u32 } = this.source.memory;
    if (u32[SLOT.instructions >> 2]! > u32[SLOT.fuel >> 2]!)
      report(FAULT.fuel, f.insns[slot - f.first]!);
    u32[SLOT.instructions >> 2]! += block.length;
    this.source.count(index, block.number);
  }

  private immediate(insn: Insn): bigint {
    if (insn.link?.kind === 'value') return BigInt.asUintN(64, insn.link.value);
    if (insn.link?.kind === 'function') return BigInt(this.source.tableBase + insn.link.index);
    return BigInt.asUintN(64, (BigInt(insn.high) << 32n) | BigInt.asUintN(32, BigInt(insn.imm)));
  }

  /** An instruction that is no call; how many slots it jumps. */
  private plain(
    insn: Insn,
    r: BigUint64Array,
    access: Access,
    report: (kind: number, insn: Insn) => never,
  ): number {
    const operand = insn.code & 8 ? r[insn.src]! : BigInt(insn.imm);
    const mode = insn.code & 0xe0;
    switch (classOf(insn.code)) {
      case ALU:
      case ALU64: {
        const value = alu(insn, r[insn.dst]!, operand);
        if (value === undefined) report(FAULT.poison, insn);
        r[insn.dst] = value!;
        return 0;
      }
      case LDX:
        if (mode !== MEM && mode !== MEMSX) report(FAULT.poison, insn);
        access.load(insn, r, mode === MEMSX);
        return 0;
      case ST:
      case STX:
        if (mode === ATOMIC ? !access.atomic(insn, r) : mode !== MEM) report(FAULT.poison, insn);
        if (mode === MEM) access.store(insn, r);
        return 0;
      default: {
        if (insn.code >> 4 === 0) return classOf(insn.code) === JMP32 ? insn.imm : insn.off;
        const jumps = taken(insn, r[insn.dst]!, operand);
        if (jumps === undefined) report(FAULT.poison, insn);
        return jumps ? insn.off : 0;
      }
    }
  }

  private callOut(
    insn: Insn,
    index: number,
    r: BigUint64Array,
    report: (kind: number, insn: Insn) => never,
  ): void {
    const { memory } = this.source;
    if (insn.link?.kind === 'function') {
      r[0] = this.call(insn.link.index, [r[1]!, r[2]!, r[3]!, r[4]!, r[5]!]);
      return;
    }
    const callee = this.source.callee(insn);
    if (!callee) return report(FAULT.poison, insn);
    if (insn.src === 0 && !insn.link) {
      if (insn.imm === GET_SMP_PROCESSOR_ID)
        return void (r[0] = BigInt(memory.u32[SLOT.cpu >> 2]!));
      if (insn.imm === GET_CURRENT_TASK_BTF)
        return void (r[0] = BigInt(memory.u32[SLOT.current >> 2]!));
    }
    memory.i32[SLOT.site >> 2] = this.source.site(insn, index);
    const args: number[] = [];
    callee.signature.parameters.forEach((letter, i) => {
      const value = r[i + 1]!;
      args.push(Number(BigInt.asIntN(32, value)));
      if (letter === 'l') args.push(Number(BigInt.asIntN(32, value >> 32n)));
    });
    const result = BigInt((callee.run(...args) ?? 0) | 0);
    const high = BigInt(memory.u32[SLOT.high >> 2]!);
    switch (callee.signature.result) {
      case 'v':
        return;
      case 'l':
        r[0] = (high << 32n) | BigInt.asUintN(32, result);
        return;
      default:
        r[0] = BigInt.asUintN(callee.signature.result === 'i' ? 64 : 32, result);
    }
  }
}
