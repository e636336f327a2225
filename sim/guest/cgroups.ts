import type { KernelSpace } from '../engine/types.js';
import type { Cgroup } from '../kernel/cgroup.js';
import { Optional } from './memory.js';

/** Place of the cpu controller's state in css_set.subsys, as far as programs ask: all places hold it. */
const SUBSYSTEMS = 16;

/** struct cgroup, task_group and css_set of the model's cgroups in a program's memory. */
export class CgroupMemory {
  private readonly byAddress = new Map<number, Cgroup>();
  private readonly groups = new Map<Cgroup, number>();
  private readonly sets = new Map<Cgroup, number>();

  constructor(private readonly space: KernelSpace) {}

  at(address: number): Cgroup | undefined {
    return this.byAddress.get(address);
  }

  /** Address of its struct cgroup. */
  addressOf(cgroup: Cgroup): number {
    if (!cgroup.address) this.make(cgroup);
    return cgroup.address;
  }

  /** Address of its struct task_group. */
  groupOf(cgroup: Cgroup): number {
    this.addressOf(cgroup);
    return this.groups.get(cgroup)!;
  }

  /** Address of the css_set of tasks that are in it. */
  setOf(cgroup: Cgroup): number {
    this.addressOf(cgroup);
    return this.sets.get(cgroup)!;
  }

  private make(cgroup: Cgroup): void {
    const { space } = this;
    const { memory } = space;
    const put = (struct: string, path: string, at: number, value: number): void => {
      new Optional(space.struct(struct), path).set(at, value);
    };
    const parent = cgroup.parent ? this.addressOf(cgroup.parent) : 0;
    const label = `of cgroup ${cgroup.path}`;
    const struct = space.struct('cgroup');
    const ancestors = new Optional(struct, 'ancestors');
    const size = Math.max(struct.size, ancestors.offset) + (cgroup.level + 1) * 8;
    const at = memory.allocate(size, `struct cgroup ${label}`, 64);
    cgroup.address = at;
    this.byAddress.set(at, cgroup);

    const node = memory.allocate(space.struct('kernfs_node').size, `kernfs_node ${label}`);
    new Optional(space.struct('kernfs_node'), 'id').set(node, cgroup.id);
    const name = memory.allocate(cgroup.name.length + 1, `name ${label}`);
    memory.setText(name, cgroup.name.length + 1, cgroup.name);
    put('kernfs_node', 'name', node, name);
    put('cgroup', 'kn', at, node);
    put('cgroup', 'level', at, cgroup.level);
    put('cgroup', 'self.cgroup', at, at);
    put('cgroup', 'self.id', at, cgroup.id);
    if (parent) put('cgroup', 'self.parent', at, parent + new Optional(struct, 'self').offset);
    for (let c: Cgroup | null = cgroup; ancestors.there && c; c = c.parent)
      memory.view.setBigUint64(at + ancestors.offset + c.level * 8, BigInt(c.address), true);

    const group = memory.allocate(space.struct('task_group').size, `task_group ${label}`);
    put('task_group', 'css.cgroup', group, at);
    put('task_group', 'css.id', group, cgroup.id);
    if (cgroup.parent) put('task_group', 'parent', group, this.groups.get(cgroup.parent)!);
    this.groups.set(cgroup, group);

    const set = memory.allocate(space.struct('css_set').size + SUBSYSTEMS * 8, `css_set ${label}`);
    put('css_set', 'dfl_cgrp', set, at);
    const subsys = new Optional(space.struct('css_set'), 'subsys');
    for (let i = 0; subsys.there && i < SUBSYSTEMS; i++) {
      const place = set + subsys.offset + i * 8;
      if (place + 8 <= set + space.struct('css_set').size)
        memory.view.setBigUint64(place, BigInt(group), true);
    }
    this.sets.set(cgroup, set);
    this.changed(cgroup);
  }

  /** Weight or cpu.idle has changed. */
  changed(cgroup: Cgroup): void {
    const group = this.groups.get(cgroup);
    if (!group) return;
    const put = (path: string, value: number): void =>
      new Optional(this.space.struct('task_group'), path).set(group, value);
    put('scx_weight', cgroup.weight);
    put('scx.weight', cgroup.weight);
    put('shares', Math.round((cgroup.weight * 1024 * 1024) / 100));
    put('idle', cgroup.idle ? 1 : 0);
  }
}
