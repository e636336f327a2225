import type { Expr } from '../../ir/nodes.js';

/** What a condition asks, so that the same question is known again; `negated`: it asks for the opposite. */
export interface Fact {
  key: string;
  negated: boolean;
}

const OPPOSITE: Readonly<Record<string, string>> = { '!=': '==', '>=': '<', '>': '<=' };

/**
 * The question of a condition. Undefined where its answer is not known again (it calls something); 'unsure' where it hangs on a
 * variable that changes, and so on the way that led here.
 */
export function factOf(test: Expr): Fact | 'unsure' | undefined {
  if (test.kind === 'binary' && Object.hasOwn(OPPOSITE, test.op)) {
    const inner = keyOf({ ...test, op: OPPOSITE[test.op] as typeof test.op });
    return typeof inner === 'object' ? { key: inner.text, negated: true } : inner;
  }
  const key = keyOf(test);
  return typeof key === 'object' ? { key: key.text, negated: false } : key;
}

function keyOf(expr: Expr): { text: string } | 'unsure' | undefined {
  const joined = (head: string, ...parts: Expr[]): ReturnType<typeof keyOf> => {
    const keys = parts.map(keyOf);
    if (keys.includes('unsure')) return 'unsure';
    const texts = keys.map((k) => (typeof k === 'object' ? k.text : undefined));
    return texts.includes(undefined) ? undefined : { text: `${head}(${texts.join(',')})` };
  };
  switch (expr.kind) {
    case 'const':
      return { text: expr.value.toString() };
    case 'null':
      return { text: 'null' };
    case 'var':
      return expr.local.assigned ? 'unsure' : { text: `var ${expr.local.name}` };
    case 'global':
      return { text: `global ${expr.global.name}` };
    case 'constant':
      return { text: expr.constant.name };
    case 'enum':
      return { text: expr.name };
    case 'exists':
      return {
        text: `exists ${JSON.stringify('name' in expr.what ? expr.what.name : expr.span.start)}`,
      };
    case 'member':
      return joined(`.${expr.field}`, expr.base);
    case 'index':
      return joined('[]', expr.base, expr.index);
    case 'deref':
      return joined('*', expr.pointer);
    case 'convert':
    case 'cast':
      return joined('', expr.value);
    case 'unary':
      return joined(expr.op, expr.operand);
    case 'binary':
      return joined(expr.op, expr.left, expr.right);
    default:
      return dependsOnChange(expr) ? 'unsure' : undefined;
  }
}

function dependsOnChange(expr: Expr): boolean {
  return (
    expr.kind === 'block' ||
    expr.kind === 'record' ||
    // A function of the program may have seen to the task.
    (expr.kind === 'call' && expr.callee.kind === 'function')
  );
}

/** Where a pointer that may be null is asked for: the outcome that says it is. */
export function mayBeNull(test: Expr): boolean | undefined {
  if (test.kind === 'convert') return mayBeNull(test.value);
  if (test.type.kind === 'ptr') return false;
  if (test.kind !== 'binary' || (test.op !== '==' && test.op !== '!=')) return undefined;
  const isNull = test.left.kind === 'null' || test.right.kind === 'null';
  const isPointer = test.left.type.kind === 'ptr' || test.right.type.kind === 'ptr';
  return isNull && isPointer ? test.op === '==' : undefined;
}
