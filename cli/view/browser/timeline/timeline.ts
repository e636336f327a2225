import { sliceAt, waitAt } from '../../../../sim/view/measure.js';
import type { View } from '../../../../sim/view/view.js';
import { h, onceAFrame } from '../parts/dom.js';
import { coloursOf, themeOf, type Colours } from './colours.js';
import { keysFor } from './keys.js';
import { Labels } from './labels.js';
import { Lanes, type Lane } from './lanes.js';
import { AXIS, Overlay } from './overlay.js';
import { Overview } from './overview.js';
import { Raster } from './raster.js';
import { ViewState, type Selection } from './state.js';
import { tipOf } from './tip.js';

const ZOOM = 1.2;
/** How far the mouse may move and it still is a click, CSS pixels. */
const CLICK = 4;

export interface TimelineOptions {
  dark?: boolean;
}

/** The lanes of a view with all that moves them: to be put into a page, and told of its size by `resize`. */
export class Timeline {
  readonly state: ViewState;
  readonly colours: Colours;
  readonly element = h('section', { class: 'timeline', 'aria-label': 'Timeline' });
  readonly canvas = h('canvas', {
    class: 'lanes',
    tabindex: 0,
    role: 'application',
    'aria-label':
      'Who ran where. W and S zoom, A and D move, brackets go from slice to slice, F fits the selection, 0 shows all.',
  });
  private readonly tip = h('div', { class: 'tip', role: 'tooltip', hidden: true });
  private readonly lanes: Lanes;
  private readonly raster: Raster;
  private readonly overlay: Overlay;
  private readonly labels: Labels;
  private readonly overview: Overview;
  private readonly area = h('div', { class: 'area' });
  private scroll = 0;
  private theme;
  private image: ImageData | undefined;
  readonly redraw = onceAFrame(() => this.draw());
  /** ms that the last frame took. */
  frameTime = 0;

  constructor(
    readonly view: View,
    options: TimelineOptions = {},
  ) {
    this.state = new ViewState(view);
    this.colours = coloursOf(view);
    this.theme = themeOf(options.dark ?? false);
    this.lanes = new Lanes(view, this.colours);
    this.raster = new Raster(view, this.colours);
    this.overlay = new Overlay(view, this.state, this.lanes);
    this.overlay.inkOn = (task) => (isDark(this.colours.of[task]!) ? '#fff' : '#000');
    this.overview = new Overview(view, this.state);
    this.labels = new Labels(view, this.state, this.lanes, this.colours, {
      choose: (lane) => this.choose(lane),
      arranged: () => this.scrollTo(this.scroll),
      reveal: (top, bottom) => this.revealRows(top, bottom),
    });
    this.area.append(this.labels.element, this.canvas, this.tip);
    this.element.append(this.overview.element, this.area);
    this.state.onChange(this.redraw);
    this.listen();
    new ResizeObserver(this.redraw).observe(this.area);
  }

  set dark(dark: boolean) {
    this.theme = themeOf(dark);
    this.redraw();
  }

  /** Selects a slice or wait, and shows it: its time, and the lane of its task. */
  follow(selection: NonNullable<Selection>): void {
    const { view, state } = this;
    state.select(selection);
    if (selection.kind === 'slice')
      state.reveal(view.slices.start[selection.slice]!, view.slices.end[selection.slice]!);
    else if (selection.kind === 'wait')
      state.reveal(view.waits.start[selection.wait]!, view.waits.end[selection.wait]!);
    this.showTask(state.task);
  }

  /** Brings the lane of a task to where it is seen. */
  showTask(task: number): void {
    this.lanes.openTask(task);
    const place = this.lanes.place(`task ${this.view.tasks[task]!.pid}`);
    if (place >= 0) this.revealRows(this.lanes.tops[place]!, this.lanes.tops[place + 1]!);
    this.redraw();
  }

