import type { ts } from 'ts-morph';
import type { Expr } from '../ir/nodes.js';
import type { IntType } from '../ir/types.js';
import { literalsIn } from './convert.js';

interface Let {
  type: IntType;
  /** Types of the values that are assigned to it. */
  assigned: IntType[];
  least: bigint;
  most: bigint;
}

/**
 * The variables of a function whose type nothing states: `let x = 0`. A function is compiled again where one turns out
 * to be assigned more than the type holds that it was compiled with.
 */
export class Lets {
  private readonly found = new Map<ts.VariableDeclaration, Let>();

  constructor(private readonly settled: ReadonlyMap<ts.VariableDeclaration, IntType>) {}

  /** The type to compile with: what has been found before, or a guess. */
  declare(node: ts.VariableDeclaration, guess: IntType, initial: bigint): IntType {
    const type = this.settled.get(node) ?? guess;
    this.found.set(node, { type, assigned: [], least: initial, most: initial });
    return type;
  }

  /** Notes what is assigned, before it is converted. */
  assign(node: ts.VariableDeclaration | undefined, values: readonly Expr[]): void {
    const one = node && this.found.get(node);
    if (!one) return;
    for (const value of values) {
      if (value.type.kind === 'int' && !value.type.open) one.assigned.push(value.type);
      if (value.kind !== 'const' && value.type.kind !== 'untyped') continue;
      for (const literal of literalsIn(value)) {
        if (literal < one.least) one.least = literal;
        if (literal > one.most) one.most = literal;
      }
    }
  }

  /** Those that need another type than they were compiled with; undefined is one that there is not. */
  wider(
    join: (types: IntType[], least: bigint, most: bigint) => IntType | undefined,
  ): Map<ts.VariableDeclaration, IntType | undefined> {
    const more = new Map<ts.VariableDeclaration, IntType | undefined>();
    for (const [node, { type, assigned, least, most }] of this.found) {
      const all = type.open ? assigned : [type, ...assigned];
      const joined = join(all, least, most);
      if (joined?.bits !== type.bits || joined.signed !== type.signed) more.set(node, joined);
    }
    return more;
  }
}
