/** Tasks with restricted affinity that one search looks at before it gives up. */
const MAX_STEPS = 64;
/** Load that is not worth a move: a task that has hardly run. */
const LEAST = 1e-6;
/**
 * Moving more than is wanted by up to this share is as good as moving less. Beyond it less is better:
 * smaller tasks make up for the rest, and nothing makes up for too much.
 */
const OVER = 0.1;
/** A task whose load is off by less than this share of what is wanted is as good as any. */
const NEAR_ENOUGH = 0.05;

/** Tasks in order of their load, from which tasks are taken. */
class Sorted {
  private readonly load: Float64Array;
  private readonly task: Uint32Array;
  /** The next position at or after, and at or before, that is not taken; compressed as it is walked. */
  private readonly right: Int32Array;
  private readonly left: Int32Array;

  constructor(tasks: Uint32Array, load: Float64Array) {
    const n = tasks.length;
    // Sorting numbers is several times as fast as sorting by a comparison function: each key is the
    // load in steps of the largest one / 2^(52 - bits), and the task's place in its low bits.
    const bits = Math.max(1, Math.ceil(Math.log2(n + 1)));
    let most = 0;
    for (const t of tasks) most = Math.max(most, load[t]!);
    const steps = most > 0 ? (2 ** (52 - bits) - 1) / most : 0;
    const size = 2 ** bits;
    const keys = new Float64Array(n);
    for (let i = 0; i < n; i++) keys[i] = Math.floor(load[tasks[i]!]! * steps) * size + i;
    keys.sort();
    this.task = new Uint32Array(n);
    this.load = new Float64Array(n);
    this.right = new Int32Array(n + 1);
    this.left = new Int32Array(n + 1);
    for (let i = 0; i < n; i++) {
      // The remainder: `%` of numbers this large is many times as slow.
      this.task[i] = tasks[keys[i]! - Math.floor(keys[i]! / size) * size]!;
      this.load[i] = load[this.task[i]!]!;
      this.right[i] = i;
      this.left[i + 1] = i + 1;
    }
    this.right[n] = n;
    this.left[0] = 0;
  }

  get size(): number {
    return this.load.length;
  }

  private static root(next: Int32Array, at: number): number {
    let root = at;
    while (next[root] !== root) root = next[root]!;
    for (let i = at; i !== root;) {
      const step = next[i]!;
      next[i] = root;
      i = step;
    }
    return root;
  }

  take(position: number): void {
    this.right[position] = position + 1;
    this.left[position + 1] = position;
  }

  taskAt(position: number): number {
    return this.task[position]!;
  }

  /** The position whose load is nearest to `wanted`, among those that may be taken; -1 if there is none. */
  nearest(wanted: number, below: number, may?: (task: number) => boolean): number {
    const { load } = this;
    let low = 0;
    let high = load.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (load[middle]! < wanted) low = middle + 1;
      else high = middle;
    }
    let up = Sorted.root(this.right, low);
    // `left` counts positions from one, so that 0 is the end.
    let down = Sorted.root(this.left, low);
    for (let step = 0; step < MAX_STEPS; step++) {
      const above = up < load.length && load[up]! < below ? load[up]! - wanted : Infinity;
      const under = down > 0 ? wanted - load[down - 1]! : Infinity;
      if (above === Infinity && under === Infinity) return -1;
      const at = above < under && (above <= OVER * wanted || under === Infinity) ? up : down - 1;
      if (load[at]! < below && (!may || may(this.task[at]!))) return at;
      if (at === up) up = Sorted.root(this.right, up + 1);
      else down = Sorted.root(this.left, down - 1);
    }
    return -1;
  }

  loadAt(position: number): number {
    return this.load[position]!;
  }
}

/** What a balancing pass knows of tasks; columns, so that a hundred thousand of them are read fast. */
export interface Tasks {
  count: number;
  domain: Uint32Array;
  load: Float64Array;
  /** 0: it stays where it is. */
  movable: Uint8Array;
  /** 1: it may not run in every domain. */
  restricted: Uint8Array;
  /** Asked for restricted tasks only. */
  mayRunIn: (task: number, domain: number) => boolean;
}

/** The tasks of each domain that can be moved; sorted when a domain is first asked. */
export class Candidates {
  private readonly members: (Uint32Array | undefined)[];
  private readonly sorted = new Map<number, { free: Sorted; restricted: Sorted }>();

  /** `at` is where tasks are now; only tasks of domains for which `wanted` is 1 are gathered. */
  constructor(
    private readonly tasks: Tasks,
    at: Uint32Array,
    wanted: Uint8Array,
  ) {
    const counts = new Uint32Array(wanted.length);
    const { movable, load } = tasks;
    for (let t = 0; t < tasks.count; t++)
      if (movable[t] && load[t]! > LEAST && wanted[at[t]!]) counts[at[t]!]!++;
    this.members = Array.from(wanted, (w, d) => (w ? new Uint32Array(counts[d]!) : undefined));
    counts.fill(0);
    for (let t = 0; t < tasks.count; t++) {
      const d = at[t]!;
      if (movable[t] && load[t]! > LEAST && wanted[d]) this.members[d]![counts[d]!++] = t;
    }
  }

  private of(domain: number): { free: Sorted; restricted: Sorted } {
    let lists = this.sorted.get(domain);
    if (!lists) {
      const all = this.members[domain] ?? new Uint32Array(0);
      const { restricted, load } = this.tasks;
      // The restricted ones from the end.
      const parted = new Uint32Array(all.length);
      let free = 0;
      let end = all.length;
      for (let i = 0; i < all.length; i++) {
        const t = all[i]!;
        if (restricted[t]) parted[--end] = t;
        else parted[free++] = t;
      }
      lists = {
        free: new Sorted(parted.subarray(0, free), load),
        restricted: new Sorted(parted.subarray(free).reverse(), load),
      };
      this.sorted.set(domain, lists);
    }
    return lists;
  }

  /** Whether another domain may get a task that this one could not. */
  hasRestricted(domain: number): boolean {
    return this.of(domain).restricted.size > 0;
  }

  /**
   * Takes the task of `from` whose load is nearest to `wanted` and less than `below`, and which may
   * run in `to`; -1 if there is none.
   */
  take(from: number, to: number, wanted: number, below: number): number {
    const { free, restricted } = this.of(from);
    const off = (list: Sorted, at: number): number =>
      at < 0 ? Infinity : Math.abs(list.loadAt(at) - wanted);
    let list = free;
    let at = free.nearest(wanted, below);
    if (restricted.size > 0 && off(free, at) > NEAR_ENOUGH * wanted) {
      const other = restricted.nearest(wanted, below, (t) => this.tasks.mayRunIn(t, to));
      if (off(restricted, other) < off(list, at)) [list, at] = [restricted, other];
    }
    if (at < 0) return -1;
    list.take(at);
    return list.taskAt(at);
  }
}
