import { measure, measureProcesses, type Part } from '../../../../sim/view/measure.js';
import { shortTime, timeText } from '../../../../sim/view/names.js';
import { Why } from '../../../../sim/view/view.js';
import { afterPause, button, h } from '../parts/dom.js';
import { WAIT_COLOURS } from './colours.js';
import { histogram } from './histogram.js';
import { KEYS } from './keys.js';
import type { Timeline } from './timeline.js';
import { linesOf } from './tip.js';

/** ms without a change after which figures are made anew. */
const PAUSE = 120;
const SHOWN_PROCESSES = 30;

/** Beside the lanes: what is selected, figures of what is in view, the legend. */
export class Panel {
  readonly element = h('aside', { class: 'panel', 'aria-label': 'Details' });
  private readonly selected = h('section', { 'aria-label': 'Selection', 'aria-live': 'polite' });
  private readonly figures = h('section', { 'aria-label': 'Figures of what is in view' });
  /** What the figures were last made of. */
  private shown = '';

  constructor(private readonly timeline: Timeline) {
    this.element.append(this.selected, this.figures, legend(), this.configuration());
    const update = afterPause(PAUSE, () => this.measure());
    let selection: unknown = null;
    timeline.state.onChange(() => {
      if (selection !== timeline.state.selection) {
        selection = timeline.state.selection;
        this.select();
      }
      update();
    });
    this.select();
    // The lanes are seen first.
    update();
  }

  private select(): void {
    const { timeline, selected } = this;
    const { state, view } = timeline;
    const { selection } = state;
    if (!selection) {
      selected.replaceChildren(
        h('h2', {}, 'Selection'),
        h('p', { class: 'faint' }, 'Click at a slice, a wait or a task.'),
      );
      return;
    }
    const [[, title], ...lines] = linesOf(view, selection) as [
      [string, string],
      ...[string, string][],
    ];
    const list = h('dl', {});
    for (const [name, value] of lines) list.append(h('dt', {}, name), h('dd', {}, value));
    const buttons = h('p', { class: 'buttons' });
    buttons.append(
      button('◂ before', "The task's slice before: [", () => timeline.neighbour(-1)),
      button('after ▸', "The task's slice after: ]", () => timeline.neighbour(1)),
    );
    if (selection.kind !== 'task') {
      buttons.append(button('fit', 'Show it as large as it gets: F', () => timeline.fit()));
      const waker = this.wakerOf();
      if (waker >= 0)
        buttons.append(
          button('who woke it', 'The slice in which it was woken', () =>
            timeline.follow({ kind: 'slice', slice: waker }),
          ),
        );
      buttons.append(
        button('its lane', "Scroll to the task's lane", () => timeline.showTask(state.task)),
      );
    }
    selected.replaceChildren(h('h2', {}, title), list, buttons);
  }

  /** The slice in which what is selected was woken, -1: not known. */
  private wakerOf(): number {
    const { view, state } = this.timeline;
    const { waits, slices, ofTask } = view;
    const { selection } = state;
    if (!selection || selection.kind === 'task') return -1;
    const wait = selection.kind === 'wait' ? selection.wait : slices.wait[selection.slice]!;
    if (wait < 0 || waits.why[wait]! > Why.STARTED || waits.by[wait]! < 0) return -1;
    const time = waits.start[wait]!;
    const by = waits.by[wait]!;
    for (let n = ofTask.first[by]!; n < ofTask.first[by + 1]!; n++) {
      const i = ofTask.numbers[n]!;
      if (slices.start[i]! <= time && time <= slices.end[i]!) return i;
    }
    return -1;
  }

