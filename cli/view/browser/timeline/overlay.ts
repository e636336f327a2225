import { timeText } from '../../../../sim/view/names.js';
import { sliceAt } from '../../../../sim/view/measure.js';
import { upperBound } from '../../../../sim/view/order.js';
import { Why, type View } from '../../../../sim/view/view.js';
import type { Theme } from './colours.js';
import type { Lanes } from './lanes.js';
import type { ViewState } from './state.js';

/** CSS pixels of the axis above the lanes. */
export const AXIS = 24;
const LABEL_ROOM = 34;
const MOST_ARROWS = 200;

/** Where things are on the canvas, in CSS pixels. */
export interface Frame {
  width: number;
  height: number;
  /** Scrolled so far down. */
  scroll: number;
}

/** Texts, the axis, what is selected, and arrows from waker to woken: on top of the pixels. */
export class Overlay {
  constructor(
    private readonly view: View,
    private readonly state: ViewState,
    private readonly lanes: Lanes,
  ) {}

  draw(c: CanvasRenderingContext2D, frame: Frame, theme: Theme): void {
    c.font = '11px system-ui, sans-serif';
    c.textBaseline = 'middle';
    this.axis(c, frame, theme);
    c.save();
    c.beginPath();
    c.rect(0, AXIS, frame.width, frame.height - AXIS);
    c.clip();
    this.names(c, frame);
    this.arrows(c, frame, theme);
    this.outline(c, frame, theme);
    c.restore();
    this.cursor(c, frame, theme);
  }

  x(time: number, width: number): number {
    const { from, to } = this.state;
    return ((time - from) / (to - from)) * width;
  }

  private axis(c: CanvasRenderingContext2D, { width, height }: Frame, theme: Theme): void {
    const { from, to } = this.state;
    const wanted = Math.max(2, Math.floor(width / 130));
    const rough = (to - from) / wanted;
    const power = 10 ** Math.floor(Math.log10(rough));
    const step = [1, 2, 5, 10].map((n) => n * power).find((n) => n >= rough)!;
    for (let n = Math.ceil(from / step); n * step <= to; n++) {
      const x = this.x(n * step, width);
      c.fillStyle = theme.faint;
      c.globalAlpha = 0.25;
      c.fillRect(Math.round(x), AXIS, 1, height);
      c.globalAlpha = 1;
      c.fillStyle = theme.ink;
      c.fillText(axisText(n * step, step, to), x + 3, AXIS / 2);
    }
  }

  /** Names of tasks in slices that are wide enough. */
  private names(c: CanvasRenderingContext2D, frame: Frame): void {
    const { view, state, lanes } = this;
    const { slices, tasks, cpuFirst } = view;
    const scale = frame.width / (state.to - state.from);
    // A slice that is wide enough covers one of these places.
    for (const [i, lane] of lanes.shown.entries()) {
      if (lane.kind !== 'cpu') continue;
      if (!lanes.isSeen(i, frame.scroll, frame.height)) continue;
      const top = AXIS + lanes.topOf(i, frame.scroll);
      const first = cpuFirst[lane.cpu]!;
      let last = -1;
      for (let x = LABEL_ROOM / 2; x < frame.width + LABEL_ROOM; x += LABEL_ROOM / 2) {
        const slice = sliceAt(view, lane.cpu, state.from + Math.min(x, frame.width) / scale);
        if (slice < first || slice === last) continue;
        last = slice;
        const left = Math.max(0, (slices.start[slice]! - state.from) * scale);
        const right = Math.min(frame.width, (slices.end[slice]! - state.from) * scale);
        if (right - left < LABEL_ROOM) continue;
        const task = slices.task[slice]!;
        if (state.found && !state.found.has(task)) continue;
        const { name, pid } = tasks[task]!;
        const room = right - left - 6;
        // Blue, green and dark red carry white, the light colours black.
        c.fillStyle = this.inkOn(task);
        const text = fitting(`${name} ${pid}`, room, c) || fitting(name, room, c);
        c.fillText(text, left + 3, top + lane.height / 2);
      }
    }
  }

  /** Set by the timeline: the ink on the colour of a task. */
  inkOn: (task: number) => string = () => '#000';

  /** The place of a task's slice at a time: its lane among CPUs, in CSS pixels. */
  private yOfCpu(cpu: number, frame: Frame): number {
    const place = this.lanes.place(`cpu ${this.view.cpus[cpu]!.id}`);
    if (place < 0) return NaN;
    return AXIS + this.lanes.topOf(place, frame.scroll) + this.lanes.shown[place]!.height / 2;
  }

