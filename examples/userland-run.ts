// The userspace half of userland: this process is the scheduler. It keeps the tasks that wait ordered by
// virtual time, and hands the next one back whenever fewer than BATCH are on their way.
//   scxts build examples/userland.ts && sudo scxts run examples/userland-run.ts -b 2
import { possibleCpus, type LoadedScheduler } from 'scxts/runtime';
import { runExample } from './lib/example.js';
import { VruntimeQueue } from './lib/vruntime.js';
import { Userland, type UserlandTypes } from './userland.skel.js';

const ENQUEUED = 0;
const EXITED = 1;
/** The next task is wanted soon, as a rule: a sleep in the event loop would take two threads' wake-ups. */
const BLOCK_MS = 5;

const totals = { enqueued: 0, dispatched: 0, failed: 0 };

async function schedule(userland: LoadedScheduler<UserlandTypes>, batch: number): Promise<void> {
  const { numbers, maps, progs } = userland;
  const waiting = new VruntimeQueue();
  for await (const records of maps.messages.batches({ blockMs: BLOCK_MS })) {
    // Before looking at anything: who asks or wakes up from here on must be heard.
    numbers.wanted = 0;
    numbers.urgent = 0;
    for (const { kind, pid, sum_exec_runtime, weight } of records) {
      if (kind === EXITED) waiting.forget(pid);
      if (kind !== ENQUEUED) continue;
      waiting.add(pid, Number(sum_exec_runtime), Number(weight));
      totals.enqueued++;
    }
    // Before a task is handed back, so that the CPU that takes it asks for the next one.
    numbers.nr_scheduled = waiting.length;
    let idle = false;
    while (idle || numbers.nr_inflight < batch) {
      const pid = waiting.next();
      if (pid === undefined) break;
      const result = progs.decide.run({ pid });
      idle = result === 2;
      if (result < 0) totals.failed++;
      else totals.dispatched++;
    }
    numbers.nr_scheduled = waiting.length;
  }
}

const box = (title: string, rows: Record<string, bigint | number>): string =>
  [
    title,
    ...Object.entries(rows).map(([k, v]) => `  ${k.padEnd(8)}${String(v).padStart(12)}`),
  ].join('\n');

let batch = 1;
await runExample(Userland, {
  about: 'userland: the scheduling decisions are made in TypeScript.',
  flags: {
    batch: { short: 'b', value: 'BATCH', help: 'tasks that are handed over before they run (1)' },
  },
  configure({ config }, flags) {
    config.usersched_tgid = process.pid;
    config.num_possible_cpus = possibleCpus().size;
    batch = flags.number('batch', 1, 4096) ?? batch;
  },
  started(userland) {
    void schedule(userland, batch);
  },
  statistics(userland) {
    const c = userland.readCounters();
    return [
      box('BPF ENQUEUES', {
        kern: c.nr_kernel_enqueues,
        user: c.nr_user_enqueues,
        failed: c.nr_failed_enqueues,
        total: c.nr_kernel_enqueues + c.nr_user_enqueues + c.nr_failed_enqueues,
      }),
      box('VRUNTIME / USER', {
        enq: totals.enqueued,
        disp: totals.dispatched,
        failed: totals.failed,
      }),
      '',
    ].join('\n');
  },
});
