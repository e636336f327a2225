// `npm run test:package`: packs scxts, installs the package into an empty folder and uses it there: building without the addon, what is
// said where tools are missing, the addon built and prebuilt, a scheduler loaded into a kernel in a virtual machine. Takes some
// minutes; needs npm's registry, root, and what .ci/setup installs.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const dir = mkdtempSync(join(tmpdir(), 'scxts-package-'));
const prebuilds = join(root, 'prebuilds');

function run(cwd, command, args, env = {}) {
  const { status, signal, stdout, stderr } = spawnSync(command, args, {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, ...env },
  });
  return { code: status ?? signal, out: stdout, err: stderr };
}
function must(...args) {
  const result = run(...args);
  assert.equal(result.code, 0, `${args[1]} ${args[2].join(' ')}\n${result.out}\n${result.err}`);
  return result;
}
const step = (what) => console.log(`package: ${what}`);

/** Packs the checkout as it is, and installs that into a new folder without running any script. */
function install(name) {
  const packed = join(dir, `${name}-packed`);
  const folder = join(dir, name);
  mkdirSync(packed);
  mkdirSync(folder);
  must(root, 'npm', ['pack', '--loglevel=error', '--ignore-scripts', '--pack-destination', packed]);
  const [file] = readdirSync(packed);
  writeFileSync(join(folder, 'package.json'), '{"name":"mine","private":true,"type":"module"}');
  must(folder, 'npm', [
    ...[
      'install',
      '--no-audit',
      '--no-fund',
      '--prefer-offline',
      '--ignore-scripts',
      '--loglevel=error',
    ],
    join(packed, file),
  ]);
  const readme = readFileSync(join(root, 'README.md'), 'utf8');
  writeFileSync(join(folder, 'fifo.ts'), /```ts\n([^]*?)```/.exec(readme)[1]);
  return {
    folder,
    package: join(folder, 'node_modules/scxts'),
    scxts: (...args) => run(folder, join(folder, 'node_modules/.bin/scxts'), args),
  };
}

/** Loads what does not need sched_ext, in a process of its own. */
function load(folder) {
  const script = `import { openObject } from 'scxts/runtime';
    try {
      const loaded = openObject('fifo.bpf.o').loadWithoutScheduler();
      console.log(Object.keys(loaded.counters).join());
      loaded.close();
    } catch (error) {
      console.log(error.code, error.hint);
    }`;
  return must(folder, process.execPath, ['--input-type=module', '-e', script]).out.trim();
}

/** A PATH on which there is node and nothing else. */
function barePath() {
  const bin = join(dir, 'bare');
  mkdirSync(bin);
  symlinkSync(process.execPath, join(bin, 'node'));
  return { PATH: bin };
}

if (existsSync(prebuilds))
  throw new Error(`${prebuilds} is there, and a package without it comes first: move it away`);
try {
  const bare = barePath();
  step('without an addon, scxts checks and builds');
  const plain = install('plain');
  assert.equal(existsSync(join(plain.package, 'native/build')), false);
  assert.match(plain.scxts('--version').out, /^\d+\.\d+\.\d+/);
  assert.equal(plain.scxts('check', 'fifo.ts').code, 0);
  const built = plain.scxts('build', 'fifo.ts');
  assert.equal(built.code, 0, built.err);
  for (const file of ['fifo.bpf.c', 'fifo.bpf.o', 'fifo.skel.ts'])
    assert.ok(existsSync(join(plain.folder, file)), file);

  step('what needs the addon says so, and how to get it');
  assert.match(load(plain.folder), /^ERR_NO_ADDON build it with `npm rebuild scxts`/);
  const doctor = JSON.parse(plain.scxts('doctor', '--json').out);
  const addon = doctor.checks.find((c) => c.name === 'native addon');
  assert.equal(addon.status, 'missing');
  assert.ok(addon.fix);

  step('installing where tools are missing names them, and does not fail');
  const missing = run(plain.folder, 'node', [join(plain.package, 'native/install.mjs')], bare);
  assert.equal(missing.code, 0, missing.err);
  assert.match(
    missing.err,
    /the native addon was not built, missing: g\+\+, cmake, make, pkg-config/,
  );
  assert.match(missing.err, /check, build and vm work without the native addon/);

  step('npm rebuild builds the addon');
  must(plain.folder, 'npm', ['rebuild', 'scxts', '--loglevel=error']);
  assert.ok(existsSync(join(plain.package, 'native/build/Release/scxts_native.node')));
  assert.equal(load(plain.folder), 'nr_queued');

  step('scxts load, on a kernel that has sched_ext');
  const vm = ['vm', '--kernel', '6.18', '--', 'scxts', 'load', 'fifo.ts'];
  const loaded = plain.scxts(...vm, '--duration', '1', '--json');
  assert.equal(loaded.code, 0, loaded.err);
  assert.match(loaded.out, /"type":"counters","scheduler":"fifo"/);
  assert.match(loaded.out, /"kindName":"SCX_EXIT_UNREG"/);

  step('a prebuilt addon is used where there is one: no tools, no build');
  must(root, process.execPath, ['native/build.mjs', '--prebuilt']);
  const ready = install('prebuilt');
  const silent = run(ready.folder, 'node', [join(ready.package, 'native/install.mjs')], bare);
  assert.deepEqual([silent.code, silent.err], [0, '']);
  assert.equal(existsSync(join(ready.package, 'native/build')), false);
  assert.equal(ready.scxts('build', 'fifo.ts').code, 0);
  assert.equal(load(ready.folder), 'nr_queued');
  step('all of it works');
} finally {
  rmSync(dir, { recursive: true, force: true });
  rmSync(prebuilds, { recursive: true, force: true });
}
