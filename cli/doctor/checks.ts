import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { release as kernelRelease } from 'node:os';
import { gunzipSync } from 'node:zlib';
import { findTool } from '../../codegen/toolchain/clang.js';
import { fix, type Release } from './distribution.js';

/** What a check is needed for. */
export type Purpose = 'build' | 'load' | 'vm';

export interface Check {
  name: string;
  purpose: Purpose;
  /** `warning`: works, but not as well or not for everything. */
  status: 'ok' | 'warning' | 'missing';
  /** What was found. */
  found: string;
  /** What to do about it; only where it is not ok. */
  fix?: string;
}

const text = (path: string): string | undefined => {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return undefined;
  }
};
const output = (command: string, args: string[]): string | undefined => {
  const { status, stdout } = spawnSync(command, args, { encoding: 'utf8' });
  return status === 0 ? stdout.trim() : undefined;
};

/** Whether a dotted version is at least another. */
export function atLeast(version: string, wanted: string): boolean {
  const [a, b] = [version, wanted].map((v) => (v.match(/\d+/g) ?? []).map(Number)) as [
    number[],
    number[],
  ];
  for (let i = 0; i < b.length; i++) if ((a[i] ?? 0) !== b[i]) return (a[i] ?? 0) > b[i]!;
  return true;
}

export function buildChecks(release: Release): Check[] {
  const node = process.versions.node;
  const checks: Check[] = [
    {
      name: 'Node.js',
      purpose: 'build',
      status: atLeast(node, '20') ? 'ok' : 'missing',
      found: node,
      ...(atLeast(node, '20') ? {} : { fix: 'install Node.js 20 or later' }),
    },
  ];
  const clang = findTool('clang');
  const version = clang && /version (\d+[\d.]*)/.exec(output(clang, ['--version']) ?? '')?.[1];
  const clangOk = version !== undefined && atLeast(version, '16');
  checks.push({
    name: 'clang',
    purpose: 'build',
    status: clangOk ? 'ok' : 'missing',
    found: clang ? `${clang} ${version ?? '(does not run)'}` : 'not found',
    ...(clangOk ? {} : { fix: `clang 16 or later: ${fix(release, 'clang')}` }),
  });
  const strip = findTool('llvm-strip');
  checks.push({
    name: 'llvm-strip',
    purpose: 'build',
    status: strip ? 'ok' : 'warning',
    found: strip ?? 'not found: objects are larger',
    ...(strip ? {} : { fix: fix(release, 'llvm') }),
  });
  const headers = '/usr/include/bpf/bpf_helpers.h';
  const libbpf = output('pkg-config', ['--modversion', 'libbpf']);
  const headersOk = existsSync(headers) && (libbpf === undefined || atLeast(libbpf, '1.4.2'));
  checks.push({
    name: 'libbpf headers',
    purpose: 'build',
    status: headersOk ? 'ok' : 'missing',
    found: existsSync(headers) ? (libbpf ?? headers) : 'not found',
    ...(headersOk ? {} : { fix: `libbpf 1.4.2 or later: ${fix(release, 'libbpf')}` }),
  });
  return checks;
}

/** The kernel's configuration, where it can be read. */
function kernelConfig(): { path: string; config: string } | undefined {
  const gz = '/proc/config.gz';
  if (existsSync(gz)) return { path: gz, config: gunzipSync(readFileSync(gz)).toString() };
  const path = `/boot/config-${kernelRelease()}`;
  const config = text(path);
  return config === undefined ? undefined : { path, config };
}

/** Options that schedulers need. */
const OPTIONS = [
  'CONFIG_SCHED_CLASS_EXT',
  'CONFIG_BPF_SYSCALL',
  'CONFIG_BPF_JIT',
  'CONFIG_DEBUG_INFO_BTF',
];

function kernelChecks(release: Release): Check[] {
  const version = kernelRelease();
  const vm = 'or use a virtual machine: scxts vm -- COMMAND';
  const isNew = atLeast(version, '6.12');
  const checks: Check[] = [
    {
      name: 'kernel',
      purpose: 'load',
      status: isNew ? 'ok' : 'missing',
      found: version,
      ...(isNew ? {} : { fix: `Linux 6.12 or later: ${fix(release, 'kernel')}; ${vm}` }),
    },
  ];
  const config = kernelConfig();
  const off = OPTIONS.filter((o) => config && !new RegExp(`^${o}=y$`, 'm').test(config.config));
  checks.push({
    name: 'kernel config',
    purpose: 'load',
    status: config ? (off.length > 0 ? 'missing' : 'ok') : 'warning',
    found: config
      ? off.length > 0
        ? `without ${off.join(', ')} (${config.path})`
        : config.path
      : 'not readable: programs with kconfig<T>() do not load',
    ...(config && off.length === 0
      ? {}
      : {
          fix: config
            ? `a kernel with ${off.join(', ')}: ${fix(release, 'kernel')}; ${vm}`
            : `install /boot/config-${version}, or a kernel with CONFIG_IKCONFIG_PROC`,
        }),
  });
  const present = existsSync('/sys/kernel/sched_ext');
  checks.push({
    name: 'sched_ext',
    purpose: 'load',
    status: present ? 'ok' : 'missing',
    found: present ? `/sys/kernel/sched_ext (${text('/sys/kernel/sched_ext/state')})` : 'not there',
    ...(present ? {} : { fix: `${fix(release, 'kernel')}; ${vm}` }),
  });
  const btf = existsSync('/sys/kernel/btf/vmlinux');
  checks.push({
    name: 'kernel BTF',
    purpose: 'load',
    status: btf ? 'ok' : 'missing',
    found: btf ? '/sys/kernel/btf/vmlinux' : 'not there',
    ...(btf
      ? {}
      : { fix: `a kernel with CONFIG_DEBUG_INFO_BTF: ${fix(release, 'kernel')}; ${vm}` }),
  });
  const jit = text('/proc/sys/net/core/bpf_jit_enable');
  checks.push({
    name: 'BPF JIT',
    purpose: 'load',
    status: jit === '0' ? 'missing' : 'ok',
    found: jit === undefined ? 'always on' : jit === '0' ? 'off' : 'on',
    ...(jit === '0' ? { fix: 'as root: sysctl net.core.bpf_jit_enable=1' } : {}),
  });
  const lockdown = /\[(\w+)\]/.exec(text('/sys/kernel/security/lockdown') ?? '')?.[1] ?? 'none';
  checks.push({
    name: 'lockdown',
    purpose: 'load',
    status: lockdown === 'confidentiality' ? 'missing' : 'ok',
    found: lockdown,
    ...(lockdown === 'confidentiality'
      ? { fix: 'boot without lockdown=confidentiality: it forbids BPF to read the kernel' }
      : {}),
  });
  return checks;
}

