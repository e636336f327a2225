import type { SpinLock } from './types.js';
import type { bpf_cpumask, cgroup, cpumask, task_struct } from './vmlinux.js';

export declare function spinLock(): SpinLock;
/** A doubly linked list of objects from alloc(); all operations while its lock is held. */
export interface List<T extends object> {
  /** Moves an owned object in: its name ends here. */
  pushFront(item: T): void;
  pushBack(item: T): void;
  /** Takes an object out, owned; null if the list is empty. */
  popFront(): (T & Disposable) | null;
  popBack(): (T & Disposable) | null;
}
/** A red-black tree of objects from alloc(); all operations while its lock is held. */
export interface RbTree<T extends object> {
  /** Moves an owned object in: its name ends here. `less` is for trees in values; the others are declared with theirs. */
  add(item: T, less?: (a: T, b: T) => boolean): void;
  /** The least object, which stays in the tree; null if it is empty. */
  first(): T | null;
  /** Takes an object out that first() gave, owned. */
  remove(item: T): (T & Disposable) | null;
}
/**
 * The link may be a field of type ListNode, `interface Item extends ListNode`, or left to scxts, which then
 * puts it in front. The lock is the one named, or the one that is held where the list is used.
 */
export declare function list<T extends object>(lock?: SpinLock): List<T>;
/** `less(a, b)`: whether a comes before b; it may only look at the two. Link and lock as for list(). */
export declare function rbTree<T extends object>(
  less: (a: T, b: T) => boolean,
  lock?: SpinLock,
): RbTree<T>;
/**
 * A new object of a struct of the program, zeroed, owned: bind it with `using`, or move it on every path;
 * null without memory. bpf_obj_new() in kernel/bpf/helpers.c.
 */
export declare function alloc<T extends object>(): (T & Disposable) | null;
/** Moves an owned object (or null) into a kptr and gives the old one, owned. */
export declare function kptrXchg<T>(place: T | null, value: T | null): (T & Disposable) | null;

/**
 * Gives an owned object back where its name is not bound with `using`, which does so by itself. Null is let
 * through. The name ends here.
 */
export declare function bpf_task_release(task: task_struct | null): void;
export declare function bpf_cgroup_release(cgrp: cgroup | null): void;
export declare function bpf_cpumask_release(mask: bpf_cpumask | null): void;
export declare function scx_bpf_put_cpumask(mask: cpumask): void;
export declare function scx_bpf_put_idle_cpumask(mask: cpumask): void;
/** Frees an owned object from alloc(). */
export declare function bpf_obj_drop(object: object | null): void;