  /** The slice of the selected task before (-1) or after (1) what is selected. */
  neighbour(step: -1 | 1): void {
    const { view, state } = this;
    const { task } = state;
    if (task < 0) return;
    const { first, numbers } = view.ofTask;
    const [low, high] = [first[task]!, first[task + 1]! - 1];
    if (high < low) return;
    const { selection } = state;
    const time =
      selection?.kind === 'slice'
        ? view.slices.start[selection.slice]!
        : selection?.kind === 'wait'
          ? view.waits.start[selection.wait]!
          : state.from;
    let place = low;
    if (step > 0) {
      while (place < high && view.slices.start[numbers[place]!]! <= time) place++;
    } else {
      place = high;
      while (place > low && view.slices.start[numbers[place]!]! >= time) place--;
    }
    this.follow({ kind: 'slice', slice: numbers[place]! });
  }

  /** Shows what is selected as large as it gets. */
  fit(): void {
    const { view, state } = this;
    const { selection } = state;
    if (!selection || selection.kind === 'task') return;
    const of = selection.kind === 'slice' ? view.slices : view.waits;
    const i = selection.kind === 'slice' ? selection.slice : selection.wait;
    const [start, end] = [of.start[i]!, of.end[i]!];
    const room = (end - start) * 0.2;
    state.show(start - room, end + room, true);
  }

  /** For pictures: CPUs and queues alone. */
  onlyCpus(): void {
    for (const key of ['tasks', 'series', 'local']) this.lanes.toggle(key, false);
    this.redraw();
  }

  scrollBy(y: number): void {
    this.scrollTo(this.scroll + y);
  }

  private scrollTo(y: number): void {
    const room = this.canvas.clientHeight - AXIS;
    this.scroll = Math.max(0, Math.min(y, this.lanes.height - room));
    this.redraw();
  }

  private revealRows(top: number, bottom: number): void {
    const room = this.canvas.clientHeight - AXIS;
    if (bottom <= this.lanes.pinnedHeight) return this.redraw();
    if (top < this.scroll + this.lanes.pinnedHeight)
      this.scrollTo(top - this.lanes.pinnedHeight - 40);
    else if (bottom > this.scroll + room) this.scrollTo(bottom - room + 40);
    this.redraw();
  }

  private draw(): void {
    const began = performance.now();
    const { canvas, state, theme } = this;
    const scale = devicePixelRatio || 1;
    const [width, height] = [canvas.clientWidth, canvas.clientHeight];
    if (width <= 0 || height <= 0) return;
    const [w, high] = [Math.round(width * scale), Math.round(height * scale)];
    if (canvas.width !== w || canvas.height !== high || !this.image) {
      canvas.width = w;
      canvas.height = high;
      this.image = new ImageData(w, high);
    }
    const pixels = new Uint32Array(this.image.data.buffer);
    pixels.fill(theme.paper);
    this.lanes.pin(height - AXIS);
    // Those that stay come last: they lie over the others.
    const order = [...this.lanes.shown.entries()].reverse();
    for (const [i, lane] of order) {
      if (!this.lanes.isSeen(i, this.scroll, height)) continue;
      const top = AXIS + this.lanes.topOf(i, this.scroll);
      const paper =
        lane.kind === 'heading' || lane.kind === 'process'
          ? theme.heading
          : i % 2 === 0
            ? theme.paper
            : theme.band;
      const at = Math.round(top * scale);
      const tall = Math.round((top + lane.height) * scale) - at;
      this.raster.lane(pixels, w, at, tall, lane, state, theme, paper);
    }
    // The axis lies over lanes that are scrolled away.
    pixels.fill(theme.paper, 0, Math.round(AXIS * scale) * w);
    const c = canvas.getContext('2d', { alpha: false })!;
    c.putImageData(this.image, 0, 0);
    c.setTransform(scale, 0, 0, scale, 0, 0);
    this.overlay.draw(c, { width, height, scroll: this.scroll }, theme);
    this.labels.draw(this.scroll, height - AXIS);
    this.overview.draw(theme);
    this.frameTime = performance.now() - began;
  }

  private time(e: MouseEvent): number {
    const { from, to } = this.state;
    return from + (e.offsetX / this.canvas.clientWidth) * (to - from);
  }

  private laneAt(e: MouseEvent): Lane | undefined {
    return e.offsetY < AXIS ? undefined : this.lanes.at(e.offsetY - AXIS, this.scroll);
  }

