import { describe, expect, it } from 'vitest';
import { program, type Program } from '../util/program.js';

const Q = program('const Q = 7;');
const whole = Q.init('scx_bpf_create_dsq(Q, -1);').dispatch('scx_bpf_dsq_move_to_local(Q, 0);');
const put = (where: string): string => `scx_bpf_dsq_insert(p, ${where}, SCX_SLICE_DFL, enq_flags);`;
const PUT = put('SCX_DSQ_GLOBAL');

describe('a queue of a constant', () => {
  it.each<[string, Program, string]>([
    [
      'never created',
      Q.enqueue(put('«Q»')).dispatch('scx_bpf_dsq_move_to_local(Q, 0);'),
      'SCX4030',
    ],
    ['another is created', Q.init('scx_bpf_create_dsq(8, -1);').enqueue(put('«Q»')), 'SCX4030'],
    [
      'filled in a helper',
      Q.globals(
        'function put(p: task_struct, f: u64): void { scx_bpf_dsq_insert(p, «Q + 1», 1, f); }',
      ).enqueue('put(p, enq_flags);'),
      'SCX4030',
    ],
    ['never emptied', Q.init('scx_bpf_create_dsq(Q, -1);').enqueue(put('«Q»')), 'SCX4031'],
    [
      'another is emptied',
      Q.init('scx_bpf_create_dsq(Q, -1);')
        .enqueue(put('«Q»'))
        .dispatch('scx_bpf_dsq_move_to_local(8, 0);'),
      'SCX4031',
    ],
    [
      'filled by a move',
      whole
        .ops('tick() { for (const i of range(2)) n++; }')
        .globals('let n: u32 = 0;')
        .enqueue(put('Q'))
        .globals(
          'export const shift = syscall(() => { const it = each.scx_dsq(Q); for (const p of it) scx_bpf_dsq_move(it, p, «9», 0); return 0; });',
        ),
      'SCX4030',
    ],
  ])('%s', (_name, wrong, code) => void wrong.rejects(code));

  it.each<[string, Program]>([
    ['created and emptied', whole.enqueue(put('Q'))],
    [
      'created with a variable id',
      Q.globals('let n: u64 = 3;')
        .init('for (const i of range(4)) scx_bpf_create_dsq(i, -1);')
        .enqueue(put('3'))
        .dispatch('scx_bpf_dsq_move_to_local(3, 0);'),
    ],
    [
      'emptied with a variable id',
      Q.init('scx_bpf_create_dsq(Q, -1);')
        .enqueue(put('Q'))
        .dispatch('scx_bpf_dsq_move_to_local(u64(cpu), 0);'),
    ],
    [
      'emptied by a walk',
      Q.init('scx_bpf_create_dsq(Q, -1);')
        .enqueue(put('Q'))
        .dispatch(
          'const it = each.scx_dsq(Q); for (const p of it) scx_bpf_dsq_move(it, p, SCX_DSQ_LOCAL_ON | cpu, 0);',
        ),
    ],
    [
      'through a parameter',
      Q.globals('function make(q: u64): void { scx_bpf_create_dsq(q, -1); }')
        .init('make(Q);')
        .enqueue(put('Q'))
        .dispatch('scx_bpf_dsq_move_to_local(Q, 0);'),
    ],
    ['of the kernel', program().enqueue(put('SCX_DSQ_GLOBAL'))],
  ])('%s is right', (_name, right) => right.accepts());
});