async function runtimeChecks(release: Release): Promise<Check[]> {
  const { addonState, isPrivileged } = await import('../../native/runtime/index.js');
  const addon = addonState();
  const privileged = isPrivileged();
  return [
    {
      name: 'native addon',
      purpose: 'load',
      status: addon.error === undefined ? 'ok' : 'missing',
      found: addon.error ?? `${addon.path} (libbpf ${addon.libbpf})`,
      ...(addon.error === undefined
        ? {}
        : {
            fix: `npm rebuild scxts, after: ${fix(release, 'compiler')}; ${fix(release, 'libbpf')}`,
          }),
    },
    {
      name: 'privileges',
      purpose: 'load',
      status: privileged ? 'ok' : 'missing',
      found: privileged ? 'may load BPF programs' : 'may not load BPF programs',
      ...(privileged
        ? {}
        : { fix: 'run scxts load as root (sudo), or with CAP_SYS_ADMIN, CAP_BPF, CAP_PERFMON' }),
    },
    mountCheck('BPF file system', '/sys/fs/bpf', 'bpf', 'pinned maps'),
    mountCheck('tracefs', '/sys/kernel/tracing', 'tracefs', 'tracepoints and scxts status'),
  ];
}

function mountCheck(name: string, path: string, type: string, use: string): Check {
  const mounted = new RegExp(`^\\S+ ${path} ${type} `, 'm').test(text('/proc/mounts') ?? '');
  return {
    name,
    purpose: 'load',
    status: mounted ? 'ok' : 'warning',
    found: mounted ? path : `not mounted: ${use} need it`,
    ...(mounted ? {} : { fix: `as root: mount -t ${type} ${type} ${path}` }),
  };
}

async function vmChecks(release: Release): Promise<Check[]> {
  const { findProgram } = await import('../../vm/qemu/find.js');
  const qemu = findProgram('qemu-system-x86_64');
  const busybox = ['/bin/busybox', '/usr/bin/busybox'].find((p) => existsSync(p));
  const kvm = existsSync('/dev/kvm');
  const isX86 = process.arch === 'x64';
  const { listKernels } = await import('../../vm/index.js');
  const kernels = isX86 ? await listKernels() : [];
  const usable = kernels.filter((k) => k.state !== 'unavailable' && k.state !== 'build');
  const ready = kernels.filter((k) => k.state === 'ready');
  return [
    {
      name: 'QEMU',
      purpose: 'vm',
      status: qemu && isX86 ? 'ok' : 'missing',
      found: isX86 ? (qemu ?? 'not found') : `scxts vm runs on x86-64 only, not on ${process.arch}`,
      ...(qemu || !isX86 ? {} : { fix: fix(release, 'qemu') }),
    },
    {
      name: 'busybox',
      purpose: 'vm',
      status: busybox ? 'ok' : 'missing',
      found: busybox ?? 'not found',
      ...(busybox ? {} : { fix: fix(release, 'busybox') }),
    },
    {
      name: 'kernels to boot',
      purpose: 'vm',
      status: usable.length > 0 ? 'ok' : 'missing',
      found:
        usable.length > 0
          ? `${usable.length} (${ready.length > 0 ? `${ready.map((k) => k.version).join(', ')} here` : 'none here yet'})`
          : 'apt knows none with sched_ext',
      ...(usable.length > 0 ? {} : { fix: kernels.at(-1)?.detail ?? '--kernel ./vmlinuz' }),
    },
    {
      name: 'KVM',
      purpose: 'vm',
      status: kvm ? 'ok' : 'warning',
      found: kvm ? '/dev/kvm' : 'not there: kernels run in emulation, ten times slower',
      ...(kvm ? {} : { fix: 'enable virtualization in the firmware, or nested virtualization' }),
    },
  ];
}

export async function allChecks(release: Release): Promise<Check[]> {
  return [
    ...buildChecks(release),
    ...kernelChecks(release),
    ...(await runtimeChecks(release)),
    ...(await vmChecks(release)),
  ];
}
