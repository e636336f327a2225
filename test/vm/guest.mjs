// Runs in the guest as root: puts schedulers under load and prints what happened as JSON lines, which
// test/vm/scheduler.test.ts asserts. All scenarios share one boot.
import { openObject, schedExtState } from '../../dist/native/runtime/index.js';
import { say, sleep, start, state, until } from './guest-tools.mjs';

const load = (seconds) =>
  start('node', [
    'dist/vm/guest/load.js',
    '--busy',
    '3',
    '--sleepy',
    '3',
    '--seconds',
    String(seconds),
  ]);

async function simple() {
  const open = openObject('examples/simple.bpf.o');
  open.config.fifo = false;
  open.ops.timeout_ms = 20000;
  const loaded = open.load({ onWarning: () => undefined });
  const link = loaded.attach();
  const attached = schedExtState();
  const tasks = load(4);
  await sleep(1500);
  const early = loaded.counters.nr_shared.total();
  let second;
  try {
    openObject('examples/simple.bpf.o').load().attach();
  } catch (error) {
    second = error.code;
  }
  let late;
  try {
    open.config.fifo = true;
  } catch (error) {
    late = error.code;
  }
  const { stdout } = await tasks.ended;
  const vtime = loaded.globals.vtime_now;
  const total = loaded.counters.nr_shared.total();
  const perCpu = loaded.counters.nr_shared.perCpu();
  const exit = link.detach();
  await until(() => state() === 'disabled');
  say('simple', {
    attached,
    early,
    total,
    perCpu,
    vtime,
    second,
    late,
    tasks: JSON.parse(stdout),
    exit,
    after: state(),
  });
  loaded[Symbol.dispose]();
}

async function commandLine() {
  const { ended } = start('scxts', [
    'load',
    'examples/simple.ts',
    '--fifo',
    '--json',
    '--duration',
    '2',
  ]);
  const { code, stdout, stderr } = await ended;
  const wrong = await start('scxts', ['load', 'examples/simple.ts', '--fifi']).ended;
  say('commandLine', {
    code,
    lines: stdout
      .trim()
      .split('\n')
      .map((l) => JSON.parse(l)),
    stderr,
    wrong: wrong.stderr,
    wrongCode: wrong.code,
  });
}

async function killed() {
  const { child, ended } = start('node', ['dist/cli/bin.js', 'load', 'examples/simple.bpf.o']);
  const enabled = await until(() => state() === 'enabled');
  child.kill('SIGKILL');
  await ended;
  say('killed', { enabled, back: await until(() => state() === 'disabled', 10) });
}

async function interrupted() {
  const { child, ended } = start('node', ['dist/cli/bin.js', 'load', 'examples/simple.bpf.o']);
  await until(() => state() === 'enabled');
  child.kill('SIGTERM');
  const { code, stderr } = await ended;
  say('interrupted', { code, stderr, after: state() });
}

async function ejected(name, flags = []) {
  const running = start('scxts', ['load', `test/vm/schedulers/${name}.ts`, ...flags]);
  await until(() => state() === 'enabled', 15);
  const tasks = load(3);
  const { code, stderr } = await running.ended;
  await tasks.ended;
  await until(() => state() === 'disabled');
  say(name, { code, stderr: stderr.slice(0, 2000), after: state() });
}

/** Many short-lived tasks, whose entries in maps take the place of others'. */
async function reused() {
  const loaded = openObject('test/vm/schedulers/reused.bpf.o').load();
  const link = loaded.attach();
  await start('sh', ['-c', 'i=0; while [ $i -lt 300 ]; do i=$((i+1)); (:); done']).ended;
  const { nr_made, nr_stale } = loaded.counters;
  const exit = link.detach();
  await until(() => state() === 'disabled');
  say('reused', { made: Number(nr_made.total()), stale: Number(nr_stale.total()), exit });
  loaded[Symbol.dispose]();
}

/** The code with which the object is refused where nothing may be left out. */
function strict(path) {
  try {
    openObject(path).load({ requireKernel: true })[Symbol.dispose]();
    return 'loaded';
  } catch (error) {
    return error.code;
  }
}

async function objects(paths) {
  for (const path of paths) {
    const warnings = [];
    try {
      openObject(path)
        .load({ onWarning: (w) => warnings.push(w) })
        [Symbol.dispose]();
      say('object', {
        path,
        ok: true,
        warnings,
        strict: warnings.length > 0 ? strict(path) : undefined,
      });
    } catch (error) {
      say('object', { path, ok: false, error: error.message.slice(-1500) });
    }
  }
}

await objects(process.argv.slice(2));
await simple();
await reused();
await commandLine();
await killed();
await interrupted();
await ejected('stall');
await ejected('complain', ['--after', '20']);
