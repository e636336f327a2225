import { classOf, JMP, type Insn } from '../../object/insn.js';
import type { Op } from './code.js';
import { MAY_GOTO } from '../cfg.js';
import { LOCAL, type FunctionFrame } from './frame.js';

const COMPARISONS: Record<number, string> = {
  0x1: 'eq',
  0x2: 'gt_u',
  0x3: 'ge_u',
  0x5: 'ne',
  0x6: 'gt_s',
  0x7: 'ge_s',
  0xa: 'lt_u',
  0xb: 'le_u',
  0xc: 'lt_s',
  0xd: 'le_s',
};
/** Jumps if bits are set. */
const JSET = 0x4;

/** Puts on the stack whether a conditional jump is taken; false where there is no such jump. */
export function emitCondition(frame: FunctionFrame, insn: Insn): boolean {
  const { code } = frame;
  if (insn.code === MAY_GOTO) {
    // Taken once the budget is used up.
    code.get(LOCAL.budget).op('i32_eqz').op('if').byte(0x7f).i32(1).op('else');
    code.get(LOCAL.budget).i32(1).op('i32_sub').set(LOCAL.budget).i32(0).op('end');
    return true;
  }
  const operation = insn.code >> 4;
  const wide = classOf(insn.code) === JMP;
  const width = wide ? 'i64' : 'i32';
  const comparison = COMPARISONS[operation];
  if (!comparison && operation !== JSET) return false;
  code.get(frame.reg(insn.dst));
  if (!wide) code.op('i32_wrap_i64');
  if (insn.code & 8) {
    code.get(frame.reg(insn.src));
    if (!wide) code.op('i32_wrap_i64');
  } else if (wide) code.i64(insn.imm);
  else code.i32(insn.imm);
  if (comparison) code.op(`${width}_${comparison}` as Op);
  else {
    code.op(`${width}_and`);
    if (wide) code.i64(0).op('i64_ne');
  }
  return true;
}
