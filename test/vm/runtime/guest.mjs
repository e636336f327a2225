// Runs in the guest as root: what the runtime and its commands do with a real scheduler. Prints JSON
// lines, which test/vm/runtime.test.ts asserts.
import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import {
  attachedSchedulers,
  keepRunning,
  openObject,
  queuedTasks,
  schedExtState,
} from '../../../dist/native/runtime/index.js';
import { sleep, start, state, until as wait } from '../guest-tools.mjs';

const SIMPLE = 'examples/simple.bpf.o';
const say = (name, data) =>
  console.log(
    JSON.stringify({ name, ...data }, (_, v) => (typeof v === 'bigint' ? v.toString() : v)),
  );
const until = (what, seconds = 60) => wait(what, seconds);
const scxts = (...args) => start('node', ['dist/cli/bin.js', ...args]);
const script = (...args) => start('node', ['test/vm/runtime/steps.mjs', ...args]);
const load = (seconds) =>
  start('node', [
    ...['dist/vm/guest/load.js', '--busy', '5', '--sleepy', '2'],
    ...['--seconds', String(seconds)],
  ]);

/** CPUs come and go while tasks run; the scheduler is loaded again each time. */
async function hotplug() {
  const tasks = load(6);
  const stop = new AbortController();
  const starts = [];
  const ends = [];
  const done = keepRunning(() => openObject(SIMPLE), {
    signal: stop.signal,
    load: { onWarning: () => undefined },
    started: (loaded, _link, restarts) => starts.push({ restarts, name: loaded.name }),
    ended: (exit) =>
      ends.push({ kind: exit.kindName, restart: exit.restart, message: exit.message }),
  });
  done.catch(() => undefined);
  const cpu1 = (on) => writeFileSync('/sys/devices/system/cpu/cpu1/online', on ? '1' : '0');
  await until(() => starts.length === 1);
  await sleep(300);
  cpu1(false);
  const second = await until(() => starts.length === 2);
  await sleep(300);
  cpu1(true);
  const third = await until(() => starts.length === 3);
  const running = await until(() => state() === 'enabled');
  stop.abort();
  const exit = await done;
  const { stdout } = await tasks.ended;
  say('hotplug', {
    ...{ starts, ends, second, third, running, last: exit.kindName, after: state() },
    progress: JSON.parse(stdout).map((t) => t.progress),
  });
}

/** What status says, and that stop works, with everything that load can do switched on. */
async function commands() {
  const socket = '/tmp/metrics.sock';
  const before = await scxts('status').ended;
  const loading = scxts(
    ...['load', SIMPLE, '--with', 'test/vm/runtime/half.mjs', '--json', '--restart'],
    ...['--metrics', `unix:${socket}`, '--interval', '0.3'],
  );
  if (!(await until(() => state() === 'enabled' && existsSync(socket)))) {
    loading.child.kill('SIGKILL');
    throw new Error(JSON.stringify(await loading.ended));
  }
  const tasks = load(3);
  await sleep(1500);
  const status = await scxts('status', '--json').ended;
  const text = await scxts('status').ended;
  const metrics = await new Promise((resolve) => {
    let all = '';
    createConnection(socket)
      .on('data', (d) => (all += d))
      .on('close', () => resolve(all))
      .end('GET /metrics HTTP/1.0\r\n\r\n');
  });
  const owners = attachedSchedulers();
  const queued = (await queuedTasks()).length;
  const stop = await scxts('stop').ended;
  const load1 = await loading.ended;
  await tasks.ended;
  const again = await scxts('stop').ended;
  say('commands', {
    ...{ before: before.stdout, status: JSON.parse(status.stdout), text: text.stdout, metrics },
    ...{ owners, pid: loading.child.pid, queued, stop, load: load1, again, after: state() },
  });
}

async function halves() {
  const failed = await scxts('load', SIMPLE, '--with', 'test/vm/runtime/half-throws.mjs').ended;
  const afterFailed = state();
  const hung = await scxts(
    ...['load', SIMPLE, '--with', 'test/vm/runtime/half-hangs.mjs', '--hang-timeout', '2'],
  ).ended;
  const afterHung = await until(() => state() === 'disabled', 30);
  say('halves', { failed, afterFailed, hung, afterHung });
}

