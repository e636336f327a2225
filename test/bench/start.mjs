// How long a process takes from its start until a scheduler is loaded, and how much of that the kernel took. On a kernel with
// sched_ext `scxts load` itself can be timed; elsewhere the same steps up to attaching.
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildFile } from '../../dist/codegen/index.js';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

/** What `scxts load FILE.bpf.o` does before it attaches, with the time of what is the kernel's: the load itself. */
const STEPS = `
  const { openObject, schedExtState } = await import(process.argv[1] + '/dist/native/runtime/index.js');
  await import(process.argv[1] + '/dist/cli/flags.js');
  const { halvesOf } = await import(process.argv[1] + '/dist/cli/load/halves.js');
  await import(process.argv[1] + '/dist/cli/load/output.js');
  schedExtState();
  const open = openObject(process.argv[2], await halvesOf(process.argv[2], []));
  const native = open.info.native;
  const load = native.load.bind(native);
  let ns = 0n;
  Object.defineProperty(native, 'load', { value() {
    const t = process.hrtime.bigint();
    try { return load(); } finally { ns = process.hrtime.bigint() - t; }
  } });
  const loaded = open.loadWithoutScheduler();
  process.stdout.write(String(Number(ns) / 1e6));
  process.exit();
`;

export async function startTimes(dir, rounds) {
  const built = await buildFile(join(root, 'examples', 'simple.ts'), { outDir: dir });
  if (!built.ok) throw new Error('examples/simple.ts does not build');
  const times = Array.from({ length: rounds }, () => {
    const begin = performance.now();
    const { stdout, stderr, status } = spawnSync(
      process.execPath,
      ['--input-type=module', '-e', STEPS, root, built.objectPath],
      { encoding: 'utf8' },
    );
    if (status !== 0) throw new Error(stderr);
    const whole = performance.now() - begin;
    return { whole, kernel: Number(stdout), own: whole - Number(stdout) };
  });
  const best = times.reduce((a, b) => (a.own < b.own ? a : b));
  return `start: process to loaded ${best.whole.toFixed(0)} ms, of which libbpf and the kernel ${best.kernel.toFixed(0)} ms, scxts and Node.js ${best.own.toFixed(0)} ms (target: 300 ms), best of ${rounds}`;
}
