import type { CollectionIr, FunctionIr } from '../module.js';
import type { CollectionMethod } from '../operations.js';
import { Fault } from './memory.js';
import type { Machine } from './machine.js';

/** The objects of a list or tree, in order. */
export class CollectionState {
  private readonly items: bigint[] = [];

  constructor(
    private readonly m: Machine,
    private readonly of: CollectionIr,
  ) {}

  /** `by` is what objects are ordered by: of a member of a value not the list or tree itself. */
  do(method: CollectionMethod, item: bigint | undefined, by: CollectionIr = this.of): bigint {
    switch (method) {
      case 'push_front':
        this.items.unshift(this.given(item));
        return 0n;
      case 'push_back':
        this.items.push(this.given(item));
        return 0n;
      case 'pop_front':
        return this.items.shift() ?? 0n;
      case 'pop_back':
        return this.items.pop() ?? 0n;
      case 'first':
        return this.items[0] ?? 0n;
      case 'add':
        this.insert(this.given(item), by);
        return 0n;
      case 'remove': {
        const at = this.items.indexOf(this.given(item));
        return at < 0 ? 0n : this.items.splice(at, 1)[0]!;
      }
    }
  }

  private given(item: bigint | undefined): bigint {
    if (!item) throw new Fault(`null goes into '${this.of.tsName}'`);
    return item;
  }

  /** Behind all that are not greater. */
  private insert(item: bigint, by: CollectionIr): void {
    const { items, m } = this;
    const less: FunctionIr | undefined = m.module.functions.find(
      (fn) => fn.role?.kind === 'less' && fn.role.collection === by,
    );
    if (!less) throw new Error(`'${this.of.tsName}' has no order`);
    const at = items.findIndex((other) => m.call(less, [item, other]) !== 0n);
    items.splice(at < 0 ? items.length : at, 0, item);
  }
}
