// `npm run test:package`: packs scxts as `npm publish` would, installs the package into an empty folder and uses all of it there: building
// without the addon, what is said where tools are missing, the addon built and prebuilt, schedulers in a virtual machine, the recorder,
// kernel types, components, projects that `scxts init` writes, the plugin of tsserver, the links of the documents. Takes some minutes;
// needs npm's registry, root, and what .ci/packages installs. `--short`, for CI: what .ci/setup has compiled is not compiled again.
import assert from 'node:assert/strict';
import { copyFileSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkContents } from './contents.mjs';
import { checkCommands, checkProjects } from './projects.mjs';
import { barePath, dir, install, must, pack, root, run, step } from './tools.mjs';

const prebuilds = join(root, 'prebuilds');
const short = process.argv.includes('--short');

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

function prebuild() {
  if (!short) return must(root, process.execPath, ['native/build.mjs', '--prebuilt']);
  const folder = join(prebuilds, `linux-${process.arch}-glibc`);
  mkdirSync(join(folder, 'licences'), { recursive: true });
  const addon = 'scxts_native.node';
  copyFileSync(join(root, 'native/build/Release', addon), join(folder, addon));
}

if (existsSync(prebuilds))
  throw new Error(`${prebuilds} is there, and a package without it comes first: move it away`);
try {
  const bare = barePath();
  step('npm pack, and what is in it');
  const plain = install('plain', pack('plain', short ? ['--ignore-scripts'] : []));
  assert.equal(existsSync(join(plain.package, 'native/build')), false);
  checkContents(plain);

  step('without an addon, scxts checks and builds');
  assert.match(plain.must('--version').out, /^\d+\.\d+\.\d+/);
  plain.must('check', 'fifo.ts');
  plain.must('build', 'fifo.ts');
  for (const file of ['fifo.bpf.c', 'fifo.bpf.o', 'fifo.skel.ts'])
    assert.ok(existsSync(join(plain.folder, file)), file);

  step('what needs the addon says so, and how to get it');
  assert.match(load(plain.folder), /^ERR_NO_ADDON build it with `npm rebuild scxts`/);
  assert.equal(plain.scxts('doctor', 'build').code, 0);
  const doctor = plain.scxts('doctor', 'load', '--json');
  assert.equal(doctor.code, 1);
  const addon = JSON.parse(doctor.out).checks.find((c) => c.name === 'native addon');
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

  if (!short) {
    step('npm rebuild builds the addon');
    must(plain.folder, 'npm', ['rebuild', 'scxts', '--loglevel=error']);
    assert.ok(existsSync(join(plain.package, 'native/build/Release/scxts_native.node')));
    assert.equal(load(plain.folder), 'nr_queued');
  }

  step('a prebuilt addon is used where there is one: no tools, no build');
  prebuild();
  const tarball = pack('prebuilt', ['--ignore-scripts']);
  const ready = install('prebuilt', tarball);
  const silent = run(ready.folder, 'node', [join(ready.package, 'native/install.mjs')], bare);
  assert.deepEqual([silent.code, silent.err], [0, '']);
  assert.equal(existsSync(join(ready.package, 'native/build')), false);
  ready.must('build', 'fifo.ts');
  assert.equal(load(ready.folder), 'nr_queued');

  step('the packages of a release: the addon is that of the platform');
  const release = join(dir, 'release');
  must(root, process.execPath, ['native/prebuild/pack.mjs', release]);
  const tarballs = readdirSync(release).filter((f) => !/linux-(?!x64)/.test(f));
  assert.equal(tarballs.length, 2);
  const released = install('released', ...tarballs.map((f) => join(release, f)));
  assert.equal(existsSync(join(released.package, 'prebuilds')), false);
  const quiet = run(released.folder, 'node', [join(released.package, 'native/install.mjs')], bare);
  assert.deepEqual([quiet.code, quiet.err], [0, '']);
  released.must('build', 'fifo.ts');
  assert.equal(load(released.folder), 'nr_queued');

  step('components, kernel types; scxts load and the recorder, on a kernel that has sched_ext');
  checkCommands(ready, (file, text) => writeFileSync(join(ready.folder, file), text));

  step('scxts init: installed, checked, run in a virtual machine and on this one');
  await checkProjects(ready, tarball);
  step('all of it works');
} finally {
  rmSync(dir, { recursive: true, force: true });
  rmSync(prebuilds, { recursive: true, force: true });
}
