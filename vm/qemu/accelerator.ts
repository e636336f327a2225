import { execa } from 'execa';
import {
  accessSync,
  closeSync,
  constants,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
} from 'node:fs';
import { cpus, hostname, release } from 'node:os';
import { dirname, join } from 'node:path';
import { writeWhole } from '../../native/runtime/write-whole.js';
import { cacheRoot, workFolder } from '../cache.js';
import { VmError } from '../errors.js';
import { findBusybox } from '../initramfs/base.js';
import { CpioWriter } from '../initramfs/cpio.js';
import { addFollowed } from '../initramfs/tree.js';
import type { Accelerator } from './arguments.js';

const PROBE_MS = 15_000;
const SIGN = 'scxts-kvm-works';

/**
 * KVM where a kernel has been seen to boot with it, else emulation: a /dev/kvm can be there and yet
 * not run a stock kernel. SCXTS_VM_ACCEL=tcg or kvm decides without a look.
 */
export async function chooseAccelerator(qemu: string, kernel: string): Promise<Accelerator> {
  const wanted = process.env['SCXTS_VM_ACCEL'] || 'auto';
  if (wanted === 'tcg' || wanted === 'kvm') return wanted;
  if (wanted !== 'auto')
    throw new VmError(`SCXTS_VM_ACCEL is '${wanted}'`, 'set it to tcg, kvm or auto, or unset it');
  try {
    accessSync('/dev/kvm', constants.R_OK | constants.W_OK);
  } catch {
    return 'tcg';
  }
  const key = [hostname(), release(), cpus()[0]?.model ?? '', qemu].join(' | ');
  const file = join(cacheRoot(), 'kvm.json');
  const known = readProbe(file);
  if (known?.key === key) return known.works ? 'kvm' : 'tcg';
  const works = await probe(qemu, kernel);
  mkdirSync(dirname(file), { recursive: true });
  writeWhole(file, JSON.stringify({ key, works }) + '\n');
  return works ? 'kvm' : 'tcg';
}

function readProbe(file: string): { key: string; works: boolean } | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as { key: string; works: boolean };
  } catch {
    return undefined;
  }
}

/** Boots a kernel with KVM to a one-line init. */
async function probe(qemu: string, kernel: string): Promise<boolean> {
  const work = workFolder();
  try {
    const initramfs = join(work, 'probe.cpio');
    const fd = openSync(initramfs, 'w');
    const archive = new CpioWriter(fd);
    addFollowed(archive, findBusybox(), '/bin/busybox');
    archive.folder('/dev');
    archive.text(
      '/init',
      `#!/bin/busybox sh\n/bin/busybox mount -t devtmpfs dev /dev\necho ${SIGN} >/dev/ttyS0\n/bin/busybox sleep 0.2\n/bin/busybox reboot -f\n`,
      0o755,
    );
    archive.end();
    closeSync(fd);
    const machine = [
      '-nodefaults',
      '-no-user-config',
      '-display',
      'none',
      '-no-reboot',
      '-accel',
      'kvm',
      '-cpu',
      'host',
      '-smp',
      '2',
      '-m',
      '512M',
    ];
    const boot = [
      '-serial',
      'stdio',
      '-kernel',
      kernel,
      '-initrd',
      initramfs,
      '-append',
      'console=ttyS0 rdinit=/init panic=-1 quiet',
    ];
    const result = await execa(qemu, [...machine, ...boot], {
      reject: false,
      stdin: 'ignore',
      timeout: PROBE_MS,
      killSignal: 'SIGKILL',
    });
    return (result.stdout ?? '').includes(SIGN);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}
