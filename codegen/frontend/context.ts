import { relative } from 'node:path';
import { ts } from 'ts-morph';
import { componentStateTaken } from '../diagnostics/catalogue/components.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { DiagnosticBag } from '../diagnostics/diagnostic.js';
import type { Expr } from '../ir/nodes.js';
import type {
  CollectionIr,
  CounterIr,
  FunctionIr,
  GlobalIr,
  KernelVariableIr,
  MacroIr,
  MapIr,
  ProgramIr,
  SchedulerIr,
  TimerFieldIr,
  TimerIr,
} from '../ir/module.js';
import type { Span } from '../ir/span.js';
import type { CType, StructDef } from '../ir/types.js';
import { constantByName } from '../kernel/index.js';
import { failureCount, forgetFailures } from './make.js';
import { NameTable } from './names.js';
import type { LoadedProgram } from './program.js';

/** What a module-level name stands for. */
export type Entity =
  | { kind: 'constant'; value: Expr }
  | { kind: 'global'; global: GlobalIr }
  | { kind: 'counter'; counter: CounterIr }
  | { kind: 'map'; map: MapIr }
  | { kind: 'function'; decl: ts.FunctionDeclaration | ts.ArrowFunction | ts.FunctionExpression }
  | { kind: 'spinLock'; global: GlobalIr }
  | { kind: 'collection'; collection: CollectionIr }
  | { kind: 'program'; program: ProgramIr }
  | { kind: 'timer'; timer: TimerIr }
  | { kind: 'kernelVariable'; variable: KernelVariableIr }
  | { kind: 'component'; component: ComponentEntity }
  | { kind: 'error' };

/** A state of the front end: Frontend.mark(). */
interface Mark {
  diagnostics: number;
  failures: number;
  functions: number;
  instances: Map<string, FunctionIr>;
  names: ReadonlySet<string>;
  globals: number;
  structs: number;
  callbacks: [TimerFieldIr, number][];
}

export interface ComponentEntity {
  name: string;
  symbol: ts.Symbol;
  literal: ts.ObjectLiteralExpression;
}

/** State of one compilation's front end: symbols, what they stand for, and the module being made. */
export class Frontend {
  readonly bag = new DiagnosticBag();
  readonly checker: ts.TypeChecker;
  readonly entities = new Map<ts.Symbol, Entity>();
  readonly structs = new Map<ts.Symbol | ts.Node, StructDef>();
  readonly instances = new Map<string, FunctionIr>();
  readonly names = new NameTable();

  readonly macros: MacroIr[] = [];
  readonly globals: GlobalIr[] = [];
  readonly counters: CounterIr[] = [];
  readonly maps: MapIr[] = [];
  readonly collections: CollectionIr[] = [];
  readonly kernelVariables: KernelVariableIr[] = [];
  /** Structs that the program allocates. */
  readonly allocated = new Set<StructDef>();
  readonly functions: FunctionIr[] = [];
  readonly timerFields = new Map<string, TimerFieldIr>();
  /** Timers at module level. */
  readonly timers: TimerIr[] = [];
  readonly programs: ProgramIr[] = [];
  /** User structs in the order in which they were first needed (embedded ones first). */
  readonly structOrder: StructDef[] = [];
  scheduler: SchedulerIr | undefined;
  /** Components that the scheduler uses. */
  components: ComponentEntity[] = [];
  /** Name of the component whose file is being declared: its state goes under it. */
  componentPrefix: string | undefined;

  constructor(
    readonly loaded: LoadedProgram,
    readonly minKernel: string,
  ) {
    this.checker = loaded.checker;
  }

  /** Where the compilation stands, to go back to. */
  mark(): Mark {
    return {
      diagnostics: this.bag.mark(),
      failures: failureCount(),
      functions: this.functions.length,
      instances: new Map(this.instances),
      names: this.names.mark(),
      globals: this.globals.length,
      structs: this.structOrder.length,
      callbacks: [...this.timerFields.values()].map((f): [TimerFieldIr, number] => [
        f,
        f.callbacks.length,
      ]),
    };
  }

