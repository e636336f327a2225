import { dominators, isReducible, type Block, type Cfg } from '../cfg.js';
import { LOCAL, type FunctionFrame } from './frame.js';
import type { Code } from './code.js';

/** Writes a block's instructions, and of a branch the condition. */
export interface BlockWriter {
  body(block: Block, number: number): void;
  /** Before the first instruction of a loop's header. */
  loopHead(block: Block): void;
}

/** What encloses the code being written, innermost last. */
type Enclosing =
  | { readonly kind: 'if' }
  | { readonly kind: 'loop'; readonly head: number }
  | { readonly kind: 'block'; readonly follow: number };

/**
 * Control flow as WebAssembly wants it, from the dominator tree: N. Ramsey, "Beyond Relooper" (ICFP 2022). A block that
 * several forward edges lead to is put behind a `block` that they leave; the target of a back edge is a `loop`.
 */
class Structure {
  private readonly children: number[][];
  private readonly merges: boolean[];
  private readonly heads: boolean[];
  private readonly around: Enclosing[] = [];
  private readonly code: Code;

  constructor(
    private readonly cfg: Cfg,
    idom: readonly number[],
    frame: FunctionFrame,
    private readonly writer: BlockWriter,
  ) {
    this.code = frame.code;
    this.children = cfg.blocks.map(() => []);
    idom.forEach((parent, i) => i && this.children[parent]!.push(i));
    this.merges = cfg.predecessors.map((p, i) => p.filter((s) => s < i).length > 1);
    this.heads = cfg.predecessors.map((p, i) => p.some((s) => s >= i));
  }

  write(block: number): void {
    // In rising order: the first is the outermost to be left, so it is written last... from the inside out.
    const behind = this.children[block]!.filter((c) => this.merges[c]);
    if (!this.heads[block]) return this.within(block, behind);
    this.code.open('loop');
    this.around.push({ kind: 'loop', head: block });
    this.writer.loopHead(this.cfg.blocks[block]!);
    this.within(block, behind);
    this.around.pop();
    this.code.op('end');
  }

  private within(block: number, behind: readonly number[]): void {
    for (const follow of [...behind].reverse()) {
      this.code.open('block');
      this.around.push({ kind: 'block', follow });
    }
    this.leaf(block);
    for (const follow of behind) {
      this.around.pop();
      this.code.op('end');
      this.write(follow);
    }
  }

  private leaf(number: number): void {
    const block = this.cfg.blocks[number]!;
    this.writer.body(block, number);
    const { end } = block;
    if (end.kind === 'goto') this.branch(number, end.to);
    if (end.kind !== 'branch') return;
    this.code.open('if');
    this.around.push({ kind: 'if' });
    this.branch(number, end.then);
    this.code.op('else');
    this.branch(number, end.else);
    this.around.pop();
    this.code.op('end');
  }

  private branch(from: number, to: number): void {
    const back = to <= from;
    if (!back && !this.merges[to]) return this.write(to);
    const depth = [...this.around]
      .reverse()
      .findIndex((e) =>
        back ? e.kind === 'loop' && e.head === to : e.kind === 'block' && e.follow === to,
      );
    this.code.index('br', depth);
  }
}

/** Loops with several entries: one loop around a table of all blocks. */
function writeTable(cfg: Cfg, frame: FunctionFrame, writer: BlockWriter): void {
  const { code } = frame;
  const { blocks } = cfg;
  code.open('loop');
  for (let i = 0; i <= blocks.length; i++) code.open('block');
  code.get(LOCAL.next).op('br_table').u32(blocks.length);
  for (let i = 0; i <= blocks.length; i++) code.u32(i);
  blocks.forEach((block, i) => {
    code.op('end');
    writer.loopHead(block);
    writer.body(block, i);
    const { end } = block;
    if (end.kind === 'exit') return;
    if (end.kind === 'goto') code.i32(end.to);
    else {
      // The condition is an i32 on the stack: select one of the two numbers by it.
      code.set(LOCAL.i).i32(end.then).i32(end.else).get(LOCAL.i).op('select');
    }
    code.set(LOCAL.next).index('br', blocks.length - i);
  });
  code.op('end', 'unreachable', 'end');
}

export function writeStructured(cfg: Cfg, frame: FunctionFrame, writer: BlockWriter): void {
  const idom = dominators(cfg);
  if (isReducible(cfg, idom)) new Structure(cfg, idom, frame, writer).write(0);
  else writeTable(cfg, frame, writer);
  // What falls out of the outermost structure has returned.
  frame.code.op('unreachable');
}
