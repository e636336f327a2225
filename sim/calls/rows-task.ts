import type { Space } from '../engine/space.js';
import type { CallRow } from './types.js';
import { E } from './maps/map.js';

/** Who runs, and references to tasks and cgroups, which the model keeps alive for as long as they are held. */
export function taskCalls(space: Space): CallRow[] {
  const { context, memory } = space;
  const task = space.struct('task_struct');
  const [pid, tgid, comm] = ['pid', 'tgid', 'comm'].map((f) => task.field(f));
  const cgroup = space.hasStruct('cgroup') ? space.struct('cgroup') : undefined;
  const own = (object: number): number => object;
  const nothing = (): void => undefined;
  const wide = (low: number, high: number): number => {
    context.high = high;
    return low;
  };
  /** The cgroup (v2) of a task, 0 where it has none yet. */
  const cgroupOf = (owner: number): number => {
    const set = task.field('cgroups').get(owner);
    return set ? space.struct('css_set').field('dfl_cgrp').get(set) : 0;
  };
  const level = (of: number): number => cgroup!.field('level').get(of);
  const ancestor = (of: number, wanted: number): number => {
    let at = of;
    if (!at || wanted < 0 || wanted > level(at)) return 0;
    while (at && level(at) > wanted) at = space.host.parentOf(at);
    return at;
  };
  const idOf = (of: number): number => {
    const node = of ? cgroup!.field('kn').get(of) : 0;
    if (!node) return wide(0, 0);
    const id = space.struct('kernfs_node').field('id');
    return wide(id.low(node), id.high(node));
  };
  const under = (of: number, wanted: number): number =>
    ancestor(cgroupOf(of), wanted ? level(wanted) : -1) === wanted ? 1 : 0;

  return [
    { name: 'bpf_get_smp_processor_id', signature: ':u', run: () => context.cpu },
    { name: 'bpf_get_current_task_btf', signature: ':p', run: () => context.current },
    { name: 'bpf_get_current_task', signature: ':p', run: () => context.current },
    {
      name: 'bpf_get_current_pid_tgid',
      signature: ':l',
      run: () => wide(pid!.get(context.current), tgid!.get(context.current)),
    },
    { name: 'bpf_get_current_uid_gid', signature: ':l', run: () => wide(0, 0) },
    {
      name: 'bpf_get_current_comm',
      signature: 'pu:i',
      run: (to, size) => {
        memory.setText(to!, size!, memory.text(context.current + comm!.offset, comm!.size));
        return 0;
      },
    },
    { name: 'bpf_get_numa_node_id', signature: ':u', run: () => space.host.nodeOf(context.cpu) },
    {
      name: 'bpf_get_current_cgroup_id',
      signature: ':l',
      run: () => idOf(cgroupOf(context.current)),
    },
    {
      name: 'bpf_get_current_ancestor_cgroup_id',
      signature: 'i:l',
      run: (wanted) => idOf(ancestor(cgroupOf(context.current), wanted!)),
    },
    { name: 'bpf_task_acquire', signature: 'p:p', run: (t) => own(t!) },
    { name: 'bpf_task_release', signature: 'p:v', run: nothing },
    { name: 'bpf_task_from_pid', signature: 'i:p', run: (id) => space.host.taskOfPid(id!) },
    { name: 'bpf_task_from_vpid', signature: 'i:p', run: (id) => space.host.taskOfPid(id!) },
    { name: 'bpf_task_under_cgroup', signature: 'pp:l', run: (t, c) => wide(under(t!, c!), 0) },
    { name: 'bpf_task_get_cgroup1', signature: 'pi:p', run: () => 0 },
    { name: 'bpf_cgroup_acquire', signature: 'p:p', run: (c) => own(c!) },
    { name: 'bpf_cgroup_release', signature: 'p:v', run: nothing },
    {
      name: 'bpf_cgroup_from_id',
      signature: 'l:p',
      run: (low, high) => space.host.cgroupOfId(low!, high!),
    },
    { name: 'bpf_cgroup_ancestor', signature: 'pi:p', run: (c, at) => ancestor(c!, at!) },
    { name: 'bpf_rcu_read_lock', signature: ':v', run: nothing },
    { name: 'bpf_rcu_read_unlock', signature: ':v', run: nothing },
    { name: 'bpf_preempt_disable', signature: ':v', run: nothing },
    { name: 'bpf_preempt_enable', signature: ':v', run: nothing },
    {
      name: 'bpf_local_irq_save',
      signature: 'p:v',
      run: (flags) => void (memory.u32[flags! >>> 2] = 1),
    },
    { name: 'bpf_local_irq_restore', signature: 'p:v', run: nothing },
    { name: 'bpf_get_func_ip', signature: 'p:l', run: () => wide(0, 0) },
    { name: 'bpf_get_attach_cookie', signature: 'p:l', run: () => wide(0, 0) },
    { name: 'bpf_send_signal_task', signature: 'piil:i', run: () => E.OPNOTSUPP },
  ];
}
