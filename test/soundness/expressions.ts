import { INTS, type Int, type Module, type Names, type Shape } from './model.js';
import type { Random } from './random.js';

const RANGE: Record<Int, [number, number]> = {
  u8: [0, 255],
  u16: [0, 65535],
  u32: [0, 0xffffffff],
  u64: [0, Number.MAX_SAFE_INTEGER],
  s8: [-128, 127],
  s16: [-32768, 32767],
  s32: [-0x80000000, 0x7fffffff],
  s64: [-Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
};

/** Random integer and boolean expressions over what is in scope. */
export class Expressions {
  constructor(
    private readonly r: Random,
    private readonly module: Module,
    readonly scope: Names,
    /** Whether calls are allowed: not while a spin lock is held. */
    private readonly calls = true,
  ) {}

  literal(int: Int): string {
    const { r } = this;
    const [low, high] = RANGE[int];
    const n = r.pick([0, 1, 2, 3, 7, 10, 64, 100, 1000, 65536, -1, -3, high, low]);
    return String(Math.min(Math.max(n, low), high));
  }

  /** A place of integers: name, struct field or array element, with its type. */
  place(writable: boolean): { text: string; int: Int } | undefined {
    const { r } = this;
    const all = [...this.scope.places, ...this.module.globals.places].filter(
      (p) => !writable || p.writable,
    );
    const ints = [...this.scope.ints, ...this.module.globals.ints].filter(
      (p) => !writable || p.writable,
    );
    if (ints.length > 0 && (all.length === 0 || r.chance(50))) {
      const { name, int } = r.pick(ints);
      return { text: name, int };
    }
    if (all.length === 0) return undefined;
    const { name, shape } = r.pick(all);
    return this.descend(name, shape);
  }

  private descend(text: string, shape: Shape): { text: string; int: Int } | undefined {
    const { r } = this;
    if (shape.kind === 'int') return { text, int: shape.int };
    if (shape.kind === 'array')
      return this.descend(`${text}[${this.index(shape.length)}]`, shape.of);
    if (shape.kind === 'struct') {
      const fields = shape.struct.fields.filter((f) => f.shape.kind !== 'bool');
      if (fields.length === 0) return undefined;
      const field = r.pick(fields);
      return this.descend(`${text}.${field.name}`, field.shape);
    }
    return undefined;
  }

  /** An index, not always in range unless it is constant. */
  index(length: number): string {
    const { r } = this;
    if (r.chance(40)) return String(r.below(length));
    const of = this.simple();
    return r.pick([of, `${of} & ${length - 1}`, `u32(${of}) % ${length}`]);
  }

  /** A variable without calls or indexing. */
  private simple(): string {
    const ints = [...this.scope.ints, ...this.module.globals.ints];
    return ints.length > 0 ? this.r.pick(ints).name : '3';
  }

  /** Something with a width of its own, so that no operator sees two literals. */
  private sized(depth: number): string {
    const { r } = this;
    if (depth <= 0 || r.chance(25)) {
      const place = r.chance(75) ? this.place(false) : undefined;
      return place?.text ?? `${r.pick(INTS)}(${this.simple()})`;
    }
    return this.int(depth);
  }

  /** An integer expression of any width and sign. */
  int(depth: number): string {
    const { r } = this;
    if (depth <= 0) return this.sized(0);
    const a = (): string => this.sized(depth - 1);
    const b = (): string => (r.chance(30) ? String(r.pick([1, 2, 3, 5, 16, 255])) : a());
    switch (r.below(this.calls ? 14 : 9)) {
      case 0:
        return `(${a()} ${r.pick(['+', '-', '*', '&', '|', '^'])} ${b()})`;
      case 1:
        return `(${a()} ${r.pick(['/', '%'])} ${b()})`;
      case 2:
        return `(${a()} ${r.pick(['<<', '>>'])} ${r.chance(50) ? String(r.below(31)) : `u8(${a()})`})`;
      case 3:
        return `${r.pick(INTS)}(${a()})`;
      case 4:
        return `(${this.condition(depth - 1)} ? u64(${a()}) : u64(${a()}))`;
      case 5: {
        const int = r.pick(['u32', 'u64', 's32', 's64']);
        return `Math.${r.pick(['min', 'max'])}(${int}(${a()}), ${int}(${a()}))`;
      }
      case 6: {
        const int = r.pick(['u32', 'u64', 's64']);
        return `(${int}(${a()}) ${r.pick(['&&', '||'])} ${int}(${a()}))`;
      }
      case 7:
        return `${r.pick(['-', '~'])}${r.pick(INTS)}(${a()})`;
      case 8: {
        const table = this.module.tables.length > 0 ? r.pick(this.module.tables) : undefined;
        return table ? `${table.name}[${this.index(table.length)}]` : a();
      }
      case 9:
        return r.pick([
          'bpf_ktime_get_ns()',
          'bpf_get_smp_processor_id()',
          'bpf_get_prandom_u32()',
        ]);
      case 10:
        return this.call(depth - 1) ?? a();
      case 11:
        return this.lookup() ?? a();
      case 12:
        return this.taskField() ?? a();
      default:
        return `(${a()} + ${b()})`;
    }
  }

  /** `m.get(k)?.field ?? x`. */
  private lookup(): string | undefined {
    const { r } = this;
    const maps = this.module.maps.filter(
      (m) =>
        typeof m.key === 'string' && ['array', 'hash', 'lruHash', 'percpuArray'].includes(m.kind),
    );
    if (maps.length === 0) return undefined;
    const map = r.pick(maps);
    const get = `${map.name}.get(${this.to(map.key as Int, 0)})`;
    if (typeof map.value === 'string') return `(${get}?.value ?? ${this.literal('u8')})`;
    const field = map.value.fields.find((f) => f.shape.kind === 'int');
    return field ? `(${get}?.${field.name} ?? ${this.literal('u8')})` : undefined;
  }

  private taskField(): string | undefined {
    if (this.scope.tasks.length === 0) return undefined;
    const p = this.r.pick(this.scope.tasks);
    return `${p}.${this.r.pick(['pid', 'tgid', 'flags', 'nr_cpus_allowed', 'static_prio', 'se.sum_exec_runtime'])}`;
  }

  /** A call of one of the program's own functions. */
  call(depth: number): string | undefined {
    const { r } = this;
    const places = [...this.scope.places, ...this.module.globals.places];
    const candidates = this.module.functions.filter(
      (f) =>
        !f.struct || places.some((p) => p.shape.kind === 'struct' && p.shape.struct === f.struct),
    );
    if (candidates.length === 0) return undefined;
    const fn = r.pick(candidates);
    const args = fn.params.map((int) => this.to(int, depth));
    if (fn.struct) {
      const of = places.filter((p) => p.shape.kind === 'struct' && p.shape.struct === fn.struct);
      args.unshift(r.pick(of).name);
    }
    return `${fn.name}(${args.join(', ')})`;
  }

  /** An expression converted to a type. */
  to(int: Int, depth: number): string {
    return this.r.chance(20) ? this.literal(int) : `${int}(${this.int(depth)})`;
  }

  condition(depth: number): string {
    const { r } = this;
    const bools = [...this.scope.bools, ...this.module.globals.bools];
    switch (r.below(depth > 0 ? 7 : 4)) {
      case 0:
      case 1: {
        const int = r.pick(['u32', 'u64', 's32', 's64']);
        const op = r.pick(['<', '<=', '>', '>=', '===', '!==']);
        return `${int}(${this.sized(depth)}) ${op} ${int}(${this.sized(depth - 1)})`;
      }
      case 2:
        return bools.length > 0
          ? r.pick(bools).name
          : `(${this.sized(0)} & ${1 << r.below(8)}) !== 0`;
      case 3:
        return `${this.sized(depth)} !== 0`;
      case 4:
        return `!(${this.condition(depth - 1)})`;
      default:
        return `(${this.condition(depth - 1)} ${r.pick(['&&', '||'])} ${this.condition(depth - 1)})`;
    }
  }
}
