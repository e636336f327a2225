// What the kernel's own sched_ext selftests assert, and some more: each case is a scheduler, a configuration, and how it ends.
// Run in virtual machines (test/vm/selftests.test.ts) and on the model (test/model/selftests.test.ts).
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { builtObject } from '../util/built-object.js';

export const KERNELS = ['6.12', '6.18', '7.3'] as const;
export type Kernel = (typeof KERNELS)[number];

export interface Case {
  /** What it is called in reports. */
  name: string;
  /** A file of schedulers/. */
  scheduler: string;
  config?: Readonly<Record<string, number | boolean | bigint>>;
  /** The names of the kernel's selftests that assert this, or '' where none does. */
  selftest: string;
  /** How it ends: the kind and code of the exit record. Where it runs on until it is detached: UNREG. */
  ends: Ending | Readonly<Record<Kernel, Ending>>;
  /** A program of userspace is run 200 ms after the start. */
  program?: string;
  /** CPU 1 goes 200 ms after the start, and comes back 200 ms later. */
  hotplug?: boolean;
  /** Kernels that cannot load it, for want of a function. */
  not?: readonly Kernel[];
  /** What holds of its counters at the end, on every kernel. */
  counters?: (c: Readonly<Record<string, number>>) => boolean;
}

export interface Ending {
  kind: string;
  /** Of scx_bpf_exit(), or of the kernel. */
  code?: bigint;
  /** What the kernel says; names of tasks and numbers aside. */
  message?: RegExp;
}

const RUNS: Ending = { kind: 'UNREG', message: /^$/ };
const error = (message: RegExp): Ending => ({ kind: 'ERROR', message });
const left = (at: number): Ending => ({
  ...{ kind: 'UNREG_BPF', code: BigInt(40 + at), message: new RegExp(`^left at ${at}$`) },
});
const failed = (at: number): Ending => ({
  ...{ kind: 'ERROR_BPF', message: new RegExp(`^failed at ${at}$`) },
});
const LOCAL = 0x8000_0000_0000_0002n;
const GLOBAL = 0x8000_0000_0000_0001n;
const LOCAL_ON = 0xc000_0000_0000_0000n;
const RESTART_FOR_HOTPLUG = (1n << 48n) | (1n << 32n);

