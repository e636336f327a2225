import { LOCAL } from '../../../../sim/view/names.js';
import type { Series } from '../../../../sim/view/recording.js';
import type { View } from '../../../../sim/view/view.js';
import type { Colours } from './colours.js';

export type Lane = {
  /** Unchanging, for what is open and what has the focus. */
  key: string;
  label: string;
  level: number;
  height: number;
  /** Of headings: whether what is below is shown. */
  open?: boolean;
} & (
  | { kind: 'heading' }
  | { kind: 'process'; tasks: number[] }
  | { kind: 'cpu'; cpu: number }
  | { kind: 'queue'; queue: number }
  | { kind: 'task'; task: number }
  | { kind: 'series'; series: Series }
);

const HEADING = 22;
const CPU = 22;
const QUEUE = 30;
const TASK = 18;
const SERIES = 30;
/** With more tasks than this, those of the processes that ran little are folded away at first. */
const SHOWN_TASKS = 40;
/** Of the page, for lanes that do not scroll. */
const PINNED = 0.5;

/** The rows of the page, from top to bottom; headings can be closed. */
export class Lanes {
  private readonly closed = new Set<string>();
  shown: Lane[] = [];
  /** Top of each, and the height of all. */
  tops: number[] = [];

  constructor(
    private readonly view: View,
    private readonly colours: Colours,
  ) {
    let tasks = 0;
    for (const p of colours.processes) {
      tasks += p.tasks.length;
      if (tasks > SHOWN_TASKS) this.closed.add(`process ${p.name}`);
    }
    this.closed.add('series').add('local');
    this.arrange();
  }

  get height(): number {
    return this.tops.at(-1)!;
  }

  /** Lanes at the top that stay where they are: those of the CPUs, if they leave room for the others. */
  pinned = 0;

  pin(room: number): void {
    const next = this.shown.findIndex((lane, i) => i > 0 && lane.level === 1);
    this.pinned = next > 0 && this.tops[next]! < room * PINNED ? next : 0;
  }

  get pinnedHeight(): number {
    return this.tops[this.pinned]!;
  }

  /** Where a lane is below the axis, scrolled so far. */
  topOf(place: number, scroll: number): number {
    return this.tops[place]! - (place < this.pinned ? 0 : scroll);
  }

  /** Whether a lane is seen: not under those that stay, and not below the end. */
  isSeen(place: number, scroll: number, room: number): boolean {
    const top = this.topOf(place, scroll);
    const bottom = top + this.shown[place]!.height;
    return top < room && bottom > (place < this.pinned ? 0 : this.pinnedHeight);
  }

  /** The lane at a height below the axis, undefined below the last. */
  at(seen: number, scroll: number): Lane | undefined {
    const y = seen < this.pinnedHeight ? seen : seen + scroll;
    const i = this.tops.findIndex((top) => top > y) - 1;
    return i >= 0 ? this.shown[i] : undefined;
  }

  toggle(key: string, open = this.closed.has(key)): void {
    if (open) this.closed.delete(key);
    else this.closed.add(key);
    this.arrange();
  }

  /** Opens what a task's lane is below of. */
  openTask(task: number): void {
    this.closed.delete('tasks');
    this.closed.delete(`process ${this.view.tasks[task]!.process}`);
    this.arrange();
  }

  place(key: string): number {
    return this.shown.findIndex((lane) => lane.key === key);
  }

  private arrange(): void {
    this.shown = [...this.all()];
    this.tops = [0];
    for (const { height } of this.shown) this.tops.push(this.tops.at(-1)! + height);
  }

  private heading(key: string, label: string, level: number): Lane {
    const open = !this.closed.has(key);
    return { kind: 'heading', key, label, level, height: HEADING, open };
  }

