import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../codegen/root.js';

/**
 * What is kept of a kernel's BTF. Structs: those that scxts/vmlinux declares, since these are what programs touch, and what
 * a loader needs to see. Others stay without their members.
 */
export interface KeepList {
  structs: ReadonlySet<string>;
  functions: (name: string) => boolean;
  tracepoints: (name: string) => boolean;
  enumerators: (name: string) => boolean;
}

/** Beside those of scxts/vmlinux: of struct_ops, of values that programs hold, of events. */
const MORE_STRUCTS = [
  'bpf_struct_ops_sched_ext_ops',
  'bpf_struct_ops_sched_ext_ops_cid',
  'bpf_struct_ops_common',
  'bpf_struct_ops_common_value',
  'seqcount_spinlock',
  'cacheline_padding',
  'scx_bpf_dsq_insert_vtime_args',
  'scx_bpf_select_cpu_and_args',
  'scx_event_stats',
  'scx_cid_topo',
  'pcpu_hot',
];
const EVENT_STRUCT =
  /^(trace_entry|trace_event_raw_(sched_|cpu|cgroup|irq_|softirq|task_|sys_|signal_|timer_|hrtimer_).*)$/;
const BPF_STRUCT =
  /^bpf_(spin_lock|timer|rb_(root|node)|list_(head|node)|refcount|dynptr|wq|res_spin_lock|iter_(num|bits|task|css|css_task|scx_dsq|task_vma|kmem_cache))(_kern)?$/;

/** Kernel functions of subsystems that no scheduler meets. */
const FOREIGN =
  /(^|_)(xdp|skb|sk|sock|tcp|crypto|ct|xfrm|fou|lookup|qdisc|hid|fsverity|xattr|dentry|file|key|testmod|dmabuf|sysctl|nf|pkcs7|inode|path)(_|$)|dynptr_from|kfunc_call_test|fentry_test/;

export function keepList(): KeepList {
  const declared = readFileSync(join(packageRoot(), 'dsl', 'vmlinux.d.ts'), 'utf8');
  const structs = new Set([
    ...MORE_STRUCTS,
    ...[...declared.matchAll(/^export interface (\w+)(?: extends \w+)? \{$/gm)].map((m) => m[1]!),
  ]);
  const wanted = {
    has: (name: string) => structs.has(name) || EVENT_STRUCT.test(name) || BPF_STRUCT.test(name),
  };
  return {
    structs: wanted as ReadonlySet<string>,
    functions: (name) => /^_*(scx_|bpf_|cgroup_rstat|css_rstat)/.test(name) && !FOREIGN.test(name),
    tracepoints: (name) =>
      /^(sched_|cpu_(idle|frequency)|irq_handler|softirq_|task_|cgroup_|signal_|sys_|ipi_)/.test(
        name,
      ),
    enumerators: (name) =>
      /^(SCX_|BPF_|PIDTYPE_|CSS_TASK_ITER|HK_TYPE|CPU_(NEW|NOT)_IDLE|CPU_IDLE$|\w+_cgrp_id$|UCLAMP_)/.test(
        name,
      ),
  };
}
