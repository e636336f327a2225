import type { CallRow } from '../calls/types.js';
import {
  cpuOf,
  kickCpu,
  performanceCap,
  performanceNow,
  pickAnyCpu,
  pickIdleCpu,
  reenqueue,
  schedulerClock,
  selectCpuAnd,
  selectCpuDefault,
  setPerformance,
  taskRunning,
  testAndClearIdle,
} from '../kernel/calls-cpu.js';
import type { CpuMask } from '../kernel/cpumask.js';
import { fail } from '../kernel/fail.js';
import type { Guest } from './guest.js';
import { nsOfHalves } from './rows-queue.js';
import { taskOf } from './tasks.js';

const PICK_IDLE_CORE = 1;
const PICK_IN_NODE = 2;
const EINVAL = -22;

/** scx_bpf_* about CPUs, idle masks, time and tasks. A cid is the number of the CPU: model machines are numbered by topology. */
export function cpuRows(guest: Guest): CallRow[] {
  const { space } = guest;
  const wide = (value: number): number => {
    space.context.high = Math.floor(value / 0x1_0000_0000) | 0;
    return value | 0;
  };
  const maskAt = (address: number): CpuMask => guest.masks.at(address);
  const core = (flags: number): boolean => (flags & PICK_IDLE_CORE) !== 0;
  const nodeMask = (node: number, flags: number): CpuMask | undefined => {
    const { machine } = guest.kernel;
    if (node < 0 || node >= machine.nodes) {
      fail(guest.kernel, `invalid node ${node}`);
      return undefined;
    }
    const within = flags & PICK_IN_NODE ? machine.places.find((p) => p.node === node) : undefined;
    return within && machine.nodeMasks[within.id];
  };
  const rq = (cpu: number): number => {
    const runqueues = space.variable('runqueues');
    if (!runqueues || !cpuOf(guest.kernel, cpu)) return 0;
    guest.variables.fillRunqueue(cpu);
    return runqueues.address + cpu * runqueues.stride;
  };
  const current = (cpu: number): number => {
    const found = cpuOf(guest.kernel, cpu);
    return found ? guest.addressOf(found.current ?? found.idleTask) : 0;
  };
  const and = (p: number, prev: number, wake: number, allowed: number, flags: number): number =>
    selectCpuAnd(guest.kernel, taskOf(guest, p), prev, wake, maskAt(allowed), core(flags));
  const AND_ARGS = 'scx_bpf_select_cpu_and_args';
  const nodesOf = (cpu: number): number => cpuOf(guest.kernel, cpu)?.place.node ?? EINVAL;
  const kick = (cpu: number, flags: number): void => kickCpu(guest.kernel, cpu, flags);
  const perf = (cpu: number, target: number): void =>
    setPerformance(guest.kernel, cpu, target >>> 0);

  const rows: [string, string, (...args: number[]) => number | undefined | void][] = [
    ['scx_bpf_kick_cpu', 'il:v', (cpu, flags) => kick(cpu!, flags!)],
    ['scx_bpf_kick_cid', 'il:v', (cpu, flags) => kick(cpu!, flags!)],
    [
      'scx_bpf_select_cpu_dfl',
      'pilp:i',
      (p, prev, wake, _high, isIdle) => {
        const { cpu, idle } = selectCpuDefault(guest.kernel, taskOf(guest, p!), prev!, wake!);
        space.memory.bytes[isIdle!] = idle ? 1 : 0;
        return cpu;
      },
    ],
    [
      'scx_bpf_select_cpu_and',
      'pilpl:i',
      (p, prev, wake, _high, allowed, flags) => and(p!, prev!, wake!, allowed!, flags!),
    ],
    [
      '__scx_bpf_select_cpu_and',
      'ppp:i',
      (p, allowed, a) => {
        const args = space.struct(AND_ARGS);
        const value = (name: string): number => args.field(name).low(a!);
        const prev = args.field('prev_cpu').get(a!);
        return and(p!, prev, value('wake_flags'), allowed!, value('flags'));
      },
    ],
    [
      'scx_bpf_pick_idle_cpu',
      'pl:i',
      (mask, flags) => pickIdleCpu(guest.kernel, maskAt(mask!), core(flags!)),
    ],
    [
      'scx_bpf_pick_any_cpu',
      'pl:i',
      (mask, flags) => pickAnyCpu(guest.kernel, maskAt(mask!), core(flags!)),
    ],
    [
      'scx_bpf_pick_idle_cpu_node',
      'pil:i',
      (mask, node, flags) =>
        pickIdleCpu(guest.kernel, maskAt(mask!), core(flags!), nodeMask(node!, flags!)),
    ],
    [
      'scx_bpf_pick_any_cpu_node',
      'pil:i',
      (mask, node, flags) =>
        pickAnyCpu(guest.kernel, maskAt(mask!), core(flags!), nodeMask(node!, flags!)),
    ],
    [
      'scx_bpf_test_and_clear_cpu_idle',
      'i:b',
      (cpu) => (testAndClearIdle(guest.kernel, cpu!) ? 1 : 0),
    ],
    ['scx_bpf_get_idle_cpumask', ':p', () => guest.idle.address],
    [
      'scx_bpf_get_idle_smtmask',
      ':p',
      () => (guest.kernel.machine.smt ? guest.idleCores : guest.idle).address,
    ],
    ['scx_bpf_get_idle_cpumask_node', 'i:p', () => guest.idle.address],
    ['scx_bpf_get_idle_smtmask_node', 'i:p', () => guest.idleCores.address],
    ['scx_bpf_put_idle_cpumask', 'p:v', () => undefined],
    ['scx_bpf_get_possible_cpumask', ':p', () => guest.possible.address],
    ['scx_bpf_get_online_cpumask', ':p', () => guest.online.address],
    ['scx_bpf_put_cpumask', 'p:v', () => undefined],
    ['scx_bpf_nr_cpu_ids', ':u', () => guest.kernel.cpus.length],
    ['scx_bpf_nr_cids', ':u', () => guest.kernel.cpus.length],
    ['scx_bpf_nr_online_cids', ':u', () => guest.kernel.online.size],
    ['scx_bpf_nr_node_ids', ':u', () => guest.kernel.machine.nodes],
    ['scx_bpf_cpu_node', 'i:i', (cpu) => nodesOf(cpu!)],
    ['scx_bpf_cpuperf_cap', 'i:u', (cpu) => performanceCap(guest.kernel, cpu!)],
    ['scx_bpf_cpuperf_cur', 'i:u', (cpu) => performanceNow(guest.kernel, cpu!)],
    ['scx_bpf_cpuperf_set', 'iu:v', (cpu, target) => perf(cpu!, target!)],
    ['scx_bpf_cidperf_cap', 'i:u', (cpu) => performanceCap(guest.kernel, cpu!)],
    ['scx_bpf_cidperf_cur', 'i:u', (cpu) => performanceNow(guest.kernel, cpu!)],
    ['scx_bpf_cidperf_set', 'iu:i', (cpu, target) => (perf(cpu!, target!), 0)],
    ['scx_bpf_reenqueue_local', ':u', () => reenqueue(guest.kernel)],
    ['scx_bpf_reenqueue_local___v2', ':v', () => void reenqueue(guest.kernel)],
    ['scx_bpf_task_cpu', 'p:i', (p) => taskOf(guest, p!).cpu],
    ['scx_bpf_task_cid', 'p:i', (p) => taskOf(guest, p!).cpu],
    ['scx_bpf_this_cid', ':i', () => space.context.cpu],
    ['scx_bpf_cid_to_cpu', 'i:i', (cid) => cpuOf(guest.kernel, cid!)?.id ?? EINVAL],
    ['scx_bpf_cpu_to_cid', 'i:i', (cpu) => cpuOf(guest.kernel, cpu!)?.id ?? EINVAL],
    ['scx_bpf_task_running', 'p:b', (p) => (taskRunning(guest.kernel, taskOf(guest, p!)) ? 1 : 0)],
    ['scx_bpf_task_cgroup', 'p:p', (p) => guest.cgroups.addressOf(taskOf(guest, p!).cgroup)],
    [
      'scx_bpf_task_set_slice',
      'pl:b',
      (p, low, high) => (taskOf(guest, p!).memory.setSlice(nsOfHalves(low!, high!)), 1),
    ],
    [
      'scx_bpf_task_set_dsq_vtime',
      'pl:b',
      (p, low, high) => (taskOf(guest, p!).memory.setVtime(low!, high!), 1),
    ],
    ['scx_bpf_cpu_rq', 'i:p', (cpu) => rq(cpu!)],
    ['scx_bpf_locked_rq', ':p', () => rq(space.context.cpu)],
    ['scx_bpf_cpu_curr', 'i:p', (cpu) => current(cpu!)],
    ['scx_bpf_cid_curr', 'i:p', (cid) => current(cid!)],
    ['scx_bpf_now', ':l', () => wide(schedulerClock(guest.kernel))],
  ];
  return rows.map(([name, signature, run]) => ({ name, signature, run }));
}
