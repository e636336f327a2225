import '../parts/style.css';
import './play.css';
import { viewOf } from '../../../../sim/view/build.js';
import { encodeRecording, toBase64 } from '../../../../sim/view/file.js';
import { shortTime } from '../../../../sim/view/names.js';
import { afterPause, button, h } from '../parts/dom.js';
import { themeButton } from '../parts/theme.js';
import { pageOf } from '../../page-text.js';
import { Panel } from '../timeline/panel.js';
import { search } from '../timeline/search.js';
import { Timeline } from '../timeline/timeline.js';
import { Editor } from './editor.js';
import { Model } from './model.js';
import type { Told } from './protocol.js';
import { Server, type CompileAnswer, type ShownDiagnostic } from './server.js';
import { Settings } from './settings.js';
import { Steps } from './steps.js';

/** ms without a key after which a program is compiled. */
const PAUSE = 150;
const NONE = 'the kernel by itself';
const PINNED = 'this version, as it is now';

const bytesOf = (base64: string): Uint8Array =>
  Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));

class Play {
  private readonly base = location.href.replace(/[#?].*$/, '');
  private readonly lost = h('p', { class: 'warning', role: 'alert', hidden: true });
  private readonly server = new Server(this.base, (answers) => {
    this.lost.hidden = answers;
    this.lost.textContent =
      'scxts play does not answer: was it ended? What you wrote is still here. Start it again and open its new address, or save the page.';
  });
  private readonly status = h('output', { class: 'status', 'aria-live': 'polite' });
  private readonly problems = h('ol', { class: 'problems', 'aria-label': 'Problems' });
  private readonly views = h('div', { class: 'views' });
  private readonly table = h('div', { class: 'compared' });
  private readonly own = new Model(this.base);
  private readonly others = new Model(this.base);
  private readonly steps = new Steps((time) => this.stepped(time));
  private readonly editor: Editor;
  private readonly settings: Settings;
  private readonly compare: HTMLSelectElement;
  private object: Uint8Array | undefined;
  private pinned: { name: string; object: Uint8Array } | undefined;
  private timelines: Timeline[] = [];
  private shown: Told[] = [];
  private dark = false;
  private typed = 0;

  constructor({ names, first, kernels }: { names: string[]; first: string; kernels: string[] }) {
    const compileSoon = afterPause(PAUSE, () => void this.compile());
    const runSoon = afterPause(PAUSE, () => void this.run());
    this.editor = new Editor(
      this.server,
      () => {
        this.typed = performance.now();
        compileSoon();
      },
      () => void this.save(),
    );
    this.settings = new Settings(kernels, runSoon);
    const files = h('select', { 'aria-label': 'Program' }, ...names.map((n) => h('option', {}, n)));
    files.value = first;
    files.addEventListener('change', () => void this.open(files.value));
    this.compare = h('select', { 'aria-label': 'Compare with' });
    this.compare.append(
      ...['nothing beside it', NONE, PINNED, ...names].map((name) => h('option', {}, name)),
    );
    this.compare.addEventListener('change', () => {
      if (this.compare.value === PINNED && this.object)
        this.pinned = { name: this.editor.name, object: this.object };
      void this.run();
    });
    const theme = themeButton((dark) => this.darken(dark));
    document.body.replaceChildren(
      h(
        'header',
        {},
        h('h1', {}, 'scxts play'),
        files,
        h('label', {}, 'beside ', this.compare),
        button('step to here', 'The first callback of what is shown', () =>
          this.steps.goTo(this.timelines[0]?.state.from ?? 0),
        ),
        button(
          'save page',
          'One HTML file that shows this run and its source',
          () => void this.savePage(),
        ),
        this.status,
        theme.button,
      ),
      this.lost,
      h(
        'main',
        { class: 'play' },
        h('div', { class: 'left' }, this.editor.element, this.problems, this.settings.element),
        h('div', { class: 'right' }, this.table, this.views, this.steps.element),
      ),
    );
    this.darken(theme.dark);
    void this.open(first);
    Object.assign(globalThis, { scxtsPlay: this });
  }

  private darken(dark: boolean): void {
    this.dark = dark;
    this.editor.dark = dark;
    for (const timeline of this.timelines) timeline.dark = dark;
  }

  private async open(name: string): Promise<void> {
    try {
      const response = await this.server.get(`source/${encodeURIComponent(name)}`);
      this.editor.open(name, await response.text());
    } catch (error) {
      this.say((error as Error).message);
    }
  }

  private say(text: string): void {
    this.status.textContent = text;
  }

  private async compile(): Promise<void> {
    const { name, text } = this.editor;
    try {
      const answer = await this.server.json<CompileAnswer>('compile', { name, text });
      // Something was typed meanwhile: that is compiled next.
      if (text !== this.editor.text || name !== this.editor.name) return;
      this.editor.show(answer.diagnostics);
      this.list(answer.diagnostics);
      if (!answer.ok) return this.say('not compiled: what is shown is the version before');
      this.object = bytesOf(answer.object);
      await this.run();
    } catch (error) {
      this.say((error as Error).message);
    }
  }

  private list(diagnostics: readonly ShownDiagnostic[]): void {
    this.problems.replaceChildren(
      ...diagnostics.map((d) => {
        const line = d.location?.line ?? 1;
        const go = button(`${line}: ${d.code}`, `Go to line ${line}`, () =>
          this.editor.reveal(line),
        );
        return h(
          'li',
          { class: d.severity },
          go,
          ` ${d.message}`,
          h('br'),
          h('span', { class: 'faint' }, d.hint ?? ''),
        );
      }),
    );
  }

  /** What is run beside it; undefined: nothing. */
  private async beside(): Promise<{ name: string; object: Uint8Array | null } | undefined> {
    const { value } = this.compare;
    if (this.compare.selectedIndex === 0) return undefined;
    if (value === NONE) return { name: 'none', object: null };
    if (value === PINNED) return this.pinned;
    const text = await (await this.server.get(`source/${encodeURIComponent(value)}`)).text();
    const { ok, object } = await this.server.json<CompileAnswer>('compile', { name: value, text });
    return ok ? { name: value, object: bytesOf(object) } : undefined;
  }

  private async run(): Promise<void> {
    const { object } = this;
    if (!object) return;
    this.say('runs…');
    const options = this.settings.options();
    try {
      const other = await this.beside();
      const told = await Promise.all([
        this.own.run({ name: this.editor.name, object, options }),
        other && this.others.run({ ...other, options }),
      ]);
      const [mine, second] = told;
      if (!mine) return;
      this.show(second ? [mine, second] : [mine]);
    } catch (error) {
      this.say((error as Error).message);
    }
  }

  private show(told: Told[]): void {
    const [mine] = told as [Told];
    if (mine.config) this.settings.offer(mine.config);
    this.editor.warm(mine.lines ?? []);
    const before = this.timelines[0]?.state;
    const part = before && {
      from: before.from,
      to: before.to,
      all: before.to - before.from > before.view.length * 0.99,
    };
    this.shown = told.filter((t) => t.recording);
    this.timelines = this.shown.map((t) => new Timeline(viewOf(t.recording!), { dark: this.dark }));
    this.views.replaceChildren(
      ...told.flatMap((t) => (t.error ? [failure(t, (line) => this.editor.reveal(line))] : [])),
      ...this.timelines.map((timeline, i) => {
        const { scheduler } = timeline.view.recording;
        const panel = h(
          'details',
          { class: 'more' },
          h('summary', {}, 'Figures, selection, legend'),
        );
        panel.append(new Panel(timeline).element);
        return h(
          'section',
          { class: 'view', 'aria-label': scheduler },
          h(
            'p',
            { class: 'title' },
            h('strong', {}, scheduler),
            search(timeline),
            ...verdict(this.shown[i]!),
          ),
          timeline.element,
          panel,
        );
      }),
    );
    for (const timeline of this.timelines) {
      if (part && !part.all) timeline.state.show(part.from, part.to);
      timeline.state.onChange(() => this.follow(timeline));
      timeline.redraw();
    }
    if (mine.recording) this.steps.take(mine.recording);
    this.tabulate();
    const waited =
      this.typed > 0 ? `, ${Math.round(performance.now() - this.typed)} ms since the last key` : '';
    this.typed = 0;
    this.say(
      mine.error
        ? 'it fails: see below'
        : `ran in ${Math.round(mine.milliseconds ?? 0)} ms${waited}`,
    );
  }

  /** Two views show the same part of the time. */
  private following = false;
  private follow(from: Timeline): void {
    if (this.following) return;
    this.following = true;
    for (const other of this.timelines)
      if (
        other !== from &&
        (other.state.from !== from.state.from || other.state.to !== from.state.to)
      )
        other.state.show(from.state.from, from.state.to);
    this.following = false;
  }

  private stepped(time: number): void {
    const [timeline] = this.timelines;
    if (!timeline) return;
    const { state } = timeline;
    state.cursor = time;
    if (time < state.from || time > state.to)
      state.show(time - (state.to - state.from) / 2, time + (state.to - state.from) / 2);
    else state.changed();
  }

  private tabulate(): void {
    const all = this.shown.filter((t) => t.groups);
    const head = h('tr', {}, h('th', { scope: 'col' }, ''));
    for (const t of all)
      for (const what of ['share', 'p50', 'p99', 'longest wait'])
        head.append(
          h('th', { scope: 'col' }, all.length > 1 ? `${t.recording!.scheduler}: ${what}` : what),
        );
    const table = h(
      'table',
      {},
      h('caption', {}, 'By group of tasks: share of all CPU time, from being woken to running'),
      head,
    );
    for (const { name } of all[0]?.groups ?? []) {
      const row = h('tr', {}, h('th', { scope: 'row' }, name));
      for (const t of all) {
        const g = t.groups!.find((one) => one.name === name);
        if (!g) continue;
        const { p50, p99, count } = g.latency;
        row.append(
          h('td', {}, `${(g.share * 100).toFixed(1)} %`),
          h('td', {}, count ? shortTime(p50) : ''),
          h('td', {}, count ? shortTime(p99) : ''),
          h('td', {}, shortTime(g.longestWait)),
        );
      }
      table.append(row);
    }
    this.table.replaceChildren(table);
  }

  private async save(): Promise<void> {
    try {
      const { name, text } = this.editor;
      const { saved } = await this.server.json<{ saved: string }>('save', { name, text });
      this.say(`saved ${saved}`);
    } catch (error) {
      this.say((error as Error).message);
    }
  }

  /** What is shown, as a page of its own: it needs neither this one nor scxts. */
  private async savePage(): Promise<void> {
    const [told] = this.shown;
    if (!told?.recording) return;
    try {
      const { script, style } = await this.server.json<{ script: string; style: string }>('page');
      const recording = {
        ...told.recording,
        source: { name: this.editor.name, text: this.editor.text },
      };
      const page = pageOf(
        recording.scheduler,
        style,
        script,
        toBase64(await encodeRecording(recording)),
      );
      const link = h('a', {
        href: URL.createObjectURL(new Blob([page], { type: 'text/html' })),
        download: `${this.editor.name.replace(/\.ts$/, '')}.html`,
      });
      link.click();
      URL.revokeObjectURL(link.href);
    } catch (error) {
      this.say((error as Error).message);
    }
  }
}

/** Why a run ended, if that says something. */
function verdict({ exit, findings = [], hash }: Told): HTMLElement[] {
  const notes = findings.map((text) => h('li', {}, text));
  const found =
    notes.length > 0
      ? [
          h(
            'details',
            { class: 'findings' },
            h('summary', {}, `${notes.length} findings`),
            h('ul', {}, ...notes),
          ),
        ]
      : [];
  if (exit?.error)
    return [
      h(
        'span',
        { class: 'warning', role: 'alert' },
        `${exit.kindName}: ${exit.reason} ${exit.message} ${exit.where}`,
      ),
      ...found,
    ];
  return [
    ...found,
    h(
      'span',
      { class: 'faint', title: 'the same run gives the same number, everywhere' },
      `#${hash ?? ''}`,
    ),
  ];
}

function failure({ error }: Told, go: (line: number) => void): HTMLElement {
  const { message, hint, where } = error!;
  const line = Number(/:(\d+)(:\d+)?$/.exec(where)?.[1] ?? 0);
  return h(
    'p',
    { class: 'warning', role: 'alert' },
    `${message} ${hint} `,
    ...(line > 0 ? [button(`line ${line}`, `Go to line ${line}`, () => go(line))] : []),
  );
}

async function start(): Promise<void> {
  const base = location.href.replace(/[#?].*$/, '');
  const response = await fetch(`${base}start`);
  new Play((await response.json()) as never);
}

void start();