  private *all(): Iterable<Lane> {
    yield* this.cpus();
    const { view } = this;
    const used = view.queues.flatMap((q, i) => (q.most > 0 ? [i] : []));
    if (used.length > 0) {
      const heading = this.heading('queues', 'Dispatch queues', 1);
      yield heading;
      if (heading.open) yield* this.queues(used);
    }
    const tasks = this.heading('tasks', `Tasks (${view.tasks.length})`, 1);
    yield tasks;
    if (tasks.open) yield* this.processes();
    const { series } = view.recording;
    if (series.length === 0) return;
    const heading = this.heading('series', `Counters (${series.length})`, 1);
    yield heading;
    if (heading.open)
      for (const one of series)
        yield {
          ...{ kind: 'series', key: `series ${one.name}`, level: 2, height: SERIES, series: one },
          label: one.unit ? `${one.name} (${one.unit})` : one.name,
        };
  }

  /** The scheduler's own first; the CPUs' local ones are empty most of the time, and there are many. */
  private *queues(used: readonly number[]): Iterable<Lane> {
    const lane = (queue: number, level: number): Lane => {
      const { name } = this.view.queues[queue]!;
      return { kind: 'queue', key: `queue ${name}`, label: name, level, height: QUEUE, queue };
    };
    const isLocal = (queue: number): boolean => this.view.queues[queue]!.name.startsWith(LOCAL);
    for (const queue of used) if (!isLocal(queue)) yield lane(queue, 2);
    const local = used.filter(isLocal);
    if (local.length === 0) return;
    const heading = this.heading('local', `Local queues (${local.length})`, 2);
    yield heading;
    if (heading.open) for (const queue of local) yield lane(queue, 3);
  }

  private *cpus(): Iterable<Lane> {
    const { cpus } = this.view;
    const count = (of: 'node' | 'llc' | 'core'): number => new Set(cpus.map((c) => c[of])).size;
    const threads = count('core') < cpus.length && count('core') > 1;
    const heading = this.heading('cpus', `CPUs (${cpus.length})`, 1);
    yield heading;
    if (!heading.open) return;
    // Groups of which there is only one tell nothing.
    const levels = (['node', 'llc'] as const).filter((of) => count(of) > 1);
    const names = { node: 'node', llc: 'cache' };
    const order = cpus
      .map((cpu, i) => ({ cpu, i }))
      .sort(
        (a, b) =>
          a.cpu.node - b.cpu.node ||
          a.cpu.llc - b.cpu.llc ||
          a.cpu.core - b.cpu.core ||
          a.cpu.id - b.cpu.id,
      );
    const last: Record<string, number> = {};
    let open = true;
    for (const { cpu, i } of order) {
      for (const [depth, of] of levels.entries()) {
        if (last[of] === cpu[of] && (depth === 0 || last['node'] === cpu.node)) continue;
        last[of] = cpu[of];
        const group = this.heading(`${of} ${cpu[of]}`, `${names[of]} ${cpu[of]}`, 2 + depth);
        if (depth === 0) open = group.open!;
        else if (!open) continue;
        yield group;
        if (depth > 0) open = group.open!;
      }
      if (!open) continue;
      const core = threads ? `, core ${cpu.core}` : '';
      const size = cpu.capacity === 1024 ? '' : `, ${cpu.capacity} of 1024`;
      const label = `CPU ${cpu.id}${core}${size}`;
      const level = 2 + levels.length;
      yield { kind: 'cpu', key: `cpu ${cpu.id}`, label, level, height: CPU, cpu: i };
    }
  }

  private *processes(): Iterable<Lane> {
    const { tasks } = this.view;
    for (const { name, tasks: members } of this.colours.processes) {
      const key = `process ${name}`;
      const open = !this.closed.has(key);
      const label = members.length > 1 ? `${name}: ${members.length} tasks` : name;
      yield { kind: 'process', key, label, level: 2, height: HEADING, open, tasks: members };
      if (!open) continue;
      for (const task of members) {
        const { pid, name: comm } = tasks[task]!;
        const own = `${comm} ${pid}`;
        yield { kind: 'task', key: `task ${pid}`, label: own, level: 3, height: TASK, task };
      }
    }
  }
}
