import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { ScxtsError } from './errors.js';
import { printableLine } from './printable.js';
import { schedExtState } from './sysfs.js';

/** A task that can run but does not, or not yet, as the kernel's debug dump tells. */
export interface QueuedTask {
  name: string;
  pid: number;
  /** Since it became runnable, in ms. */
  waitingMs: number;
  /** Of the CPU whose run queue it is on. */
  cpu: number;
  /** Id of its dispatch queue; undefined while the scheduler itself holds it, or while it runs. */
  queue: bigint | undefined;
  running: boolean;
}

const TRACING = '/sys/kernel/tracing';
const SYSRQ = '/proc/sysrq-trigger';
const BUILTIN = 1n << 63n;
const NAMES: Record<string, string> = {
  '0': 'SCX_DSQ_INVALID',
  '1': 'SCX_DSQ_GLOBAL',
  '2': 'SCX_DSQ_LOCAL',
  '3': 'SCX_DSQ_BYPASS',
};

/** A queue by the kernel's name, or its number in hexadecimal. */
export function queueName(id: bigint): string {
  const name = id >= BUILTIN ? NAMES[(id & 0xffff_ffffn).toString()] : undefined;
  return name ?? `0x${id.toString(16)}`;
}

/**
 * The runnable tasks of the sched_ext scheduler and the queues that they are in, from the kernel's debug
 * dump (SysRq-D, kernel/sched/ext.c scx_dump_state). The dump locks one run queue after the other for
 * microseconds. Needs root and tracefs; throws ERR_PRIVILEGE or ERR_NO_TRACEFS.
 */
export async function queuedTasks(): Promise<QueuedTask[]> {
  if (schedExtState().state !== 'enabled') return [];
  const event = `${TRACING}/events/sched_ext/sched_ext_dump`;
  if (!existsSync(event))
    throw new ScxtsError('ERR_NO_TRACEFS', `there is no ${event}`, {
      hint: `as root: mount -t tracefs tracefs ${TRACING}`,
    });
  // An instance of its own, so that nobody else's tracing is touched.
  const instance = `${TRACING}/instances/scxts-${process.pid}`;
  try {
    mkdirSync(instance);
    try {
      writeFileSync(`${instance}/events/sched_ext/sched_ext_dump/enable`, '1');
      writeFileSync(SYSRQ, 'D');
      // The dump is made within the write; another one may be going on at that moment.
      for (let i = 0; i < 10; i++) {
        const text = readFileSync(`${instance}/trace`, 'utf8');
        if (/CPU states/.test(text) || i === 9) return parseDump(text);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    } finally {
      writeFileSync(`${instance}/events/sched_ext/sched_ext_dump/enable`, '0');
      rmdirSync(instance);
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EACCES' || code === 'EPERM')
      throw new ScxtsError('ERR_PRIVILEGE', 'reading the queues needs root', { cause: error });
    throw error;
  }
  return [];
}

/** Tasks in a dump, as trace lines or as the text of an exit's dump. */
export function parseDump(text: string): QueuedTask[] {
  const out: QueuedTask[] = [];
  let cpu = -1;
  let task: QueuedTask | undefined;
  for (const whole of text.split('\n')) {
    const line = whole.replace(/^.*sched_ext_dump: /, '');
    const header = /^\s*CPU (\d+)\s*:/.exec(line);
    if (header) cpu = Number(header[1]);
    // `*` is what runs on the CPU.
    const start = /^\s*([* ])([A-Za-z]) (.*)\[(\d+)\] ([+-]?\d+)ms\s*$/.exec(line);
    if (start) {
      task = {
        name: printableLine(start[3]!),
        pid: Number(start[4]),
        waitingMs: -Number(start[5]),
        cpu,
        queue: undefined,
        running: start[1] === '*',
      };
      if (cpu >= 0) out.push(task);
    }
    const queue = /\bdsq_id=(0x[0-9a-f]+)/.exec(line)?.[1];
    if (queue && task) task.queue = BigInt(queue);
  }
  return out;
}