/** Two processes want to attach at the same moment; several times. */
async function race() {
  const rounds = [];
  for (let i = 0; i < 3; i++) {
    const files = [`/tmp/go${i}`, `/tmp/done${i}`];
    const both = [script('attach-when', ...files), script('attach-when', ...files)];
    const said = (n) => both.every((b) => b.out.stdout.split('\n').length > n);
    // Both are loaded; both have tried.
    const met = await until(() => said(1));
    writeFileSync(files[0], '');
    const tried = await until(() => said(2));
    writeFileSync(files[1], '');
    const results = (await Promise.all(both.map((b) => b.ended))).map((r) => r.stdout.trim());
    rounds.push({ met, tried, results: results.map((r) => r.replace(/\n/g, ' ')).sort() });
    await until(() => state() === 'disabled');
  }
  say('race', { rounds, after: state() });
}

/** SIGKILL wherever a process that attaches may be. */
async function killed() {
  const phases = ['opened', 'loading', 'loaded', 'attaching', 'attached', 'detaching'];
  const out = [];
  // Right when the phase begins, or while it is under way.
  for (const [i, phase] of phases.entries()) {
    for (const delay of i % 2 ? [0, 15] : [5]) {
      const { child, ended } = start('node', ['test/vm/runtime/steps.mjs', 'phases'], (text) => {
        if (!child.killed && text.split('\n').includes(phase))
          setTimeout(() => child.kill('SIGKILL'), delay);
      });
      const { signal } = await ended;
      out.push({ phase, signal, back: await until(() => state() === 'disabled', 30) });
    }
  }
  // And the kernel still takes a scheduler.
  const loaded = openObject(SIMPLE).load({ onWarning: () => undefined });
  loaded.attach();
  const works = state();
  loaded.close();
  say('killed', { out, works, after: state() });
}

/** A process that does not listen to SIGTERM. */
async function stubborn() {
  const holder = script('stubborn');
  await until(() => state() === 'enabled');
  const polite = await scxts('stop', '--timeout', '1').ended;
  const between = state();
  const forced = await scxts('stop', '--timeout', '1', '--force').ended;
  const { signal } = await holder.ended;
  say('stubborn', { polite, between, forced, signal, after: state() });
}

/** Kinds of programs that the host's kernel may not attach, with their cookies. */
async function cookies() {
  const opened = openObject('test/vm/runtime/every.bpf.o');
  const names = ['on_kprobe', 'on_tp', 'on_rmdir', 'on_switch'];
  for (const name of names) opened.progs[name].autoload = true;
  const loaded = opened.load();
  loaded.globals.watched = process.pid;
  names.forEach((name, i) => loaded.progs[name].attach({ cookie: BigInt(100 + i) }));
  mkdirSync('/tmp/one');
  rmdirSync('/tmp/one');
  void process.ppid;
  for (let i = 0; i < 50; i++) await sleep(2);
  const { ppid } = process;
  const { cookies: got, calls } = loaded.globals;
  const links = names.map((name) => loaded.progs[name].linkIds.length);
  for (const name of names) await loaded.progs[name].detachAsync();
  const before = loaded.globals.calls[4];
  mkdirSync('/tmp/one');
  rmdirSync('/tmp/one');
  say('cookies', { got, calls, links, ppid, quiet: loaded.globals.calls[4] === before });
  loaded.close();
}

/** How long the parts of starting take; emulated, so only their relation says something. */
async function times() {
  const opened = openObject(SIMPLE);
  const t0 = performance.now();
  const loaded = await opened.loadAsync({ onWarning: () => undefined });
  const t1 = performance.now();
  const link = await loaded.attachAsync();
  const t2 = performance.now();
  await link.detachAsync();
  const t3 = performance.now();
  loaded.close();
  const begin = performance.now();
  const all = scxts('load', SIMPLE, '--json');
  await until(() => state() === 'enabled');
  const whole = performance.now() - begin;
  all.child.kill('SIGTERM');
  await all.ended;
  say('times', { load: t1 - t0, attach: t2 - t1, detach: t3 - t2, whole });
}

