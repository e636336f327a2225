import { kernelFunction } from '../../kernel/index.js';
import { NotModelled, type Machine } from './machine.js';

type Call = (m: Machine, args: readonly bigint[]) => bigint;

const signed = (value: bigint): bigint => BigInt.asIntN(64, value);

/** Functions of the kernel that a program can call where nothing happens by itself. */
const CALLS: Readonly<Record<string, Call>> = {
  bpf_ktime_get_ns: (m) => now(m),
  bpf_ktime_get_boot_ns: (m) => now(m),
  scx_bpf_now: (m) => now(m),
  bpf_get_prandom_u32: (m) => m.options.random?.() ?? 4n,
  bpf_get_smp_processor_id: (m) => BigInt(m.cpu),
  bpf_cpumask_create: (m) => m.memory.allocate(MASK_BYTES),
  bpf_cpumask_set_cpu: (m, [cpu = 0n, mask = 0n]) => inMask(m, mask, cpu, true),
  bpf_cpumask_clear_cpu: (m, [cpu = 0n, mask = 0n]) => inMask(m, mask, cpu, false),
  bpf_cpumask_test_cpu: (m, [cpu = 0n, mask = 0n]) => inMask(m, mask, cpu),
  bpf_rcu_read_lock: () => 0n,
  bpf_rcu_read_unlock: () => 0n,
  bpf_preempt_disable: () => 0n,
  bpf_preempt_enable: () => 0n,
  time_after: (_m, [a = 0n, b = 0n]) => (signed(b - a) < 0n ? 1n : 0n),
  // The newest kernel, and no interrupt.
  kernelVersion: () => (7n << 16n) | (3n << 8n),
  in_hardirq: () => 0n,
  in_serving_softirq: () => 0n,
  in_nmi: () => 0n,
  time_before: (_m, [a = 0n, b = 0n]) => (signed(a - b) < 0n ? 1n : 0n),
  time_after_eq: (_m, [a = 0n, b = 0n]) => (signed(a - b) >= 0n ? 1n : 0n),
  time_before_eq: (_m, [a = 0n, b = 0n]) => (signed(b - a) >= 0n ? 1n : 0n),
};

/** Of 1024 CPUs. */
const MASK_BYTES = 128;

/** Whether a CPU is in a mask; puts it in or takes it out. */
function inMask(m: Machine, mask: bigint, cpu: bigint, to?: boolean): bigint {
  if (cpu >= BigInt(MASK_BYTES * 8)) return 0n;
  const [at, bit] = [mask + cpu / 8n, 1n << (cpu % 8n)];
  const byte = m.memory.load(at, 1, false);
  if (to !== undefined) m.memory.store(at, 1, to ? byte | bit : byte & ~bit);
  return byte & bit ? 1n : 0n;
}

function now(m: Machine): bigint {
  return m.options.clock?.() ?? 1_000_000_000n;
}

export function callKernel(m: Machine, name: string, args: readonly bigint[]): bigint {
  const call = CALLS[name];
  if (call) return call(m, args);
  const { fold } = kernelFunction(name) ?? {};
  if (!fold) throw new NotModelled(`${name}()`);
  return fold(args);
}
