// From `scxts init` to a running scheduler, and a component, with scxts as a tarball.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { checkEditor } from './editor.mjs';
import { dir, KERNEL, must, npmInstall, run, step } from './tools.mjs';

const npm = (folder, ...args) => must(folder, 'npm', ['run', '--silent', ...args]);
const manifestOf = (folder) => JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));

/** The folder that `init` says to go to, after it did as it said. */
function made(scxts, ...args) {
  const { out, code, err } = scxts('init', ...args);
  assert.equal(code, 0, err);
  assert.match(out, /^next: cd \S+ && npm install && npm run vm$/m);
  return /^next: cd (\S+)/m.exec(out)[1];
}

/** `npm start` loads it, or says that this kernel cannot: it got as far as that as root. */
function started(folder) {
  const { code, out, err } = run(folder, 'npm', ['start', '--silent', '--', '--duration', '1']);
  if (existsSync('/sys/kernel/sched_ext')) assert.equal(code, 0, out + err);
  else assert.match(err, /has no sched_ext/, out + err);
}

export async function checkProjects(installed, tarball) {
  const { folder: home, scxts } = installed;
  const scheduler = join(home, made(scxts, 'my-first'));
  const { dependencies } = manifestOf(scheduler);
  assert.equal(resolve(scheduler, dependencies.scxts.replace('file:', '')), tarball);
  npmInstall(scheduler);
  npm(scheduler, 'check');
  npm(scheduler, 'build');
  const vm = npm(scheduler, 'vm');
  assert.match(vm.out + vm.err, /my_first ended: unregistered from user space/);
  started(scheduler);
  step('its diagnostics in an editor, through tsserver');
  await checkEditor(scheduler, 'my-first.ts');

  step('scxts init --component: installed, checked, packed, run in a virtual machine');
  const component = join(home, made(scxts, 'fair-share', '--component'));
  npmInstall(component);
  npm(component, 'build');
  npm(component, 'check');
  const tried = npm(component, 'vm');
  assert.match(tried.out + tried.err, /fair_share_example ended: unregistered/);
  started(component);
  await checkEditor(component, 'example/scheduler.ts');
  must(component, 'npm', ['pack', '--dry-run', '--loglevel=error']);

  step('init by npx, from the tarball');
  const npx = ['exec', '--yes', '--loglevel=error', `--package=${tarball}`, '--', 'scxts', 'init'];
  must(dir, 'npm', [...npx, 'by-npx']);
  const spec = manifestOf(join(dir, 'by-npx')).dependencies.scxts;
  assert.equal(resolve(dir, 'by-npx', spec.replace('file:', '')), tarball);
}

const TRACED = 'scxts load fifo.bpf.o & sleep 4; scxts trace --duration 1 --out traced.json';

/** A component of scxts's own, kernel types, and the recorder, in a folder of the user's. */
export function checkCommands({ folder, must: scxts }, write) {
  write(
    'balanced.ts',
    `import { scheduler, scx_bpf_dsq_insert, SCX_DSQ_GLOBAL, SCX_SLICE_DFL } from 'scxts';
import { loadBalancer } from 'scxts/components/load_balancer';
export default scheduler({ name: 'balanced', use: [loadBalancer],
  enqueue(p, f) { scx_bpf_dsq_insert(p, SCX_DSQ_GLOBAL, SCX_SLICE_DFL, f); } });\n`,
  );
  scxts('check', 'balanced.ts');
  scxts('build', 'balanced.ts');
  const skeleton = readFileSync(join(folder, 'balanced.skel.ts'), 'utf8');
  assert.match(skeleton, /from 'scxts\/components\/load_balancer\/userspace'/);
  must(folder, process.execPath, [
    ...['--input-type=module', '-e'],
    "await import('scxts/components/load_balancer/userspace')",
  ]);
  scxts('types', '--struct', 'task_struct', '--out', 'kernel');
  assert.match(readFileSync(join(folder, 'kernel/vmlinux.d.ts'), 'utf8'), /task_struct/);
  const traced = scxts(
    ...['vm', '--kernel', KERNEL, '--save', 'traced.json', '--save', 'traced.html', '--'],
    ...['sh', '-c', `scxts load fifo.ts --duration 1 --json || exit; ${TRACED}`],
  );
  assert.match(traced.out, /"type":"counters","scheduler":"fifo"/);
  assert.match(traced.out, /"kindName":"SCX_EXIT_UNREG"/);
  assert.match(traced.out, /slices of \d+ tasks on 2 CPUs/);
  assert.ok(JSON.parse(readFileSync(join(folder, 'traced.json'), 'utf8')));
  assert.ok(existsSync(join(folder, 'traced.html')));
}
