import type { KernelName } from '../engine/types.js';

/** What a kernel was configured with, as programs ask for it: `kconfig<u32>('CONFIG_HZ')`. */
const COMMON: Readonly<Record<string, number | string>> = {
  CONFIG_64BIT: 'y',
  CONFIG_X86_64: 'y',
  CONFIG_SMP: 'y',
  CONFIG_BPF: 'y',
  CONFIG_BPF_SYSCALL: 'y',
  CONFIG_BPF_JIT: 'y',
  CONFIG_DEBUG_INFO_BTF: 'y',
  CONFIG_CGROUPS: 'y',
  CONFIG_CGROUP_SCHED: 'y',
  CONFIG_FAIR_GROUP_SCHED: 'y',
  CONFIG_CFS_BANDWIDTH: 'y',
  CONFIG_SCHED_CLASS_EXT: 'y',
  CONFIG_EXT_GROUP_SCHED: 'y',
  CONFIG_HZ: 250,
  CONFIG_NR_CPUS: 8192,
  LINUX_HAS_BPF_COOKIE: 1,
  LINUX_HAS_SYSCALL_WRAPPER: 1,
};
/** The first version of the series: a program sees its major and minor number. */
function versionCode(kernel: KernelName): number {
  const [major, minor] = kernel.split('.').map(Number) as [number, number];
  return (major << 16) | (minor << 8);
}
/** 6.12 is a small configuration of its own: vm/kernels/linux-6.12.config. */
const OWN: Partial<Record<KernelName, Readonly<Record<string, number | string>>>> = {
  '6.12': { CONFIG_NR_CPUS: 64, CONFIG_HZ: 1000 },
};

/** A number, or 'y', 'm' or 'n'; undefined for what no row says: it is off. */
export function configValue(kernel: KernelName, name: string): number | string | undefined {
  if (name === 'LINUX_KERNEL_VERSION') return versionCode(kernel);
  return OWN[kernel]?.[name] ?? COMMON[name];
}
