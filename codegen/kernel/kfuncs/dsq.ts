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
      wrapper: 'scxts_dsq_insert',
      externs: [
        'bool scx_bpf_dsq_insert___v2___compat(struct task_struct *p, u64 dsq_id, u64 slice, u64 enq_flags) __ksym __weak;',
        'void scx_bpf_dsq_insert___v1(struct task_struct *p, u64 dsq_id, u64 slice, u64 enq_flags) __ksym __weak;',
        'void scx_bpf_dispatch___compat(struct task_struct *p, u64 dsq_id, u64 slice, u64 enq_flags) __ksym __weak;',
      ],
      c: `/* scx_bpf_dsq_insert() returns a bool from 6.19 on and was scx_bpf_dispatch() before 6.13. */
static __always_inline bool scxts_dsq_insert(struct task_struct *p, u64 dsq_id, u64 slice, u64 enq_flags)
{
	if (bpf_ksym_exists(scx_bpf_dsq_insert___v2___compat))
		return scx_bpf_dsq_insert___v2___compat(p, dsq_id, slice, enq_flags);
	if (bpf_ksym_exists(scx_bpf_dsq_insert___v1))
		scx_bpf_dsq_insert___v1(p, dsq_id, slice, enq_flags);
	else
		scx_bpf_dispatch___compat(p, dsq_id, slice, enq_flags);
	return true;
}`,
    },
  ),
  define(
    'bool scx_bpf_dsq_insert_vtime(struct task_struct *p, u64 dsq_id, u64 slice, u64 vtime, u64 enq_flags)',
    'Puts a task into the priority queue of a dispatch queue, ordered by vtime. False where the kernel refused it.',
    {
      ...INSERT,
      wrapper: 'scxts_dsq_insert_vtime',
      structs: [
        'struct scx_bpf_dsq_insert_vtime_args {\n\tu64 dsq_id;\n\tu64 slice;\n\tu64 vtime;\n\tu64 enq_flags;\n};',
      ],
      externs: [
        'bool __scx_bpf_dsq_insert_vtime(struct task_struct *p, struct scx_bpf_dsq_insert_vtime_args *args) __ksym __weak;',
        'void scx_bpf_dsq_insert_vtime___v1(struct task_struct *p, u64 dsq_id, u64 slice, u64 vtime, u64 enq_flags) __ksym __weak;',
        'void scx_bpf_dispatch_vtime___compat(struct task_struct *p, u64 dsq_id, u64 slice, u64 vtime, u64 enq_flags) __ksym __weak;',
      ],
      c: `/* From 6.19 on the arguments are packed; before 6.13 it was scx_bpf_dispatch_vtime(). */
static __always_inline bool scxts_dsq_insert_vtime(struct task_struct *p, u64 dsq_id, u64 slice, u64 vtime,
						   u64 enq_flags)
{
	if (bpf_ksym_exists(__scx_bpf_dsq_insert_vtime)) {
		struct scx_bpf_dsq_insert_vtime_args args = {
			.dsq_id = dsq_id, .slice = slice, .vtime = vtime, .enq_flags = enq_flags,
		};

		return __scx_bpf_dsq_insert_vtime(p, &args);
	}
	if (bpf_ksym_exists(scx_bpf_dsq_insert_vtime___v1))
		scx_bpf_dsq_insert_vtime___v1(p, dsq_id, slice, vtime, enq_flags);
	else
		scx_bpf_dispatch_vtime___compat(p, dsq_id, slice, vtime, enq_flags);
	return true;
}`,
    },
  ),
  define(
    'bool scx_bpf_dsq_move_to_local(u64 dsq_id, u64 enq_flags)',
    "Moves the first task of a queue to the CPU's local queue. True if there was one. `enq_flags` counts from 7.1 on.",
    {
      groups: 'dispatch',
      programs: OPS_ONLY,
      wrapper: 'scxts_dsq_move_to_local',
      externs: [
        'bool scx_bpf_dsq_move_to_local___v2___compat(u64 dsq_id, u64 enq_flags) __ksym __weak;',
        'bool scx_bpf_dsq_move_to_local___v1(u64 dsq_id) __ksym __weak;',
        'bool scx_bpf_consume___compat(u64 dsq_id) __ksym __weak;',
      ],
      c: `/* Takes flags from 7.1 on; was scx_bpf_consume() before 6.13. */
static __always_inline bool scxts_dsq_move_to_local(u64 dsq_id, u64 enq_flags)
{
	if (bpf_ksym_exists(scx_bpf_dsq_move_to_local___v2___compat))
		return scx_bpf_dsq_move_to_local___v2___compat(dsq_id, enq_flags);
	if (bpf_ksym_exists(scx_bpf_dsq_move_to_local___v1))
		return scx_bpf_dsq_move_to_local___v1(dsq_id);
	return scx_bpf_consume___compat(dsq_id);
}`,
    },
  ),
  ...(['', '_vtime'] as const).map((kind) =>
    define(
      `bool scx_bpf_dsq_move${kind}(struct bpf_iter_scx_dsq *it, struct task_struct *p, u64 dsq_id, u64 enq_flags)`,
      `Moves a task that an each.scx_dsq() loop is at to another queue${kind ? ', ordered by vtime' : ''}. False if the task is gone.`,
      {
        ...MOVE,
        wrapper: `scxts_dsq_move${kind}`,
        externs: [
          `bool scx_bpf_dsq_move${kind}___v1(struct bpf_iter_scx_dsq *it, struct task_struct *p, u64 dsq_id, u64 enq_flags) __ksym __weak;`,
          `bool scx_bpf_dispatch${kind}_from_dsq___compat(struct bpf_iter_scx_dsq *it, struct task_struct *p, u64 dsq_id, u64 enq_flags) __ksym __weak;`,
        ],
        c: `static __always_inline bool scxts_dsq_move${kind}(struct bpf_iter_scx_dsq *it, struct task_struct *p, u64 dsq_id,
	u64 enq_flags)
{
	if (bpf_ksym_exists(scx_bpf_dsq_move${kind}___v1))
		return scx_bpf_dsq_move${kind}___v1(it, p, dsq_id, enq_flags);
	return scx_bpf_dispatch${kind}_from_dsq___compat(it, p, dsq_id, enq_flags);
}`,
      },
    ),
  ),
  ...(['slice', 'vtime'] as const).map((what) =>
    define(
      `void scx_bpf_dsq_move_set_${what}(struct bpf_iter_scx_dsq *it, u64 ${what})`,
      `Sets the ${what} that the next scx_bpf_dsq_move() of this iterator gives the task.`,
      {
        ...MOVE,
        wrapper: `scxts_dsq_move_set_${what}`,
        externs: [
          `void scx_bpf_dsq_move_set_${what}___v1(struct bpf_iter_scx_dsq *it, u64 ${what}) __ksym __weak;`,
          `void scx_bpf_dispatch_from_dsq_set_${what}___compat(struct bpf_iter_scx_dsq *it, u64 ${what}) __ksym __weak;`,
        ],
        c: `static __always_inline void scxts_dsq_move_set_${what}(struct bpf_iter_scx_dsq *it, u64 ${what})
{
	if (bpf_ksym_exists(scx_bpf_dsq_move_set_${what}___v1))
		scx_bpf_dsq_move_set_${what}___v1(it, ${what});
	else
		scx_bpf_dispatch_from_dsq_set_${what}___compat(it, ${what});
}`,
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
      wrapper: 'scxts_reenqueue_local',
      externs: [
        'void scx_bpf_reenqueue_local___v2___compat(void) __ksym __weak;',
        'u32 scx_bpf_reenqueue_local___v1(void) __ksym __weak;',
      ],
      c: `static __always_inline u32 scxts_reenqueue_local(void)
{
	if (bpf_ksym_exists(scx_bpf_reenqueue_local___v2___compat))
		scx_bpf_reenqueue_local___v2___compat();
	else
		return scx_bpf_reenqueue_local___v1();
	return 0;
}`,
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
    { since: '6.19', nullable: true, rcu: true, rcuProtected: true, programs },
  ),
  define(
    'void scx_bpf_dsq_reenq(u64 dsq_id, u64 reenq_flags)',
    'Hands the tasks of a queue to enqueue() again, chosen by SCX_REENQ_* flags (0: all).',
    { since: '7.1', programs },
  ),
];
