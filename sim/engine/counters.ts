import type { Insn } from '../object/insn.js';
import type { Block } from './cfg.js';
import type { Space } from './space.js';

/** A block of code and how often it was executed. */
export interface BlockCount {
  /** Of the object's functions. */
  readonly function: number;
  /** 0 is where the function begins. */
  readonly block: number;
  readonly rounds: number;
  readonly insns: readonly Insn[];
}

/** Executions of blocks, counted in the model's memory: 8 bytes each. */
export class Counters {
  private readonly places = new Map<string, number>();

  constructor(private readonly space: Space) {}

  address(f: number, block: number): number {
    const key = `${f}:${block}`;
    let at = this.places.get(key);
    if (at === undefined) {
      at = this.space.memory.allocate(16, 'a counter of the profile');
      this.places.set(key, at);
    }
    return at;
  }
  count(f: number, block: number): void {
    if (!this.space.profile) return;
    const { view } = this.space.memory;
    const at = this.address(f, block);
    view.setBigUint64(at, view.getBigUint64(at, true) + 1n, true);
  }
  list(blocks: readonly (readonly Block[])[]): BlockCount[] {
    return [...this.places].map(([key, at]) => {
      const [f, block] = key.split(':').map(Number) as [number, number];
      const rounds = Number(this.space.memory.view.getBigUint64(at, true));
      return { function: f, block, rounds, insns: blocks[f]![block]!.insns };
    });
  }
}
