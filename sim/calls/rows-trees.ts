import type { Space } from '../engine/space.js';
import { E } from './maps/map.js';
import type { CallRow } from './types.js';

/** Words (u32) of a node's four u64: links, then what keeps the tree low and tells whose it is. */
const LEFT = 0;
const RIGHT = 1;
const PARENT = 2;
const PRIORITY = 3;
const OWNER = 4;
/** Of a root. */
const TOP = 0;

/**
 * bpf_rbtree_*: ordered trees of objects that programs own. A treap with priorities from the node's address: as low as a
 * red-black tree on average, of another shape, which only bpf_rbtree_root(), left() and right() show.
 */
class Tree {
  private readonly u32: Uint32Array;
  constructor(private readonly space: Space) {
    this.u32 = space.memory.u32;
  }
  private get(node: number, word: number): number {
    return this.u32[(node >>> 2) + word]!;
  }
  private set(node: number, word: number, value: number): void {
    this.u32[(node >>> 2) + word] = value;
  }
  private replace(root: number, parent: number, old: number, node: number): void {
    if (!parent) this.set(root, TOP, node);
    else this.set(parent, this.get(parent, LEFT) === old ? LEFT : RIGHT, node);
    if (node) this.set(node, PARENT, parent);
  }
  /** Turns a node above its parent. */
  private rise(root: number, node: number): void {
    const parent = this.get(node, PARENT);
    const side = this.get(parent, LEFT) === node ? LEFT : RIGHT;
    const other = side === LEFT ? RIGHT : LEFT;
    const inner = this.get(node, other);
    this.replace(root, this.get(parent, PARENT), parent, node);
    this.set(parent, side, inner);
    if (inner) this.set(inner, PARENT, parent);
    this.set(node, other, parent);
    this.set(parent, PARENT, node);
  }

  add(root: number, node: number, less: number): number {
    if (this.get(node, OWNER)) {
      this.space.objects.release(node);
      return E.INVAL;
    }
    this.set(node, LEFT, 0);
    this.set(node, RIGHT, 0);
    this.set(node, OWNER, root);
    this.set(node, PRIORITY, Math.imul(node ^ 0x9e37_79b9, 0x85eb_ca6b) >>> 0);
    let parent = 0;
    let side = TOP;
    for (let at = this.get(root, TOP); at; at = this.get(at, side)) {
      parent = at;
      side = this.space.invoke(less, node, at, 0, 0, 0) & 1 ? LEFT : RIGHT;
    }
    if (!parent) this.set(root, TOP, node);
    else this.set(parent, side, node);
    this.set(node, PARENT, parent);
    for (let p = parent; p && this.get(p, PRIORITY) < this.get(node, PRIORITY);) {
      this.rise(root, node);
      p = this.get(node, PARENT);
    }
    return 0;
  }
  remove(root: number, node: number): number {
    if (this.get(node, OWNER) !== root) return 0;
    for (;;) {
      const [left, right] = [this.get(node, LEFT), this.get(node, RIGHT)];
      if (!left || !right) {
        this.replace(root, this.get(node, PARENT), node, left || right);
        break;
      }
      this.rise(root, this.get(left, PRIORITY) > this.get(right, PRIORITY) ? left : right);
    }
    for (const word of [LEFT, RIGHT, PARENT, PRIORITY, OWNER]) this.set(node, word, 0);
    return node;
  }
  first(root: number): number {
    let at = this.get(root, TOP);
    while (at && this.get(at, LEFT)) at = this.get(at, LEFT);
    return at;
  }
  child(root: number, node: number, word: number): number {
    return this.get(node, OWNER) === root ? this.get(node, word) : 0;
  }
  top(root: number): number {
    return this.get(root, TOP);
  }
}

export function treeCalls(space: Space): CallRow[] {
  const tree = new Tree(space);
  const add = (root?: number, node?: number, less?: number): number =>
    tree.add(root! >>> 0, node! >>> 0, less!);
  return [
    ...['bpf_rbtree_add', 'bpf_rbtree_add_impl'].flatMap((name) => [
      { name, signature: 'ppp:i', run: add },
      { name, signature: 'ppppl:i', run: add },
    ]),
    { name: 'bpf_rbtree_first', signature: 'p:p', run: (r) => tree.first(r! >>> 0) },
    { name: 'bpf_rbtree_root', signature: 'p:p', run: (r) => tree.top(r! >>> 0) },
    {
      name: 'bpf_rbtree_remove',
      signature: 'pp:p',
      run: (r, n) => tree.remove(r! >>> 0, n! >>> 0),
    },
    {
      name: 'bpf_rbtree_left',
      signature: 'pp:p',
      run: (r, n) => tree.child(r! >>> 0, n! >>> 0, LEFT),
    },
    {
      name: 'bpf_rbtree_right',
      signature: 'pp:p',
      run: (r, n) => tree.child(r! >>> 0, n! >>> 0, RIGHT),
    },
  ];
}
