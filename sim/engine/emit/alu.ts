import { ALU64, classOf, type Insn } from '../../object/insn.js';
import type { Op } from './code.js';
import { LOCAL, type FunctionFrame } from './frame.js';

/** Operations that are one instruction, by the upper four bits of the opcode. */
const SIMPLE: Record<number, [Op, Op]> = {
  0x0: ['i64_add', 'i32_add'],
  0x1: ['i64_sub', 'i32_sub'],
  0x2: ['i64_mul', 'i32_mul'],
  0x4: ['i64_or', 'i32_or'],
  0x5: ['i64_and', 'i32_and'],
  0x6: ['i64_shl', 'i32_shl'],
  0x7: ['i64_shr_u', 'i32_shr_u'],
  0xa: ['i64_xor', 'i32_xor'],
  0xc: ['i64_shr_s', 'i32_shr_s'],
};
const DIV = 0x3;
const NEG = 0x8;
const MOD = 0x9;
const MOV = 0xb;
const END = 0xd;

const isRegister = (insn: Insn): boolean => (insn.code & 8) !== 0;

/** An arithmetic instruction; returns false where there is no such. */
export function emitAlu(frame: FunctionFrame, insn: Insn): boolean {
  const wide = classOf(insn.code) === ALU64;
  const operation = insn.code >> 4;
  const simple = SIMPLE[operation];
  if (simple) arithmetic(frame, insn, wide, simple[wide ? 0 : 1]);
  else if (operation === MOV) move(frame, insn, wide);
  else if (operation === NEG) negate(frame, insn, wide);
  else if (operation === DIV || operation === MOD) divide(frame, insn, wide, operation === MOD);
  else if (operation === END) return swap(frame, insn, wide);
  else return false;
  return true;
}

/** The second operand: a register or the immediate, sign-extended. */
function operand(frame: FunctionFrame, insn: Insn, wide: boolean): void {
  const { code } = frame;
  if (!isRegister(insn)) {
    if (wide) code.i64(insn.imm);
    else code.i32(insn.imm);
    return;
  }
  code.get(frame.reg(insn.src));
  if (!wide) code.op('i32_wrap_i64');
}

function destination(frame: FunctionFrame, insn: Insn, wide: boolean): void {
  frame.code.get(frame.reg(insn.dst));
  if (!wide) frame.code.op('i32_wrap_i64');
}

/** Results of 32 bits clear the upper half. */
function store(frame: FunctionFrame, insn: Insn, wide: boolean): void {
  if (!wide) frame.code.op('i64_extend_i32_u');
  frame.code.set(frame.reg(insn.dst));
}

function arithmetic(frame: FunctionFrame, insn: Insn, wide: boolean, op: Op): void {
  destination(frame, insn, wide);
  operand(frame, insn, wide);
  frame.code.op(op);
  store(frame, insn, wide);
}

function negate(frame: FunctionFrame, insn: Insn, wide: boolean): void {
  if (wide) frame.code.i64(0);
  else frame.code.i32(0);
  destination(frame, insn, wide);
  frame.code.op(wide ? 'i64_sub' : 'i32_sub');
  store(frame, insn, wide);
}

/** BPF_ADDR_SPACE_CAST: an address of the arena is what it is in both spaces, 32 bits. */
const isCast = (insn: Insn, wide: boolean): boolean => wide && isRegister(insn) && insn.off === 1;

function move(frame: FunctionFrame, insn: Insn, wide: boolean): void {
  operand(frame, insn, wide);
  if (isCast(insn, wide)) frame.code.op('i32_wrap_i64', 'i64_extend_i32_u');
  else if (isRegister(insn) && insn.off) {
    const from = insn.off as 8 | 16 | 32;
    if (wide) frame.code.op(`i64_extend${from}_s`);
    else if (from !== 32) frame.code.op(`i32_extend${from}_s`);
  }
  store(frame, insn, wide);
}

/**
 * Division by 0 gives 0, its remainder the dividend; the smallest number divided by -1 is itself, with remainder 0:
 * RFC 9669, section 4.1. `off` 1 is signed.
 */
function divide(frame: FunctionFrame, insn: Insn, wide: boolean, rest: boolean): void {
  const { code } = frame;
  const signed = insn.off === 1;
  const width = wide ? 'i64' : 'i32';
  const type = wide ? 0x7e : 0x7f;
  const sign = signed ? 's' : 'u';
  const divisor = (): void => {
    code.get(LOCAL.a);
    if (!wide) code.op('i32_wrap_i64');
  };
  if (isRegister(insn)) code.get(frame.reg(insn.src));
  else code.i64(insn.imm);
  code.set(LOCAL.a);
  divisor();
  code.op(`${width}_eqz`).op('if').byte(type);
  if (rest) destination(frame, insn, wide);
  else if (wide) code.i64(0);
  else code.i32(0);
  code.op('else');
  if (signed) {
    divisor();
    if (wide) code.i64(-1);
    else code.i32(-1);
    code.op(`${width}_eq`).op('if').byte(type);
    if (wide) code.i64(0);
    else code.i32(0);
    if (!rest) {
      destination(frame, insn, wide);
      code.op(`${width}_sub`);
    }
    code.op('else');
  }
  destination(frame, insn, wide);
  divisor();
  code.op(`${width}_${rest ? 'rem' : 'div'}_${sign}`);
  if (signed) code.op('end');
  code.op('end');
  store(frame, insn, wide);
}

/** Conversions of byte order: this machine is little-endian, as BPF's is here. */
function swap(frame: FunctionFrame, insn: Insn, wide: boolean): boolean {
  const { code } = frame;
  const register = frame.reg(insn.dst);
  const mask = insn.imm === 16 ? 0xffffn : insn.imm === 32 ? 0xffff_ffffn : undefined;
  // ALU's `to little endian` only cuts; `to big endian` and ALU64's unconditional swap turn the bytes round.
  const turns = wide || isRegister(insn);
  if (turns) {
    const bytes = insn.imm / 8;
    code.i64(0);
    for (let i = 0; i < bytes; i++) {
      code
        .get(register)
        .i64(8 * i)
        .op('i64_shr_u')
        .i64(255)
        .op('i64_and');
      code.i64(8 * (bytes - 1 - i)).op('i64_shl', 'i64_or');
    }
  } else {
    code.get(register);
    if (mask !== undefined) code.i64(mask).op('i64_and');
  }
  code.set(register);
  return insn.imm === 16 || insn.imm === 32 || insn.imm === 64;
}