/** A scheduler that ends at once, wherever; and what it takes with CPUs that come between opening and attaching. */
async function ends() {
  const object = 'test/vm/schedulers/ends.bpf.o';
  const load = (where, set = () => undefined) => {
    const opened = openObject(object);
    opened.config.where = where;
    set(opened);
    return opened.load({ onWarning: () => undefined });
  };
  const out = [];
  for (let where = 0; where < 7; where++) {
    const loaded = load(where);
    const link = where % 2 ? loaded.attach() : await loaded.attachAsync();
    const { kindName, code, message, error } = await link.exited;
    out.push({ kindName, code, message, error, attached: link.attached, exit: link.exit.kindName });
    loaded.close();
  }
  const started = [];
  const run = await keepRunning(() => openObject(object), {
    configure: (opened) => void (opened.config.where = 4),
    started: () => started.push(true),
    ended: (why) => started.push(why.kindName),
  });

  const cpu1 = (on) => writeFileSync('/sys/devices/system/cpu/cpu1/online', on ? '1' : '0');
  const nowhere = 7;
  const seqs = [];
  const between = async (set) => {
    const loaded = load(nowhere, (opened) => {
      set(opened);
      seqs.push(opened.ops.hotplug_seq);
    });
    cpu1(false);
    cpu1(true);
    const link = loaded.attach();
    const { attached } = link;
    const exit = link.detach();
    loaded.close();
    return { attached, kind: exit.kindName, restart: exit.restart };
  };
  const asOpened = await between(() => undefined);
  const unwatched = await between((opened) => void (opened.ops.hotplug_seq = 0n));
  let tooLong;
  try {
    load(nowhere, (opened) => void (opened.ops.timeout_ms = 30_001));
  } catch (error) {
    tooLong = { code: error.code, message: error.message, hint: error.hint };
  }
  say('ends', {
    ...{ out, run: run.message, started, seqs, asOpened, unwatched, tooLong, after: state() },
  });
}

/** The verifier refuses it: what the user sees, and the file with the rest. */
async function refused() {
  const { code, stderr } = await scxts('load', 'test/vm/runtime/refused.bpf.o').ended;
  const path = 'test/vm/runtime/refused.verifier.log';
  const log = existsSync(path) ? readFileSync(path, 'utf8') : '';
  say('refused', { code, stderr, log, after: state() });
}

/** What ends load, and what does not. */
async function endings() {
  const timer = await scxts('load', SIMPLE, '--with', 'test/vm/runtime/half-timer.mjs').ended;
  const afterTimer = state();
  const json = ['load', SIMPLE, '--json', '--interval', '0.1'];
  const closed = scxts(...json);
  await closed.ready;
  closed.child.stdout.destroy();
  const afterClosed = { ...(await closed.ended), state: state() };
  // A month, with nowhere to write to.
  const full = start('sh', [
    '-c',
    `exec node dist/cli/bin.js ${json.join(' ')} --duration 2700000 >/dev/full`,
  ]);
  const attached = await until(() => state() === 'enabled');
  await sleep(1500);
  const still = state();
  full.child.kill('SIGHUP');
  say('endings', {
    timer,
    afterTimer,
    closed: afterClosed,
    attached,
    still,
    full: await full.ended,
    after: state(),
  });
}

const scenarios = {
  endings,
  refused,
  ends,
  hotplug,
  commands,
  halves,
  race,
  killed,
  stubborn,
  cookies,
  times,
};
for (const name of process.argv.slice(2)) {
  const begin = performance.now();
  try {
    await scenarios[name]();
    say(`${name} took`, { seconds: (performance.now() - begin) / 1000 });
  } catch (error) {
    say(name, { failed: error.stack });
  }
}
say('end', { events: schedExtState().events });
