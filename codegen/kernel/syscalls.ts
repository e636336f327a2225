/** Arguments of system calls that schedulers listen to, by the names of include/linux/syscalls.h. */
const CALLS: Readonly<Record<string, string>> = {
  futex: 'uaddr op val utime uaddr2 val3',
  futex_wait: 'uaddr val mask flags timeout clockid',
  futex_wake: 'uaddr mask nr flags',
  futex_waitv: 'waiters nr_futexes flags timeout clockid',
  futex_requeue: 'waiters flags nr_wake nr_requeue',
  nanosleep: 'rqtp rmtp',
  clock_nanosleep: 'which_clock flags rqtp rmtp',
  sched_yield: '',
  sched_setaffinity: 'pid len user_mask_ptr',
  sched_getaffinity: 'pid len user_mask_ptr',
  sched_setscheduler: 'pid policy param',
  sched_setparam: 'pid param',
  sched_setattr: 'pid uattr flags',
  sched_getattr: 'pid uattr usize flags',
  setpriority: 'which who niceval',
  ioprio_set: 'which who ioprio',
  membarrier: 'cmd flags cpu_id',
  epoll_wait: 'epfd events maxevents timeout',
  epoll_pwait: 'epfd events maxevents timeout sigmask sigsetsize',
  poll: 'ufds nfds timeout_msecs',
  ppoll: 'ufds nfds tsp sigmask sigsetsize',
  select: 'n inp outp exp tvp',
  pselect6: 'n inp outp exp tsp sig',
  read: 'fd buf count',
  write: 'fd buf count',
  pread64: 'fd buf count pos',
  pwrite64: 'fd buf count pos',
  readv: 'fd vec vlen',
  writev: 'fd vec vlen',
  openat: 'dfd filename flags mode',
  close: 'fd',
  ioctl: 'fd cmd arg',
  execve: 'filename argv envp',
  execveat: 'fd filename argv envp flags',
  clone: 'clone_flags newsp parent_tidptr child_tidptr tls',
  clone3: 'uargs size',
  exit: 'error_code',
  exit_group: 'error_code',
  wait4: 'upid stat_addr options ru',
  waitid: 'which upid infop options ru',
  kill: 'pid sig',
  tgkill: 'tgid pid sig',
  mmap: 'addr len prot flags fd off',
  munmap: 'addr len',
  sendto: 'fd buff len flags addr addr_len',
  recvfrom: 'fd ubuf size flags addr addr_len',
  sendmsg: 'fd msg flags',
  recvmsg: 'fd msg flags',
  connect: 'fd uservaddr addrlen',
  accept4: 'fd upeer_sockaddr upeer_addrlen flags',
  io_uring_enter: 'fd to_submit min_complete flags argp argsz',
  prctl: 'option arg2 arg3 arg4 arg5',
};

/** Names of a system call's arguments, in their order; undefined for one that is not listed. */
export function syscallArguments(name: string): string[] | undefined {
  return Object.hasOwn(CALLS, name) ? CALLS[name]!.split(' ').filter(Boolean) : undefined;
}

export function syscallsWithNames(): string[] {
  return Object.keys(CALLS);
}
