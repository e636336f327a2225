// Runs in the guest as root: programs beside a scheduler steer it, one kind after the other. Prints what happened as
// JSON lines for test/vm/listening.test.ts.
import { execFileSync } from 'node:child_process';
import { openObject } from '../../dist/native/runtime/index.js';
import { say, state, until } from './guest-tools.mjs';

const KINDS = [
  'tp_btf',
  'raw_tp',
  'tracepoint',
  'kprobe',
  'kretprobe',
  'fentry',
  'fexit',
  'perf_event',
];
const warnings = [];

const open = openObject('dist/examples/listening.bpf.o');
KINDS.forEach((kind, i) => {
  const program = open.progs[`on_${kind}`];
  program.optional = true;
  program.attach = { cookie: BigInt(i + 1) };
});
open.progs.on_missing.optional = true;
const loaded = open.load({ onWarning: (text) => warnings.push(text) });
const link = loaded.attach();
const { globals, maps, progs } = loaded;
const moved = (lane) => Number(maps.moved.get(lane));
const attached = () => KINDS.filter((kind) => progs[`on_${kind}`]?.attached);

/** What every kind hears: a process that sleeps for 1 ms and ends, while the scheduler runs both. */
const stir = () => execFileSync('sleep', ['0.001']);

const present = attached();
const all = present.reduce((mask, kind) => mask | (1n << BigInt(KINDS.indexOf(kind) + 1)), 0n);
await until(() => {
  stir();
  return (globals.heard & all) === all;
});
say('together', { present, heard: KINDS.filter((_, i) => globals.heard & (1n << BigInt(i + 1))) });

for (const kind of KINDS) progs[`on_${kind}`]?.detach();
globals.lane = 0n;
// What was queued before goes on its way.
await until(() => {
  const before = moved(0);
  stir();
  return moved(0) > before;
});

const kinds = [];
for (const kind of present) {
  const lane = KINDS.indexOf(kind) + 1;
  const program = progs[`on_${kind}`];
  const before = moved(lane);
  for (let i = 0; i < 3; i++) stir();
  const quiet = moved(lane) - before;
  program.attach();
  const links = program.linkIds.length;
  await until(() => {
    stir();
    return moved(lane) - before >= 5;
  });
  program.detach();
  globals.lane = 0n;
  const steered = moved(lane) - before;
  const calm = moved(0);
  await until(() => {
    stir();
    return moved(0) - calm >= 5;
  });
  const settled = moved(lane);
  for (let i = 0; i < 3; i++) stir();
  kinds.push({ kind, links, quiet, steered, after: moved(lane) - settled, attached: attached() });
}

// An iterator runs when it is read, and only then.
const LANE = KINDS.length + 1;
const unread = moved(LANE);
const walked = progs.on_iter.read().split('\n');
await until(() => {
  stir();
  return moved(LANE) - unread >= 5;
});
globals.lane = 0n;
const again = (await progs.on_iter.readAsync()).split('\n');
globals.lane = 0n;
const mine = `${process.pid} node`;
say('iterators', {
  unread,
  steered: moved(LANE) - unread,
  found: [walked, again].map((lines) => lines.some((line) => line.startsWith(mine))),
  threads: walked.length - 1,
  cgroups: progs.on_cgroup.read().trim().split('\n'),
});
say('kinds', { kinds, state: state(), warnings });
link.detach();
const exit = await link.exited;
say('end', { kind: exit.kindName, state: state() });
process.exit();
