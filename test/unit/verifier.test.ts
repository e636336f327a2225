import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  explainRefusal,
  refusalText,
  type Refusal,
} from '../../native/runtime/verifier/explain.js';

/**
 * What Linux 6.18 said of small C programs that each do one thing wrong, by the name of that thing: the ends of
 * logs of real loads.
 */
const dir = join(import.meta.dirname, '../fixtures/verifier-6.18');

/** Class by log, where it is not the first word of its name. */
const CLASSES: Record<string, Refusal['class']> = {
  bounds_context: 'pointer',
  bounds_stack: 'stack',
  bounds_stack_helper: 'stack',
  constant_needed: 'pointer',
  helper_forbidden: 'helper',
  kernel_write: 'read-only',
  kptr_type: 'trust',
  loop_forever: 'too complex',
  loop_long: 'too complex',
  misaligned_stack: 'pointer',
  missing_enum: 'missing in this kernel',
  missing_field: 'missing in this kernel',
  missing_kfunc: 'missing in this kernel',
  pointer_scalar: 'null',
  preempt_kept: 'lock',
  rcu_kptr: 'trust',
  readonly_write: 'read-only',
  reference_late: 'null',
  reference_leak: 'unreleased',
  reference_record: 'unreleased',
  return_value: 'result',
  sleep_rcu: 'rcu',
  uninitialised_register: 'uninitialised',
  untrusted_walk: 'trust',
};

describe('what the verifier says, in plain words', () => {
  for (const file of readdirSync(dir).sort()) {
    const name = file.replace('.log', '');
    it(`explains ${name}`, () => {
      const refusal = explainRefusal(readFileSync(join(dir, file), 'utf8'));
      if (!refusal) throw new Error('no refusal was found');
      expect(refusal.said).not.toBe('');
      if (name === 'pointer_type' || name === 'reference_twice')
        expect(['pointer', 'trust']).toContain(refusal.class);
      else expect(refusal.class).toBe(CLASSES[name] ?? name.split('_')[0]);
      expect(refusal.fix).toBeTruthy();
      if (refusal.at) expect(refusal.at.file).toBe('refused.bpf.c');
    });
  }

  it('names the line of TypeScript rather than that of the generated C', () => {
    const refusal = explainRefusal(`libbpf: prog 'a_enqueue':
-- BEGIN PROG LOAD LOG --
; if (c.a) nr.inc(); @ a.ts:12
4: (79) r1 = *(u64 *)(r0 +0)          ; R0=map_value_or_null(id=1)
; u64 unused = 0; @ a.bpf.c:70
R0 invalid mem access 'map_value_or_null'
processed 5 insns (limit 1000000) max_states_per_insn 0 total_states 0 peak_states 0 mark_read 0
-- END PROG LOAD LOG --
`);
    expect(refusal).toMatchObject({
      program: 'a_enqueue',
      class: 'null',
      at: { file: 'a.ts', line: 12, text: 'if (c.a) nr.inc();' },
    });
    expect(refusal && refusalText(refusal)).toContain('> 12 | if (c.a) nr.inc();');
  });

  it('tells a real-time kernel, which has no timers', () => {
    const log = [
      "libbpf: prog 'beats_init':",
      '-- BEGIN PROG LOAD LOG --',
      '; timer_start(0, 0); @ beat.ts:12',
      '48: (15) if r6 == 0x0 goto pc+37      ; R6=map_value(map=beat,ks=4,vs=16)',
      '52: (b7) r3 = 1                       ; R3=1',
      '53: (85) call bpf_timer_init#169',
      'bpf_timer cannot be used for PREEMPT_RT.',
      'processed 40 insns (limit 1000000) max_states_per_insn 0 total_states 3 peak_states 3 mark_read 0',
      '-- END PROG LOAD LOG --',
    ].join('\n');
    const refusal = explainRefusal(log);
    expect(refusal?.class).toBe('real-time kernel');
    expect(refusal?.said).toMatch(/cannot be used for PREEMPT_RT/);
  });

  it("says nothing of failures that are not the verifier's", () => {
    expect(explainRefusal('libbpf: map x: failed to create: -EPERM')).toBeUndefined();
  });
});
