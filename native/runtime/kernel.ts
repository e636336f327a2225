import { existsSync, readFileSync } from 'node:fs';
import type { KernelFacts } from './addon.js';
import { currentBackend, type Backend } from './backend.js';
import { native, nativeAsync, ScxtsError } from './errors.js';
import { schedExtState, SYSFS } from './sysfs.js';

interface SchedExtFacts {
  members: string[] | null;
  flags: Record<string, bigint> | null;
  /** There are schedulers in cid form beside those of sched_ext_ops. */
  hasCidForm: boolean;
}

/** What a kernel's BTF says; it cannot change, so nothing is looked up twice. */
interface Facts {
  scheduling?: SchedExtFacts;
  readonly names: Map<string, boolean>;
  readonly enums: Map<string, Record<string, bigint> | null>;
}
const known = new WeakMap<Backend, Facts>();

function factsOf(backend: Backend): Facts {
  let facts = known.get(backend);
  if (!facts) {
    facts = { names: new Map(), enums: new Map() };
    known.set(backend, facts);
  }
  return facts;
}

const STRUCTS = ['sched_ext_ops', 'sched_ext_ops_cid'];
const ENUMS = ['scx_ops_flags'];

function remember(
  about: Facts,
  facts: KernelFacts,
  functions: string[],
  typedefs: string[],
): SchedExtFacts {
  const there = new Set(facts.names);
  for (const name of [...functions, ...typedefs]) about.names.set(name, there.has(name));
  const scheduling = {
    members: facts.structs['sched_ext_ops'] ?? null,
    flags: facts.enums['scx_ops_flags'] ?? null,
    hasCidForm: Boolean(facts.structs['sched_ext_ops_cid']),
  };
  about.scheduling = scheduling;
  return scheduling;
}

/** What it says of sched_ext. */
export function schedExtFacts(backend: Backend = currentBackend()): SchedExtFacts {
  const about = factsOf(backend);
  return (
    about.scheduling ??
    remember(
      about,
      native(() => backend.addon.kernelFacts(STRUCTS, ENUMS, [], [])),
      [],
      [],
    )
  );
}

/** Those of the functions and typedefs that the running kernel has. */
export function kernelHas(
  functions: string[],
  typedefs: string[] = [],
  backend: Backend = currentBackend(),
): Set<string> {
  const about = factsOf(backend);
  const all = [...functions, ...typedefs];
  if (all.some((name) => !about.names.has(name)))
    remember(
      about,
      native(() => backend.addon.kernelFacts(STRUCTS, ENUMS, functions, typedefs)),
      functions,
      typedefs,
    );
  return new Set(all.filter((name) => about.names.get(name)));
}

/** Values of the kernel's enums, by enum; null for one that it has not. */
export function kernelEnums(
  names: readonly string[],
  backend: Backend = currentBackend(),
): ReadonlyMap<string, Record<string, bigint> | null> {
  const { enums } = factsOf(backend);
  const missing = [...new Set(names)].filter((name) => !enums.has(name));
  if (missing.length > 0) {
    const { enums: found } = native(() => backend.addon.kernelFacts([], missing, [], []));
    for (const name of missing) enums.set(name, found[name] ?? null);
  }
  return enums;
}

/** Looks up on another thread what the two above will be asked: the kernel's BTF is 5 to 10 MB. */
export async function readKernelFacts(
  functions: string[],
  typedefs: string[],
  backend: Backend = currentBackend(),
): Promise<void> {
  const about = factsOf(backend);
  if (about.scheduling && [...functions, ...typedefs].every((name) => about.names.has(name)))
    return;
  const facts = await nativeAsync(() =>
    backend.addon.kernelFactsAsync(STRUCTS, ENUMS, functions, typedefs),
  );
  remember(about, facts, functions, typedefs);
}

const CAP_NET_ADMIN = 12n;
const CAP_SYS_ADMIN = 21n;
const CAP_PERFMON = 38n;
const CAP_BPF = 39n;

/** Whether this process may load BPF programs: root, CAP_SYS_ADMIN, or the finer capabilities. */
export function isPrivileged(): boolean {
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
export function preflightBpf(command = 'COMMAND', backend = currentBackend()): void {
  if (backend.isModel) return backend.preflight();
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
export function preflight(command = 'COMMAND', backend = currentBackend()): void {
  preflightBpf(command, backend);
  if (backend.isModel) return;
  if (!existsSync(SYSFS) || schedExtFacts().members === null) {
    throw new ScxtsError('ERR_NO_SCHED_EXT', 'this kernel has no sched_ext', {
      hint: `boot Linux 6.12 or later built with CONFIG_SCHED_CLASS_EXT, or run it in a virtual machine with such a kernel: scxts vm -- ${command}`,
    });
  }
}

/** Called right before attaching: only one scheduler can run (but for sub-schedulers of 7.x). */
export function checkNoOther(backend = currentBackend()): void {
  const { state, ops } = schedExtState(backend);
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
