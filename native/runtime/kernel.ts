import { existsSync, readFileSync } from 'node:fs';
import { addon } from './addon.js';
import { native, ScxtsError } from './errors.js';

const SYSFS = '/sys/kernel/sched_ext';

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return undefined;
  }
}

export interface SchedExtState {
  /** `disabled`, `enabled`, `enabling` or `disabling`; undefined on a kernel without sched_ext. */
  state: string | undefined;
  /** Name of the scheduler that is running. */
  ops: string | undefined;
  enableSeq: string | undefined;
  events: Record<string, bigint>;
}

/** What /sys/kernel/sched_ext says (kernel/sched/ext.c, scx_sched_groups). */
export function schedExtState(): SchedExtState {
  const events: Record<string, bigint> = {};
  for (const line of (read(`${SYSFS}/root/events`) ?? '').split('\n')) {
    const [name, value] = line.split(/\s+/);
    if (name && value) events[name] = BigInt(value);
  }
  return {
    state: read(`${SYSFS}/state`),
    ops: read(`${SYSFS}/root/ops`),
    enableSeq: read(`${SYSFS}/enable_seq`),
    events,
  };
}

/** Checks what a load needs, in the order in which a user can do something about it. */
export function preflight(command = 'COMMAND'): void {
  const inVm = `or run it in a virtual machine with a newer kernel: scxts vm -- ${command}`;
  if (process.geteuid?.() !== 0) {
    throw new ScxtsError(
      'ERR_PRIVILEGE',
      'loading a scheduler needs root (CAP_BPF, CAP_PERFMON and CAP_SYS_ADMIN)',
      {
        hint: `use sudo, ${inVm}`,
      },
    );
  }
  if (!existsSync('/sys/kernel/btf/vmlinux')) {
    throw new ScxtsError('ERR_NO_KERNEL_BTF', 'this kernel has no BTF (/sys/kernel/btf/vmlinux)', {
      hint: `boot a kernel built with CONFIG_DEBUG_INFO_BTF, ${inVm}`,
    });
  }
  if (!existsSync(SYSFS) || native(() => addon().kernelStruct('sched_ext_ops')) === null) {
    throw new ScxtsError('ERR_NO_SCHED_EXT', 'this kernel has no sched_ext', {
      hint: `boot Linux 6.12 or later built with CONFIG_SCHED_CLASS_EXT, ${inVm}`,
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
        hint: 'stop the process that loaded it (SysRq-S, echo S > /proc/sysrq-trigger, ends any sched_ext scheduler), or run yours in a virtual machine: scxts vm -- COMMAND',
      },
    );
  }
}