  private measure(): void {
    const { state, view, colours } = this.timeline;
    const task = state.task;
    const tasks = task >= 0 ? new Set([task]) : state.found;
    const part: Part = { from: state.from, to: state.to, ...(tasks && { tasks }) };
    const key = `${state.from} ${state.to} ${task} ${state.found?.size}`;
    if (key === this.shown) return;
    this.shown = key;
    const all = measure(view, part);
    const whose = task >= 0 ? view.tasks[task]!.name : state.found ? 'what was found' : 'all tasks';
    const time = state.to - state.from;
    const list = h('dl', {});
    const row = (name: string, value: string): void =>
      void list.append(h('dt', {}, name), h('dd', {}, value));
    row('in view', `${timeText(time)} from ${timeText(state.from)} on`);
    row('ran', `${timeText(all.ran)}, ${((all.ran / time) * 100).toFixed(1)} % of a CPU`);
    row('slices', `${all.slices}, ${all.migrations} on another CPU than before`);
    row('lost its CPU', `${all.preemptions} times`);
    const wake = all.woken.summary();
    row('woken to running', wake.count === 0 ? 'no wake-up' : percentiles(all.woken));
    row('all waits', all.waits.summary().count === 0 ? 'none' : percentiles(all.waits));
    row('longest wait', timeText(all.longest));
    const table = h('table', {});
    table.append(
      h('caption', {}, 'By process'),
      h(
        'tr',
        {},
        ...['', 'of a CPU', 'p50', 'p99', 'longest'].map((t) => h('th', { scope: 'col' }, t)),
      ),
    );
    const found = measureProcesses(view, part);
    for (const { name, colour, pattern } of colours.processes.slice(0, SHOWN_PROCESSES)) {
      const one = found.get(name);
      if (!one || (one.ran === 0 && one.longest === 0)) continue;
      const { p50, p99, count } = one.woken.summary();
      table.append(
        h(
          'tr',
          {},
          h(
            'th',
            { scope: 'row' },
            h('i', { class: `mark pattern${pattern}`, style: `--c:${colour}` }),
            name,
          ),
          h('td', {}, `${((one.ran / time) * 100).toFixed(0)} %`),
          h('td', {}, count ? shortTime(p50) : ''),
          h('td', {}, count ? shortTime(p99) : ''),
          h('td', {}, shortTime(one.longest)),
        ),
      );
    }
    this.figures.replaceChildren(
      h('h2', {}, `In view: ${whose}`),
      list,
      h('h3', {}, 'From being woken until running'),
      histogram(all.woken, 'Wake-ups'),
      h('h3', {}, 'All waits'),
      histogram(all.waits, 'Waits'),
      table,
    );
  }

  private configuration(): HTMLElement {
    const { config, exit } = this.timeline.view.recording;
    const list = h('dl', {});
    for (const [name, value] of Object.entries(config))
      list.append(h('dt', {}, name), h('dd', {}, value));
    if (exit) {
      const { kind, reason, message, where, at } = exit;
      list.append(h('dt', {}, 'ended'), h('dd', {}, `${kind} at ${timeText(at)} ${where}`));
      if (reason || message) list.append(h('dt', {}, 'why'), h('dd', {}, `${reason} ${message}`));
    }
    const { source } = this.timeline.view.recording;
    if (source)
      list.append(
        h('dt', {}, source.name),
        h('dd', {}, h('pre', { class: 'source' }, source.text)),
      );
    return list.childElementCount === 0
      ? h('div', {})
      : h(
          'details',
          {},
          h('summary', {}, source ? 'Source, configuration, end' : 'Configuration and end'),
          list,
        );
  }
}

const percentiles = (times: { summary(): { p50: number; p99: number; count: number } }): string => {
  const { p50, p99, count } = times.summary();
  return `p50 ${timeText(p50)}, p99 ${timeText(p99)} of ${count}`;
};

function legend(): HTMLElement {
  const sample = (style: string, text: string): HTMLElement =>
    h('p', { class: 'sample' }, h('i', { style }), text);
  const { woken, lost } = WAIT_COLOURS.light;
  const keys = h('dl', {});
  for (const [key, what] of KEYS) keys.append(h('dt', {}, h('kbd', {}, key)), h('dd', {}, what));
  return h(
    'details',
    { open: true, class: 'legend' },
    h('summary', {}, 'Legend and keys'),
    sample(
      'background: linear-gradient(90deg, #0072b2 50%, #e69f00 50%)',
      'a task runs; its colour is that of its process',
    ),
    sample(
      `background: var(--woken, ${woken}); height: 4px`,
      'it waits for a CPU since it was woken or started',
    ),
    sample(`background: var(--lost, ${lost}); height: 4px`, 'it waits since it lost its CPU'),
    sample('background: var(--queue); height: 12px', 'tasks in a dispatch queue'),
    h('p', { class: 'sample' }, '●→ from the one who woke it to where it ran'),
    keys,
  );
}
