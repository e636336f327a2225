import type { View } from '../../../../sim/view/view.js';

/** The shortest time that can be shown, ns. */
const SHORTEST = 200;

export type Selection =
  | { kind: 'slice'; slice: number }
  | { kind: 'wait'; wait: number }
  | { kind: 'task'; task: number }
  | undefined;

/** What is looked at: the part of the time, what is selected, what stands out. Tells its listeners of every change. */
export class ViewState {
  from = 0;
  to: number;
  selection: Selection;
  /** Tasks that stand out; the others are faint. Undefined: all. */
  found: ReadonlySet<number> | undefined;
  /** A moment that is marked, ns. */
  cursor: number | undefined;
  private readonly listeners: (() => void)[] = [];
  private readonly past: [number, number][] = [];

  constructor(readonly view: View) {
    this.to = Math.max(view.length, SHORTEST);
  }

  onChange(listener: () => void): void {
    this.listeners.push(listener);
  }

  changed(): void {
    for (const listener of this.listeners) listener();
  }

  /** Shows a part: never one that lies outside of the recording, or one of no time. `step`: back() undoes it. */
  show(from: number, to: number, step = false): void {
    if (step) this.past.push([this.from, this.to]);
    const most = Math.max(this.view.length, SHORTEST);
    const span = Math.min(Math.max(to - from, SHORTEST), most);
    const middle = (from + to) / 2;
    this.from = Math.min(Math.max(middle - span / 2, 0), most - span);
    this.to = this.from + span;
    this.changed();
  }

  all(): void {
    this.show(0, this.view.length, true);
  }

  back(): void {
    const last = this.past.pop();
    if (last) this.show(...last);
  }

  /** Nearer (factor below 1) or farther, around a time. */
  zoom(factor: number, around = (this.from + this.to) / 2): void {
    const span = (this.to - this.from) * factor;
    const part = (around - this.from) / (this.to - this.from);
    this.show(around - span * part, around + span * (1 - part));
  }

  /** To the side, by a part of what is shown. */
  pan(part: number): void {
    const by = (this.to - this.from) * part;
    this.show(this.from + by, this.to + by);
  }

  select(selection: Selection): void {
    this.selection = selection;
    this.changed();
  }

  /** The task that the selection is of, -1: none. */
  get task(): number {
    const { selection: s, view } = this;
    if (!s) return -1;
    if (s.kind === 'task') return s.task;
    return s.kind === 'slice' ? view.slices.task[s.slice]! : view.waits.task[s.wait]!;
  }

  /** Makes sure that a time can be seen, with some around it. */
  reveal(start: number, end: number): void {
    const length = Math.max(end - start, SHORTEST);
    if (start >= this.from && end <= this.to && length > (this.to - this.from) / 200) return;
    const span =
      length > (this.to - this.from) / 200 && length < this.to - this.from
        ? this.to - this.from
        : length * 10;
    const middle = (start + end) / 2;
    this.show(middle - span / 2, middle + span / 2, true);
  }
}