  /** From the one who woke what is selected, and to those whom it woke. */
  private arrows(c: CanvasRenderingContext2D, frame: Frame, theme: Theme): void {
    const { view, state } = this;
    const { selection } = state;
    if (!selection || selection.kind === 'task') return;
    const { slices, waits, wokenBy } = view;
    const wait = selection.kind === 'wait' ? selection.wait : slices.wait[selection.slice]!;
    if (wait >= 0) this.arrow(c, frame, theme, wait);
    if (selection.kind !== 'slice') return;
    const { slice } = selection;
    const key = slices.task[slice]! + 2;
    let drawn = 0;
    for (let n = wokenBy.first[key]!; n < wokenBy.first[key + 1]!; n++) {
      const i = wokenBy.numbers[n]!;
      if (waits.start[i]! < slices.start[slice]!) continue;
      if (waits.start[i]! > slices.end[slice]! || drawn++ > MOST_ARROWS) break;
      this.arrow(c, frame, theme, i);
    }
  }

  private arrow(c: CanvasRenderingContext2D, frame: Frame, theme: Theme, wait: number): void {
    const { waits, slices } = this.view;
    const slice = waits.slice[wait]!;
    if (waits.why[wait]! > Why.STARTED || slice < 0) return;
    const x1 = this.x(waits.start[wait]!, frame.width);
    const y1 = this.yOfCpu(waits.byCpu[wait]!, frame);
    const x2 = this.x(slices.start[slice]!, frame.width);
    const y2 = this.yOfCpu(slices.cpu[slice]!, frame);
    if (Number.isNaN(y1 + y2)) return;
    c.strokeStyle = c.fillStyle = theme.arrow;
    c.lineWidth = 1.5;
    c.beginPath();
    c.moveTo(x1, y1);
    const bend = Math.max(20, Math.abs(x2 - x1) / 2);
    c.bezierCurveTo(x1 + bend, y1, x2 - bend, y2, x2, y2);
    c.stroke();
    c.beginPath();
    c.arc(x1, y1, 3, 0, 7);
    c.moveTo(x2, y2);
    c.lineTo(x2 - 7, y2 - 4);
    c.lineTo(x2 - 7, y2 + 4);
    c.fill();
  }

  /** A frame around what is selected, wherever it is drawn. */
  private outline(c: CanvasRenderingContext2D, frame: Frame, theme: Theme): void {
    const { view, state, lanes } = this;
    const { selection } = state;
    if (!selection || selection.kind === 'task') return;
    const { slices, waits, cpus, tasks } = view;
    const of = selection.kind === 'slice' ? slices : waits;
    const i = selection.kind === 'slice' ? selection.slice : selection.wait;
    const keys = [`task ${tasks[of.task[i]!]!.pid}`];
    if (selection.kind === 'slice') keys.push(`cpu ${cpus[slices.cpu[i]!]!.id}`);
    const left = this.x(of.start[i]!, frame.width);
    const width = Math.max(3, this.x(of.end[i]!, frame.width) - left);
    c.strokeStyle = theme.selected;
    c.lineWidth = 2;
    for (const key of keys) {
      const place = lanes.place(key);
      if (place < 0 || !lanes.isSeen(place, frame.scroll, frame.height)) continue;
      const top = AXIS + lanes.topOf(place, frame.scroll);
      c.strokeRect(left, top + 1, width, lanes.shown[place]!.height - 2);
    }
  }

  private cursor(c: CanvasRenderingContext2D, frame: Frame, theme: Theme): void {
    const { cursor } = this.state;
    if (cursor === undefined) return;
    c.fillStyle = theme.arrow;
    c.fillRect(this.x(cursor, frame.width) - 0.5, AXIS - 6, 1.5, frame.height);
  }
}

/** A time of the axis, with as many digits as its step has. */
function axisText(time: number, step: number, last: number): string {
  const isLarge = (unit: number): boolean => step >= unit / 10 || last >= unit * 10;
  const [unit, name] = isLarge(1e9) ? [1e9, 's'] : isLarge(1e6) ? [1e6, 'ms'] : [1e3, 'µs'];
  const digits = Math.max(0, Math.ceil(-Math.log10(step / unit) - 1e-9));
  return `${(time / unit).toFixed(digits)} ${name}`;
}

function fitting(text: string, room: number, c: CanvasRenderingContext2D): string {
  return c.measureText(text).width <= room ? text : '';
}

/** What a queue's highest length in a part of the time was. */
export function mostIn(view: View, queue: number, from: number, to: number): number {
  const { times, lengths } = view.queues[queue]!;
  let most = 0;
  const first = Math.max(0, upperBound(times, from) - 1);
  for (let i = first; i < times.length && times[i]! < to; i++) most = Math.max(most, lengths[i]!);
  return times.length > 0 && times[0]! < to ? most : 0;
}

export { timeText };
