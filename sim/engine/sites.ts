import type { Insn } from '../object/insn.js';
import type { LineRecord } from '../object/btf-ext.js';
import type { Types } from '../object/types.js';

/** The object that code is of. */
export interface CodeOwner {
  readonly name: string;
  readonly types: Types;
}

interface Range {
  readonly first: number;
  readonly owner: CodeOwner;
  readonly program: string;
  readonly insns: readonly (Insn | undefined)[];
}

export interface Site {
  readonly owner: CodeOwner | undefined;
  readonly program: string;
  readonly insn: Insn | undefined;
  /** file:line:column, or the instruction where there are no lines. */
  readonly where: string;
}

/** Numbers of all places in the code of a model: what a fault or a call in force is called by. */
export class Sites {
  private readonly ranges: Range[] = [];
  private next = 1;

  /** The number of a function's first slot; the others follow it. */
  add(owner: CodeOwner, program: string, insns: readonly (Insn | undefined)[]): number {
    const first = this.next;
    this.ranges.push({ first, owner, program, insns });
    this.next += insns.length;
    return first;
  }

  /** The line of the author's file: what is generated around a call stands behind the line that asked for it. */
  private lineAt(range: Range, index: number): LineRecord | undefined {
    const own = (i: number): LineRecord | undefined => {
      const line = range.insns[i]?.line;
      return line && !line.file.endsWith('.bpf.c') ? line : undefined;
    };
    for (let i = index; i >= 0; i--) {
      const line = own(i);
      if (line) return line;
    }
    // A callback that does nothing else may have none before.
    for (let i = index + 1; i < range.insns.length; i++) {
      const line = own(i);
      if (line) return line;
    }
    return range.insns[index]?.line;
  }

  at(site: number): Site {
    let [low, high] = [0, this.ranges.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.ranges[middle]!.first <= site) low = middle + 1;
      else high = middle;
    }
    const range = this.ranges[low - 1];
    if (!range) return { owner: undefined, program: '', insn: undefined, where: '' };
    const insn = range.insns[site - range.first];
    const line = this.lineAt(range, site - range.first);
    return {
      owner: range.owner,
      program: range.program,
      insn,
      where: line
        ? `${line.file}:${line.line}${line.column ? `:${line.column}` : ''}`
        : `${range.program}+${site - range.first}`,
    };
  }
}
