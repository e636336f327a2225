import type { View } from '../../../../sim/view/view.js';
import { mix, type Colours, type Theme } from './colours.js';
import type { Lane } from './lanes.js';
import { Line, Pyramid, Steps } from './pyramid.js';

/** What of a pixel is drawn at least where something is, so that short slices are seen. */
const FAINTEST = 0.35;
/** Of tasks that do not stand out. */
const DIMMED = 0.15;
/** Where waits are drawn, of a lane's height. */
const WAIT_FROM = 0.5;
const WAIT_TO = 0.72;

/** Draws lanes into pixels. A browser's canvas takes too long for tens of thousands of rectangles a frame; this does not. */
export class Raster {
  private readonly cpuRuns = new Map<number, Pyramid>();
  private readonly taskRuns = new Map<number, Pyramid>();
  private readonly taskWaits = new Map<number, Pyramid>();
  private readonly steps = new Map<string, Steps>();
  private line = new Line(1);
  private plain = new Uint32Array(1);
  private striped = new Uint32Array(1);
  private heights = new Float32Array(1);

  constructor(
    private readonly view: View,
    private readonly colours: Colours,
  ) {}

  /** Draws a lane of `height` pixels into a frame of `width`, from row `top` on; rows outside of the frame are left out. */
  lane(
    frame: Uint32Array,
    width: number,
    top: number,
    height: number,
    lane: Lane,
    part: { from: number; to: number; found: ReadonlySet<number> | undefined },
    theme: Theme,
    paper: number,
  ): void {
    if (this.line.width !== width) {
      this.line = new Line(width);
      this.plain = new Uint32Array(width);
      this.striped = new Uint32Array(width);
      this.heights = new Float32Array(width);
    }
    const rows = (from: number, to: number): void =>
      this.rows(frame, top + Math.round(from * height), top + Math.round(to * height));
    this.plain.fill(paper);
    this.striped.fill(paper);
    rows(0, 1);
    if (lane.kind === 'cpu') {
      this.line.clear();
      this.runsOfCpu(lane.cpu).draw(this.line, part.from, part.to);
      this.compose(paper, part.found);
      rows(0.08, 0.94);
    } else if (lane.kind === 'task') {
      const dim = part.found && !part.found.has(lane.task) ? DIMMED : 1;
      this.line.clear();
      this.waitsOfTask(lane.task).draw(this.line, part.from, part.to);
      const { woken, lost } = theme;
      this.one(paper, (why) => (why <= 1 ? woken : lost), dim);
      rows(WAIT_FROM, WAIT_TO);
      this.line.clear();
      this.runsOfTask(lane.task).draw(this.line, part.from, part.to);
      this.over(part.found, frame, top, height, paper);
    } else if (lane.kind === 'queue') {
      const { name, times, lengths, most } = this.view.queues[lane.queue]!;
      const steps = this.stepsOf(`queue ${name}`, times, lengths);
      steps.draw(this.heights, part.from, part.to);
      this.area(frame, top, height, most, theme.queue);
    } else if (lane.kind === 'series') {
      const { times, values, total } = lane.series;
      const shown = total ? ratesOf(times, values) : values;
      const steps = this.stepsOf(lane.key, Float64Array.from(times), Float64Array.from(shown));
      steps.draw(this.heights, part.from, part.to);
      this.area(frame, top, height, Math.max(...shown.slice(-5000), 1e-9), theme.series);
    }
  }

  /** Times of a task on CPUs over what is drawn already. */
  private over(
    found: ReadonlySet<number> | undefined,
    frame: Uint32Array,
    top: number,
    height: number,
    paper: number,
  ): void {
    const { line, colours } = this;
    const { width } = line;
    const rows = frame.length / width;
    const first = top + Math.round(0.08 * height);
    const last = Math.min(rows, top + Math.round(0.92 * height));
    // A wait shows through where only a part of a pixel is covered.
    const [waitFrom, waitTo] = [
      top + Math.round(WAIT_FROM * height),
      top + Math.round(WAIT_TO * height),
    ];
    const middle = Math.min(rows - 1, Math.max(0, (waitFrom + waitTo) >> 1)) * width;
    for (let x = 0; x < width; x++) {
      const cover = line.cover[x]!;
      if (cover === 0) continue;
      const task = line.what[x]!;
      const dim = found && !found.has(task) ? DIMMED : 1;
      const part = Math.min(1, Math.max(cover, FAINTEST)) * dim;
      const colour = colours.of[task]!;
      const pattern = colours.pattern[task]!;
      const across = pattern === 2 && x % 6 < 2;
      const full = mix(colour, paper, across ? part * 0.45 : part);
      const light = pattern === 1 ? mix(colour, paper, part * 0.45) : full;
      const through = mix(colour, frame[middle + x]!, part);
      for (let row = Math.max(first, 0); row < last; row++)
        frame[row * width + x] =
          row >= waitFrom && row < waitTo ? through : (row - first) % 4 === 3 ? light : full;
    }
  }

