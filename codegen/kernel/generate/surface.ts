import type { BtfType } from '../../toolchain/btf/parse.js';
import { cName, scalarName, strip } from './c-names.js';

export interface Prototype {
  returns: string;
  params: { name: string; type: string }[];
}

export interface Surface {
  kernels: string[];
  /** Members of struct sched_ext_ops: callbacks have a prototype, data members a type. */
  ops: Record<string, { kernels: string[]; callback?: Prototype; data?: string }>;
  /** Kernel functions by name; the prototype is the newest kernel's. */
  functions: Record<string, { kernels: string[]; prototype: Prototype }>;
  /** Enum values by name. `values` holds more than one entry only where kernels differ. */
  enums: Record<
    string,
    { enumName: string; kernels: string[]; value: string; values?: Record<string, string> }
  >;
}

const FUNCTIONS =
  /^(__)?(scx_bpf_|bpf_(task_|cgroup_|cpumask_|rcu_|iter_(num|task|css|bits|cgroup|scx_dsq|task_vma|css_task)_|kptr_|obj_|percpu_|list_|rbtree_|get_|refcount_|arena_|preempt_|local_irq_|throw|strn?|map_sum|wq_|res_spin))/;
const ENUMS = /^(SCX_|__SCX_|TASK_|BPF_F_|WF_|PIDTYPE_|SCHED_|ENQUEUE_|DEQUEUE_|SD_)/;

function prototype(types: BtfType[], protoId: number): Prototype {
  const proto = types[protoId]!;
  return {
    returns: cName(types, proto.type),
    params: (proto.params ?? [])
      .filter((p) => p.type !== 0 || p.name)
      .map((p) => ({ name: p.name, type: cName(types, p.type) })),
  };
}

/** Adds one kernel's surface; kernels come oldest first so that the newest prototype stays. */
export function addKernel(surface: Surface, version: string, types: BtfType[]): void {
  surface.kernels.push(version);
  const functions = new Set(types.filter((t) => t.kind === 'func').map((t) => t.name));
  for (const type of types) {
    if (type.kind === 'func' && FUNCTIONS.test(type.name)) {
      if (type.name.endsWith('_impl') && functions.has(type.name.slice(0, -5))) continue;
      const known = surface.functions[type.name];
      const kernels = [...(known?.kernels ?? []), version].filter((v, i, a) => a.indexOf(v) === i);
      surface.functions[type.name] = { kernels, prototype: prototype(types, type.type) };
    }
    if (type.kind === 'enum' || type.kind === 'enum64') addEnum(surface, version, type);
    if (type.kind === 'struct' && type.name === 'sched_ext_ops')
      addOps(surface, version, types, type);
  }
}

function addEnum(surface: Surface, version: string, type: BtfType): void {
  for (const { name, value } of type.values ?? []) {
    if (!ENUMS.test(name) || !type.name) continue;
    const known = surface.enums[name];
    const text = value.toString();
    const kernels = [...(known?.kernels ?? []), version];
    const values =
      known && (known.values || known.value !== text)
        ? {
            ...(known.values ?? Object.fromEntries(known.kernels.map((k) => [k, known.value]))),
            [version]: text,
          }
        : undefined;
    surface.enums[name] = {
      enumName: type.name,
      kernels,
      value: text,
      ...(values ? { values } : {}),
    };
  }
}

function addOps(surface: Surface, version: string, types: BtfType[], ops: BtfType): void {
  const flat = (struct: BtfType): { name: string; type: number }[] =>
    (struct.members ?? []).flatMap((m) => (m.name ? [m] : flat(strip(types, m.type))));
  for (const member of flat(ops)) {
    const known = surface.ops[member.name];
    const kernels = [...(known?.kernels ?? []), version];
    const type = strip(types, member.type);
    const target = type.kind === 'ptr' ? strip(types, type.type) : undefined;
    surface.ops[member.name] =
      target?.kind === 'func_proto'
        ? { kernels, callback: prototype(types, target.id) }
        : { kernels, data: scalarName(types, member.type) ?? cName(types, member.type) };
  }
}
