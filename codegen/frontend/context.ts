import { ts } from 'ts-morph';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { DiagnosticBag } from '../diagnostics/diagnostic.js';
import type { Expr } from '../ir/nodes.js';
import type {
  CollectionIr,
  CounterIr,
  FunctionIr,
  GlobalIr,
  MacroIr,
  MapIr,
  ProgramIr,
  SchedulerIr,
  TimerFieldIr,
} from '../ir/module.js';
import type { CType, StructDef } from '../ir/types.js';
import { constantByName } from '../kernel/index.js';
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
  | { kind: 'timer'; map: MapIr; callback: ts.Node; fn?: FunctionIr }
  | { kind: 'component'; component: ComponentEntity }
  | { kind: 'error' };

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
  /** Structs that the program allocates. */
  readonly allocated = new Set<StructDef>();
  readonly functions: FunctionIr[] = [];
  readonly timerFields = new Map<string, TimerFieldIr>();
  readonly programs: ProgramIr[] = [];
  /** User structs in the order in which they were first needed (embedded ones first). */
  readonly structOrder: StructDef[] = [];
  scheduler: SchedulerIr | undefined;
  /** Name of the component whose file is being declared: its state goes under it. */
  componentPrefix: string | undefined;

  constructor(
    readonly loaded: LoadedProgram,
    readonly minKernel: string,
  ) {
    this.checker = loaded.checker;
  }

  prefixed(name: string): string {
    return this.componentPrefix ? `${this.componentPrefix}_${name}` : name;
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
    return file.fileName.startsWith(this.loaded.dslDir);
  }

  /** The language's name of what a call calls: `counter` in `counter('x')`. */
  calledBuiltin(node: ts.Node | undefined): string | undefined {
    if (!node || !ts.isCallExpression(node) || !ts.isIdentifier(node.expression)) return undefined;
    return this.builtinName(this.symbolOf(node.expression));
  }
}

/** Types that type parameters stand for in one instance of a generic function. */
export type TypeEnv = ReadonlyMap<ts.Symbol, CType>;
