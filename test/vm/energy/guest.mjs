// Runs in the guest as root and prints what happened as JSON lines, which test/vm/energy.test.ts asserts.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Energy, modelFromTable } from '../../../dist/components/energy/index.js';
import { openObject } from '../../../dist/native/runtime/index.js';
import { say, sleep, start, state, until } from '../guest-tools.mjs';
import { componentOf, cpuTimes } from './helpers.mjs';

/** Lays out what the kernel shows of a model: cpu_capacity in sysfs, energy_model in debugfs. */
function layOut(root, model) {
  const put = (path, text) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), `${text}\n`);
  };
  for (const d of model.domains) {
    for (const cpu of d.cpus) put(`sys/devices/system/cpu/cpu${cpu}/cpu_capacity`, d.capacity);
    const em = `sys/kernel/debug/energy_model/cpu${d.cpus[0]}`;
    put(`${em}/cpus`, d.cpus.join(','));
    put(`${em}/flags`, '0x1');
    for (const s of d.states) {
      put(`${em}/ps:${s.frequencyKhz}/frequency`, s.frequencyKhz);
      put(`${em}/ps:${s.frequencyKhz}/power`, Math.round(s.powerUw));
      put(`${em}/ps:${s.frequencyKhz}/performance`, Math.round(s.performance));
    }
  }
  return root;
}

const table = JSON.parse(readFileSync('test/sim/hikey960.json', 'utf8'));
const [little, big] = table.domains;
const withCpus = (littles, bigs) =>
  modelFromTable({
    domains: [
      { ...little, cpus: littles },
      { ...big, cpus: bigs },
    ],
  });
// The 6.12 image of the tests has room for two CPUs only.
const nr = cpuTimes().length;
const [lower, upper] = nr < 4 ? ['0', '1'] : ['0-1', '2-3'];
const first = layOut('/tmp/first', withCpus(lower, upper));
const second = layOut('/tmp/second', withCpus(upper, lower));

/** Share of the machine's busy time that fell to each CPU, while something ran for so long. */
async function shares(ms) {
  const before = cpuTimes();
  await sleep(ms);
  const after = cpuTimes();
  const busy = after.map((t, cpu) => t.busy - before[cpu].busy);
  const total = busy.reduce((a, b) => a + b, 0);
  return {
    busy: busy.map((b, i) => b / (after[i].all - before[i].all || 1)),
    of: busy.map((b) => b / (total || 1)),
  };
}

const light = () => start('node', ['test/vm/energy/light.mjs', '40']);
const hog = () => start('sh', ['-c', 'while :; do :; done']);

const loaded = openObject('dist/examples/eas.bpf.o').load({ onWarning: () => undefined });
const counters = () =>
  Object.fromEntries(
    Object.entries(loaded.readCounters()).map(([k, v]) => [k.replace(/^energy_/, ''), Number(v)]),
  );
const energy = new Energy(componentOf(loaded, 'energy'), { root: first });
say('model', {
  nr,
  source: energy.model.source,
  domains: energy.model.domains.map((d) => [d.cpus, d.capacity]),
  classes: energy.classes.map((c) => c.kind),
  mode: energy.mode,
});
const link = loaded.attach();
const lights = [light(), light()];
await Promise.all(lights.map((l) => l.ready));
await sleep(1500);

const littles = await shares(2500);
say('littles', { ...littles, counters: counters() });

const other = new Energy(componentOf(loaded, 'energy'), { root: second });
await sleep(700);
const swapped = await shares(2500);
say('swapped', { ...swapped, counters: counters(), classes: other.classes });

const hogs = Array.from({ length: 6 }, hog);
await sleep(1000);
const before = counters();
const full = await shares(2000);
say('full', { ...full, before, after: counters(), overutilised: other.overutilised });
for (const h of hogs) h.child.kill('SIGKILL');
await sleep(700);

const blind = new Energy(componentOf(loaded, 'energy'), { root: '/tmp/nothing' });
const looks = [];
const look = () => {
  const { pack, score, inputs } = blind.look();
  looks.push({ pack, score, inputs, mode: blind.mode });
};
blind.look();
await sleep(500);
look();
const packedBefore = counters().nr_packed;
const packed = await shares(2000);
const packedAfter = counters().nr_packed;
const again = Array.from({ length: 6 }, hog);
await sleep(1000);
blind.look();
await sleep(500);
look();
await sleep(500);
look();
say('blind', { model: blind.model ?? null, looks, packed, packedBefore, packedAfter });
for (const h of again) h.child.kill('SIGKILL');
const exit = link.detach();
loaded[Symbol.dispose]();
await until(() => state() === 'disabled', 10);

// A CPU less: what is left of it in maps and masks is no place to pack tasks on when the others are full.
writeFileSync(`/sys/devices/system/cpu/cpu${nr - 1}/online`, '0');
const fewer = openObject('dist/examples/eas.bpf.o').load({ onWarning: () => undefined });
const without = new Energy(componentOf(fewer, 'energy'), { root: '/tmp/nothing' });
const attached = fewer.attach();
without.mode = 'pack';
const all = Array.from({ length: 2 * nr }, hog);
await sleep(1000);
const placed = () =>
  ['packed', 'spread'].map((k) => Number(fewer.counters[`energy_nr_${k}`].total()));
const [packedThen, spreadThen] = placed();
await sleep(1500);
const [packedNow, spreadNow] = placed();
say('fewer', {
  online: readFileSync('/sys/devices/system/cpu/online', 'utf8').trim(),
  looks: new Energy(componentOf(fewer, 'energy')).utilisations().length,
  packed: packedNow - packedThen,
  spread: spreadNow - spreadThen,
});
for (const h of [...all, ...lights]) h.child.kill('SIGKILL');
attached.detach();
fewer[Symbol.dispose]();
say('end', { kind: exit?.kindName, disabled: await until(() => state() === 'disabled', 10) });
process.exit(0);