  /** What lies under the mouse; slices that are narrower than a pixel are caught as well. */
  private under(e: MouseEvent): Selection {
    const lane = this.laneAt(e);
    const { view, state } = this;
    const time = this.time(e);
    const near = ((state.to - state.from) / this.canvas.clientWidth) * 2;
    for (const t of [time, time + near, time - near]) {
      if (lane?.kind === 'cpu') {
        const slice = sliceAt(view, lane.cpu, t);
        if (slice >= 0) return { kind: 'slice', slice };
      }
      if (lane?.kind !== 'task') continue;
      const wait = waitAt(view, lane.task, t);
      if (wait >= 0) return { kind: 'wait', wait };
      const slice = this.sliceOfTask(lane.task, t);
      if (slice >= 0) return { kind: 'slice', slice };
    }
    return undefined;
  }

  private sliceOfTask(task: number, time: number): number {
    const { ofTask, slices } = this.view;
    let [low, high] = [ofTask.first[task]!, ofTask.first[task + 1]!];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (slices.start[ofTask.numbers[middle]!]! <= time) low = middle + 1;
      else high = middle;
    }
    const i = low > ofTask.first[task]! ? ofTask.numbers[low - 1]! : -1;
    return i >= 0 && slices.end[i]! > time ? i : -1;
  }

  private choose(lane: Lane): void {
    if (lane.kind === 'task') this.state.select({ kind: 'task', task: lane.task });
  }

  private listen(): void {
    const { canvas, state } = this;
    let drag: { x: number; y: number; from: number; to: number; moved: boolean } | undefined;
    canvas.addEventListener('pointerdown', (e) => {
      canvas.setPointerCapture(e.pointerId);
      drag = { x: e.offsetX, y: e.offsetY, from: state.from, to: state.to, moved: false };
    });
    canvas.addEventListener('pointermove', (e) => {
      if (!drag) return this.point(e);
      if (Math.abs(e.offsetX - drag.x) + Math.abs(e.offsetY - drag.y) > CLICK) drag.moved = true;
      if (!drag.moved) return;
      const by = ((drag.x - e.offsetX) / canvas.clientWidth) * (drag.to - drag.from);
      state.show(drag.from + by, drag.to + by);
      this.scrollBy(drag.y - e.offsetY);
      drag.y = e.offsetY;
    });
    canvas.addEventListener('pointerup', (e) => {
      const wasClick = drag && !drag.moved;
      drag = undefined;
      if (wasClick) state.select(this.under(e));
    });
    canvas.addEventListener('pointercancel', () => (drag = undefined));
    canvas.addEventListener('pointerleave', () => (this.tip.hidden = true));
    canvas.addEventListener('dblclick', () => this.fit());
    const wheel = (e: WheelEvent): void => {
      e.preventDefault();
      if (e.ctrlKey || e.metaKey || (e.target === canvas && e.offsetY < AXIS))
        state.zoom(e.deltaY > 0 ? ZOOM : 1 / ZOOM, this.time(e));
      else if (e.shiftKey || Math.abs(e.deltaX) > Math.abs(e.deltaY))
        state.pan((e.deltaX || e.deltaY) / 1000);
      else this.scrollBy(e.deltaY);
    };
    canvas.addEventListener('wheel', wheel, { passive: false });
    this.labels.element.addEventListener('wheel', wheel, { passive: false });
    canvas.addEventListener('keydown', (e) => keysFor(this, e));
  }

  private point(e: PointerEvent): void {
    const found = this.under(e);
    this.tip.hidden = !found;
    if (!found) return;
    this.tip.textContent = tipOf(this.view, found);
    const left = Math.min(e.offsetX + 14, this.canvas.clientWidth - 280);
    const top = Math.min(e.offsetY + 16, this.canvas.clientHeight - this.tip.offsetHeight - 4);
    this.tip.style.transform = `translate(${Math.max(0, left)}px, ${Math.max(0, top)}px)`;
  }
}

function isDark(colour: number): boolean {
  const [red, green, blue] = [colour & 0xff, (colour >> 8) & 0xff, (colour >> 16) & 0xff];
  return red * 0.3 + green * 0.59 + blue * 0.11 < 125;
}
