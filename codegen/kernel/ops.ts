/** Callbacks and data members of struct sched_ext_ops (kernel/sched/ext_internal.h; ext.c before 6.17). */
export interface OpsCallback {
  kind: 'callback';
  name: string;
  returns: string;
  params: { name: string; ctype: string; nullable?: boolean }[];
  /** The kernel lets it be sleepable: bpf_scx_check_member(). */
  sleepable: boolean;
  doc: string;
}
export interface OpsData {
  kind: 'data';
  name: string;
  type: 'u32' | 'u64' | 'string';
  doc: string;
}

function cb(prototype: string, doc: string, sleepable = false): OpsCallback {
  const [, returns, name, list] = /^(\w+) (\w+)\((.*)\)$/.exec(prototype) as unknown as [
    string,
    string,
    string,
    string,
  ];
  const params =
    list === ''
      ? []
      : list.split(', ').map((p) => {
          const [, ctype, param, mark] = /^(.*?)(\w+)( @null)?$/.exec(p) as unknown as [
            string,
            string,
            string,
            string | undefined,
          ];
          return { name: param, ctype: ctype.trim(), ...(mark ? { nullable: true } : {}) };
        });
  return { kind: 'callback', name, returns, params, sleepable, doc };
}
function data(name: string, type: OpsData['type'], doc: string): OpsData {
  return { kind: 'data', name, type, doc };
}

const TASK = 'struct task_struct *p';

