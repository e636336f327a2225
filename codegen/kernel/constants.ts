/** Constants that BTF does not have: macros and anonymous enums, with their header. */
export interface Constant {
  value: bigint;
  /** The type of the language, where it matters; otherwise the constant fits wherever its value does. */
  type?: string;
  doc?: string;
}

/** include/uapi/asm-generic/errno-base.h and errno.h; functions return them negative. */
const ERRNO: Record<string, number> = {
  EPERM: 1,
  ENOENT: 2,
  ESRCH: 3,
  EINTR: 4,
  EIO: 5,
  ENXIO: 6,
  E2BIG: 7,
  ENOEXEC: 8,
  EBADF: 9,
  ECHILD: 10,
  EAGAIN: 11,
  ENOMEM: 12,
  EACCES: 13,
  EFAULT: 14,
  EBUSY: 16,
  EEXIST: 17,
  EXDEV: 18,
  ENODEV: 19,
  EINVAL: 22,
  ENFILE: 23,
  EMFILE: 24,
  EFBIG: 27,
  ENOSPC: 28,
  EROFS: 30,
  EPIPE: 32,
  EDOM: 33,
  ERANGE: 34,
  EDEADLK: 35,
  ENOSYS: 38,
  ELOOP: 40,
  ENOMSG: 42,
  ENODATA: 61,
  ETIME: 62,
  EPROTO: 71,
  EBADMSG: 74,
  EOVERFLOW: 75,
  EOPNOTSUPP: 95,
  ETIMEDOUT: 110,
  EALREADY: 114,
  EINPROGRESS: 115,
  ESTALE: 116,
  EDQUOT: 122,
  ECANCELED: 125,
  ENOTSUPP: 524,
};
/** include/linux/sched.h */
const PF: Record<string, number> = {
  PF_VCPU: 0x1,
  PF_IDLE: 0x2,
  PF_EXITING: 0x4,
  PF_POSTCOREDUMP: 0x8,
  PF_IO_WORKER: 0x10,
  PF_WQ_WORKER: 0x20,
  PF_FORKNOEXEC: 0x40,
  PF_MCE_PROCESS: 0x80,
  PF_SUPERPRIV: 0x100,
  PF_DUMPCORE: 0x200,
  PF_SIGNALED: 0x400,
  PF_MEMALLOC: 0x800,
  PF_NPROC_EXCEEDED: 0x1000,
  PF_USED_MATH: 0x2000,
  PF_USER_WORKER: 0x4000,
  PF_NOFREEZE: 0x8000,
  PF_KCOMPACTD: 0x10000,
  PF_KSWAPD: 0x20000,
  PF_KTHREAD: 0x200000,
  PF_RANDOMIZE: 0x400000,
  PF_NO_SETAFFINITY: 0x4000000,
  PF_MCE_EARLY: 0x8000000,
  PF_MEMALLOC_PIN: 0x10000000,
  PF_SUSPEND_TASK: 0x80000000,
};
/** include/uapi/linux/sched.h */
const CLONE: Record<string, number> = {
  CLONE_VM: 0x100,
  CLONE_FS: 0x200,
  CLONE_FILES: 0x400,
  CLONE_SIGHAND: 0x800,
  CLONE_PTRACE: 0x2000,
  CLONE_VFORK: 0x4000,
  CLONE_PARENT: 0x8000,
  CLONE_THREAD: 0x10000,
  CLONE_NEWNS: 0x20000,
  CLONE_SYSVSEM: 0x40000,
  CLONE_SETTLS: 0x80000,
  CLONE_UNTRACED: 0x800000,
  CLONE_NEWCGROUP: 0x2000000,
  CLONE_NEWPID: 0x20000000,
  CLONE_NEWNET: 0x40000000,
  CLONE_IO: 0x80000000,
};
/** include/uapi/linux/bpf.h, and kernel/bpf/task_iter.c for BPF_TASK_ITER_*. */
const BPF: Record<string, number> = {
  BPF_ANY: 0,
  BPF_NOEXIST: 1,
  BPF_EXIST: 2,
  BPF_F_LOCK: 4,
  BPF_F_NO_PREALLOC: 1,
  BPF_F_NO_COMMON_LRU: 2,
  BPF_F_NUMA_NODE: 4,
  BPF_F_RDONLY: 8,
  BPF_F_WRONLY: 16,
  BPF_F_RDONLY_PROG: 128,
  BPF_F_WRONLY_PROG: 256,
  BPF_F_MMAPABLE: 1024,
  BPF_F_INNER_MAP: 4096,
  BPF_RB_NO_WAKEUP: 1,
  BPF_RB_FORCE_WAKEUP: 2,
  BPF_LOCAL_STORAGE_GET_F_CREATE: 1,
  BPF_F_TIMER_ABS: 1,
  BPF_F_TIMER_CPU_PIN: 2,
  BPF_RB_AVAIL_DATA: 0,
  BPF_RB_RING_SIZE: 1,
  BPF_RB_CONS_POS: 2,
  BPF_RB_PROD_POS: 3,
  BPF_RINGBUF_BUSY_BIT: 0x80000000,
  BPF_RINGBUF_DISCARD_BIT: 0x40000000,
  BPF_TASK_ITER_ALL_PROCS: 0,
  BPF_TASK_ITER_ALL_THREADS: 1,
  BPF_TASK_ITER_PROC_THREADS: 2,
};
/** include/vdso/time64.h, include/linux/sched/prio.h, include/uapi/linux/sched.h, include/linux/sched.h. */
const OTHER: Record<string, number> = {
  NSEC_PER_USEC: 1000,
  NSEC_PER_MSEC: 1_000_000,
  NSEC_PER_SEC: 1_000_000_000,
  USEC_PER_SEC: 1_000_000,
  USEC_PER_MSEC: 1000,
  MSEC_PER_SEC: 1000,
  CLOCK_REALTIME: 0,
  CLOCK_MONOTONIC: 1,
  CLOCK_BOOTTIME: 7,
  MAX_NICE: 19,
  MIN_NICE: -20,
  NICE_WIDTH: 40,
  MAX_RT_PRIO: 100,
  MAX_PRIO: 140,
  DEFAULT_PRIO: 120,
  MAX_DL_PRIO: 0,
  CGROUP_WEIGHT_MIN: 1,
  CGROUP_WEIGHT_DFL: 100,
  CGROUP_WEIGHT_MAX: 10000,
  NICE_0_LOAD: 1024,
  TASK_COMM_LEN: 16,
  NUMA_NO_NODE: -1,
  SCHED_NORMAL: 0,
  SCHED_FIFO: 1,
  SCHED_RR: 2,
  SCHED_BATCH: 3,
  SCHED_IDLE: 5,
  SCHED_DEADLINE: 6,
  SCHED_EXT: 7,
  TASK_RUNNING: 0,
  TASK_INTERRUPTIBLE: 1,
  TASK_UNINTERRUPTIBLE: 2,
  __TASK_STOPPED: 4,
  __TASK_TRACED: 8,
  EXIT_DEAD: 0x10,
  EXIT_ZOMBIE: 0x20,
  EXIT_TRACE: 0x30,
  TASK_PARKED: 0x40,
  TASK_DEAD: 0x80,
  TASK_WAKEKILL: 0x100,
  TASK_WAKING: 0x200,
  TASK_NOLOAD: 0x400,
  TASK_NEW: 0x800,
  TASK_FROZEN: 0x8000,
  TASK_KILLABLE: 0x102,
  TASK_IDLE: 0x402,
  TASK_NORMAL: 3,
  TASK_ON_RQ_QUEUED: 1,
  TASK_ON_RQ_MIGRATING: 2,
};
/** include/linux/limits.h */
const LIMITS: Record<string, bigint> = {
  U8_MAX: 0xffn,
  U16_MAX: 0xffffn,
  U32_MAX: 0xffff_ffffn,
  U64_MAX: 0xffff_ffff_ffff_ffffn,
  S8_MAX: 0x7fn,
  S16_MAX: 0x7fffn,
  S32_MAX: 0x7fff_ffffn,
  S64_MAX: 0x7fff_ffff_ffff_ffffn,
  S8_MIN: -0x80n,
  S16_MIN: -0x8000n,
  S32_MIN: -0x8000_0000n,
  S64_MIN: -0x8000_0000_0000_0000n,
  INT_MAX: 0x7fff_ffffn,
  INT_MIN: -0x8000_0000n,
  UINT_MAX: 0xffff_ffffn,
};

/** The most CPUs that tables in .rodata are made for; maps of that size shrink to the machine when opened. */
export const NR_CPUS = 1024;

function group(values: Record<string, number | bigint>, doc?: string): [string, Constant][] {
  return Object.entries(values).map(([name, value]) => [
    name,
    { value: BigInt(value), ...(doc ? { doc } : {}) },
  ]);
}

/** `U64_MAX` is a u64, `INT_MIN` an s32. */
function limits(): [string, Constant][] {
  return Object.entries(LIMITS).map(([name, value]) => {
    const type = name.replace(/_M(AX|IN)$/, '').toLowerCase();
    return [name, { value, type: { int: 's32', uint: 'u32' }[type] ?? type }];
  });
}

export const CONSTANTS: ReadonlyMap<string, Constant> = new Map([
  ...group(ERRNO, 'An errno: functions return it negative.'),
  ...group(PF, 'A bit of task_struct.flags.'),
  ...group(CLONE, 'A bit of clone(2).'),
  ...group(BPF),
  ...group(OTHER),
  ...limits(),
  ...group(
    { NR_CPUS },
    'The most CPUs that a table can be for; arrays of that size shrink to the machine.',
  ),
]);
