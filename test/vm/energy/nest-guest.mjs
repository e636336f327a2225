// Runs in the guest as root: nest-energy with little to do, with too much, and with little again. Prints what happened as
// JSON lines for test/vm/nest-energy.test.ts.
import { openObject } from '../../../dist/native/runtime/index.js';
import half from '../../../dist/components/energy/index.js';
import { say, sleep, start, state, until } from '../guest-tools.mjs';
import { cpuTimes } from './helpers.mjs';

const nr = cpuTimes().length;
const opened = openObject('dist/examples/nest-energy.bpf.o', { energy: half });
// Longer than the light load sleeps, so that its cores stay in the nest.
opened.config.p_remove_ns = 200_000_000n;
const loaded = opened.load({ onWarning: () => undefined });
const link = loaded.attach();
const { energy } = loaded.components;
const counters = () =>
  Object.fromEntries(Object.entries(loaded.readCounters()).map(([k, v]) => [k, Number(v)]));

/** What wake-ups did from when the signal said so, for a second at least and until there were enough of them. */
async function observe(mode) {
  const before = counters();
  const at = energy.signal;
  await until(async () => {
    await sleep(1000);
    const now = counters();
    const placed = (c) => c.nr_packed + c.nr_spread + c.nr_no_idle;
    return placed(now) - placed(before) >= 50;
  });
  const after = counters();
  const gained = Object.fromEntries(Object.keys(after).map((k) => [k, after[k] - before[k]]));
  say(mode, { score: at.score, pack: at.pack, inputs: at.inputs, gained });
}

const light = start('node', ['test/vm/energy/light.mjs', '40']);
await until(() => energy.mode === 'pack');
await observe('light');

// More than there are CPUs: some wait.
const hogs = Array.from({ length: 2 * nr }, () => start('sh', ['-c', 'while :; do :; done']));
await until(() => energy.mode === 'spread');
await observe('full');

for (const hog of hogs) hog.child.kill('SIGKILL');
await until(() => energy.mode === 'pack');
await observe('again');

light.child.kill('SIGKILL');
const running = state();
const exit = link.detach();
say('end', { running, kind: exit.kindName, state: state() });
process.exit();
