// The userspace half of qmap: takes the flags of scx_qmap and prints its statistics.
//   scxts build examples/qmap.ts && sudo scxts run examples/qmap-run.ts -b 4 -H
import { runExample } from './lib/example.js';
import { Qmap } from './qmap.skel.js';

/** Only tasks of policy SCHED_EXT; enum scx_ops_flags in kernel/sched/ext_internal.h. */
const SCX_OPS_SWITCH_PARTIAL = 1n << 3n;

await runExample(Qmap, {
  about: 'qmap: five FIFO queues by weight, and most of what sched_ext offers.',
  flags: {
    slice: { short: 's', value: 'US', help: 'time slice (20000)' },
    error: { short: 'e', value: 'COUNT', help: 'fail after COUNT enqueues' },
    'stall-user': { short: 't', value: 'COUNT', help: 'stall every COUNT-th user task' },
    'stall-kernel': { short: 'T', value: 'COUNT', help: 'stall every COUNT-th kernel thread' },
    loop: { short: 'l', value: 'COUNT', help: 'dispatch without end after COUNT dispatches' },
    batch: { short: 'b', value: 'COUNT', help: 'dispatch up to COUNT tasks together' },
    'print-dsq': { short: 'P', help: 'print the shared queue to trace_pipe each second; with -b' },
    highpri: { short: 'H', help: 'boost tasks of nice -20 in the shared queue; with -b' },
    disallow: {
      short: 'd',
      value: 'PID',
      help: 'a process that may not switch to SCHED_EXT; -1: this one',
    },
    'dump-len': { short: 'D', value: 'BYTES', help: 'length of the debug dump' },
    'suppress-dump': { short: 'S', help: 'no debug dump of its own' },
    interval: { short: 'i', value: 'TIME', help: 'time between two prints (1s)' },
    partial: { short: 'p', help: 'only tasks of policy SCHED_EXT' },
  },
  configure({ config, globals, ops }, flags) {
    const count = (name: Parameters<typeof flags.number>[0]): number =>
      flags.number(name, 0, 0xffff_ffff) ?? 0;
    config.slice_ns = flags.microseconds('slice') ?? config.slice_ns;
    globals.test_error_cnt = count('error');
    config.stall_user_nth = count('stall-user');
    config.stall_kernel_nth = count('stall-kernel');
    config.dsp_inf_loop_after = count('loop');
    config.dsp_batch = count('batch');
    config.print_shared_dsq = flags.has('print-dsq');
    config.highpri_boosting = flags.has('highpri');
    config.suppress_dump = flags.has('suppress-dump');
    const pid = flags.number('disallow', -1, 0x7fff_ffff) ?? 0;
    config.disallow_tgid = pid < 0 ? process.pid : pid;
    ops.exit_dump_len = count('dump-len');
    if (flags.has('partial')) ops.flags |= SCX_OPS_SWITCH_PARTIAL;
  },
  statistics(qmap) {
    const c = qmap.readCounters();
    const g = qmap.globals;
    return (
      `stats  : enq=${c.nr_enqueued} dsp=${c.nr_dispatched} delta=${c.nr_enqueued - c.nr_dispatched} ` +
      `reenq=${c.nr_reenqueued} deq=${c.nr_dequeued} core=${c.nr_core_sched_execed} enq_ddsp=${c.nr_ddsp_from_enq}\n` +
      `         exp_local=${c.nr_expedited_local} exp_remote=${c.nr_expedited_remote} ` +
      `exp_timer=${c.nr_expedited_from_timer} exp_lost=${c.nr_expedited_lost}\n` +
      `cpuperf: cur min/avg/max=${g.cpuperf_min}/${g.cpuperf_avg}/${g.cpuperf_max} ` +
      `target min/avg/max=${g.cpuperf_target_min}/${g.cpuperf_target_avg}/${g.cpuperf_target_max}`
    );
  },
});
