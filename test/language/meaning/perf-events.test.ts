import { expect, it } from 'vitest';
import { openObject } from '../../../native/runtime/index.js';
import { program } from '../../util/program.js';

const counting = program(`
const cycles = perfEvents();
export const counted = counter('');
export const missing = counter('');
export const on_switch = tp_btf('sched_switch', (preempt, prev, next) => {
  const now = cycles.of(bpf_get_smp_processor_id());
  if (now && now.enabled >= now.running) counted.add(now.counter > 0 ? 1 : 0);
  else missing.inc();
});
`);

interface Maps {
  cycles: { open(what: { type: number; config: number | bigint }): number[] };
}
interface Counters {
  counted: { total(): bigint };
  missing: { total(): bigint };
}

it('a counter of each CPU is read where it counts', async () => {
  const { objectPath } = await counting.builds();
  const loaded = openObject(objectPath).loadWithoutScheduler();
  try {
    const { cycles } = loaded.maps as unknown as Maps;
    const { counted, missing } = loaded.counters as unknown as Counters;
    const { on_switch } = loaded.progs as unknown as { on_switch: { attach(): unknown } };
    on_switch.attach();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(Number(missing.total())).toBeGreaterThan(0);
    // PERF_TYPE_SOFTWARE, PERF_COUNT_SW_CPU_CLOCK
    expect(cycles.open({ type: 1, config: 0 }).length).toBeGreaterThan(0);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(Number(counted.total())).toBeGreaterThan(0);
    expect(() => cycles.open({ type: 1, config: 9999n })).toThrow(/cannot count event 1:9999/);
  } finally {
    loaded[Symbol.dispose]();
  }
});

it('the kernel lets tracing programs read one', () => {
  program('const cycles = perfEvents(); let n: u64 = 0;')
    .enqueue('const c = «cycles.of»(0); if (c) n = c.counter;')
    .rejects('SCX4002');
});
