import type { Insn } from '../object/insn.js';
import type { Block } from './cfg.js';
import type { Space } from './space.js';

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
  list(blocks: readonly (readonly Block[])[]): { rounds: number; insns: readonly Insn[] }[] {
    return [...this.places].map(([key, at]) => {
      const [f, block] = key.split(':').map(Number) as [number, number];
      const rounds = Number(this.space.memory.view.getBigUint64(at, true));
      return { rounds, insns: blocks[f]![block]!.insns };
    });
  }
}