export const CASES: readonly Case[] = [
  { name: 'minimal', scheduler: 'minimal', selftest: 'minimal', ends: RUNS },
  {
    ...{ name: 'maximal', scheduler: 'maximal', selftest: 'maximal', ends: RUNS },
    counters: (c) =>
      c['runnings']! > 10 &&
      c['stoppings'] === c['runnings'] &&
      c['runnables'] === c['quiescents'] &&
      c['groups'] === c['ungroups'],
  },
  {
    ...{ name: 'counts', scheduler: 'counts', selftest: 'init_enable_count', ends: RUNS },
    counters: (c) =>
      c['inits']! > 5 &&
      c['forks']! > 2 &&
      c['exits'] === c['inits']! + c['forks']! &&
      c['enables'] === c['disables'],
  },
  {
    ...{ name: 'select_cpu_dfl in enqueue', scheduler: 'enq-select-cpu' },
    ...{ selftest: 'enq_select_cpu', ends: RUNS, not: ['6.12'] },
    counters: (c) => c['asked']! > 10,
  },
  {
    ...{ name: 'wake-up into its own queue', scheduler: 'direct' },
    ...{ selftest: 'select_cpu_dispatch', ends: RUNS },
  },
  {
    ...{ name: 'wake-up into the local queue', scheduler: 'direct', config: { queue: LOCAL } },
    ...{ selftest: 'select_cpu_dispatch', ends: RUNS },
  },
  {
    ...{ name: 'wake-up into its own queue by vtime', scheduler: 'direct' },
    ...{ config: { by_vtime: true }, selftest: 'select_cpu_vtime', ends: RUNS },
  },
  {
    ...{ name: 'wake-up into no queue', scheduler: 'direct', config: { queue: 0xcafe } },
    selftest: 'ddsp_bogus_dsq_fail, select_cpu_dispatch_bad_dsq',
    ends: {
      '6.12': error(/^non-existent DSQ 0xcafe for \S+\[\d+\]$/),
      '6.18': error(/^non-existent DSQ 0xcafe for \S+\[\d+\]$/),
      '7.3': error(/^non-existent DSQ 0xcafe$/),
    },
  },
  {
    ...{ name: 'wake-up into the local queue by vtime', scheduler: 'direct' },
    ...{ config: { queue: LOCAL, by_vtime: true }, selftest: 'ddsp_vtimelocal_fail' },
    ends: error(/^cannot use vtime ordering for built-in DSQs$/),
  },
  {
    ...{ name: 'wake-up onto a CPU that is none', scheduler: 'direct' },
    ...{ config: { queue: LOCAL_ON | 4000n }, selftest: '' },
    ends: error(/^invalid CPU 4000 /),
  },
  { name: 'queued', scheduler: 'queued', selftest: 'select_cpu_dfl', ends: RUNS },
  {
    ...{ name: 'queued globally by vtime', scheduler: 'queued', selftest: '' },
    ...{ config: { queue: GLOBAL, by_vtime: true } },
    ends: error(/^cannot use vtime ordering for built-in DSQs$/),
  },
  {
    ...{ name: 'queued in two orders', scheduler: 'queued', config: { mixed: true }, selftest: '' },
    ends: error(/^DSQ ID 0x0+7 already had \w+-enqueued tasks$/),
  },
  {
    ...{ name: 'sent where they may run', scheduler: 'local-on', selftest: 'dsp_local_on' },
    ...{ ends: RUNS, counters: (c) => c['sent']! > 10 },
  },
  {
    ...{ name: 'sent where they may not run', scheduler: 'local-on', selftest: 'dsp_local_on' },
    config: { careless: true },
    ends: error(/^SCX_DSQ_LOCAL\[_ON\] .*1 not allowed for |cannot move migration disabled/),
  },
  ...[1, 2, 3, 4, 5, 6].flatMap((where): Case[] => [
    {
      ...{ name: `exit at ${where}`, scheduler: 'exits', config: { where } },
      ...{ selftest: 'exit', ends: left(where) },
    },
    {
      ...{ name: `error at ${where}`, scheduler: 'exits', config: { where, fails: true } },
      ...{ selftest: 'exit', ends: failed(where) },
    },
  ]),
  {
    ...{ name: 'init() says ENOMEM', scheduler: 'refuses', config: { from_init: -12 } },
    ...{ selftest: '', ends: error(/^ops\.init\(\) failed \(-12\)$/) },
  },
  {
    ...{ name: 'a queue twice', scheduler: 'refuses', config: { twice: true }, selftest: '' },
    ends: error(/^ops\.init\(\) failed \(-17\)$/),
  },
  {
    ...{ name: 'init_task() says EPERM', scheduler: 'refuses', config: { from_task: -1 } },
    ...{ selftest: '', ends: error(/^ops\.init_task\(\) failed \(-1\)/) },
  },
  {
    ...{ name: 'a CPU goes and comes', scheduler: 'hotplug', selftest: 'hotplug' },
    ...{ hotplug: true, ends: RUNS },
  },
  {
    ...{ name: 'leaves as a CPU goes', scheduler: 'hotplug', config: { ends: true } },
    ...{ selftest: 'hotplug', hotplug: true },
    ends: { kind: 'UNREG_BPF', code: 1n, message: /^CPU 1 went$/ },
  },
  {
    ...{ name: 'knows nothing of CPUs', scheduler: 'minimal', selftest: 'hotplug', hotplug: true },
    ends: {
      ...{ kind: 'UNREG_KERN', code: RESTART_FOR_HOTPLUG },
      message: /^cpu 1 going offline, exiting scheduler$/,
    },
  },
  {
    ...{ name: 'ended from userspace', scheduler: 'from-userspace', program: 'leave' },
    ...{ selftest: 'prog_run', ends: { kind: 'UNREG_BPF', code: 99n, message: /^as told$/ } },
  },
  {
    ...{ name: 'kicks no CPU', scheduler: 'kicks', config: { how: 1, cpu: 9999 }, selftest: '' },
    ends: error(/^invalid CPU 9999$/),
  },
  {
    ...{ name: 'kicks idle CPUs away', scheduler: 'kicks', config: { how: 2 }, selftest: '' },
    ends: error(/^PREEMPT\/WAIT cannot be used with SCX_KICK_IDLE$/),
  },
  {
    ...{ name: 'asks for too fast a CPU', scheduler: 'kicks', config: { how: 3 }, selftest: '' },
    ends: error(/^Invalid cpuperf target 2048 for CPU 0$/),
  },
  {
    ...{ name: 'asks how fast no CPU is', scheduler: 'kicks', selftest: '' },
    ...{ config: { how: 4, cpu: 9999 }, ends: error(/^invalid CPU 9999$/) },
  },
  {
    // scxts has the kernel go on with its own where a program uses both.
    ...{ name: 'idle CPUs told and asked for', scheduler: 'own-idle', selftest: '' },
    ...{ ends: RUNS, counters: (c) => c['changes']! > 5 },
  },
  {
    ...{ name: 'inserts more than a batch', scheduler: 'overflow', selftest: '' },
    ends: error(/^dispatch buffer overflow$/),
  },
  {
    ...{ name: 'destroys a queue in use', scheduler: 'in-use', selftest: '' },
    ends: error(/^attempting to destroy in-use dsq 0x0*9 \(nr=\d+\)$/),
  },
  {
    ...{ name: 'forgets a task', scheduler: 'stall', selftest: '' },
    ends: { kind: 'ERROR_STALL', message: /^lost\[\d+\] failed to run for \d+\.\d{3}s$/ },
  },
  {
    ...{ name: 'CPUs of a set', scheduler: 'allowed', selftest: 'allowed_cpus', ends: RUNS },
  },
];

export const endingOn = ({ ends }: Case, kernel: Kernel): Ending =>
  'kind' in ends ? ends : ends[kernel];

const folder = join(import.meta.dirname, 'schedulers');

/** Objects of all schedulers, by name. */
export async function buildSchedulers(): Promise<Map<string, string>> {
  const objects = new Map<string, string>();
  for (const file of readdirSync(folder).filter(
    (f) => f.endsWith('.ts') && !f.endsWith('.skel.ts'),
  )) {
    const name = file.slice(0, -3);
    const needs = CASES.find((c) => c.scheduler === name)?.not;
    const minKernel = needs?.includes('6.12') ? { minKernel: '6.16' } : {};
    objects.set(name, await builtObject(join(folder, file), minKernel));
  }
  return objects;
}
