import { acquiredBy } from '../kernel/releases.js';
import { kernelFunction } from '../kernel/index.js';
import type { FunctionIr } from './module.js';
import type { Expr, Stmt } from './nodes.js';
import { effectsOf, type Effects } from './operations.js';

const NONE: Effects = {};

/** What a node itself does, its operands not counted. Calls of the program's functions do what their bodies do. */
export function effectsOfNode(node: Expr | Stmt): Effects {
  switch (node.kind) {
    case 'op':
      return effectsOf(node.op);
    case 'call':
      return node.callee.kind === 'kernel' ? effectsOfKernel(node.callee.name) : NONE;
    case 'assign':
      // Text out of the kernel is copied by a helper.
      return node.target.type.kind === 'chars' || node.target.type.kind === 'array'
        ? { ...(node.value.type.kind === 'chars' ? { call: 'copying text' } : {}) }
        : NONE;
    case 'iterate':
      return { call: 'a kernel iterator (range(), each)' };
    default:
      return NONE;
  }
}

/** What a function of the kernel does, by its name in the language. */
export function effectsOfKernel(name: string): Effects {
  const fn = kernelFunction(name);
  if (!fn) return NONE;
  const acquires = acquiredBy(fn);
  return {
    // What the kernel's headers define is arithmetic.
    ...(fn.kind === 'inline' ? {} : { call: `${name}()` }),
    ...(fn.sleepable ? { sleeps: true } : {}),
    ...(acquires ? { acquires } : {}),
  };
}

/** The function of the program that a node runs before it ends. */
export function runs(node: Expr | Stmt): FunctionIr | undefined {
  if (node.kind === 'call') return node.callee.kind === 'function' ? node.callee.fn : undefined;
  if (node.kind !== 'op') return undefined;
  const { callsBack } = effectsOf(node.op);
  return callsBack?.when === 'now' ? callsBack.fn : undefined;
}
