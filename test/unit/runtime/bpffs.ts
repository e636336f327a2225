import { execaSync } from 'execa';
import { existsSync, readFileSync } from 'node:fs';

/** Pinning needs a BPF file system; a plain container has the folder and nothing mounted on it. */
export function ensureBpfFs(): void {
  if (/^\S+ \/sys\/fs\/bpf bpf /m.test(readFileSync('/proc/mounts', 'utf8'))) return;
  if (!existsSync('/sys/fs/bpf')) throw new Error('this kernel has no /sys/fs/bpf');
  execaSync('mount', ['-t', 'bpf', 'bpf', '/sys/fs/bpf']);
}