describe('the ways through enqueue()', () => {
  const other = put('SCX_DSQ_LOCAL');
  it.each<[string, string]>([
    ['a condition', `if («p.pid % 2 === 0») ${PUT}`],
    ['an early return', `if (p.pid === 1) «return;» ${PUT}`],
    ['two conditions', `if (p.pid === 1) { ${PUT} return; } if («p.pid === 2») { ${PUT} return; }`],
    ['a case', `switch (p.pid) { case 1: ${PUT} break; case 2: «return;» default: ${PUT} }`],
    ['a helper', `if («p.pid % 2 === 0») place(p, enq_flags);`],
    ['counting only', `if («fifo») ${PUT} else { n++; lost.inc(); }`],
  ])('lost: %s', (_name, body) => {
    program(
      "const fifo = config(false, 'x'); const lost = counter('x'); let n: u64 = 0; function place(p: task_struct, f: u64): void { scx_bpf_dsq_insert(p, SCX_DSQ_GLOBAL, 1, f); }",
    )
      .enqueue(body)
      .rejects('SCX4032');
  });

  it.each<[string, string]>([
    ['one after the other', `${PUT} «${other.slice(0, -1)}»;`],
    ['after a condition', `if (p.pid % 2 === 0) ${PUT} «${other.slice(0, -1)}»;`],
    ['in a helper', `${PUT} place(p, enq_flags);`],
  ])('inserted twice: %s', (_name, body) => {
    program(
      'function place(p: task_struct, f: u64): void { scx_bpf_dsq_insert(p, SCX_DSQ_GLOBAL, 1, f); }',
    )
      .enqueue(body)
      .rejects('SCX4033');
  });

  it.each<[string, string]>([
    ['if and else', `if (p.pid % 2 === 0) ${PUT} else ${other}`],
    ['the same question twice', `if (fifo) ${PUT} if (!fifo) ${other}`],
    [
      'a flag that remembers',
      `let done = false; if (p.pid % 2 === 0) { ${PUT} done = true; } if (!done) ${other}`,
    ],
    ['kept in a queue', `if (p.pid % 2 === 0) { waiting.push(p.pid); return; } ${PUT}`],
    ['kept in a map', `if (p.pid % 2 === 0) { by_pid.set(p.pid, 1); return; } ${PUT}`],
    ['kept in a global', `if (p.pid % 2 === 0) { held = p.pid; return; } ${PUT}`],
    ['ended', 'if (p.pid % 2 === 0) { scx_bpf_error(`x`); return; } ' + PUT],
    ['an entry that is missing', `const c = tctx.get(p); if (!c) return; c.n++; ${PUT}`],
    ['a helper that tells', `if (tried(p, enq_flags)) return; ${PUT}`],
    ['in a loop', `for (const i of range(4)) { if (i === 2) { ${PUT} return; } } ${other}`],
    ['all cases', `switch (p.pid & 1) { case 0: ${PUT} return; default: ${other} }`],
    ['by another name', `const t = p; scx_bpf_dsq_insert(t, SCX_DSQ_GLOBAL, 1, enq_flags);`],
  ])('right: %s', (_name, body) => {
    program(`const fifo = config(false, 'x'); const waiting = queue<s32>(64); const by_pid = hash<s32, u32>(64); let held: s32 = 0;
      interface T { n: u64 } const tctx = taskStorage<T>();
      function tried(p: task_struct, f: u64): boolean { if (p.pid === 3) { scx_bpf_dsq_insert(p, SCX_DSQ_GLOBAL, 1, f); return true; } return false; }`)
      .enqueue(body)
      .accepts();
  });

  it('select_cpu() may insert or not, once', () => {
    const select = (body: string): Program =>
      program().ops(`select_cpu(p, prev_cpu, wake_flags) { ${body} return prev_cpu; }`);
    select('if (p.pid === 1) scx_bpf_dsq_insert(p, SCX_DSQ_LOCAL, 1, 0);').accepts();
    select(
      'scx_bpf_dsq_insert(p, SCX_DSQ_LOCAL, 1, 0); «scx_bpf_dsq_insert(p, SCX_DSQ_LOCAL, 1, 0)»;',
    ).rejects('SCX4033');
  });
});

describe('what else constants show', () => {
  it.each<[string, Program, string]>([
    [
      'vtime into the global queue',
      program().enqueue('scx_bpf_dsq_insert_vtime(p, «SCX_DSQ_GLOBAL», 1, 0, enq_flags);'),
      'SCX4034',
    ],
    [
      'vtime into a local queue',
      program().enqueue(
        'const cpu = scx_bpf_task_cpu(p); scx_bpf_dsq_insert_vtime(p, «SCX_DSQ_LOCAL_ON | u64(cpu)», 1, 0, enq_flags);',
      ),
      'SCX4034',
    ],
    [
      'ENQ_LAST without enqueue',
      program().ops('flags: «SCX_OPS_ENQ_LAST | SCX_OPS_ENQ_EXITING»'),
      'SCX4035',
    ],
    [
      'a CPU that may be forbidden',
      program().enqueue('scx_bpf_dsq_insert(p, «SCX_DSQ_LOCAL_ON | 0», 1, enq_flags);'),
      'SCX4036',
    ],
  ])('%s', (_name, wrong, code) => void wrong.rejects(code));

  it.each<[string, Program]>([
    ['ENQ_LAST with enqueue', program().ops('flags: SCX_OPS_ENQ_LAST').enqueue(PUT)],
    [
      'a CPU that was asked for',
      program().enqueue(
        `if (bpf_cpumask_test_cpu(0, p.cpus_ptr)) scx_bpf_dsq_insert(p, SCX_DSQ_LOCAL_ON | 0, 1, enq_flags); else ${PUT}`,
      ),
    ],
    [
      'the CPU that it is on',
      program().enqueue(
        'scx_bpf_dsq_insert(p, SCX_DSQ_LOCAL_ON | u64(scx_bpf_task_cpu(p)), 1, enq_flags);',
      ),
    ],
  ])('%s is right', (_name, right) => right.accepts());

  it('the hints are what to write', () => {
    const [found] = Q.enqueue(put('Q')).rejects('SCX4030');
    expect(found?.hint).toContain('scx_bpf_create_dsq(Q, -1)');
  });
});