export const OPS: readonly (OpsCallback | OpsData)[] = [
  cb(
    `s32 select_cpu(${TASK}, s32 prev_cpu, u64 wake_flags)`,
    'Chooses the CPU of a task that wakes up; inserting it into a queue here skips enqueue().',
  ),
  cb(
    `void enqueue(${TASK}, u64 enq_flags)`,
    'A task is ready to run: put it into a dispatch queue, or keep it and dispatch it later.',
  ),
  cb(
    `void dequeue(${TASK}, u64 deq_flags)`,
    'Removes a task that the scheduler itself keeps (not one in a dispatch queue).',
  ),
  cb(
    'void dispatch(s32 cpu, struct task_struct *prev @null)',
    "A CPU's local queue is empty: move tasks to it. `prev` is the task that ran until now, if any.",
  ),
  cb(
    `void tick(${TASK})`,
    'Called at each timer tick (1/HZ s) for the running task; set p.scx.slice to 0 to stop it.',
  ),
  cb(`void runnable(${TASK}, u64 enq_flags)`, 'A task becomes runnable.'),
  cb(`void running(${TASK})`, 'A task starts to run on its CPU.'),
  cb(
    `void stopping(${TASK}, bool runnable)`,
    'A task stops running; `runnable` says whether it still wants to.',
  ),
  cb(`void quiescent(${TASK}, u64 deq_flags)`, 'A task is no longer runnable.'),
  cb(
    'bool yield(struct task_struct *from, struct task_struct *to @null)',
    'A task yields, to another one if `to` is not null. The result counts for yield_to() only.',
  ),
  cb(
    'bool core_sched_before(struct task_struct *a, struct task_struct *b)',
    'Whether a should run before b, for core scheduling.',
  ),
  cb(`void set_weight(${TASK}, u32 weight)`, "A task's weight changed: 1 to 10000, 100 is nice 0."),
  cb(`void set_cpumask(${TASK}, const struct cpumask *cpumask)`, "A task's affinity changed."),
  cb(
    'void update_idle(s32 cpu, bool idle)',
    'A CPU goes idle or stops being idle. Turns the built-in idle tracking off unless SCX_OPS_KEEP_BUILTIN_IDLE is set.',
  ),
  cb(
    'void cpu_acquire(s32 cpu, struct scx_cpu_acquire_args *args)',
    'A CPU is given back to sched_ext by a higher scheduling class.',
  ),
  cb(
    'void cpu_release(s32 cpu, struct scx_cpu_release_args *args)',
    'A higher scheduling class takes a CPU.',
  ),
  cb(
    `s32 init_task(${TASK}, struct scx_init_task_args *args)`,
    'A task is forked, or was there when the scheduler was loaded. 0, or -errno to refuse it.',
    true,
  ),
  cb(
    `void exit_task(${TASK}, struct scx_exit_task_args *args)`,
    'A task exits, or the scheduler is unloaded.',
  ),
  cb(`void enable(${TASK})`, 'A task comes under this scheduler.'),
  cb(`void disable(${TASK})`, 'A task leaves this scheduler.'),
  cb('void dump(struct scx_dump_ctx *ctx)', 'Adds to the debug dump with scx_bpf_dump().'),
  cb(
    'void dump_cpu(struct scx_dump_ctx *ctx, s32 cpu, bool idle)',
    'Adds to the debug dump of a CPU.',
  ),
  cb(`void dump_task(struct scx_dump_ctx *ctx, ${TASK})`, 'Adds to the debug dump of a task.'),
  cb(
    's32 cgroup_init(struct cgroup *cgrp, struct scx_cgroup_init_args *args)',
    'A cgroup is created. 0, or -errno to refuse it.',
    true,
  ),
  cb('void cgroup_exit(struct cgroup *cgrp)', 'A cgroup is removed.', true),
  cb(
    `s32 cgroup_prep_move(${TASK}, struct cgroup *from, struct cgroup *to)`,
    'A task is about to move to another cgroup. 0, or -errno to refuse it.',
    true,
  ),
  cb(
    `void cgroup_move(${TASK}, struct cgroup *from, struct cgroup *to)`,
    'A task moves to another cgroup.',
  ),
  cb(
    `void cgroup_cancel_move(${TASK}, struct cgroup *from, struct cgroup *to)`,
    'A prepared move does not take place.',
  ),
  cb(
    'void cgroup_set_weight(struct cgroup *cgrp, u32 weight)',
    "A cgroup's cpu.weight changed: 1 to 10000.",
  ),
  cb(
    'void cgroup_set_bandwidth(struct cgroup *cgrp, u64 period_us, u64 quota_us, u64 burst_us)',
    "A cgroup's cpu.max changed.",
  ),
  cb('void cgroup_set_idle(struct cgroup *cgrp, bool idle)', "A cgroup's cpu.idle changed."),
  cb(
    's32 sub_attach(struct scx_sub_attach_args *args)',
    'A sub-scheduler attaches below this one. 0, or -errno to refuse it.',
    true,
  ),
  cb('void sub_detach(struct scx_sub_detach_args *args)', 'A sub-scheduler detaches.', true),
  cb(
    'void sub_caps_updated(const struct scx_cmask *cmask, u64 caps)',
    'What this sub-scheduler may do on some CPUs changed.',
  ),
  cb(
    'void sub_ecaps_updated(s32 cid, u64 before, u64 after)',
    'What this sub-scheduler may do on one CPU in effect changed.',
  ),
  cb(
    's32 init_cids()',
    'Before init(): may set up topological CPU ids. 0, or -errno to give up.',
    true,
  ),
  cb(
    'void cpu_online(s32 cpu)',
    'A CPU comes online. Without cpu_online and cpu_offline, hotplug ends the scheduler for a restart.',
    true,
  ),
  cb('void cpu_offline(s32 cpu)', 'A CPU goes offline.', true),
  cb('s32 init()', 'The scheduler is being enabled. 0, or -errno to give up.', true),
  cb(
    'void exit(struct scx_exit_info *info)',
    'The scheduler is being disabled; scxts has recorded why before this runs.',
    true,
  ),
  data('name', 'string', 'Name that the kernel shows in /sys/kernel/sched_ext/root/ops.'),
  data('flags', 'u64', 'SCX_OPS_* flags.'),
  data(
    'timeout_ms',
    'u32',
    'Longest time in ms that a runnable task may wait before the watchdog ends the scheduler; 0 or at most 30000.',
  ),
  data('dispatch_max_batch', 'u32', 'Dispatch slots of one call of dispatch(); 32 by default.'),
  data('exit_dump_len', 'u32', 'Bytes of the debug dump; 32768 by default.'),
  data('hotplug_seq', 'u64', 'Set by the loader: enabling fails if CPUs were hot-plugged since.'),
  data('sub_cgroup_id', 'u64', 'Cgroup whose tasks a sub-scheduler schedules.'),
  data('cid_shard_size', 'u32', 'CPUs of a topological shard.'),
  data(
    'rescue_bandwidth_ppt',
    'u32',
    'Share of CPU time in 1/1000 for tasks that a sub-scheduler starves.',
  ),
  data('rescue_quantum_us', 'u32', 'Quantum of such a rescue in us.'),
];

const byName = new Map(OPS.map((o) => [o.name, o]));

export function opsMember(name: string): OpsCallback | OpsData | undefined {
  return byName.get(name);
}
