// Generated from codegen/kernel by `npm run kernel-table`. Do not edit.

/** Bytes of a scheduler's name, the terminating zero counted. enum scx_public_consts. */
export const SCX_OPS_NAME_LEN = 0x80n;
/** The default time slice in ns: 20 ms. enum scx_public_consts. */
export const SCX_SLICE_DFL = 0x1312d00n;
/** A slice without end: the task runs until it sleeps or is preempted, without ticks. enum scx_public_consts. */
export const SCX_SLICE_INF = 0xffffffffffffffffn;
/** Bit 63 of a queue's id: a queue of the kernel's own. enum scx_dsq_id_flags. */
export const SCX_DSQ_FLAG_BUILTIN = 0x8000000000000000n;
/** Bit 62 of a queue id: the local queue of the CPU in the low 32 bits. enum scx_dsq_id_flags. */
export const SCX_DSQ_FLAG_LOCAL_ON = 0x4000000000000000n;
/** No queue. enum scx_dsq_id_flags. */
export const SCX_DSQ_INVALID = 0x8000000000000000n;
/** The FIFO that CPUs take from before dispatch() is called, one a NUMA node from 6.13 on. enum scx_dsq_id_flags. */
export const SCX_DSQ_GLOBAL = 0x8000000000000001n;
/** The local queue of this CPU; in select_cpu() and enqueue() that of the chosen CPU. enum scx_dsq_id_flags. */
export const SCX_DSQ_LOCAL = 0x8000000000000002n;
/** Or-ed with a CPU number: the local queue of that CPU. enum scx_dsq_id_flags. */
export const SCX_DSQ_LOCAL_ON = 0xc000000000000000n;
/** The bits of a queue id that hold the CPU of SCX_DSQ_LOCAL_ON. enum scx_dsq_id_flags. */
export const SCX_DSQ_LOCAL_CPU_MASK = 0xffffffffn;
/** In p.scx.flags: the task is runnable and in the care of sched_ext. enum scx_ent_flags. */
export const SCX_TASK_QUEUED = 1n;
/** In p.scx.flags: p.scx.runnable_at starts anew. enum scx_ent_flags. */
export const SCX_TASK_RESET_RUNNABLE_AT = 4n;
/** In p.scx.flags: it was last taken out because it went to sleep. enum scx_ent_flags. */
export const SCX_TASK_DEQD_FOR_SLEEP = 8n;
/** Lowest bit of the state of a task in p.scx.flags. enum scx_ent_flags. */
export const SCX_TASK_STATE_SHIFT = 8n;
/** In flags of a list entry: the place of an iterator, no task. enum scx_ent_flags. */
export const SCX_TASK_CURSOR = -2147483648n;
/** State of a task: init_task() has not been called. enum scx_ent_flags. */
export const SCX_TASK_NONE = 0n;
/** Number of states. Until Linux 7.0. enum scx_task_state. */
export const SCX_TASK_NR_STATES = 4n;
/** In p.scx.dsq_flags: the task is in the vtime order of its queue. enum scx_ent_dsq_flags. */
export const SCX_TASK_DSQ_ON_PRIQ = 1n;
/** Dispatch slots of one dispatch() where dispatch_max_batch is 0. enum scx_consts. */
export const SCX_DSP_DFL_MAX_BATCH = 0x20n;
/** How often dispatch() is called again in a row before the CPU looks elsewhere. enum scx_consts. */
export const SCX_DSP_MAX_LOOPS = 0x20n;
/** Most addresses in the backtrace of exit information. enum scx_consts. */
export const SCX_EXIT_BT_LEN = 0x40n;
/** Bytes of the message of exit information. enum scx_consts. */
export const SCX_EXIT_MSG_LEN = 0x400n;
/** Bytes of the debug dump where exit_dump_len is 0. enum scx_consts. */
export const SCX_EXIT_DUMP_DFL_LEN = 0x8000n;
/** The full speed of a CPU: scx_bpf_cpuperf_set() takes 0 to this. enum scx_consts. */
export const SCX_CPUPERF_ONE = 0x400n;
/** The scheduler has not ended. enum scx_exit_kind. */
export const SCX_EXIT_NONE = 0n;
/** It has ended and exit() has been called. enum scx_exit_kind. */
export const SCX_EXIT_DONE = 1n;
/** Userspace took it away: its link was closed. enum scx_exit_kind. */
export const SCX_EXIT_UNREG = 0x40n;
/** It called scx_bpf_exit(). enum scx_exit_kind. */
export const SCX_EXIT_UNREG_BPF = 0x41n;
/** The kernel took it away, for example when a CPU was hot-plugged. enum scx_exit_kind. */
export const SCX_EXIT_UNREG_KERN = 0x42n;
/** SysRq-S was pressed. enum scx_exit_kind. */
export const SCX_EXIT_SYSRQ = 0x43n;
/** The kernel found an error; the message says which. enum scx_exit_kind. */
export const SCX_EXIT_ERROR = 0x400n;
/** It called scx_bpf_error(). enum scx_exit_kind. */
export const SCX_EXIT_ERROR_BPF = 0x401n;
/** A runnable task did not run for timeout_ms. enum scx_exit_kind. */
export const SCX_EXIT_ERROR_STALL = 0x402n;
/** In an exit code: a CPU was hot-plugged. enum scx_exit_code. */
export const SCX_ECODE_RSN_HOTPLUG = 0x100000000n;
/** In an exit code: userspace should load the scheduler again. enum scx_exit_code. */
export const SCX_ECODE_ACT_RESTART = 0x1000000000000n;
/** Keeps the tracking of idle CPUs although there is an update_idle(). enum scx_ops_flags. */
export const SCX_OPS_KEEP_BUILTIN_IDLE = 1n;
/** The last runnable task of a CPU goes through enqueue() with SCX_ENQ_LAST when its slice ends, rather than running on. enum scx_ops_flags. */
export const SCX_OPS_ENQ_LAST = 2n;
/** Exiting tasks go through enqueue(); otherwise the kernel puts them into a local queue, since bpf_task_from_pid() no longer finds them. enum scx_ops_flags. */
export const SCX_OPS_ENQ_EXITING = 4n;
/** Only tasks of policy SCHED_EXT are scheduled; otherwise SCHED_NORMAL ones too. enum scx_ops_flags. */
export const SCX_OPS_SWITCH_PARTIAL = 8n;
/** Without effect: cgroup_set_weight() is enough. Until Linux 7.0. enum scx_ops_flags. */
export const SCX_OPS_HAS_CGROUP_WEIGHT = 0x10000n;
/** A task of the real-time class takes the CPU. enum scx_cpu_preempt_reason. */
export const SCX_CPU_PREEMPT_RT = 0n;
/** A task of the deadline class takes the CPU. enum scx_cpu_preempt_reason. */
export const SCX_CPU_PREEMPT_DL = 1n;
/** The stop class takes the CPU, for example to migrate a task. enum scx_cpu_preempt_reason. */
export const SCX_CPU_PREEMPT_STOP = 2n;
/** Another class takes the CPU. enum scx_cpu_preempt_reason. */
export const SCX_CPU_PREEMPT_UNKNOWN = 3n;
/** In wake_flags: a new task wakes for the first time. enum scx_wake_flags. */
export const SCX_WAKE_FORK = 4n;
/** In wake_flags: a task wakes from sleep. enum scx_wake_flags. */
export const SCX_WAKE_TTWU = 8n;
/** In wake_flags: the waker is about to sleep. enum scx_wake_flags. */
export const SCX_WAKE_SYNC = 0x10n;
/** In enq_flags: the task wakes up. enum scx_enq_flags. */
export const SCX_ENQ_WAKEUP = 1n;
/** On insertion into a local queue: ends the slice of the task that runs there, and puts this one first. enum scx_enq_flags. */
export const SCX_ENQ_PREEMPT = 0x100000000n;
/** In enq_flags: the task had been in a queue and was taken out again. enum scx_enq_flags. */
export const SCX_ENQ_REENQ = 0x10000000000n;
/** In enq_flags: the CPU has no other task. Needs SCX_OPS_ENQ_LAST. enum scx_enq_flags. */
export const SCX_ENQ_LAST = 0x20000000000n;
/** In deq_flags: the task goes to sleep. enum scx_deq_flags. */
export const SCX_DEQ_SLEEP = 1n;
/** In deq_flags: core scheduling runs the task before it was dispatched. enum scx_deq_flags. */
export const SCX_DEQ_CORE_SCHED_EXEC = 0x100000000n;
/** Only a CPU whose whole core is idle. enum scx_pick_idle_cpu_flags. */
export const SCX_PICK_IDLE_CORE = 1n;
/** Wakes the CPU if it is idle; it then goes through dispatch() once at least. enum scx_kick_flags. */
export const SCX_KICK_IDLE = 1n;
/** Ends the slice of the sched_ext task that runs there. enum scx_kick_flags. */
export const SCX_KICK_PREEMPT = 2n;
/** Waits until the sched_ext task that runs there has been switched out. enum scx_kick_flags. */
export const SCX_KICK_WAIT = 4n;
/** Of each.scx_dsq(): from the tail to the head. enum scx_dsq_iter_flags. */
export const SCX_DSQ_ITER_REV = 0x10000n;
/** Tasks that the kernel walks before it lets go of its locks. Linux 6.16+. enum scx_consts. */
export const SCX_TASK_ITER_BATCH = 0x20n;
/** Tasks that must not migrate go through enqueue(); otherwise the kernel puts them into their CPU's local queue. Linux 6.14+. enum scx_ops_flags. */
export const SCX_OPS_ENQ_MIGRATION_DISABLED = 0x10n;
/** Wakeups may be handed to the CPU of the task, and then come without a select_cpu(). Linux 6.15+. enum scx_ops_flags. */
export const SCX_OPS_ALLOW_QUEUED_WAKEUP = 0x20n;
/** Idle CPUs are tracked by NUMA node: use the functions that end in _node. Linux 6.15+. enum scx_ops_flags. */
export const SCX_OPS_BUILTIN_IDLE_PER_NODE = 0x40n;
/** Set by the kernel: there is a cpu_acquire() or cpu_release(). Linux 6.16+. enum scx_ops_flags. */
export const SCX_OPS_HAS_CPU_PREEMPT = 0x100000000000000n;
/** Only a CPU of the NUMA node given. Linux 6.15+. enum scx_pick_idle_cpu_flags. */
export const SCX_PICK_IDLE_IN_NODE = 2n;
/** The slice in ns that tasks get while the kernel bypasses the scheduler. Linux 6.19+. enum scx_public_consts. */
export const SCX_SLICE_BYPASS = 0x4c4b40n;
/** The kernel's own queue while it bypasses the scheduler. Linux 6.19+. enum scx_dsq_id_flags. */
export const SCX_DSQ_BYPASS = 0x8000000000000003n;
/** us between balancing runs while the scheduler is bypassed. Linux 6.19+. enum scx_consts. */
export const SCX_BYPASS_LB_DFL_INTV_US = 0x7a120n;
/** Load in % of the average above which a bypassed CPU gives tasks away. Linux 6.19+. enum scx_consts. */
export const SCX_BYPASS_LB_DONOR_PCT = 0x7dn;
/** How often a local queue may be handed back in a row before its scheduler ends. Linux 7.1+. Until Linux 7.2. enum scx_consts. */
export const SCX_REENQ_LOCAL_MAX_REPEAT = 0x100n;
/** How deep sub-schedulers can be nested. Linux 7.1+. enum scx_consts. */
export const SCX_SUB_MAX_DEPTH = 4n;
/** In deq_flags: affinity, policy, nice or the like of the task changes. Linux 7.1+. enum scx_deq_flags. */
export const SCX_DEQ_SCHED_CHANGE = 0x200000000n;
/** On insertion into a local queue: the task runs at once and stays on the CPU, or comes back to enqueue(). Linux 7.1+. enum scx_enq_flags. */
export const SCX_ENQ_IMMED = 0x200000000n;
/** In p.scx.flags: the scheduler has it, and dequeue() will be called when it leaves. Linux 7.1+. enum scx_ent_flags. */
export const SCX_TASK_IN_CUSTODY = 2n;
/** In p.scx.flags: it is being initialised for a sub-scheduler. Linux 7.1+. enum scx_ent_flags. */
export const SCX_TASK_SUB_INIT = 0x10n;
/** In p.scx.flags: it is in a local queue by SCX_ENQ_IMMED. Linux 7.1+. enum scx_ent_flags. */
export const SCX_TASK_IMMED = 0x20n;
/** State of a task: init_task() is being called. Linux 7.1+. enum scx_ent_flags. */
export const SCX_TASK_INIT_BEGIN = 0x100n;
/** State of a task: it is gone. Linux 7.1+. enum scx_ent_flags. */
export const SCX_TASK_DEAD = 0x500n;
/** Lowest bit of the reason of SCX_ENQ_REENQ in p.scx.flags. Linux 7.1+. enum scx_ent_flags. */
export const SCX_TASK_REENQ_REASON_SHIFT = 0xcn;
/** Reason: it is not being enqueued again. Linux 7.1+. enum scx_ent_flags. */
export const SCX_TASK_REENQ_NONE = 0n;
/** Reason: scx_bpf_dsq_reenq() or scx_bpf_reenqueue_local(). Linux 7.1+. enum scx_ent_flags. */
export const SCX_TASK_REENQ_KFUNC = 0x1000n;
/** Reason: the CPU could not run it at once, as SCX_ENQ_IMMED asks. Linux 7.1+. enum scx_ent_flags. */
export const SCX_TASK_REENQ_IMMED = 0x2000n;
/** Reason: it was preempted. Linux 7.1+. enum scx_ent_flags. */
export const SCX_TASK_REENQ_PREEMPTED = 0x3000n;
/** In an exit code: the sub-scheduler's cgroup was removed. Linux 7.1+. enum scx_exit_code. */
export const SCX_ECODE_RSN_CGROUP_OFFLINE = 0x200000000n;
/** The scheduler above this sub-scheduler ended. Linux 7.1+. enum scx_exit_kind. */
export const SCX_EXIT_PARENT = 0x44n;
/** Every insertion into a local queue is one with SCX_ENQ_IMMED. Linux 7.1+. enum scx_ops_flags. */
export const SCX_OPS_ALWAYS_ENQ_IMMED = 0x80n;
/** Of scx_bpf_dsq_reenq(): all tasks of the queue. Linux 7.1+. enum scx_reenq_flags. */
export const SCX_REENQ_ANY = 1n;
/** Keeps the table that scx_bpf_tid_to_task() looks into. Linux 7.2+. enum scx_ops_flags. */
export const SCX_OPS_TID_TO_TASK = 0x100n;
/** A sub-scheduler may insert into a local queue with SCX_ENQ_IMMED. Linux 7.3+. enum scx_cap_flags. */
export const SCX_CAP_ENQ_IMMED = 1n;
/** A sub-scheduler may insert into a local queue. Linux 7.3+. enum scx_cap_flags. */
export const SCX_CAP_ENQ = 2n;
/** A sub-scheduler may preempt tasks that are not its own. Linux 7.3+. enum scx_cap_flags. */
export const SCX_CAP_PREEMPT = 4n;
/** A sub-scheduler may set the speed of a CPU. Linux 7.3+. enum scx_cap_flags. */
export const SCX_CAP_PERF = 8n;
/** The least that a sub-scheduler needs to use a CPU. Linux 7.3+. enum scx_cap_flags. */
export const SCX_CAP_BASE = 1n;
/** CPUs of a topological shard where cid_shard_size is 0. Linux 7.3+. enum scx_cid_consts. */
export const SCX_CID_SHARD_SIZE_DFL = 0x18n;
/** The most CPUs of a topological shard. Linux 7.3+. enum scx_cid_consts. */
export const SCX_CID_SHARD_MAX_CPUS = 0x200n;
/** Share of CPU time in 1/1000 for rescued tasks where ops say 0. Linux 7.3+. enum scx_consts. */
export const SCX_RESCUE_DFL_BW_PPT = 0x14n;
/** The largest such share. Linux 7.3+. enum scx_consts. */
export const SCX_RESCUE_MAX_BW_PPT = 0xfan;
/** As rescue_bandwidth_ppt: no rescue. Linux 7.3+. enum scx_consts. */
export const SCX_RESCUE_DISABLE = 0xffffffffn;
/** Quantum in us of a rescue where ops say 0. Linux 7.3+. enum scx_consts. */
export const SCX_RESCUE_DFL_QUANTUM_US = 0x1388n;
/** The shortest such quantum in us. Linux 7.3+. enum scx_consts. */
export const SCX_RESCUE_MIN_QUANTUM_US = 0x3e8n;
/** The longest such quantum in us. Linux 7.3+. enum scx_consts. */
export const SCX_RESCUE_MAX_QUANTUM_US = 0x186a0n;
/** How often a task may be enqueued again without running before its scheduler ends. Linux 7.3+. enum scx_consts. */
export const SCX_REENQ_MAX_REPEAT = 0x100n;
/** The kernel's own: tasks that a sub-scheduler may not run there. Linux 7.3+. enum scx_dsq_id_flags. */
export const SCX_DSQ_REJECT = 0x8000000000000004n;
/** The kernel's own: tasks inserted with SCX_ENQ_RESCUE. Linux 7.3+. enum scx_dsq_id_flags. */
export const SCX_DSQ_RESCUE = 0x8000000000000005n;
/** On insertion into a local queue: where the sub-scheduler may not use that CPU, the kernel runs the task there within its rescue bandwidth. Linux 7.3+. enum scx_enq_flags. */
export const SCX_ENQ_RESCUE = 0x400000000n;
/** In p.scx.flags: its slice and its place at the head of a queue are protected. Linux 7.3+. enum scx_ent_flags. */
export const SCX_TASK_PROTECTED = 0x40n;
/** Reason: a sub-scheduler lacks what p.scx.reenq_reason_caps names. Linux 7.3+. enum scx_ent_flags. */
export const SCX_TASK_REENQ_CAP = 0x4000n;
/** The scheduler above this sub-scheduler ended it. Linux 7.3+. enum scx_exit_kind. */
export const SCX_EXIT_PARENT_KILL = 0x45n;
/** A task was enqueued again too often without running. Linux 7.3+. enum scx_exit_kind. */
export const SCX_EXIT_ERROR_REENQ = 0x403n;
/** It left too many tasks to be rescued. Linux 7.3+. enum scx_exit_kind. */
export const SCX_EXIT_ERROR_RESCUE = 0x404n;
