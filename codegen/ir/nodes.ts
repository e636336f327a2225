import type { FunctionIr, GlobalIr, KernelVariableIr, MacroIr } from './module.js';
import type { Op } from './operations.js';
import type { Release } from './releases.js';
import type { Span } from './span.js';
import type { CType, StructDef } from './types.js';

/** What a call reaches: a function of the program, or one of the kernel by its name in the language. */
export type Callee = { kind: 'function'; fn: FunctionIr } | { kind: 'kernel'; name: string };

interface Base {
  type: CType;
  span: Span;
  /** How what the expression acquires is given back; `using` does so at the end of its block. */
  release?: Release;
  /** Local whose object this expression takes over: the name must not be used after it. */
  moves?: Local;
}

export type Expr =
  /** A number; `name` is the macro that stands for it in C, and `named` the type that it has there. */
  | (Base & { kind: 'const'; value: bigint; name?: string; named?: CType })
  | (Base & { kind: 'string'; value: string })
  | (Base & { kind: 'null' })
  | (Base & { kind: 'error' })
  /** A variable of the function, or a parameter. */
  | (Base & { kind: 'var'; local: Local })
  | (Base & { kind: 'global'; global: GlobalIr })
  /** A constant of the module whose value only the running kernel knows. */
  | (Base & { kind: 'constant'; constant: MacroIr })
  | (Base & { kind: 'unary'; op: '-' | '~' | '!'; operand: Expr })
  | (Base & { kind: 'binary'; op: BinaryOp; left: Expr; right: Expr })
  | (Base & { kind: 'logical'; op: '&&' | '||'; left: Expr; right: Expr })
  | (Base & { kind: 'cond'; test: Expr; then: Expr; else: Expr })
  /** GNU `a ?: b`. */
  | (Base & { kind: 'elvis'; left: Expr; right: Expr })
  | (Base & { kind: 'assign'; op: string; target: Expr; value: Expr })
  | (Base & { kind: 'step'; op: '++' | '--'; prefix: boolean; target: Expr })
  | (Base & { kind: 'call'; callee: Callee; args: Expr[] })
  | (Base & { kind: 'member'; base: Expr; field: string })
  | (Base & { kind: 'index'; base: Expr; index: Expr })
  | (Base & { kind: 'deref'; pointer: Expr })
  | (Base & { kind: 'addr'; of: Expr })
  /** A conversion that the author wrote, or a reference seen as another. */
  | (Base & { kind: 'cast'; value: Expr })
  /** An integer made one of the type that is wanted here: conversions.ts. */
  | (Base & { kind: 'convert'; value: Expr })
  /** A compound literal, `(struct x){ .a = 1 }`, or an array's initialiser. */
  | (Base & { kind: 'init'; fields: { name: string | undefined; value: Expr }[] })
  /** A new object that holds a value, as a reference to it: `placeObjects()` gives it its storage. */
  | (Base & { kind: 'object'; value: Expr })
  /** GNU `({ ...; result; })`. */
  | (Base & { kind: 'block'; body: Stmt[]; result: Expr })
  /** An enum value that CO-RE fills in for the running kernel. */
  | (Base & { kind: 'enum'; enumName: string; name: string })
  | (Base & { kind: 'exists'; what: ExistsTarget })
  /** What no operator stands for: operations.ts. */
  | (Base & { kind: 'op'; op: Op; args: Expr[] })
  /** Values by name, only as the operand of a destructuring or a property access. */
  | (Base & { kind: 'record'; setup: Stmt[]; values: Map<string, Expr> });

/** The loops that the kernel counts or walks for a program. */
export type IteratorKind = 'range' | 'scx_dsq' | 'css' | 'task' | 'cpu';

export type BinaryOp =
  | '+'
  | '-'
  | '*'
  | '/'
  | '%'
  | '&'
  | '|'
  | '^'
  | '<<'
  | '>>'
  | '=='
  | '!='
  | '<'
  | '<='
  | '>'
  | '>=';

export type ExistsTarget =
  | { kind: 'ksym'; name: string }
  | { kind: 'field'; access: Expr }
  | { kind: 'enum'; enumName: string; name: string }
  | { kind: 'type'; struct: StructDef }
  | { kind: 'variable'; variable: KernelVariableIr };

/** A local variable of a function. Names are unique in it. */
export interface Local {
  name: string;
  type: CType;
  span: Span;
  /** What is done on every way out of its scope: it was bound with `using`. */
  cleanup?: Release;
  assigned: boolean;
  /** Holds an object that it must give on or give back; without `using`, every path has to do so itself. */
  owns?: Release;
  /** A parameter that is an array: C has the pointer to it, which keeps its length. */
  byPointer?: boolean;
  /**
   * Of an integer that TypeScript lets be undefined, which is 0 in C: a parameter that the calls of this instance
   * leave out or give, or the local that says whether `const n = a?.n` has found one.
   */
  presence?: 'absent' | 'given' | Local;
  /** Unsigned in C, but below 2^31: it compares with signed values. */
  small?: boolean;
  /** Signed in C, but never negative: comparisons with unsigned values are exact. */
  nonNegative?: boolean;
}

export type Stmt =
  | { kind: 'decl'; local: Local; init?: Expr; span: Span }
  | { kind: 'expr'; expr: Expr; span: Span }
  | { kind: 'if'; test: Expr; then: Stmt; else?: Stmt; span: Span }
  | {
      kind: 'for';
      init?: Stmt;
      test?: Expr;
      step?: Expr;
      body: Stmt;
      guard: LoopGuard;
      labels: LoopLabels;
      span: Span;
    }
  | { kind: 'while'; test: Expr; body: Stmt; guard: LoopGuard; labels: LoopLabels; span: Span }
  | { kind: 'do'; test: Expr; body: Stmt; guard: LoopGuard; labels: LoopLabels; span: Span }
  /** range(from, to) and the kernel's other open-coded iterators. */
  | {
      kind: 'iterate';
      iterator: IteratorKind;
      args: Expr[];
      local: Local;
      body: Stmt;
      labels: LoopLabels;
      span: Span;
    }
  | {
      kind: 'switch';
      value: Expr;
      cases: { tests: (Expr | 'default')[]; body: Stmt[] }[];
      labels: LoopLabels;
      span: Span;
    }
  | { kind: 'break'; label?: string; span: Span }
  | { kind: 'continue'; label?: string; span: Span }
  | { kind: 'return'; value?: Expr; span: Span }
  | { kind: 'block'; body: Stmt[]; span: Span }
  /** Statements of the surrounding block: not a scope of their own. */
  | { kind: 'seq'; body: Stmt[]; span: Span };

/** 'none': the verifier can walk it as it is. 'can_loop': bounded by the may_goto instruction. */
export type LoopGuard = 'none' | 'can_loop';

/** C labels that labelled jumps to this loop use; set when something jumps there. */
export interface LoopLabels {
  breakLabel?: string;
  continueLabel?: string;
}
