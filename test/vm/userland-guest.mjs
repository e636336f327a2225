// Runs in the guest as root: puts the userland component through its scenarios and prints what happened
// as JSON lines for test/vm/userland-component.test.ts.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import half from '../../dist/components/userland/index.js';
import { openObject } from '../../dist/native/runtime/index.js';
import { hog, progress, say, state, until, usage } from './balance-load.mjs';

/** Schedules, measures itself, and waits to be killed. */
async function child(pids) {
  const tasks = pids.map((pid) => ({ pid }));
  const loaded = openObject('dist/examples/userland-component.bpf.o', { userland: half }).load({
    onWarning: () => undefined,
  });
  const link = loaded.attach();
  const { userland } = loaded.components;
  const total = (name) => Number(loaded.readCounters()[`userland_${name}`]);
  const decisions = async (n) => {
    const end = total('nr_decided') + n;
    return until(() => total('nr_decided') >= end || !link.attached);
  };

  await decisions(100);
  userland.reset();
  const before = tasks.map(({ pid }) => usage(pid).ms);
  // The share of the light tasks needs some slices of theirs to show.
  await decisions(600);
  const shares = tasks.map(({ pid }, i) => usage(pid).ms - before[i]);
  say('decided', { shares, latency: userland.latency(), counters: loaded.readCounters() });

  const stallsBefore = total('nr_stalls');
  const atPause = tasks.map(({ pid }) => usage(pid).ms);
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1000);
  const progressed = tasks.map(({ pid }, i) => usage(pid).ms - atPause[i]);
  const stalled = userland.stalled;
  const recovered = await decisions(100);
  say('paused', {
    progressed,
    stalled,
    recovered,
    state: state(),
    stalls: total('nr_stalls') - stallsBefore,
    counters: loaded.readCounters(),
    error: userland.error,
  });
  await sleep(1e9);
}

async function main() {
  // More tasks than CPUs: someone has to decide.
  const tasks = [0, 0, 0, 10, 10].map((nice) => hog(nice, '3'));
  const scheduler = spawn(
    'node',
    ['test/vm/userland-guest.mjs', ...tasks.map(({ pid }) => String(pid))],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const exited = new Promise((resolve) => scheduler.on('close', resolve));
  for await (const line of createInterface({ input: scheduler.stdout })) {
    console.log(line);
    if (line.includes('"name":"paused"')) break;
  }
  const enabled = state();
  scheduler.kill('SIGKILL');
  await exited;
  await until(() => state() === 'disabled');
  const after = state();
  const progressed = await progress(tasks, 50);
  tasks.forEach(({ child: process }) => process.kill('SIGKILL'));
  say('killed', { enabled, after, progressed });
}

const pids = process.argv.slice(2).map(Number);
if (pids.length > 0) await child(pids);
else await main();
process.exit();
