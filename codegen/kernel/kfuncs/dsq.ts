import { define } from './define.js';
import { ANY_BUT_KPROBE, OPS_AND_SYSCALL, OPS_ONLY } from './programs.js';

const programs = ANY_BUT_KPROBE;
const INSERT = { groups: 'enqueue', programs: OPS_ONLY };
const MOVE = { groups: 'dispatch unlocked', programs: OPS_AND_SYSCALL };

/** Dispatch queues: kernel/sched/ext/ext.c (kernel/sched/ext.c before 7.2). */
export const DSQ = [
  define(
    's32 scx_bpf_create_dsq(u64 dsq_id, s32 node)',
    "Creates a dispatch queue. `node` is the NUMA node of its memory or -1. Returns 0, -EEXIST, -ENOMEM, or -EINVAL for an id of the kernel's own (bit 63).",
    { sleepable: true, groups: 'unlocked', programs: OPS_AND_SYSCALL },
  ),
  define(
    'void scx_bpf_destroy_dsq(u64 dsq_id)',
    'Destroys a queue of scx_bpf_create_dsq(), which must be empty; otherwise the scheduler ends.',
    { programs },
  ),
  define(
    's32 scx_bpf_dsq_nr_queued(u64 dsq_id)',
    'Number of tasks in a queue, which can be SCX_DSQ_LOCAL or SCX_DSQ_LOCAL_ON | cpu; -ENOENT if there is no such queue.',
    { programs },
  ),
  define(
    'bool scx_bpf_dsq_insert(struct task_struct *p, u64 dsq_id, u64 slice, u64 enq_flags)',
    'Puts a task into the FIFO of a dispatch queue with a time slice in ns (0: what it has left). SCX_DSQ_LOCAL, SCX_DSQ_GLOBAL, SCX_DSQ_LOCAL_ON | cpu or one of scx_bpf_create_dsq(). False where the kernel refused it.',
    {
      ...INSERT,
    },
  ),
  define(
    'bool scx_bpf_dsq_insert_vtime(struct task_struct *p, u64 dsq_id, u64 slice, u64 vtime, u64 enq_flags)',
    'Puts a task into the priority queue of a dispatch queue, ordered by vtime. False where the kernel refused it.',
    {
      ...INSERT,
    },
  ),
  define(
    'bool scx_bpf_dsq_move_to_local(u64 dsq_id, u64 enq_flags)',
    "Moves the first task of a queue to the CPU's local queue. True if there was one. `enq_flags` counts from 7.1 on.",
    {
      groups: 'dispatch',
      programs: OPS_ONLY,
    },
  ),
  ...(['', '_vtime'] as const).map((kind) =>
    define(
      `bool scx_bpf_dsq_move${kind}(struct bpf_iter_scx_dsq *it, struct task_struct *p, u64 dsq_id, u64 enq_flags)`,
      `Moves a task that an each.scx_dsq() loop is at to another queue${kind ? ', ordered by vtime' : ''}. False if the task is gone.`,
      {
        ...MOVE,
      },
    ),
  ),
  ...(['slice', 'vtime'] as const).map((what) =>
    define(
      `void scx_bpf_dsq_move_set_${what}(struct bpf_iter_scx_dsq *it, u64 ${what})`,
      `Sets the ${what} that the next scx_bpf_dsq_move() of this iterator gives the task.`,
      {
        ...MOVE,
      },
    ),
  ),
  define('u32 scx_bpf_dispatch_nr_slots()', 'Dispatch slots left in this call of dispatch().', {
    groups: 'dispatch',
    programs: OPS_ONLY,
  }),
  define(
    'void scx_bpf_dispatch_cancel()',
    'Undoes the latest scx_bpf_dsq_insert() of this call of dispatch().',
    { groups: 'dispatch', programs: OPS_ONLY },
  ),
  define(
    'u32 scx_bpf_reenqueue_local()',
    "Hands all tasks of this CPU's local queue to enqueue() again. From 6.19 on in any callback; how many they are the kernel says in cpu_release() only.",
    {
      groups: 'cpu_release',
      anywhereSince: '6.19',
      programs,
    },
  ),
  define('u32 scx_bpf_reenqueue_local___v1()', 'As above, with the number of tasks.', {
    label: 'the result of scx_bpf_reenqueue_local()',
    groups: 'cpu_release',
    programs,
  }),
  define(
    'struct task_struct *scx_bpf_dsq_peek(u64 dsq_id)',
    'The first task of a queue, which stays there; null if it is empty. Valid while under RCU.',
    { nullable: true, rcu: true, rcuProtected: true, programs },
  ),
  define(
    'void scx_bpf_dsq_reenq(u64 dsq_id, u64 reenq_flags)',
    'Hands the tasks of a queue to enqueue() again, chosen by SCX_REENQ_* flags (0: all).',
    { since: '7.1', programs },
  ),
];
