// Texts of run time: copied from the kernel and from each other, compared with each other, as keys.
import {
  scheduler,
  counter,
  hash,
  percpu,
  cgroupStorage,
  taskStorage,
  config,
  copyString,
  endsWith,
  startsWith,
  streq,
  zeroed,
  bpf_get_current_comm,
  scx_bpf_dsq_insert,
  ENOMEM,
  SCX_DSQ_GLOBAL,
  SCX_SLICE_DFL,
  type CString,
  type FixedArray,
  type bool,
  type s32,
  type u32,
  type u64,
} from 'scxts';
import type { cgroup, task_struct } from 'scxts/vmlinux';

interface Group {
  path: CString<128>;
  length: s32;
  batch: bool;
}
interface Rule {
  name: CString<16>;
  weight: u32;
}
const groups = cgroupStorage<Group>();
const rules = percpu<FixedArray<Rule, 4>>();
const seen = hash<CString<16>, u64>(1024);
const last = taskStorage<Rule>();
let watched: CString<16> = zeroed();
export const exact = config(false, 'the name of a rule is all of the name of a task');
export const nr_watched = counter('tasks of the name that user space set');

function matches(p: task_struct, rule: Rule): bool {
  return exact ? streq(p.comm, rule.name) : startsWith(p.comm, rule.name);
}

function note(cgrp: cgroup, group: Group): void {
  group.length = copyString(group.path, cgrp.kn.name);
  group.batch = endsWith(group.path, '.batch') || streq('batch', cgrp.kn.name);
}

export default scheduler({
  name: 'texts',
  cgroup_init(cgrp) {
    const group = groups.create(cgrp);
    if (!group) return -ENOMEM;
    note(cgrp, group);
    const parent = cgrp.kn.name;
    if (
      startsWith(parent, group.path) &&
      !streq(parent, 'a name of more than thirty-one characters')
    )
      group.length += 1;
    return 0;
  },
  init_task(p) {
    const rule = last.create(p);
    if (!rule) return -ENOMEM;
    copyString(rule.name, p.group_leader.comm);
    return 0;
  },
  enqueue(p, enq_flags) {
    const key: CString<16> = zeroed();
    copyString(key, p.comm);
    const count = seen.get(key);
    if (count) count.value += 1;
    else seen.set(key, 1);
    if (streq(p.comm, watched)) nr_watched.inc();
    const me = bpf_get_current_comm();
    const own = last.get(p);
    if (own && !streq(own.name, me) && endsWith(me, own.name)) copyString(own.name, me);
    let slice: u64 = SCX_SLICE_DFL;
    const here = rules.this();
    for (let i = 0; i < 4; i++) if (matches(p, here[i])) slice *= u32Of(here[i]);
    scx_bpf_dsq_insert(p, SCX_DSQ_GLOBAL, slice, enq_flags);
  },
});

function u32Of(rule: Rule): u32 {
  return rule.weight;
}
