import type { Compat, Way } from './types.js';

/** What a walk of a queue declares. */
export const DSQ_WALK = {
  structs: ['struct bpf_iter_scx_dsq {\n\tu64 __opaque[6];\n} __attribute__((aligned(8)));'],
  externs: [
    'int bpf_iter_scx_dsq_new(struct bpf_iter_scx_dsq *it, u64 dsq_id, u64 flags) __ksym __weak;',
    'struct task_struct *bpf_iter_scx_dsq_next(struct bpf_iter_scx_dsq *it) __ksym __weak;',
    'void bpf_iter_scx_dsq_destroy(struct bpf_iter_scx_dsq *it) __ksym __weak;',
  ],
} satisfies Partial<Way>;

function moved(kind: '' | '_vtime'): Compat {
  const params = 'struct bpf_iter_scx_dsq *it, struct task_struct *p, u64 dsq_id, u64 enq_flags';
  return {
    wrapper: `scxts_dsq_move${kind}`,
    head: `bool scxts_dsq_move${kind}(struct bpf_iter_scx_dsq *it, struct task_struct *p, u64 dsq_id,
	u64 enq_flags)`,
    ways: [
      {
        symbol: `scx_bpf_dsq_move${kind}___v1`,
        externs: [`bool scx_bpf_dsq_move${kind}___v1(${params}) __ksym __weak;`],
        c: `return scx_bpf_dsq_move${kind}___v1(it, p, dsq_id, enq_flags);`,
      },
      {
        symbol: `scx_bpf_dispatch${kind}_from_dsq___compat`,
        old: true,
        externs: [`bool scx_bpf_dispatch${kind}_from_dsq___compat(${params}) __ksym __weak;`],
        c: `return scx_bpf_dispatch${kind}_from_dsq___compat(it, p, dsq_id, enq_flags);`,
      },
    ],
  };
}

function set(what: 'slice' | 'vtime'): Compat {
  const params = `struct bpf_iter_scx_dsq *it, u64 ${what}`;
  return {
    wrapper: `scxts_dsq_move_set_${what}`,
    ways: [
      {
        symbol: `scx_bpf_dsq_move_set_${what}___v1`,
        externs: [`void scx_bpf_dsq_move_set_${what}___v1(${params}) __ksym __weak;`],
        c: `scx_bpf_dsq_move_set_${what}___v1(it, ${what});`,
        goesOn: true,
      },
      {
        symbol: `scx_bpf_dispatch_from_dsq_set_${what}___compat`,
        old: true,
        externs: [`void scx_bpf_dispatch_from_dsq_set_${what}___compat(${params}) __ksym __weak;`],
        c: `scx_bpf_dispatch_from_dsq_set_${what}___compat(it, ${what});`,
        goesOn: true,
      },
    ],
  };
}

const INSERT = 'struct task_struct *p, u64 dsq_id, u64 slice, u64 enq_flags';
const INSERT_VTIME = 'struct task_struct *p, u64 dsq_id, u64 slice, u64 vtime, u64 enq_flags';

