// Runs in the guest as root: 2 sockets of 2 CPUs, each a last-level cache and a NUMA node. Puts the load
// balancer through its scenarios and prints what happened as JSON lines for test/vm/balance.test.ts.
import { spawn } from 'node:child_process';
import { availableParallelism, setPriority } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import half from '../../dist/components/load_balancer/index.js';
import { openObject } from '../../dist/native/runtime/index.js';
import { hog, progress, say, sh, state, until, usage } from './balance-load.mjs';

// Weights by nice value; all start on the CPUs of the first domain, two of them must stay there and one
// on the other side.
const CPUS = availableParallelism();
if (CPUS !== 2 && CPUS !== 4) throw new Error(`the scenarios are for 2 or 4 CPUs, not ${CPUS}`);
const [ALL, FIRST, LAST] = CPUS === 4 ? ['f', '3', '8'] : ['3', '1', '2'];
const TASKS = [
  ...[0, 0, 0, 0, 0, 0, 0, 0].map((nice) => ({ nice, mask: ALL })),
  ...[5, 5, -5, 10].map((nice) => ({ nice, mask: ALL })),
  { nice: 0, mask: '1' },
  { nice: 5, mask: FIRST },
  { nice: 0, mask: LAST },
];

async function hogs() {
  const out = TASKS.map(({ nice, mask }) => {
    const first = mask === LAST ? LAST : FIRST;
    return { ...hog(nice, first), mask };
  });
  await until(() => out.every(({ pid }) => usage(pid).ms > 0));
  return {
    tasks: out,
    widen: async () => {
      for (const { pid, mask } of out) await sh('taskset', '-p', mask, String(pid));
    },
    kill: () => out.forEach(({ child }) => child.kill('SIGKILL')),
  };
}

function open(flags = {}, scheduler = 'simple-balanced') {
  const opened = openObject(`dist/examples/${scheduler}.bpf.o`, { load_balancer: half });
  Object.assign(opened.components.load_balancer.options, { intervalMs: 0, tunerMs: 0 });
  Object.assign(opened.config, flags);
  return opened;
}
const NO_STEALING = { load_balancer_greedy: 0, load_balancer_greedy_far: 0 };

/** Watches where tasks run; says which ran where they must not. */
function watch(tasks) {
  const violations = [];
  let samples = 0;
  const look = () => {
    for (const { pid, mask } of tasks) {
      const { cpu } = usage(pid);
      samples++;
      if (!(parseInt(mask, 16) & (1 << cpu))) violations.push({ pid, mask, cpu });
    }
  };
  const timer = setInterval(look, 50);
  return () => (look(), clearInterval(timer), { violations, samples });
}

const brief = (s) => ({
  worst: s.worst,
  worstAfter: s.worstAfter,
  moves: s.moves.length,
  pending: s.pending,
  loads: s.domains.map((d) => Math.round(d.load)),
  tasks: s.tasks,
  ms: s.totalMs,
});

async function converge() {
  const load = await hogs();
  const opened = open(NO_STEALING);
  const loaded = opened.load({ onWarning: () => undefined });
  const link = loaded.attach();
  const { load_balancer: balancer } = loaded.components;
  await load.widen();
  await sleep(4000);
  const stop = watch(load.tasks);
  const first = [];
  for (let i = 0; i < 6; i++) {
    first.push(brief(balancer.pass()));
    await sleep(1500);
  }
  // Balanced now: nothing may oscillate.
  const later = [];
  for (let i = 0; i < 8; i++) {
    later.push(brief(balancer.pass()));
    await sleep(700);
  }
  // The userspace half is busy with something else for 4 s: scheduling goes on.
  const before = load.tasks.map(({ pid }) => usage(pid).ms);
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 4000);
  const progressed = load.tasks.map(({ pid }, i) => usage(pid).ms - before[i]);
  const slow = { state: state(), progressed, after: brief(balancer.pass()) };
  const watched = stop();
  const counters = loaded.readCounters();
  const exit = link.detach();
  loaded.close();
  load.kill();
  say('converge', { first, later, slow, watched, counters, exit });
}

/** The userspace half is killed in the middle of a pass, with orders left. */
async function killed() {
  const load = await hogs();
  const child = spawn('node', ['test/vm/balance-guest.mjs', 'forever'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  setPriority(child.pid, -20); // it has to start beside the load
  await new Promise((resolve) => child.stdout.once('data', resolve));
  await load.widen();
  await sleep(1500);
  const enabled = state();
  child.kill('SIGKILL');
  await new Promise((resolve) => child.on('close', resolve));
  await until(() => state() === 'disabled');
  const after = state();
  const progressed = await progress(load.tasks, 20);
  load.kill();
  say('killed', { enabled, after, progressed });
}

/** Attaches and does passes without a pause until it is killed. */
async function forever() {
  const loaded = open(NO_STEALING).load({ onWarning: () => undefined });
  const link = loaded.attach();
  console.log('attached');
  while (link.attached) {
    loaded.components.load_balancer.pass();
    await sleep(1);
  }
}

/** Progress of each task in `seconds`, with the same load under different regimes. */
async function compare(seconds) {
  const regimes = {
    'default scheduler': undefined,
    'balancing off': { flags: NO_STEALING, passes: false },
    'balancing on': { flags: NO_STEALING, passes: true },
    'balancing and stealing': {
      flags: { load_balancer_greedy: 1, load_balancer_greedy_far: 1 },
      passes: true,
    },
  };
  const rows = [];
  for (const [regime, how] of Object.entries(regimes)) {
    const load = await hogs();
    let loaded;
    if (how) {
      loaded = open(how.flags).load({ onWarning: () => undefined });
      loaded.attach();
    }
    await load.widen();
    if (how?.passes)
      for (let i = 0; i < 5; i++) {
        await sleep(1000);
        loaded.components.load_balancer.pass();
      }
    else await sleep(5000);
    await sleep(500);
    const start = performance.now();
    const before = load.tasks.map(({ pid }) => usage(pid).ms);
    for (let s = 0; s < seconds; s++) {
      await sleep(1000);
      if (how?.passes) loaded.components.load_balancer.pass();
    }
    const cpuMs = load.tasks.map(({ pid }, i) => usage(pid).ms - before[i]);
    const wall = performance.now() - start;
    // Of the eight equal tasks without affinity: how far apart they are.
    const equal = cpuMs.slice(0, 8);
    const mean = equal.reduce((a, b) => a + b, 0) / equal.length;
    rows.push({
      regime,
      throughput: cpuMs.reduce((a, b) => a + b, 0) / wall,
      spread: (Math.max(...equal) - Math.min(...equal)) / mean,
      cpuMs,
    });
    loaded?.close();
    load.kill();
    await sleep(300);
  }
  say('compare', { rows });
}

const [scenario] = process.argv.slice(2);
if (scenario === 'forever') await forever();
else if (scenario === 'compare') await compare(10);
else if (scenario === 'killed') await killed();
else {
  await converge();
  await killed();
}
process.exit();
