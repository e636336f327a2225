import { FRAME, SLOT, STACK_BOTTOM } from '../../memory/layout.js';
import {
  ALU,
  ALU64,
  CALL,
  classOf,
  EXIT,
  JMP,
  LD_IMM64,
  LDX,
  ST,
  STX,
  type Insn,
} from '../../object/insn.js';
import { buildCfg, MAY_GOTO, type Block, type Cfg } from '../cfg.js';
import { emitAlu } from './alu.js';
import { emitCall } from './calls.js';
import { Code, I32, I64 } from './code.js';
import { FAULT, FunctionFrame, LOCAL, LOCALS, type ModuleContext } from './frame.js';
import { emitCondition } from './jumps.js';
import { emitAtomic, emitLoad, emitStore } from './memory.js';
import { writeStructured } from './structure.js';

/** Rounds that may_goto lets a function make: BPF_MAX_LOOPS. */
export const MAY_GOTO_ROUNDS = 8 * 1024 * 1024;

const MEMSX = 0x80;
const ATOMIC = 0xc0;
const STACK_REGISTER = 10;

/** One BPF function as a WebAssembly function (i64 x 5) -> i64. */
export function emitFunction(
  name: string,
  insns: readonly (Insn | undefined)[],
  module: ModuleContext,
): { body: Code; cfg: Cfg } {
  const cfg = buildCfg(insns, name);
  const used = insns.filter((i) => i !== undefined);
  const usesStack = used.some((i) => i.dst === STACK_REGISTER || i.src === STACK_REGISTER);
  const frame = new FunctionFrame(module, usesStack);
  const { code } = frame;
  if (usesStack) openFrame(frame, used[0]!);
  if (used.some((i) => i.code === MAY_GOTO)) code.i32(MAY_GOTO_ROUNDS).set(LOCAL.budget);
  writeStructured(cfg, frame, {
    loopHead: (block) => checkFuel(frame, block.insns[0]!),
    body: (block, number) => writeBlock(frame, block, number),
  });
  const body = new Code();
  body.u32(2).u32(LOCALS.i64).byte(I64).u32(LOCALS.i32).byte(I32).append(code).op('end');
  return { body, cfg };
}

function openFrame(frame: FunctionFrame, first: Insn): void {
  const { code } = frame;
  const fp = frame.reg(STACK_REGISTER);
  code.i32(SLOT.stack).access('i64_load32_u').set(fp);
  code
    .get(fp)
    .i64(STACK_BOTTOM + FRAME)
    .op('i64_lt_u')
    .open('if');
  frame.fault(FAULT.stack, first);
  code.op('end');
  code.i32(SLOT.stack).get(fp).i64(FRAME).op('i64_sub').access('i64_store32');
}

function writeBlock(frame: FunctionFrame, block: Block, number: number): void {
  const { code, module } = frame;
  code.i32(SLOT.instructions).i32(SLOT.instructions).access('i32_load');
  code.i32(block.insns.length).op('i32_add').access('i32_store');
  const counter = module.counter(number);
  if (counter !== undefined) {
    code.i32(counter).i32(counter).access('i64_load').i64(1).op('i64_add').access('i64_store');
  }
  for (const insn of block.insns) writeInsn(frame, insn, block);
}

/** An endless loop is a fault, not a hanging process. */
function checkFuel(frame: FunctionFrame, insn: Insn): void {
  const { code } = frame;
  code.i32(SLOT.instructions).access('i32_load').i32(SLOT.fuel).access('i32_load');
  code.op('i32_gt_u').open('if');
  frame.fault(FAULT.fuel, insn);
  code.op('end');
}

function writeInsn(frame: FunctionFrame, insn: Insn, block: Block): void {
  if (!writeKnown(frame, insn, block)) frame.fault(FAULT.poison, insn);
}

/** False where the instruction is none that this model knows. */
function writeKnown(frame: FunctionFrame, insn: Insn, block: Block): boolean {
  const { code } = frame;
  if (insn.link?.kind === 'poison') return false;
  if (insn.code === LD_IMM64) return loadImmediate(frame, insn);
  if (insn.code === CALL) {
    emitCall(frame, insn);
    return true;
  }
  if (insn.code === EXIT) {
    if (frame.usesStack) code.i32(SLOT.stack).get(frame.reg(STACK_REGISTER)).access('i64_store32');
    code.get(frame.reg(0)).op('return');
    return true;
  }
  const mode = insn.code & 0xe0;
  switch (classOf(insn.code)) {
    case ALU:
    case ALU64:
      return emitAlu(frame, insn);
    case LDX:
      if (mode !== 0x60 && mode !== MEMSX) return false;
      emitLoad(frame, insn, mode === MEMSX);
      return true;
    case ST:
    case STX:
      if (mode === ATOMIC) return emitAtomic(frame, insn);
      if (mode !== 0x60) return false;
      emitStore(frame, insn);
      return true;
    case JMP:
    case JMP + 1:
      // Plain jumps are in the structure.
      return block.end.kind !== 'branch' || block.end.insn !== insn || emitCondition(frame, insn);
    default:
      return false;
  }
}

function loadImmediate(frame: FunctionFrame, insn: Insn): boolean {
  const { code, module } = frame;
  if (insn.link?.kind === 'value') code.i64(insn.link.value);
  else if (insn.link?.kind === 'function') code.i64(module.tableIndex(insn.link.index));
  else if (insn.src !== 0) return false;
  else code.i64((BigInt(insn.high) << 32n) | BigInt.asUintN(32, BigInt(insn.imm)));
  code.set(frame.reg(insn.dst));
  return true;
}
