/** A control group of the cpu controller. */
export class Cgroup {
  readonly children: Cgroup[] = [];
  /** cpu.weight. */
  weight = 100;
  idle = false;
  /** cpu.max in us; quota Infinity is "max". */
  quota = Infinity;
  period = 100_000;
  burst = 0;
  /** The scheduler knows of it. */
  initialised = false;
  /** Of struct cgroup and struct task_group in a program's memory, 0 without one. */
  address = 0;

  constructor(
    readonly id: number,
    readonly name: string,
    readonly parent: Cgroup | null,
  ) {
    parent?.children.push(this);
  }

  get level(): number {
    return this.parent ? this.parent.level + 1 : 0;
  }

  /** `/a/b`. */
  get path(): string {
    return this.parent ? `${this.parent.parent ? this.parent.path : ''}/${this.name}` : '/';
  }

  /** It and all below, parents first. */
  *descendants(): Generator<Cgroup> {
    yield this;
    for (const child of this.children) yield* child.descendants();
  }
}
