/** Children of a node. */
const FANOUT = 16;
const SHIFT = 4;

/** Times that do not overlap, in order. */
export interface Intervals {
  count: number;
  start: Float64Array;
  end: Float64Array;
  /** What each is of; the one that takes most of a pixel gives it its colour. */
  what: Int32Array;
}

interface Level {
  count: number;
  start: Float64Array;
  end: Float64Array;
  /** Time of its intervals. */
  busy: Float64Array;
  /** Of its longest. */
  what: Int32Array;
}

/** One line of pixels: of each, the part that is covered and by what. */
export class Line {
  cover: Float32Array;
  what: Int32Array;
  private best: Float32Array;

  constructor(readonly width: number) {
    this.cover = new Float32Array(width);
    this.what = new Int32Array(width);
    this.best = new Float32Array(width);
  }

  clear(): void {
    this.cover.fill(0);
    this.best.fill(0);
  }

  /** Covers a pixel by a part of it. */
  add(x: number, part: number, what: number): void {
    if (x < 0 || x >= this.width) return;
    this.cover[x]! += part;
    if (part <= this.best[x]!) return;
    this.best[x] = part;
    this.what[x] = what;
  }

  /** Covers from one place to another. */
  fill(from: number, to: number, what: number): void {
    const first = Math.floor(from);
    const last = Math.floor(to);
    if (first === last) return this.add(first, to - from, what);
    this.add(first, first + 1 - from, what);
    this.add(last, to - last, what);
    const end = Math.min(last, this.width);
    for (let x = Math.max(first + 1, 0); x < end; x++) {
      this.cover[x] = 1;
      this.best[x] = 1;
      this.what[x] = what;
    }
  }
}

/** Intervals at all levels of detail: drawing takes as long as there are pixels, however many intervals there are. */
export class Pyramid {
  private readonly levels: Level[] = [];

  constructor(private readonly base: Intervals) {
    let below: Level | undefined;
    while ((below?.count ?? base.count) > FANOUT) this.levels.push((below = this.above(below)));
  }

  private above(below: Level | undefined): Level {
    const { base } = this;
    const from = below?.count ?? base.count;
    const count = Math.ceil(from / FANOUT);
    const start = new Float64Array(count);
    const end = new Float64Array(count);
    const busy = new Float64Array(count);
    const what = new Int32Array(count);
    for (let node = 0; node < count; node++) {
      const first = node * FANOUT;
      const last = Math.min(from, first + FANOUT) - 1;
      start[node] = (below ?? base).start[first]!;
      end[node] = (below ?? base).end[last]!;
      let longest = -1;
      for (let i = first; i <= last; i++) {
        const length = below ? below.busy[i]! : base.end[i]! - base.start[i]!;
        busy[node]! += length;
        if (length <= longest) continue;
        longest = length;
        what[node] = (below ?? base).what[i]!;
      }
    }
    return { count, start, end, busy, what };
  }

  /** Draws what lies between two times into a line of pixels. */
  draw(line: Line, from: number, to: number): void {
    const scale = line.width / (to - from);
    const top = this.levels.length;
    const count = top > 0 ? this.levels[top - 1]!.count : this.base.count;
    for (let node = 0; node < count; node++) this.visit(top, node, line, from, to, scale);
  }

  private visit(
    level: number,
    node: number,
    line: Line,
    from: number,
    to: number,
    scale: number,
  ): void {
    const { base } = this;
    if (level === 0) {
      const start = base.start[node]!;
      const end = base.end[node]!;
      if (end <= from || start >= to) return;
      line.fill((start - from) * scale, (end - from) * scale, base.what[node]!);
      return;
    }
    const { start, end, busy, what } = this.levels[level - 1]!;
    if (end[node]! <= from || start[node]! >= to) return;
    if ((end[node]! - start[node]!) * scale <= 1) {
      const x = Math.floor((start[node]! - from) * scale);
      line.add(x < 0 ? 0 : x, busy[node]! * scale, what[node]!);
      return;
    }
    const first = node << SHIFT;
    const below = level > 1 ? this.levels[level - 2]!.count : base.count;
    const last = Math.min(below, first + FANOUT);
    for (let child = first; child < last; child++)
      this.visit(level - 1, child, line, from, to, scale);
  }
}

/** A value over time at all levels of detail: the highest of each stretch. */
export class Steps {
  private readonly most: Float64Array[] = [];

  constructor(
    private readonly times: Float64Array,
    private readonly values: ArrayLike<number>,
  ) {
    let below: ArrayLike<number> = values;
    while (below.length > FANOUT) {
      const above = new Float64Array(Math.ceil(below.length / FANOUT)).fill(-Infinity);
      for (let i = 0; i < below.length; i++)
        above[i >> SHIFT] = Math.max(above[i >> SHIFT]!, below[i]!);
      this.most.push(above);
      below = above;
    }
  }

  /** The highest value from steps `first` to `last`, both in. */
  private highest(first: number, last: number): number {
    let most = -Infinity;
    let level = -1;
    // Up while whole nodes are between, and down at the ends.
    while (first <= last) {
      const values = level < 0 ? this.values : this.most[level]!;
      if (level + 1 >= this.most.length || last - first < 2 * FANOUT) {
        for (let i = first; i <= last; i++) most = Math.max(most, values[i]!);
        return most;
      }
      while (first & (FANOUT - 1)) most = Math.max(most, values[first++]!);
      while ((last + 1) & (FANOUT - 1)) most = Math.max(most, values[last--]!);
      first >>= SHIFT;
      last = ((last + 1) >> SHIFT) - 1;
      level++;
    }
    return most;
  }

  /** The highest value in each pixel; 0 before the first. */
  draw(out: Float32Array, from: number, to: number): void {
    const { times } = this;
    const step = (to - from) / out.length;
    let i = lastBefore(times, from);
    for (let x = 0; x < out.length; x++) {
      const end = from + (x + 1) * step;
      let last = i;
      // Near steps one by one, many at once.
      if (last + FANOUT < times.length && times[last + FANOUT]! <= end)
        last = lastBefore(times, end);
      else while (last + 1 < times.length && times[last + 1]! <= end) last++;
      out[x] = last < 0 ? 0 : Math.max(0, this.highest(Math.max(0, i), last));
      i = last;
    }
  }
}

function lastBefore(times: Float64Array, time: number): number {
  let [low, high] = [0, times.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (times[middle]! <= time) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
