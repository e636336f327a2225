import type { ts } from 'ts-morph';
import type { CallSite, FunctionIr, GlobalIr } from '../ir/module.js';
import type { Expr, Local, LoopLabels, Stmt } from '../ir/nodes.js';
import type { Span } from '../ir/span.js';
import type { CType, IntType } from '../ir/types.js';
import type { Entity, Frontend, TypeEnv } from './context.js';
import { KERNELS, isNewer } from '../kernel/versions.js';
import { Lets } from './lets.js';
import { NameTable } from './names.js';

/** What a name inside a function stands for. */
export type Binding =
  | { kind: 'local'; local: Local }
  /** A local of the enclosing function, reached from a callback through its context. */
  | { kind: 'captured'; local: Local; place: Expr }
  /** A local `const` number: the value itself. */
  | { kind: 'value'; value: Expr }
  /** `const r = f()` where f has several results. */
  | { kind: 'record'; values: Map<string, Expr> }
  /** A map, counter... passed as an argument or bound to a local name. */
  | { kind: 'entity'; entity: Entity };

export interface Loop {
  labels: LoopLabels;
  /** The TypeScript label, if any. */
  name: string | undefined;
  isSwitch: boolean;
  /** A switch printed as `do { if ... } while (0)`: a plain `continue` would end it. */
  asChain?: boolean;
}

export interface HeldLock {
  /** The lock, where it is a global one. */
  lock: GlobalIr | undefined;
  /** Statements in front of the locking: variables that are released after it. */
  before: Stmt[];
  /** How many loops are around it. */
  loops: number;
}

/** How a `return` inside the body being lowered is written. */
export interface ReturnTarget {
  /** Declared type, or undefined while it is being inferred. */
  type: CType | undefined;
  /** Types of the values returned so far, for inference. */
  seen: { type: CType; expr: Expr; stmt: Extract<Stmt, { kind: 'return' }> }[];
}

/** State of lowering one function body. */
export class FunctionScope {
  readonly bindings = new Map<ts.Symbol, Binding>();
  readonly names: NameTable;
  readonly loops: Loop[] = [];
  readonly calls: CallSite[] = [];
  readonly loopBounds: number[] = [];
  readonly hoisted: Local[] = [];
  /** Locks held at this place of the source, the innermost last. */
  readonly locks: HeldLock[] = [];
  /** Kernel names that an enclosing `exists()` test has shown to be there. */
  private known: Set<string>[] = [new Set()];

  /** Variables without a stated type, of the outermost function. */
  readonly lets: Lets;

  /** The oldest kernel that runs this code: a callback that came later is not called before. */
  floor: string;

  constructor(
    readonly fe: Frontend,
    readonly node: ts.Node,
    readonly returns: ReturnTarget,
    readonly env: TypeEnv,
    readonly parent?: FunctionScope,
    settled: ReadonlyMap<ts.VariableDeclaration, IntType> = new Map(),
  ) {
    this.lets = parent?.lets ?? new Lets(settled);
    this.names = new NameTable(parent?.names ?? fe.names);
    this.floor = parent?.floor ?? fe.minKernel;
  }

  /** Locals of enclosing functions that this callback uses, by symbol. */
  readonly captures = new Map<ts.Symbol, { local: Local; place: Expr; outer: Expr }>();
  /** Makes the place through which a callback reaches a local of the enclosing function. */
  capturePlace: ((local: Local, span: Span) => Expr) | undefined;

  /** Makes a local with a C name of its own. */
  declare(wanted: string, type: CType, span: Span, more: Partial<Local> = {}): Local {
    return { name: this.names.claim(wanted), type, span, assigned: false, ...more };
  }

  bind(symbol: ts.Symbol | undefined, binding: Binding): void {
    if (symbol) this.bindings.set(symbol, binding);
  }

  unbind(symbol: ts.Symbol | undefined): void {
    if (symbol) this.bindings.delete(symbol);
  }

  lookup(symbol: ts.Symbol): Binding | undefined {
    return this.bindings.get(symbol);
  }

  /** Stack space declared at the top of the function, for what outlives the expression that needs it. */
  hoist(wanted: string, type: CType, span: Span): Local {
    const local = this.declare(wanted, type, span);
    this.hoisted.push(local);
    return local;
  }

  temp(wanted: string, type: CType, span: Span): Local {
    return { name: this.names.claimOwn(`__${wanted}`), type, span, assigned: false };
  }

  /** Runs `body` with more names known to exist. */
  withKnown<T>(names: Iterable<string>, body: () => T): T {
    this.known.push(new Set(names));
    try {
      return body();
    } finally {
      this.known.pop();
    }
  }

  /** From here to the end of the innermost `withKnown`, these names exist. */
  assume(names: Iterable<string>): void {
    const top = this.known[this.known.length - 1];
    for (const name of names) top?.add(name);
  }

  /** The oldest kernel that runs the code at this place: later than some, where what they have is known to be missing. */
  get floorHere(): string {
    const later = KERNELS.filter((k) => isNewer(k, this.floor));
    return later.find((k) => this.knows(absent(k))) ?? this.floor;
  }

  knows(name: string): boolean {
    return this.known.some((set) => set.has(name)) || (this.parent?.knows(name) ?? false);
  }

  noteCall(target: CallSite['target'], span: Span): void {
    const guarded = target.kind === 'kernel' && this.knows(target.name);
    this.calls.push({ target, span, guarded });
  }
}

/** The fact that the running kernel is this one or later, as it lacks what the ones before have. */
export function absent(kernel: string): string {
  return `from ${kernel}`;
}

export type { FunctionIr };
