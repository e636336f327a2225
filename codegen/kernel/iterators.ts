/** A walk over kernel objects by bpf_iter_NAME_new(), _next() and _destroy(). */
export interface KernelWalk {
  /** Size of its iterator in words: it is opaque to programs. */
  words: number;
  /** The struct of its items. */
  item: string;
  /** The parameters of bpf_iter_NAME_new() after the iterator. */
  params: string;
}

/** All of them need RCU (KF_RCU_PROTECTED), that of queues since 6.18: kernel/sched/ext.c. */
export const KERNEL_WALKS: Readonly<Record<'scx_dsq' | 'css' | 'task', KernelWalk>> = {
  scx_dsq: { words: 6, item: 'task_struct', params: 'u64 dsq_id, u64 flags' },
  css: {
    words: 3,
    item: 'cgroup_subsys_state',
    params: 'struct cgroup_subsys_state *start, unsigned int flags',
  },
  task: {
    words: 3,
    item: 'task_struct',
    params: 'struct task_struct *task, unsigned int flags',
  },
};

export type WalkKind = keyof typeof KERNEL_WALKS;

export function isKernelWalk(kind: string): kind is WalkKind {
  return Object.hasOwn(KERNEL_WALKS, kind);
}
