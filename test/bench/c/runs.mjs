// A scheduler under load, from TypeScript and from C in turns: switches and messages per second, and how long tasks waited
// for a CPU after they were woken.
import { execFileSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { openObject } from '../../../dist/native/runtime/index.js';
import { state, until } from '../../vm/guest-tools.mjs';
import { lastWords } from './kernel-log.mjs';
import { openSide } from './open.mjs';
import { InOwnProcess, InThisProcess } from './running.mjs';

/** As `load` takes them: pairs, groups of eight. */
export const LOADS = { pingpong: 2, messaging: 2 };
const SETTLE_MS = 200;
/** How many times as long as measured. */
const WARM_UP = 3;
/** A userspace half starts slowly on an emulated CPU, and that of the original of pair makes 4096 queues first. */
const START_SEC = 120;

/** The histogram of test/bench/c/latency.ts. */
export class Latency {
  constructor(dir) {
    this.loaded = openObject(`${dir}/latency.bpf.o`).loadWithoutScheduler({
      onWarning: () => undefined,
    });
    for (const program of Object.values(this.loaded.progs)) program.attach();
    this.last = this.total();
  }

  total() {
    const { hist } = this.loaded.maps;
    return Array.from({ length: 1024 }, (_, i) => {
      const each = hist.get(i);
      return Number(each.reduce((sum, n) => sum + n, 0n));
    });
  }

  /** How many waits of each length there were since the last call. */
  take() {
    const now = this.total();
    const since = now.map((n, i) => n - this.last[i]);
    this.last = now;
    return since;
  }
}

function underLoad(dir, kind, ms, latency) {
  latency.take();
  const text = execFileSync(`${dir}/load`, [kind, String(LOADS[kind]), String(ms)], {
    encoding: 'utf8',
    timeout: 120_000,
    killSignal: 'SIGKILL',
  });
  const [lasted, messages, switches] = text.trim().split(' ').map(Number);
  return { ms: lasted, messages, switches, waits: latency.take() };
}

/** One turn of one side: loaded anew, all loads, detached. */
async function turn(dir, side, name, { cpus, ms, commands, latency }) {
  let running;
  try {
    running = commands[side]
      ? new InOwnProcess(commands[side], cpus)
      : new InThisProcess(openSide(dir, side, name, cpus));
    await until(() => running.over || state() === 'enabled', START_SEC);
    if (state() !== 'enabled') throw new Error(`it does not run: ${running.why}`);
    await sleep(SETTLE_MS);
    // Node.js interprets what it has not run often: a half is measured as it is after a while.
    if (commands[side])
      for (const kind of Object.keys(LOADS)) underLoad(dir, kind, WARM_UP * ms, latency);
    const out = {};
    for (const kind of Object.keys(LOADS)) out[kind] = underLoad(dir, kind, ms, latency);
    if (state() !== 'enabled') throw new Error(`the kernel ended it: ${running.why}`);
    await running.detach();
    if (!(await until(() => state() === 'disabled'))) throw new Error(`it stays: ${state()}`);
    return out;
  } catch (error) {
    const who = side === 'c' ? 'the C original' : 'ours';
    throw new Error(`${who}: ${[error.message, lastWords(name)].filter(Boolean).join('; ')}`);
  } finally {
    running?.close();
  }
}

/**
 * Rounds of both sides; who is first changes each time. A turn before them, which is not counted, finds caches cold.
 * `commands`: by side, for schedulers with userspace halves of their own.
 */
export async function runs(dir, name, { rounds, ...how }, latency) {
  const out = { ts: [], c: [] };
  await turn(dir, 'ts', name, { ...how, latency });
  for (let round = 0; round < rounds; round++)
    for (const side of round % 2 === 0 ? ['ts', 'c'] : ['c', 'ts'])
      out[side].push(await turn(dir, side, name, { ...how, latency }));
  return out;
}
