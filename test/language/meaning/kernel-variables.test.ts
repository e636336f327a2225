import { describe, expect, it } from 'vitest';
import { program } from '../../util/program.js';

const variables = program(`
const rqs = kernelPerCpu<rq>('runqueues');
const llc = kernelPerCpu<s32>('sd_llc_id');
const policies = kernelPerCpu<cpufreq_policy>('cpufreq_cpu_data');
const ticks = kernelVar<u64>('jiffies');
let total: u64 = 0;
`);

describe('variables of the kernel', () => {
  it('are read in every callback', () => {
    variables
      .globals("const pressure = kernelPerCpu<u64>('sd_llc_size');".replace('u64', 'u32'))
      .enqueue(
        `const rq = rqs.of(scx_bpf_task_cpu(p)); if (rq) total += rq.nr_running + rq.clock_task;
        const own = rqs.this(); if (own && own.curr.pid === p.pid) total++;
        const id = llc.of(0); if (id) total += u64(id.value);
        const policy = policies.this(); if (policy) total += policy.cur;
        if (exists(rqs) && exists(ticks)) total += ticks.value;
        const size = pressure.this(); total += size?.value ?? 1;`,
      )
      .accepts();
  });

  it('of no kernel that is known are null, with a warning', () => {
    program("const rqs = kernelPerCpu<rq>(«'runqueue'»); let n: u32 = 0;")
      .enqueue('const rq = rqs.this(); if (rq) n = rq.nr_running;')
      .rejects('SCX4053');
  });

  it('have the type of the kernel', () => {
    program("const llc = kernelPerCpu<«u64»>('sd_llc_id');")
      .enqueue('llc.this();')
      .rejects('SCX4052');
    program("const rqs = kernelPerCpu<«task_struct»>('runqueues');")
      .enqueue('rqs.this();')
      .rejects('SCX4052');
    program("interface Own { a: u64 } const rqs = kernelPerCpu<«Own»>('some_variable');")
      .enqueue('rqs.this();')
      .rejects('SCX4052');
  });

  it('may be arrays, of which a variable index reads elements', async () => {
    await program(
      "const words = kernelPerCpu<FixedArray<u64, 4>>('no_such_thing_at_all'); let i: u32 = 2; let n: u64 = 0;",
    )
      .enqueue('const w = words.of(0); if (w) n = w[i];')
      .build()
      .then(({ ok, diagnostics }) => {
        expect(diagnostics.map((d) => d.code)).toEqual(['SCX4053']);
        expect(ok).toBe(true);
      });
  });

  it('are tested for null, and not written', () => {
    variables.enqueue('total = «rqs.this()».nr_running;').rejects('TS2531');
    variables.enqueue('const id = llc.this(); if (id) id.value = 1;').rejects('SCX2012');
    variables.enqueue('ticks.«value» = 1;').rejects('TS2540');
  });

  it('have a name', () => {
    program("const x = kernelVar<u64>(«'a b'»);").enqueue('x.value;').rejects('SCX4051');
    program("let jiffies: u64 = 0; const x = kernelVar<u64>(«'jiffies'»);")
      .enqueue('jiffies = x.value;')
      .rejects('SCX4051');
  });
});