/** Dispatch queues. */
export const DSQ_COMPAT: Readonly<Record<string, Compat>> = {
  scx_bpf_dsq_insert: {
    wrapper: 'scxts_dsq_insert',
    comment:
      'scx_bpf_dsq_insert() returns a bool from 6.19 on and was scx_bpf_dispatch() before 6.13.',
    ways: [
      {
        symbol: 'scx_bpf_dsq_insert___v2___compat',
        externs: [`bool scx_bpf_dsq_insert___v2___compat(${INSERT}) __ksym __weak;`],
        c: 'return scx_bpf_dsq_insert___v2___compat(p, dsq_id, slice, enq_flags);',
      },
      {
        symbol: 'scx_bpf_dsq_insert___v1',
        externs: [`void scx_bpf_dsq_insert___v1(${INSERT}) __ksym __weak;`],
        c: 'scx_bpf_dsq_insert___v1(p, dsq_id, slice, enq_flags);',
        goesOn: true,
      },
      {
        symbol: `scx_bpf_dispatch___compat`,
        old: true,
        externs: [`void scx_bpf_dispatch___compat(${INSERT}) __ksym __weak;`],
        c: 'scx_bpf_dispatch___compat(p, dsq_id, slice, enq_flags);',
        goesOn: true,
      },
    ],
    result: 'true',
  },
  scx_bpf_dsq_insert_vtime: {
    wrapper: 'scxts_dsq_insert_vtime',
    comment: 'From 6.19 on the arguments are packed; before 6.13 it was scx_bpf_dispatch_vtime().',
    head: `bool scxts_dsq_insert_vtime(struct task_struct *p, u64 dsq_id, u64 slice, u64 vtime,
						   u64 enq_flags)`,
    ways: [
      {
        symbol: '__scx_bpf_dsq_insert_vtime',
        structs: [
          'struct scx_bpf_dsq_insert_vtime_args {\n\tu64 dsq_id;\n\tu64 slice;\n\tu64 vtime;\n\tu64 enq_flags;\n};',
        ],
        externs: [
          'bool __scx_bpf_dsq_insert_vtime(struct task_struct *p, struct scx_bpf_dsq_insert_vtime_args *args) __ksym __weak;',
        ],
        c: `struct scx_bpf_dsq_insert_vtime_args args = {
	.dsq_id = dsq_id, .slice = slice, .vtime = vtime, .enq_flags = enq_flags,
};

return __scx_bpf_dsq_insert_vtime(p, &args);`,
      },
      {
        symbol: 'scx_bpf_dsq_insert_vtime___v1',
        externs: [`void scx_bpf_dsq_insert_vtime___v1(${INSERT_VTIME}) __ksym __weak;`],
        c: 'scx_bpf_dsq_insert_vtime___v1(p, dsq_id, slice, vtime, enq_flags);',
        goesOn: true,
      },
      {
        symbol: `scx_bpf_dispatch_vtime___compat`,
        old: true,
        externs: [`void scx_bpf_dispatch_vtime___compat(${INSERT_VTIME}) __ksym __weak;`],
        c: 'scx_bpf_dispatch_vtime___compat(p, dsq_id, slice, vtime, enq_flags);',
        goesOn: true,
      },
    ],
    result: 'true',
  },
  scx_bpf_dsq_move_to_local: {
    wrapper: 'scxts_dsq_move_to_local',
    comment: 'Takes flags from 7.1 on; was scx_bpf_consume() before 6.13.',
    ways: [
      {
        symbol: 'scx_bpf_dsq_move_to_local___v2___compat',
        externs: [
          'bool scx_bpf_dsq_move_to_local___v2___compat(u64 dsq_id, u64 enq_flags) __ksym __weak;',
        ],
        c: 'return scx_bpf_dsq_move_to_local___v2___compat(dsq_id, enq_flags);',
      },
      {
        symbol: 'scx_bpf_dsq_move_to_local___v1',
        externs: ['bool scx_bpf_dsq_move_to_local___v1(u64 dsq_id) __ksym __weak;'],
        c: 'return scx_bpf_dsq_move_to_local___v1(dsq_id);',
      },
      {
        symbol: 'scx_bpf_consume___compat',
        old: true,
        externs: ['bool scx_bpf_consume___compat(u64 dsq_id) __ksym __weak;'],
        c: 'return scx_bpf_consume___compat(dsq_id);',
      },
    ],
  },
  scx_bpf_dsq_peek: {
    wrapper: 'scxts_dsq_peek',
    comment: 'Before 6.19: where a walk of the queue begins.',
    ways: [
      {
        symbol: 'scx_bpf_dsq_peek___compat',
        externs: ['struct task_struct *scx_bpf_dsq_peek___compat(u64 dsq_id) __ksym __weak;'],
        c: 'return scx_bpf_dsq_peek___compat(dsq_id);',
      },
      {
        structs: ['struct bpf_iter_scx_dsq {\n\tu64 __opaque[6];\n} __attribute__((aligned(8)));'],
        externs: [
          'int bpf_iter_scx_dsq_new(struct bpf_iter_scx_dsq *it, u64 dsq_id, u64 flags) __ksym __weak;',
          'struct task_struct *bpf_iter_scx_dsq_next(struct bpf_iter_scx_dsq *it) __ksym __weak;',
          'void bpf_iter_scx_dsq_destroy(struct bpf_iter_scx_dsq *it) __ksym __weak;',
        ],
        c: `struct bpf_iter_scx_dsq it;
struct task_struct *p = NULL;

if (!bpf_iter_scx_dsq_new(&it, dsq_id, 0))
	p = bpf_iter_scx_dsq_next(&it);
bpf_iter_scx_dsq_destroy(&it);
return p;`,
      },
    ],
  },
  scx_bpf_dsq_move: moved(''),
  scx_bpf_dsq_move_vtime: moved('_vtime'),
  scx_bpf_dsq_move_set_slice: set('slice'),
  scx_bpf_dsq_move_set_vtime: set('vtime'),
  scx_bpf_reenqueue_local: {
    wrapper: 'scxts_reenqueue_local',
    ways: [
      {
        symbol: 'scx_bpf_reenqueue_local___v2___compat',
        externs: ['void scx_bpf_reenqueue_local___v2___compat(void) __ksym __weak;'],
        c: 'scx_bpf_reenqueue_local___v2___compat();',
        goesOn: true,
      },
      {
        symbol: 'scx_bpf_reenqueue_local___v1',
        externs: ['u32 scx_bpf_reenqueue_local___v1(void) __ksym __weak;'],
        c: 'return scx_bpf_reenqueue_local___v1();',
      },
    ],
    result: '0',
  },
};
