import { VmError } from '../errors.js';

export interface Ending {
  /** The kernel's console. */
  console: string;
  /** What QEMU wrote to stderr. */
  qemu: string;
  /** Whether the guest's init had reported. */
  ready: boolean;
  /** How QEMU ended. */
  status: string;
}

const PANIC = /Kernel panic - not syncing: ([^\r\n]*)/;
const CONSOLE_LINES = 25;

/** The last lines of the console, from where the trouble started if that is among them. */
export function lastLines(console: string): string {
  const lines = console.replaceAll('\r', '').trimEnd().split('\n');
  const tail = lines.slice(-60);
  const start = tail.findIndex((line) => /sysrq: |BUG: |Oops|Kernel panic/.test(line));
  return (start >= 0 ? tail.slice(start, start + CONSOLE_LINES) : tail.slice(-CONSOLE_LINES)).join(
    '\n',
  );
}

/** Why a machine ended before its command did, as far as its console and QEMU tell. */
export function explainEnding(ending: Ending): VmError {
  const { console, qemu, ready } = ending;
  const shown = console.trim()
    ? `\nthe end of its console:\n${lastLines(console)}`
    : '\nits console is empty';
  if (
    /initramfs unpacking failed|Initramfs unpacking failed|System is deadlocked on memory|Out of memory and no killable/.test(
      console,
    )
  ) {
    return new VmError(
      `the virtual machine ran out of memory${shown}`,
      'give it more: --memory 2048',
    );
  }
  const panic = PANIC.exec(console)?.[1];
  if (panic) return new VmError(`the kernel panicked: ${panic}${shown}`);
  if (console.includes('scxts: no virtio console')) {
    return new VmError(
      'this kernel has no virtio console',
      'build it with CONFIG_VIRTIO_PCI=y and CONFIG_VIRTIO_CONSOLE=y',
    );
  }
  if (qemu.trim()) return new VmError(`QEMU gave up: ${qemu.trim()}`);
  return new VmError(
    `the virtual machine ended (${ending.status}) before ${ready ? 'the command did' : 'it had booted'}${shown}`,
  );
}
