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
  bpf_rcu_read_lock: () => 0n,
  bpf_rcu_read_unlock: () => 0n,
  bpf_preempt_disable: () => 0n,
  bpf_preempt_enable: () => 0n,
  time_after: (_m, [a = 0n, b = 0n]) => (signed(b - a) < 0n ? 1n : 0n),
  time_before: (_m, [a = 0n, b = 0n]) => (signed(a - b) < 0n ? 1n : 0n),
  time_after_eq: (_m, [a = 0n, b = 0n]) => (signed(a - b) >= 0n ? 1n : 0n),
  time_before_eq: (_m, [a = 0n, b = 0n]) => (signed(b - a) >= 0n ? 1n : 0n),
};

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
