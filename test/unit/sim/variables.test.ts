import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { buildFile } from '../../../codegen/index.js';
import { simulate } from '../../../sim/index.js';
import { scratch } from '../../util/scratch.js';

const dir = scratch('sim-variables');

const SOURCE = `
import { scheduler, counter, timer, kernelPerCpu, kernelVar, in_hardirq, in_serving_softirq, scx_bpf_dsq_insert, SCX_DSQ_GLOBAL, SCX_SLICE_DFL } from 'scxts';
import type { u64 } from 'scxts';
import type { rq } from 'scxts/vmlinux';
const rqs = kernelPerCpu<rq>('runqueues');
const jiffies = kernelVar<u64>('jiffies');
export const ticks = counter('');
export const in_interrupt = counter('');
export const fired = counter('');
export const in_softirq = counter('');
export const right = counter('');
export const wrong = counter('');
let before: u64 = 0;
const clock = timer(() => {
  fired.inc();
  if (in_serving_softirq() && !in_hardirq()) in_softirq.inc();
  clock.start(10_000_000);
});
export default scheduler({
  name: 'variables',
  init() { clock.start(10_000_000); return 0; },
  enqueue(p, flags) { scx_bpf_dsq_insert(p, SCX_DSQ_GLOBAL, SCX_SLICE_DFL, flags); },
  running(p) {
    const own = rqs.this();
    const none = rqs.of(4000);
    const fits = own !== null && none === null && own.nr_running > 0 && own.curr.pid === p.pid && jiffies.value >= before;
    before = jiffies.value;
    if (fits && !in_hardirq()) right.inc(); else wrong.inc();
  },
  tick(p) { ticks.inc(); if (in_hardirq()) in_interrupt.inc(); },
});
`;

it.each(['6.12', '7.3'] as const)(
  'the model keeps run queues, jiffies and interrupts as Linux %s does',
  async (kernel) => {
    const file = join(dir, 'variables.ts');
    writeFileSync(file, SOURCE);
    const { objectPath } = await buildFile(file);
    const run = await simulate(objectPath, { kernel, duration: '1 s' });
    const { counters } = run;
    const count = (name: string): number => Number(counters[name]);
    expect(count('ticks')).toBeGreaterThan(10);
    expect(count('in_interrupt')).toBe(count('ticks'));
    expect(count('fired')).toBeGreaterThan(90);
    expect(count('in_softirq')).toBe(count('fired'));
    expect(count('wrong')).toBe(0);
    expect(count('right')).toBeGreaterThan(100);
  },
);
