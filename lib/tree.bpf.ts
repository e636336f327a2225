// A red-black tree in an arena. Nodes are entries of one arena; a tree is where its root is kept: a global, an entry, a map value.
import { type ArenaPtr, type bool, type u64, u8 } from 'scxts';

/** A node: an entry of your own `arena<TreeNode>(n)`. Of equal keys the one that was put in first comes first. */
export interface TreeNode {
  key: u64;
  /** The author's: an index, a pid, a time. */
  value: u64;
  parent: ArenaPtr<TreeNode> | null;
  left: ArenaPtr<TreeNode> | null;
  right: ArenaPtr<TreeNode> | null;
  red: u8;
}

export interface Tree {
  root: ArenaPtr<TreeNode> | null;
}

/** Levels of a tree of 2^24 nodes. */
const DEEPEST = 48;

/** Puts `to` where `from` is below its parent. */
function replaceChild(tree: Tree, from: TreeNode, to: TreeNode | null): void {
  const up = from.parent;
  if (!up) tree.root = to;
  else if (up.left === from) up.left = to;
  else up.right = to;
  if (to) to.parent = up;
}

function rotateLeft(tree: Tree, node: TreeNode): void {
  const up = node.right;
  if (!up) return;
  replaceChild(tree, node, up);
  const middle = up.left;
  node.right = middle;
  if (middle) middle.parent = node;
  up.left = node;
  node.parent = up;
}

function rotateRight(tree: Tree, node: TreeNode): void {
  const up = node.left;
  if (!up) return;
  replaceChild(tree, node, up);
  const middle = up.right;
  node.left = middle;
  if (middle) middle.parent = node;
  up.right = node;
  node.parent = up;
}

function isRed(node: TreeNode | null): bool {
  return node ? node.red !== 0 : false;
}

/** Puts a node in; its key says where. Hold a lock of your own. */
export function treeInsert(tree: Tree, node: TreeNode): void {
  node.left = null;
  node.right = null;
  node.parent = null;
  let at = tree.root;
  if (!at) {
    node.red = 0;
    tree.root = node;
    return;
  }
  for (let depth = 0; depth < DEEPEST && at; depth++) {
    const below: TreeNode | null = node.key < at.key ? at.left : at.right;
    if (!below) {
      node.parent = at;
      if (node.key < at.key) at.left = node;
      else at.right = node;
      break;
    }
    at = below;
  }
  node.red = 1;
  let red = node;
  for (let depth = 0; depth < DEEPEST; depth++) {
    const up = red.parent;
    if (!up || up.red === 0) break;
    const grand = up.parent;
    if (!grand) break;
    const isLeft = grand.left === up;
    const uncle = isLeft ? grand.right : grand.left;
    if (uncle && uncle.red !== 0) {
      up.red = 0;
      uncle.red = 0;
      grand.red = 1;
      red = grand;
      continue;
    }
    if (isLeft) {
      if (up.right === red) {
        rotateLeft(tree, up);
        red = up;
      }
      const top = red.parent;
      if (top) top.red = 0;
      grand.red = 1;
      rotateRight(tree, grand);
    } else {
      if (up.left === red) {
        rotateRight(tree, up);
        red = up;
      }
      const top = red.parent;
      if (top) top.red = 0;
      grand.red = 1;
      rotateLeft(tree, grand);
    }
    break;
  }
  const root = tree.root;
  if (root) root.red = 0;
}

/** The node with the least key; null in an empty tree. */
export function treeFirst(tree: Tree): TreeNode | null {
  let at = tree.root;
  for (let depth = 0; depth < DEEPEST; depth++) {
    const left: TreeNode | null = at ? at.left : null;
    if (!left) break;
    at = left;
  }
  return at;
}

/** The node behind another in the order of the keys; null behind the last. */
export function treeNext(node: TreeNode): TreeNode | null {
  let at = node.right;
  if (at) {
    for (let depth = 0; depth < DEEPEST; depth++) {
      const left: TreeNode | null = at ? at.left : null;
      if (!left) break;
      at = left;
    }
    return at;
  }
  let below: TreeNode = node;
  let up = node.parent;
  for (let depth = 0; depth < DEEPEST && up; depth++) {
    if (up.right !== below) break;
    below = up;
    up = up.parent;
  }
  return up;
}

/** A node with this key; null if there is none. */
export function treeFind(tree: Tree, key: u64): TreeNode | null {
  let at = tree.root;
  for (let depth = 0; depth < DEEPEST && at; depth++) {
    if (at.key === key) return at;
    at = key < at.key ? at.left : at.right;
  }
  return null;
}

/** Takes a node out, which is in the tree. Hold a lock of your own. */
export function treeRemove(tree: Tree, node: TreeNode): void {
  // What takes its place, whose child moves up, and who is above that then.
  let child: TreeNode | null = null;
  let up: TreeNode | null = null;
  let wasRed = node.red;
  const left = node.left;
  const right = node.right;
  if (!left || !right) {
    child = left ?? right;
    up = node.parent;
    replaceChild(tree, node, child);
  } else {
    let next: TreeNode = right;
    for (let depth = 0; depth < DEEPEST; depth++) {
      const below: TreeNode | null = next.left;
      if (!below) break;
      next = below;
    }
    wasRed = next.red;
    child = next.right;
    if (next === right) up = next;
    else {
      up = next.parent;
      replaceChild(tree, next, child);
      next.right = right;
      right.parent = next;
    }
    replaceChild(tree, node, next);
    next.left = left;
    left.parent = next;
    next.red = node.red;
  }
  if (wasRed === 0) balance(tree, child, up);
  node.parent = null;
  node.left = null;
  node.right = null;
}

/** Below `above` a black node is missing on the way to `child`. */
function balance(tree: Tree, child: TreeNode | null, above: TreeNode | null): void {
  let at: TreeNode | null = child;
  let up: TreeNode | null = above;
  for (let depth = 0; depth < DEEPEST; depth++) {
    if (!up || isRed(at)) break;
    const isLeft = up.left === at;
    let other: TreeNode | null = isLeft ? up.right : up.left;
    if (isRed(other) && other) {
      other.red = 0;
      up.red = 1;
      if (isLeft) rotateLeft(tree, up);
      else rotateRight(tree, up);
      other = isLeft ? up.right : up.left;
    }
    if (!other) break;
    if (!isRed(other.left) && !isRed(other.right)) {
      other.red = 1;
      at = up;
      up = up.parent;
      continue;
    }
    if (isLeft) {
      if (!isRed(other.right)) {
        const near = other.left;
        if (near) near.red = 0;
        other.red = 1;
        rotateRight(tree, other);
        other = up.right;
      }
      if (other) {
        other.red = up.red;
        const far = other.right;
        if (far) far.red = 0;
      }
      up.red = 0;
      rotateLeft(tree, up);
    } else {
      if (!isRed(other.left)) {
        const near = other.right;
        if (near) near.red = 0;
        other.red = 1;
        rotateLeft(tree, other);
        other = up.left;
      }
      if (other) {
        other.red = up.red;
        const far = other.left;
        if (far) far.red = 0;
      }
      up.red = 0;
      rotateRight(tree, up);
    }
    at = null;
    break;
  }
  if (at) at.red = 0;
}
