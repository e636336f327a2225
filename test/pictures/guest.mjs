// Runs in the guest as root: the same load under one scheduler after the other, recorded. Prints each timeline as a line.
//   node guest.mjs 'nest -d 20000' central ...
import { existsSync } from 'node:fs';
import { record } from '../../dist/cli/trace/record.js';
import { encodeRecording, toBase64 } from '../../dist/sim/view/file.js';
import { Task } from '../../dist/vm/guest/tasks.js';
import { say, sleep, start, state, until } from '../vm/guest-tools.mjs';

/** Less than the machine has room for: which CPUs it runs on is the scheduler's choice. */
const LOAD = ['rare', 'rare'];
const SECONDS = 2;

for (const line of process.argv.slice(2)) {
  const [name, ...flags] = line.split(' ');
  // simple has no userspace half of its own.
  const half = `dist/examples/${name}-run.js`;
  const scheduler = start(
    'node',
    existsSync(half)
      ? [half, ...flags]
      : ['dist/cli/bin.js', 'load', `dist/examples/${name}.bpf.o`, ...flags],
  );
  await until(() => scheduler.child.exitCode !== null || state() === 'enabled', 60);
  if (state() !== 'enabled') throw new Error(`${line} did not start: ${scheduler.out.stderr}`);
  const load = LOAD.map((kind) => new Task(kind));
  await until(() => {
    load.forEach((task) => task.sample());
    return load.every((task) => task.gained > 0);
  }, 30);
  // The schedulers that learn where tasks ran have had time to.
  await sleep(SECONDS * 1000);
  const recording = toBase64(await encodeRecording(await record({ durationMs: SECONDS * 1000 })));
  load.forEach((task) => task.stop());
  say(name, { line, recording });
  scheduler.child.kill('SIGINT');
  await scheduler.ended;
  await until(() => state() === 'disabled');
}
