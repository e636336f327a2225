import type { ts } from 'ts-morph';
import type { Expr } from '../../ir/nodes.js';
import type { CType } from '../../ir/types.js';
import { RELEASES } from '../../kernel/releases.js';
import type { FunctionScope } from '../scope.js';
import { lowerCurrentComm, lowerCurrentIds } from './current-task.js';
import { lowerAtomic } from './atomics.js';
import { lowerExists } from './exists-call.js';
import { lowerOptional } from './optional.js';
import { lowerFormat } from './formats.js';
import { lowerAlloc } from './collections.js';
import { ORDERED } from './ordered.js';
import { lowerKptrXchg, lowerRelease } from './kernel-objects.js';
import { lowerCopy, lowerReenqueueLocal, lowerSeqWrite, lowerZeroed } from './misc.js';
import { lowerClamp } from './math.js';
import { lowerCopyString, lowerEndsWith, lowerStartsWith, lowerStreq } from './strings.js';

export type BuiltinCall = (fx: FunctionScope, node: ts.CallExpression, expected?: CType) => Expr;

/** Functions of the language that are not calls of the kernel, and those with a syntax of their own. */
export const BUILTIN_CALLS: ReadonlyMap<string, BuiltinCall> = new Map<string, BuiltinCall>([
  ['exists', lowerExists],
  ['optional', lowerOptional],
  ['streq', lowerStreq],
  ['startsWith', lowerStartsWith],
  ['endsWith', lowerEndsWith],
  ['copyString', lowerCopyString],
  ['bpf_get_current_comm', lowerCurrentComm],
  ['bpf_get_current_uid_gid', lowerCurrentIds],
  ['scx_bpf_reenqueue_local', lowerReenqueueLocal],
  ['zeroed', lowerZeroed],
  ['copy', lowerCopy],
  ['clamp', lowerClamp],
  ['kptrXchg', lowerKptrXchg],
  ['alloc', lowerAlloc],
  ...[...RELEASES.keys()].map((name): [string, BuiltinCall] => [name, lowerRelease]),
  ['bpf_obj_drop', lowerRelease],
  ['scx_bpf_error', lowerFormat],
  ['scx_bpf_exit', lowerFormat],
  ['scx_bpf_dump', lowerFormat],
  ['bpf_seq_printf', lowerFormat],
  ['bpf_seq_write', lowerSeqWrite],
  ['bpf_printk', lowerFormat],
  ['atomicAdd', lowerAtomic],
  ['atomicSub', lowerAtomic],
  ['atomicAnd', lowerAtomic],
  ['atomicOr', lowerAtomic],
  ['atomicXor', lowerAtomic],
  ['atomicXchg', lowerAtomic],
  ['atomicCas', lowerAtomic],
  ...ORDERED,
]);