  /** Colours of a line of many tasks. */
  private compose(paper: number, found: ReadonlySet<number> | undefined): void {
    const { line, plain, striped, colours } = this;
    for (let x = 0; x < line.width; x++) {
      const cover = line.cover[x]!;
      if (cover === 0) continue;
      const task = line.what[x]!;
      const dim = found && !found.has(task) ? DIMMED : 1;
      const part = Math.min(1, Math.max(cover, FAINTEST)) * dim;
      const pattern = colours.pattern[task]!;
      const full = mix(colours.of[task]!, paper, part);
      const light = mix(colours.of[task]!, paper, part * 0.45);
      plain[x] = pattern === 2 && x % 6 < 2 ? light : full;
      striped[x] = pattern === 0 || (pattern === 2 && x % 6 >= 2) ? full : light;
    }
  }

  private one(paper: number, colour: (what: number) => number, dim: number): void {
    const { line, plain, striped } = this;
    for (let x = 0; x < line.width; x++) {
      const cover = line.cover[x]!;
      if (cover === 0) continue;
      const part = Math.min(1, Math.max(cover, FAINTEST)) * dim;
      plain[x] = striped[x] = mix(colour(line.what[x]!), paper, part);
    }
  }

  /** Copies the line into rows; every fourth is the striped one. */
  private rows(frame: Uint32Array, from: number, to: number): void {
    const { width } = this.line;
    const last = Math.min(to, frame.length / width);
    for (let row = Math.max(from, 0); row < last; row++)
      frame.set((row - from) % 4 === 3 ? this.striped : this.plain, row * width);
  }

  /** A filled curve; `most` is as high as the lane. */
  private area(
    frame: Uint32Array,
    top: number,
    height: number,
    most: number,
    colour: number,
  ): void {
    const { heights } = this;
    const width = heights.length;
    const rows = frame.length / width;
    const room = height - 3;
    for (let x = 0; x < width; x++) {
      if (heights[x]! <= 0) continue;
      const tall = Math.max(1, Math.round((heights[x]! / Math.max(most, 1e-9)) * room));
      for (let y = top + height - 1 - Math.min(tall, room); y < top + height - 1; y++)
        if (y >= 0 && y < rows) frame[y * width + x] = colour;
    }
  }

  private runsOfCpu(cpu: number): Pyramid {
    let made = this.cpuRuns.get(cpu);
    if (!made) {
      const { slices, cpuFirst } = this.view;
      const [first, last] = [cpuFirst[cpu]!, cpuFirst[cpu + 1]!];
      made = new Pyramid({
        ...{ count: last - first, what: slices.task.subarray(first, last) },
        ...{ start: slices.start.subarray(first, last), end: slices.end.subarray(first, last) },
      });
      this.cpuRuns.set(cpu, made);
    }
    return made;
  }

  private runsOfTask(task: number): Pyramid {
    let made = this.taskRuns.get(task);
    if (!made) {
      const { slices, ofTask } = this.view;
      const numbers = ofTask.numbers.subarray(ofTask.first[task]!, ofTask.first[task + 1]!);
      made = new Pyramid({
        ...{ count: numbers.length, what: new Int32Array(numbers.length).fill(task) },
        start: Float64Array.from(numbers, (i) => slices.start[i]!),
        end: Float64Array.from(numbers, (i) => slices.end[i]!),
      });
      this.taskRuns.set(task, made);
    }
    return made;
  }

  private waitsOfTask(task: number): Pyramid {
    let made = this.taskWaits.get(task);
    if (!made) {
      const { waits, waitFirst } = this.view;
      const [first, last] = [waitFirst[task]!, waitFirst[task + 1]!];
      made = new Pyramid({
        ...{ count: last - first, what: waits.why.subarray(first, last) },
        ...{ start: waits.start.subarray(first, last), end: waits.end.subarray(first, last) },
      });
      this.taskWaits.set(task, made);
    }
    return made;
  }

  private stepsOf(key: string, times: Float64Array, values: ArrayLike<number>): Steps {
    let made = this.steps.get(key);
    if (!made) this.steps.set(key, (made = new Steps(times, values)));
    return made;
  }
}

/** Growth a second from each value to the next. */
export function ratesOf(times: readonly number[], values: readonly number[]): number[] {
  return values.map((value, i) => {
    const next = values[i + 1];
    return next === undefined ? 0 : ((next - value) / (times[i + 1]! - times[i]!)) * 1e9;
  });
}
