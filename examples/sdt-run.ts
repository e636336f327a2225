// The userspace half of sdt: prints its statistics, and the tasks that were queued most often, read from
// the memory that BPF counts in.
//   scxts build examples/sdt.ts && sudo scxts run examples/sdt-run.ts
import { readFileSync } from 'node:fs';
import { runExample } from './lib/example.js';
import { Sdt } from './sdt.skel.js';

/** struct Stats: pid, seq, then three counts. The entries are all that is in the arena. */
const ENTRY_BYTES = 32;
const MAX_TASKS = 16_384;
const SHOWN = 5;

interface Entry {
  pid: number;
  enqueue: bigint;
  idle: bigint;
  busy: bigint;
}

function entries(memory: ArrayBuffer, used: number): Entry[] {
  const view = new DataView(memory);
  return Array.from({ length: Math.min(used, MAX_TASKS) }, (_, i) => {
    const at = i * ENTRY_BYTES;
    return {
      pid: view.getInt32(at, true),
      enqueue: view.getBigUint64(at + 8, true),
      idle: view.getBigUint64(at + 16, true),
      busy: view.getBigUint64(at + 24, true),
    };
  }).filter((e) => e.pid !== 0);
}

function nameOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/comm`, 'utf8').trim();
  } catch {
    return '';
  }
}

await runExample(Sdt, {
  about: 'sdt: data of tasks in memory that the kernel and userspace share.',
  flags: { interval: { short: 'i', value: 'TIME', help: 'time between two prints (1s)' } },
  statistics(sdt) {
    const c = sdt.readCounters();
    const all = entries(sdt.maps.stats.buffer, Number(c.alloc_ops));
    const busiest = all.sort((a, b) => Number(b.enqueue - a.enqueue)).slice(0, SHOWN);
    return [
      '====SCHEDULING STATS====',
      `enqueues=${c.stat_enqueue}\tinits=${c.stat_init}\texits=${c.stat_exit}`,
      `select_idle_cpu=${c.stat_select_idle_cpu}\tselect_busy_cpu=${c.stat_select_busy_cpu}`,
      '====ALLOCATION STATS====',
      `alloc_ops=${c.alloc_ops}\tfree_ops=${c.free_ops}\tactive_allocs=${all.length}\tfailed=${c.alloc_fails}`,
      '====BUSIEST TASKS====',
      ...busiest.map(
        (e) => `${e.pid}\tenqueues=${e.enqueue}\tidle=${e.idle}\tbusy=${e.busy}\t${nameOf(e.pid)}`,
      ),
      '',
    ].join('\n');
  },
});