  /** Forgets functions that were compiled since, and what was said of them. Types and tables stay. */
  restore(mark: Mark): void {
    this.bag.restore(mark.diagnostics);
    forgetFailures(mark.failures);
    this.functions.length = mark.functions;
    this.instances.clear();
    for (const [key, fn] of mark.instances) this.instances.set(key, fn);
    this.names.restore(mark.names);
    for (const { name } of this.globals.slice(mark.globals)) this.names.reserve(name);
    for (const { name } of this.structOrder.slice(mark.structs)) this.names.reserve(name);
    const before = new Map(mark.callbacks);
    for (const field of this.timerFields.values()) field.callbacks.length = before.get(field) ?? 0;
  }

  prefixed(name: string): string {
    return this.componentPrefix ? `${this.componentPrefix}_${name}` : name;
  }

  private readonly states = new Map<string, string | undefined>();

  /** C name of state that userspace finds by its name, which nothing else may have then. */
  claimState(name: string, span: Span): string {
    const owner = this.componentPrefix;
    const claimed = this.names.claimState(name);
    const other = this.states.get(name);
    const side = (component: string | undefined): string =>
      component ? `component '${component}'` : 'the scheduler';
    if (this.states.has(name) ? owner !== other : owner !== undefined && claimed !== name)
      this.report(componentStateTaken(span, name, side(other), side(owner)));
    this.states.set(name, owner);
    return claimed;
  }

  /** Marks what is declared now as belonging to a component. */
  owned(): { component?: string } {
    return this.componentPrefix ? { component: this.componentPrefix } : {};
  }

  /** Path of a node's file, for messages. */
  nameOfFile(node: ts.Node): string {
    return relative('', node.getSourceFile().fileName);
  }

  /** Value of a constant that the language exports, where it is the same on every kernel. */
  constantValue(name: string): bigint | undefined {
    return constantByName(name)?.value;
  }

  report(diagnostic: Diagnostic): void {
    this.bag.add(diagnostic);
  }

  /** The symbol a name finally stands for, imports followed. */
  symbolOf(node: ts.Node): ts.Symbol | undefined {
    let symbol: ts.Symbol | undefined;
    if (ts.isShorthandPropertyAssignment(node.parent) && node.parent.name === node) {
      symbol = this.checker.getShorthandAssignmentValueSymbol(node.parent);
    } else {
      symbol = this.checker.getSymbolAtLocation(node);
    }
    return this.resolveAlias(symbol);
  }

  resolveAlias(symbol: ts.Symbol | undefined): ts.Symbol | undefined {
    return symbol && symbol.flags & ts.SymbolFlags.Alias
      ? this.checker.getAliasedSymbol(symbol)
      : symbol;
  }

  /** Name of a symbol that the language itself declares (dsl/), or undefined for anything else. */
  builtinName(symbol: ts.Symbol | undefined): string | undefined {
    const declaration = symbol?.declarations?.[0];
    if (!symbol || !declaration) return undefined;
    return this.isLanguageFile(declaration.getSourceFile()) ? symbol.name : undefined;
  }

  isLanguageFile(file: ts.SourceFile): boolean {
    return (
      file.fileName.startsWith(this.loaded.dslDir) ||
      // Kernel types that the author had made: codegen/kernel/generate/vmlinux.ts.
      (file.isDeclarationFile && file.text.startsWith('// Generated by `scxts types`'))
    );
  }

  /** The language's name of what a call calls: `counter` in `counter('x')`, and in `scxts.counter('x')`. */
  calledBuiltin(node: ts.Node | undefined): string | undefined {
    if (!node || !ts.isCallExpression(node)) return undefined;
    const { expression } = node;
    const named = ts.isPropertyAccessExpression(expression)
      ? this.isNamespace(expression.expression) && expression.name
      : ts.isIdentifier(expression) && expression;
    return named ? this.builtinName(this.symbolOf(named)) : undefined;
  }

  /** `scxts` of `import * as scxts from 'scxts'`. */
  private isNamespace(node: ts.Expression): boolean {
    const [declaration] = this.checker.getSymbolAtLocation(node)?.declarations ?? [];
    return declaration !== undefined && ts.isNamespaceImport(declaration);
  }
}

/** Types that type parameters stand for in one instance of a generic function. */
export type TypeEnv = ReadonlyMap<ts.Symbol, CType>;
