import { existsSync, readFileSync } from 'node:fs';
import { release } from 'node:os';

/** Where libbpf looks for the configuration of the running kernel. */
export function configurationFiles(): string[] {
  return [`/boot/config-${release()}`, '/proc/config.gz'];
}

const HZ = 'CONFIG_HZ';
const CHOICES = [100, 250, 300, 1000];

let measured: number | undefined;

/**
 * Ticks a second, from how far the kernel's two clocks are: it starts counting jiffies 300 seconds before they
 * wrap at 32 bits (INITIAL_JIFFIES). Undefined where they do not tell.
 */
function ticks(): number | undefined {
  let text: string;
  try {
    text = readFileSync('/proc/timer_list', 'utf8');
  } catch {
    return undefined;
  }
  const now = /^now at (\d+) nsecs/m.exec(text)?.[1];
  const jiffies = /^jiffies: (\d+)/m.exec(text)?.[1];
  if (!now || !jiffies) return undefined;
  const seconds = Number(now) / 1e9;
  const off = (hz: number): number =>
    Math.abs(Number(jiffies) - (2 ** 32 - 300 * hz + hz * seconds)) / hz;
  const [best, next] = [...CHOICES].sort((a, b) => off(a) - off(b));
  // A second of 300 both counts agree whatever the rate.
  return best && next && off(best) < 0.5 && off(next) > 2 ? best : undefined;
}

/** What an object asks of the configuration, as far as it can be known without the file. */
export function configurationFor(object: Uint8Array): string | undefined {
  if (configurationFiles().some((f) => existsSync(f))) return undefined;
  if (!Buffer.from(object.buffer, object.byteOffset, object.byteLength).includes(`${HZ}\0`))
    return undefined;
  measured ??= ticks();
  return measured === undefined ? undefined : `${HZ}=${measured}\n`;
}

/** Whether configurationFor() knew it. */
export function isMeasured(name: string): boolean {
  return name === HZ && measured !== undefined;
}
