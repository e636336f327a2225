import { CALL, classOf, EXIT, JMP, JMP32, type Insn } from '../object/insn.js';
import { SimError } from '../errors.js';

/** What ends a block. */
export type End =
  | { readonly kind: 'exit' }
  | { readonly kind: 'goto'; readonly to: number }
  /** `insn` is a conditional jump, or may_goto. */
  | { readonly kind: 'branch'; readonly insn: Insn; readonly then: number; readonly else: number };

export interface Block {
  readonly insns: readonly Insn[];
  readonly end: End;
}

/** A function as blocks, in reverse postorder: 0 is the entry, unreachable code is left out. */
export interface Cfg {
  readonly blocks: readonly Block[];
  readonly predecessors: readonly (readonly number[])[];
}

const JA = 0;
/** may_goto: BPF_JMP | BPF_JCOND. */
export const MAY_GOTO = 0xe5;

const isJump = (insn: Insn): boolean => {
  const kind = classOf(insn.code);
  return (kind === JMP || kind === JMP32) && insn.code !== CALL && insn.code !== EXIT;
};
const isGoto = (insn: Insn): boolean => insn.code >> 4 === JA;
/** Slot that a jump leads to; gotol has its distance in the immediate. */
const target = (insn: Insn): number =>
  insn.slot + 1 + (classOf(insn.code) === JMP32 && isGoto(insn) ? insn.imm : insn.off);

export function buildCfg(code: readonly (Insn | undefined)[], name: string): Cfg {
  const first = code[0]?.slot ?? 0;
  const at = (slot: number): Insn => {
    const insn = code[slot - first];
    if (!insn)
      throw new SimError('DAMAGED_CODE', `${name} jumps out of itself, to instruction ${slot}`);
    return insn;
  };
  const leaders = new Set<number>([first]);
  for (const insn of code) {
    if (!insn || !isJump(insn)) continue;
    leaders.add(target(insn));
    leaders.add(insn.slot + 1);
  }
  const read = (start: number): { insns: Insn[]; end: End } => {
    const insns: Insn[] = [];
    for (let slot = start; ;) {
      const insn = at(slot);
      if (insn.code === EXIT) return { insns: [...insns, insn], end: { kind: 'exit' } };
      if (isJump(insn)) {
        insns.push(insn);
        if (isGoto(insn)) return { insns, end: { kind: 'goto', to: target(insn) } };
        const [then, otherwise] = [target(insn), slot + 1];
        return {
          insns,
          end:
            then === otherwise
              ? { kind: 'goto', to: then }
              : { kind: 'branch', insn, then, else: otherwise },
        };
      }
      insns.push(insn);
      slot += code[slot - first + 1] === undefined && insn.code === 0x18 ? 2 : 1;
      if (leaders.has(slot)) return { insns, end: { kind: 'goto', to: slot } };
    }
  };
  return order(first, read);
}

/** Numbers blocks in reverse postorder, without recursion: functions may have thousands. */
function order(first: number, read: (start: number) => { insns: Insn[]; end: End }): Cfg {
  const found = new Map<number, { insns: Insn[]; end: End }>();
  const post: number[] = [];
  const stack: { slot: number; left: number[] }[] = [];
  const enter = (slot: number): void => {
    const block = read(slot);
    found.set(slot, block);
    const { end } = block;
    // What is taken last is numbered first: the fall-through stands right behind its block.
    const left = end.kind === 'exit' ? [] : end.kind === 'goto' ? [end.to] : [end.then, end.else];
    stack.push({ slot, left: left.reverse() });
  };
  enter(first);
  while (stack.length) {
    const top = stack[stack.length - 1]!;
    const next = top.left.pop();
    if (next === undefined) {
      post.push(top.slot);
      stack.pop();
    } else if (!found.has(next)) enter(next);
  }
  const slots = post.reverse();
  const number = new Map(slots.map((slot, i) => [slot, i]));
  const to = (slot: number): number => number.get(slot)!;
  const blocks = slots.map((slot): Block => {
    const { insns, end } = found.get(slot)!;
    if (end.kind === 'exit') return { insns, end };
    if (end.kind === 'goto') return { insns, end: { kind: 'goto', to: to(end.to) } };
    return { insns, end: { ...end, then: to(end.then), else: to(end.else) } };
  });
  const predecessors: number[][] = blocks.map(() => []);
  blocks.forEach(({ end }, i) => {
    if (end.kind === 'goto') predecessors[end.to]!.push(i);
    if (end.kind === 'branch') {
      predecessors[end.then]!.push(i);
      predecessors[end.else]!.push(i);
    }
  });
  return { blocks, predecessors };
}

/**
 * Immediate dominators by block; the entry is its own. After Cooper, Harvey and Kennedy: the numbers are a reverse
 * postorder, so that a dominator has the smaller one.
 */
export function dominators(cfg: Cfg): number[] {
  const idom: number[] = cfg.blocks.map(() => -1);
  idom[0] = 0;
  const meet = (a: number, b: number): number => {
    while (a !== b) {
      while (a > b) a = idom[a]!;
      while (b > a) b = idom[b]!;
    }
    return a;
  };
  for (let changed = true; changed;) {
    changed = false;
    for (let i = 1; i < idom.length; i++) {
      let found = -1;
      for (const p of cfg.predecessors[i]!)
        if (idom[p] !== -1) found = found === -1 ? p : meet(p, found);
      if (idom[i] !== found) {
        idom[i] = found;
        changed = true;
      }
    }
  }
  return idom;
}

/** Whether every back edge leads to a block that dominates its source: loops with one entry. */
export function isReducible(cfg: Cfg, idom: readonly number[]): boolean {
  const dominates = (a: number, b: number): boolean => {
    while (b > a) b = idom[b]!;
    return a === b;
  };
  return cfg.predecessors.every((sources, i) => sources.every((s) => s < i || dominates(i, s)));
}
