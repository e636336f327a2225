import type { CType, StructDef } from './types.js';
import type { Span } from './span.js';
import type { FunctionIr } from './module.js';

/** What a call reaches, so that checks can reason about it without looking at names. */
export type Callee =
  | { kind: 'function'; fn: FunctionIr }
  /** A kernel function by its DSL name; `c` is the C function or wrapper that is called. */
  | { kind: 'kernel'; name: string; c: string }
  /** A helper of the generated prelude or of a map. */
  | { kind: 'support'; c: string };

interface Base {
  type: CType;
  span: Span;
  /** C function that releases what the expression acquires; `using` calls it with the variable's address. */
  release?: string;
  /** Local whose object this expression takes over: the name must not be used after it. */
  moves?: Local;
}

export type Expr =
  /** A number; `name` is the macro that stands for it in C. */
  | (Base & { kind: 'const'; value: bigint; name?: string })
  | (Base & { kind: 'string'; value: string })
  | (Base & { kind: 'null' })
  | (Base & { kind: 'error' })
  /** A C identifier: local, parameter, global, macro. */
  /** `readonly`: const in C, a table or what is set before load. */
  | (Base & { kind: 'var'; name: string; local?: Local; readonly?: true })
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
  | (Base & { kind: 'cast'; value: Expr })
  /** A compound literal, `(struct x){ .a = 1 }`, or an array's initialiser. */
  | (Base & { kind: 'init'; fields: { name: string | undefined; value: Expr }[] })
  /** GNU `({ ...; result; })`. */
  | (Base & { kind: 'block'; body: Stmt[]; result: Expr })
  /** An enum value that CO-RE fills in for the running kernel. */
  | (Base & { kind: 'enum'; enumName: string; name: string })
  | (Base & { kind: 'exists'; what: ExistsTarget })
  /** C text for what has no structure worth keeping, with operands in place of $0, $1... */
  | (Base & { kind: 'template'; c: string; args: Expr[] })
  /** Values by name, only as the operand of a destructuring or a property access. */
  | (Base & { kind: 'record'; setup: Stmt[]; values: Map<string, Expr> });

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
  | { kind: 'type'; struct: StructDef };

/** A local variable of a function. Names are unique in it. */
export interface Local {
  name: string;
  type: CType;
  span: Span;
  /** Function called with the variable's address on every way out of its scope. */
  cleanup?: string;
  assigned: boolean;
  /** Holds an object that it must give on or give back; without `using`, every path has to do so itself. */
  owns?: string;
  /** A parameter that is an array: C has the pointer to it, which keeps its length. */
  byPointer?: boolean;
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
  /** `bpf_for(i, from, to)` and the kernel's other open-coded iterators. */
  | {
      kind: 'iterate';
      head: string;
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
