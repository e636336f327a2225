import { SLOT } from '../../memory/layout.js';
import type { Insn } from '../../object/insn.js';
import type { Letter } from '../../calls/signature.js';
import { FAULT, LOCAL, type FunctionFrame } from './frame.js';

/** Of a call's `src`: what the immediate names. */
export const PSEUDO_CALL = 1;

export function emitCall(frame: FunctionFrame, insn: Insn): void {
  const { code, module } = frame;
  if (insn.link?.kind === 'function') {
    for (let r = 1; r <= 5; r++) code.get(frame.reg(r));
    code.index('call', module.functionIndex(insn.link.index)).set(frame.reg(0));
    return;
  }
  const callee = module.callee(insn);
  if (!callee) {
    frame.fault(FAULT.poison, insn);
    return;
  }
  if (inlined(frame, insn)) return;
  code.i32(SLOT.site).i32(module.site(insn)).access('i32_store');
  callee.signature.parameters.forEach((letter, i) => {
    const register = frame.reg(i + 1);
    code.get(register).op('i32_wrap_i64');
    if (letter === 'l') code.get(register).i64(32).op('i64_shr_u', 'i32_wrap_i64');
  });
  code.index('call', callee.index);
  result(frame, callee.signature.result);
}

/** What came back as i32 (with its high half in memory) becomes r0. */
function result(frame: FunctionFrame, letter: Letter): void {
  const { code } = frame;
  if (letter === 'v') return;
  code.op(letter === 'i' ? 'i64_extend_i32_s' : 'i64_extend_i32_u');
  if (letter === 'l') {
    code.i32(SLOT.high).access('i64_load32_u').i64(32).op('i64_shl', 'i64_or');
  }
  code.set(frame.reg(0));
}

const GET_SMP_PROCESSOR_ID = 8;
const GET_CURRENT_TASK_BTF = 158;
const NOTHING = new Set([
  'bpf_rcu_read_lock',
  'bpf_rcu_read_unlock',
  'bpf_preempt_disable',
  'bpf_preempt_enable',
]);

/** Calls that are a load, or nothing: RCU and preemption are off for as long as a callback runs. */
function inlined(frame: FunctionFrame, insn: Insn): boolean {
  const { code } = frame;
  if (insn.link?.kind === 'kernel') return NOTHING.has(insn.link.name);
  if (insn.src !== 0) return false;
  if (insn.imm === GET_SMP_PROCESSOR_ID) code.i32(SLOT.cpu).access('i64_load32_u');
  else if (insn.imm === GET_CURRENT_TASK_BTF) code.i32(SLOT.current).access('i64_load32_u');
  else return false;
  code.set(LOCAL.r[0]!);
  return true;
}
