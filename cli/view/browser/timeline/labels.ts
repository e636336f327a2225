import { busyOf } from '../../../../sim/view/measure.js';
import type { View } from '../../../../sim/view/view.js';
import { h, set } from '../parts/dom.js';
import type { Colours } from './colours.js';
import type { Lane, Lanes } from './lanes.js';
import { mostIn } from './overlay.js';
import type { ViewState } from './state.js';

/** Rows made beyond those that are seen. */
const MORE = 6;

/** What happens when somebody uses the tree. */
export interface LabelActions {
  /** A lane was clicked or chosen by Enter. */
  choose(lane: Lane): void;
  /** Headings were opened or closed. */
  arranged(): void;
  /** The focus went to a lane that has to be scrolled to. */
  reveal(top: number, bottom: number): void;
}

/** The names of lanes, as a tree that screen readers can walk. Only rows that are seen have elements. */
export class Labels {
  readonly element = h('div', {
    class: 'labels',
    role: 'tree',
    'aria-label': 'Lanes',
    tabindex: 0,
  });
  private focused = '';
  private readonly rows = new Map<string, HTMLElement>();

  constructor(
    private readonly view: View,
    private readonly state: ViewState,
    private readonly lanes: Lanes,
    private readonly colours: Colours,
    private readonly actions: LabelActions,
  ) {
    this.element.addEventListener('keydown', (e) => this.key(e));
  }

  draw(scroll: number, height: number): void {
    const { shown, pinned, pinnedHeight } = this.lanes;
    const wanted = new Set<string>();
    for (const [i, lane] of shown.entries()) {
      const top = this.lanes.topOf(i, scroll);
      if (top + lane.height < -MORE * 20 || top > height + MORE * 20) continue;
      if (i >= pinned && top + lane.height <= pinnedHeight) continue;
      wanted.add(lane.key);
      let row = this.rows.get(lane.key);
      if (!row) this.rows.set(lane.key, (row = this.make(lane)));
      row.style.transform = `translateY(${top}px)`;
      row.classList.toggle('pinned', i < pinned);
      this.update(row, lane, i);
    }
    for (const [key, row] of this.rows)
      if (!wanted.has(key)) {
        row.remove();
        this.rows.delete(key);
      }
  }

  private make(lane: Lane): HTMLElement {
    const row = h('div', { class: `label ${lane.kind}`, role: 'treeitem', id: idOf(lane.key) });
    row.style.height = `${lane.height}px`;
    row.style.paddingLeft = `${lane.level * 10 - 4}px`;
    row.append(h('span', { class: 'name' }), h('span', { class: 'figure' }));
    const colour = this.colourOf(lane);
    if (colour)
      row.prepend(
        h('i', { class: `mark pattern${colour.pattern}`, style: `--c:${colour.colour}` }),
      );
    row.addEventListener('click', () => {
      this.focused = lane.key;
      this.element.focus({ preventScroll: true });
      this.choose(this.lanes.shown[this.lanes.place(lane.key)] ?? lane);
    });
    this.element.append(row);
    return row;
  }

  private colourOf(lane: Lane): Colours['processes'][number] | undefined {
    if (lane.kind !== 'process' && lane.kind !== 'task') return undefined;
    const task = lane.kind === 'task' ? lane.task : lane.tasks[0]!;
    return this.colours.processes.find((p) => p.name === this.view.tasks[task]!.process);
  }

  private update(row: HTMLElement, lane: Lane, place: number): void {
    const told = this.figureOf(lane);
    const task = lane.kind === 'task' ? lane.task : -1;
    const { selection, found } = this.state;
    const isFaint = task >= 0 && found !== undefined && !found.has(task);
    const isChosen = selection !== undefined && task >= 0 && task === this.state.task;
    // Most rows stay as they are from frame to frame.
    const all = `${lane.open} ${told} ${place} ${isFaint} ${isChosen} ${lane.key === this.focused}`;
    if (row.dataset['all'] === all) return;
    row.dataset['all'] = all;
    const [name, figure] = [row.querySelector('.name')!, row.querySelector('.figure')!];
    const fold = lane.open === undefined ? '' : lane.open ? '▾ ' : '▸ ';
    name.textContent = fold + lane.label;
    figure.textContent = told;
    set(row, {
      'aria-level': lane.level,
      'aria-expanded': lane.open === undefined ? undefined : String(lane.open),
      'aria-selected': String(isChosen),
      'aria-posinset': place + 1,
      'aria-setsize': this.lanes.shown.length,
      'aria-label': `${lane.label}${figure.textContent ? `: ${figure.textContent}` : ''}`,
      title: lane.label,
    });
    row.classList.toggle('focused', lane.key === this.focused);
    row.classList.toggle('faint', isFaint);
    if (lane.key === this.focused) set(this.element, { 'aria-activedescendant': row.id });
  }

  /** What is told beside the name, of the part that is shown. */
  private figureOf(lane: Lane): string {
    const { view, state } = this;
    if (lane.kind === 'cpu')
      return `${(busyOf(view, lane.cpu, state.from, state.to) * 100).toFixed(0)} % busy`;
    if (lane.kind === 'queue') return `at most ${mostIn(view, lane.queue, state.from, state.to)}`;
    if (lane.kind === 'series') {
      const { times, values } = lane.series;
      let i = times.findIndex((time) => time > state.to);
      if (i < 0) i = times.length;
      return i > 0 ? String(Math.round(values[i - 1]! * 1000) / 1000) : '';
    }
    return '';
  }

  private choose(lane: Lane): void {
    if (lane.open !== undefined) {
      this.lanes.toggle(lane.key);
      this.actions.arranged();
    } else this.actions.choose(lane);
  }

  private key(e: KeyboardEvent): void {
    const { shown, tops } = this.lanes;
    const place = Math.max(0, this.lanes.place(this.focused));
    const lane = shown[place]!;
    const go = (to: number): void => {
      const next = Math.min(Math.max(to, 0), shown.length - 1);
      this.focused = shown[next]!.key;
      this.actions.reveal(tops[next]!, tops[next]! + shown[next]!.height);
    };
    if (e.key === 'ArrowDown') go(place + 1);
    else if (e.key === 'ArrowUp') go(place - 1);
    else if (e.key === 'Home') go(0);
    else if (e.key === 'End') go(shown.length - 1);
    else if (e.key === 'Enter' || e.key === ' ') this.choose(lane);
    else if (e.key === 'ArrowRight' && lane.open === false) this.choose(lane);
    else if (e.key === 'ArrowLeft' && lane.open === true) this.choose(lane);
    else if (e.key === 'ArrowLeft') {
      let up = place;
      while (up > 0 && shown[up]!.level >= lane.level) up--;
      go(up);
    } else return;
    e.preventDefault();
    e.stopPropagation();
  }
}

const idOf = (key: string): string =>
  `lane-${key.replace(/[^\w-]/g, (c) => `_${c.charCodeAt(0)}`)}`;
