// Runs in the guest as root: each case of test/selftests for a moment, and says how it ended, a JSON line each.
//   node test/selftests/guest.mjs CASES.json
import { readFileSync, writeFileSync } from 'node:fs';
import { openObject } from '../../dist/native/runtime/index.js';
import { sequences } from './sequences-guest.mjs';
import { say, sleep, start, state, until } from '../vm/guest-tools.mjs';

const CPU1 = '/sys/devices/system/cpu/cpu1/online';
const RUN_MS = 300;
/** Something always runs, something sleeps and forks, one task may use CPU 0 alone: from the first case to the last. */
const LOAD = [
  ['sh', ['-c', 'while :; do :; done']],
  ['sh', ['-c', 'while :; do sleep 0.03; done']],
  ['taskset', ['1', 'sh', '-c', 'while :; do sleep 0.03; done']],
];
const LOST = ['sh', ['-c', 'printf lost >/proc/self/comm; while :; do :; done']];

async function one({ object, config, program, hotplug, lost }) {
  const forgotten = lost ? start(...LOST) : undefined;
  let loaded;
  try {
    const opened = openObject(object);
    for (const [name, value] of Object.entries(config ?? {}))
      opened.config[name] = typeof value === 'string' ? BigInt(value) : value;
    loaded = opened.load({ onWarning: () => undefined });
    const link = loaded.attach();
    if (program) {
      await sleep(RUN_MS / 2);
      loaded.progs[program].run();
    }
    if (hotplug) {
      await sleep(RUN_MS / 2);
      writeFileSync(CPU1, '0');
      await sleep(RUN_MS / 2);
    }
    await until(() => state() === 'disabled', lost ? 6 : RUN_MS / 1000);
    const counters = loaded.readCounters();
    const exit = await link.detachAsync();
    // exit_task() and the like have been called by now.
    return {
      exit: { ...exit, code: String(exit.code) },
      counters: { ...counters, ...loaded.readCounters() },
    };
  } catch (error) {
    return { refused: { code: error.code, message: error.message } };
  } finally {
    loaded?.close();
    if (hotplug) writeFileSync(CPU1, '1');
    forgotten?.child.kill('SIGKILL');
    await until(() => state() === 'disabled', 10);
  }
}

const { cases, sequences: recorder } = JSON.parse(readFileSync(process.argv[2], 'utf8'));
await sequences(recorder);
for (const [command, args] of LOAD) start(command, args);
for (const selftest of cases) say('case', { of: selftest.name, ...(await one(selftest)) });
say('end', {});
process.exit(0);
