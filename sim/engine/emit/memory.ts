import { FRAME, GRANULE, NULL_PAGE } from '../../memory/layout.js';
import { classOf, LDX, ST, widthOf, type Insn } from '../../object/insn.js';
import type { Op } from './code.js';
import { FAULT, LOCAL, type FunctionFrame } from './frame.js';

const LOADS: Record<number, [Op, Op]> = {
  1: ['i64_load8_u', 'i64_load8_s'],
  2: ['i64_load16_u', 'i64_load16_s'],
  4: ['i64_load32_u', 'i64_load32_s'],
  8: ['i64_load', 'i64_load'],
};
const STORES: Record<number, Op> = {
  1: 'i64_store8',
  2: 'i64_store16',
  4: 'i64_store32',
  8: 'i64_store',
};
const STACK_REGISTER = 10;

/** A constant place in the function's own frame needs no check. */
const isOwnFrame = (insn: Insn, register: number, width: number): boolean =>
  register === STACK_REGISTER && insn.off >= -FRAME && insn.off + width <= 0;

/** Puts the checked address of an access on the stack, as i32. */
export function emitAddress(
  frame: FunctionFrame,
  insn: Insn,
  register: number,
  width: number,
  writes: boolean,
): void {
  const { code, module } = frame;
  code.get(frame.reg(register));
  if (insn.off) code.i64(insn.off).op('i64_add');
  if (module.checks === 'none' || isOwnFrame(insn, register, width)) {
    code.op('i32_wrap_i64');
    return;
  }
  // One unsigned comparison finds what is behind the end, and of writes what is in the page of null.
  const from = writes ? NULL_PAGE : 0;
  code.tee(LOCAL.a);
  if (from) code.i64(from).op('i64_sub');
  code
    .i64(module.end - from - width)
    .op('i64_gt_u')
    .open('if');
  frame.fault(writes ? FAULT.store : FAULT.load, insn, LOCAL.a);
  code.op('end');
  code.get(LOCAL.a).op('i32_wrap_i64');
  if (!module.shadow) return;
  code.tee(LOCAL.i).i32(Math.log2(GRANULE)).op('i32_shr_u').access('i32_load8_u', module.shadow);
  code.open('if');
  frame.fault(FAULT.shadow, insn, LOCAL.a);
  code.op('end').get(LOCAL.i);
}

export function emitLoad(frame: FunctionFrame, insn: Insn, signed: boolean): void {
  const width = widthOf(insn);
  emitAddress(frame, insn, insn.src, width, false);
  frame.code.access(LOADS[width]![signed ? 1 : 0]).set(frame.reg(insn.dst));
}

export function emitStore(frame: FunctionFrame, insn: Insn): void {
  const width = widthOf(insn);
  emitAddress(frame, insn, insn.dst, width, true);
  if (classOf(insn.code) === ST) frame.code.i64(insn.imm);
  else frame.code.get(frame.reg(insn.src));
  frame.code.access(STORES[width]!);
}

const FETCH = 1;
const ATOMIC_OPS: Record<number, Op> = {
  0x00: 'i64_add',
  0x40: 'i64_or',
  0x50: 'i64_and',
  0xa0: 'i64_xor',
};
const XCHG = 0xe1;
const CMPXCHG = 0xf1;
const LOAD_ACQUIRE = 0x100;
const STORE_RELEASE = 0x110;

/** Atomic operations: nothing runs beside a callback, so that plain ones do. */
export function emitAtomic(frame: FunctionFrame, insn: Insn): boolean {
  const { code } = frame;
  const width = widthOf(insn);
  const source = frame.reg(insn.src);
  if (insn.imm === LOAD_ACQUIRE) {
    emitAddress(frame, insn, insn.src, width, false);
    code.access(LOADS[width]![0]).set(frame.reg(insn.dst));
    return true;
  }
  if (insn.imm === STORE_RELEASE) {
    emitStore(frame, insn);
    return true;
  }
  if (width < 4) return false;
  // The old value in b, the address in i.
  emitAddress(frame, insn, insn.dst, width, true);
  code.tee(LOCAL.i).access(LOADS[width]![0]).set(LOCAL.b);
  if (insn.imm === CMPXCHG) {
    const expected = frame.reg(0);
    code.get(LOCAL.b).get(expected);
    if (width === 4) code.i64(0xffff_ffffn).op('i64_and');
    code.op('i64_eq').open('if').get(LOCAL.i).get(source).access(STORES[width]!).op('end');
    code.get(LOCAL.b).set(expected);
    return true;
  }
  const op = ATOMIC_OPS[insn.imm & ~FETCH];
  if (insn.imm !== XCHG && !op) return false;
  code.get(LOCAL.i);
  if (insn.imm === XCHG) code.get(source);
  else code.get(LOCAL.b).get(source).op(op!);
  code.access(STORES[width]!);
  if (insn.imm & FETCH) code.get(LOCAL.b).set(source);
  return true;
}

export const isLoad = (insn: Insn): boolean => classOf(insn.code) === LDX;
