import { existsSync, readFileSync } from 'node:fs';
import { addon } from './addon.js';
import { native, ScxtsError } from './errors.js';
import { schedExtState, SYSFS } from './sysfs.js';

let scheduling: { members: string[] | null; flags: Record<string, bigint> | null } | undefined;

/** What the running kernel's BTF says of sched_ext; read once, as it cannot change. */
export function schedExtFacts(): NonNullable<typeof scheduling> {
  if (!scheduling) {
    const facts = native(() => addon().kernelFacts(['sched_ext_ops'], ['scx_ops_flags'], [], []));
    scheduling = {
      members: facts.structs['sched_ext_ops'] ?? null,
      flags: facts.enums['scx_ops_flags'] ?? null,
    };
  }
  return scheduling;
}

/** Those of the functions and typedefs that the running kernel has. */
export function kernelHas(functions: string[], typedefs: string[] = []): Set<string> {
  if (functions.length + typedefs.length === 0) return new Set();
  return new Set(native(() => addon().kernelFacts([], [], functions, typedefs)).names);
}

const CAP_NET_ADMIN = 12n;
const CAP_SYS_ADMIN = 21n;
const CAP_PERFMON = 38n;
const CAP_BPF = 39n;

/** Whether this process may load BPF programs: root, CAP_SYS_ADMIN, or the finer capabilities. */
function isPrivileged(): boolean {
  try {
    const text = /^CapEff:\s*([0-9a-f]+)/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
    const held = BigInt(`0x${text ?? '0'}`);
    const has = (bit: bigint): boolean => ((held >> bit) & 1n) === 1n;
    return has(CAP_SYS_ADMIN) || [CAP_BPF, CAP_PERFMON, CAP_NET_ADMIN].every(has);
  } catch {
    return process.geteuid?.() === 0;
  }
}

/** Checks what loading anything needs. Throws ERR_PRIVILEGE or ERR_NO_KERNEL_BTF. */
export function preflightBpf(command = 'COMMAND'): void {
  const inVm = `or run it in a virtual machine: scxts vm -- ${command}`;
  if (!isPrivileged()) {
    throw new ScxtsError(
      'ERR_PRIVILEGE',
      'loading a scheduler needs root (CAP_BPF, CAP_PERFMON and CAP_SYS_ADMIN)',
      { hint: `use sudo, ${inVm}` },
    );
  }
  if (!existsSync('/sys/kernel/btf/vmlinux')) {
    throw new ScxtsError('ERR_NO_KERNEL_BTF', 'this kernel has no BTF (/sys/kernel/btf/vmlinux)', {
      hint: `boot a kernel built with CONFIG_DEBUG_INFO_BTF, ${inVm}`,
    });
  }
}

/**
 * Checks what loading a scheduler needs, in the order in which a user can do something about it.
 * Throws ERR_PRIVILEGE, ERR_NO_KERNEL_BTF or ERR_NO_SCHED_EXT.
 */
export function preflight(command = 'COMMAND'): void {
  preflightBpf(command);
  if (!existsSync(SYSFS) || schedExtFacts().members === null) {
    throw new ScxtsError('ERR_NO_SCHED_EXT', 'this kernel has no sched_ext', {
      hint: `boot Linux 6.12 or later built with CONFIG_SCHED_CLASS_EXT, or run it in a virtual machine with such a kernel: scxts vm -- ${command}`,
    });
  }
}

/** Called right before attaching: only one scheduler can run (but for sub-schedulers of 7.x). */
export function checkNoOther(): void {
  const { state, ops } = schedExtState();
  if (state && state !== 'disabled') {
    throw new ScxtsError(
      'ERR_BUSY',
      `another scheduler is running: ${ops ?? 'unknown'} (${state})`,
      {
        hint: 'scxts stop ends it (SysRq-S, echo S > /proc/sysrq-trigger, ends any sched_ext scheduler), or run yours in a virtual machine: scxts vm -- COMMAND',
      },
    );
  }
}
