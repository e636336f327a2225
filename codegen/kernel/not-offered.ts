/**
 * Functions of sched_ext that the language does not offer under that name, and why. A test holds
 * every scx_bpf_* function of the supported kernels against this list and the table.
 */
const PACKED = 'called by scxts where the kernel has it';
const OLD = 'an old name, called by scxts where the kernel has nothing newer';
const FORMAT = 'takes a format: called by scxts for the template-literal function';
const RELEASE = 'called by scxts at the end of a `using` binding';
const ARENA = 'works on memory in an arena that only a scheduler in cid form has';
const SUBS = 'ends a sub-scheduler, which from Linux 7.3 on only a scheduler in cid form has';

export const NOT_OFFERED: Readonly<Record<string, string>> = {
  __scx_bpf_now: 'a part of scx_bpf_now() inside the kernel, which programs cannot call',
  __scx_bpf_dsq_insert_vtime: PACKED,
  __scx_bpf_select_cpu_and: PACKED,
  scx_bpf_dsq_insert___v2: PACKED,
  scx_bpf_dsq_move_to_local___v2: PACKED,
  scx_bpf_reenqueue_local___v2: PACKED,
  scx_bpf_consume: OLD,
  scx_bpf_dispatch: OLD,
  scx_bpf_dispatch_vtime: OLD,
  scx_bpf_dispatch_from_dsq: OLD,
  scx_bpf_dispatch_vtime_from_dsq: OLD,
  scx_bpf_dispatch_from_dsq_set_slice: OLD,
  scx_bpf_dispatch_from_dsq_set_vtime: OLD,
  scx_bpf_error_bstr: FORMAT,
  scx_bpf_exit_bstr: FORMAT,
  scx_bpf_dump_bstr: FORMAT,
  scx_bpf_put_cpumask: RELEASE,
  scx_bpf_put_idle_cpumask: RELEASE,
  scx_bpf_online_cmask: ARENA,
  scx_bpf_cid_override: ARENA,
  scx_bpf_sub_caps: ARENA,
  scx_bpf_sub_grant: ARENA,
  scx_bpf_sub_revoke: ARENA,
  scx_bpf_sub_kill_bstr: SUBS,
};
