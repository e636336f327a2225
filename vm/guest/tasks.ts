import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { setPriority } from 'node:os';
import { Cpumask, onlineCpus } from '../../native/runtime/topology/index.js';

/**
 * Load for a guest, as shells: small enough for many of them. Each task is a process group of its own;
 * what it got is read from /proc, so that measuring costs the guest little.
 */
const CGROUPS = '/sys/fs/cgroup';

const SCRIPTS = {
  /** Computes. */
  busy: 'while :; do i=$((i+1)); done',
  /** Wakes up every few milliseconds. */
  sleepy: 'while :; do usleep 4000; done',
  /** A short-lived process now and then. */
  light: 'while :; do (i=0; while [ $i -lt 100 ]; do i=$((i+1)); done); usleep 15000; done',
  /** A short-lived process ten times a second, and nothing else that is started. */
  rare:
    'mkfifo "/tmp/rare-$$"; exec 3<>"/tmp/rare-$$"\n' +
    'while :; do (i=0; while [ $i -lt 100 ]; do i=$((i+1)); done); read -t 0.1 x <&3; done',
  /** Hands a byte to and fro through pipes. */
  pair:
    'mkfifo "/tmp/pair-$$-a" "/tmp/pair-$$-b"; exec 3<>"/tmp/pair-$$-a" 4<>"/tmp/pair-$$-b"\n' +
    '(while read -r x <&3; do echo "$x" >&4; done) &\n' +
    'while :; do echo x >&3; read -r x <&4; done',
  /** Processes that come and go. */
  forks: 'while :; do for i in 1 2 3 4 5 6; do (:) & done; wait; usleep 20000; done',
  /** Moves the process $1 from CPU to CPU, each given as a mask, and back to all of them, $2. */
  affinity:
    'p=$1; all=$2; shift 2; while :; do for cpu in "$@"; do taskset -p $cpu $p >/dev/null; usleep 60000; done\n' +
    'taskset -p $all $p >/dev/null; usleep 60000; done',
  /** Makes and removes cgroups, changes their weight and bandwidth, and moves processes in and out. */
  cgroups:
    `cd ${CGROUPS}; while :; do\n` +
    'mkdir -p churn/a; echo +cpu >churn/cgroup.subtree_control\n' +
    'sh -c "i=0; while [ \\$i -lt 500 ]; do i=\\$((i+1)); done" & echo $! >churn/a/cgroup.procs\n' +
    'for w in 50 400 100; do echo $w >churn/a/cpu.weight; echo "${w}000 100000" >churn/a/cpu.max; usleep 10000; done\n' +
    'echo max >churn/a/cpu.max; echo $! >cgroup.procs; wait; rmdir churn/a churn; usleep 10000; done 2>/dev/null',
} as const;

export type Kind = keyof typeof SCRIPTS;

export interface StartOptions {
  nice?: number;
  /** Below /sys/fs/cgroup. */
  cgroup?: string;
  args?: (string | number)[];
}

/** A process group that puts one kind of load on the machine. */
export class Task {
  private readonly child: ChildProcess;
  private last: number;
  private readonly first: number;

  constructor(
    readonly kind: Kind,
    readonly options: StartOptions = {},
  ) {
    const { nice = 0, cgroup, args = [] } = options;
    const enter = cgroup ? `echo $$ >${CGROUPS}/${cgroup}/cgroup.procs; ` : '';
    this.child = spawn('sh', ['-c', enter + SCRIPTS[kind], kind, ...args.map(String)], {
      stdio: 'ignore',
      detached: true,
    });
    if (nice) setPriority(this.pid, nice);
    this.first = this.last = this.progress();
  }

  get pid(): number {
    return this.child.pid!;
  }

  /** CPU time in ms for what computes, otherwise how often it slept. */
  private progress(): number {
    return this.kind === 'busy' ? cpuMs(this.pid) : sleeps(this.pid);
  }

  /** Whether it has come to its cgroup, which its shell enters by itself. */
  get placed(): boolean {
    const { cgroup } = this.options;
    if (!cgroup) return true;
    try {
      return readFileSync(`/proc/${this.pid}/cgroup`, 'utf8').trimEnd().endsWith(`/${cgroup}`);
    } catch {
      return false;
    }
  }

  /** What it got since it started. */
  get gained(): number {
    return this.last - this.first;
  }

  /** Looks how far it is. */
  sample(): void {
    this.last = Math.max(this.last, this.progress());
  }

  stop(): void {
    try {
      process.kill(-this.pid, 'SIGKILL');
    } catch {
      // It has ended.
    }
  }
}

/** Processor time of a process, in ms; counted in ticks of 10 ms. */
export function cpuMs(pid: number): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /, '')
      .split(' ');
    return (Number(fields[11]) + Number(fields[12])) * 10;
  } catch {
    return 0;
  }
}

function sleeps(pid: number): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    return Number(/^voluntary_ctxt_switches:\s*(\d+)/m.exec(status)?.[1] ?? 0);
  } catch {
    return 0;
  }
}

/** Everything at once: more to run than there are CPUs, and much coming and going. */
export function mixedLoad(): Task[] {
  const cpus = onlineCpus();
  const tasks: Task[] = [];
  for (let i = 0; i < Math.min(cpus.size, 4) + 1; i++) tasks.push(new Task('busy'));
  tasks.push(new Task('sleepy'), new Task('sleepy'), new Task('pair'), new Task('forks'));
  tasks.push(new Task('cgroups'));
  // One that would be another busy task, but for where it may run.
  const moved = new Task('busy');
  const masks = [cpus, ...cpus.toArray().map((cpu) => Cpumask.of([cpu]))].map((m) =>
    m.toHex().replaceAll(',', ''),
  );
  tasks.push(moved, new Task('affinity', { args: [moved.pid, ...masks] }));
  return tasks;
}

/** Makes a cgroup with a weight, below one whose children have the cpu controller. */
export function makeCgroup(path: string, weight: number): void {
  mkdirSync(`${CGROUPS}/${path}`, { recursive: true });
  writeFileSync(`${CGROUPS}/${path}/cpu.weight`, String(weight));
}

export function giveCpuController(path: string): void {
  writeFileSync(`${CGROUPS}/${path}/cgroup.subtree_control`, '+cpu');
}

export function removeCgroup(path: string): void {
  rmdirSync(`${CGROUPS}/${path}`);
}
