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
  /**
   * Kernel functions by name; the prototype is the newest kernel's. `flags` are its KF_* flags, each
   * with the kernels that give it where not all that have the function do.
   */
  functions: Record<
    string,
    {
      kernels: string[];
      prototype: Prototype;
      flags?: Record<string, string[] | true>;
    }
  >;
  /** Enum values by name. `values` holds more than one entry only where kernels differ. */
  enums: Record<
    string,
    {
      enumName: string;
      kernels: string[];
      value: string;
      values?: Record<string, string>;
      /** Kernels where the value is of another enum than on the newest. */
      enumNames?: Record<string, string>;
    }
  >;
}

const FUNCTIONS =
  /^(__)?(scx_bpf_|bpf_(task_|cgroup_|cpumask_|rcu_|iter_(num|task|css|bits|cgroup|scx_dsq|task_vma|css_task)_|kptr_|obj_|percpu_|list_|rbtree_|get_|refcount_|arena_|preempt_|local_irq_|throw|strn?|map_sum|wq_|res_spin))/;
const ENUMS =
  /^(SCX_|__SCX_|TASK_|BPF_F_(?!ADJ_ROOM)|BPF_CGROUP_ITER_|BPF_FD_TYPE_|WF_|PIDTYPE_|SCHED_|ENQUEUE_|DEQUEUE_|SD_|PERF_(COUNT|TYPE)_|UCLAMP_|HRTIMER_MODE_|PSI_|NR_PSI|CPU_(NOT_IDLE|IDLE|NEWLY_IDLE|MAX_IDLE))|_cgrp_id$/;

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
export function addKernel(
  surface: Surface,
  version: string,
  types: BtfType[],
  flags: ReadonlyMap<string, string[]> = new Map(),
): void {
  surface.kernels.push(version);
  const functions = new Set(types.filter((t) => t.kind === 'func').map((t) => t.name));
  for (const type of types) {
    if (type.kind === 'func' && FUNCTIONS.test(type.name)) {
      if (type.name.endsWith('_impl') && functions.has(type.name.slice(0, -5))) continue;
      const known = surface.functions[type.name];
      const kernels = [...(known?.kernels ?? []), version].filter((v, i, a) => a.indexOf(v) === i);
      const given = addFlags(known?.flags, flags.get(type.name), version);
      surface.functions[type.name] = {
        kernels,
        prototype: prototype(types, type.type),
        ...(given ? { flags: given } : {}),
      };
    }
    if (type.kind === 'enum' || type.kind === 'enum64') addEnum(surface, version, type);
    if (type.kind === 'struct' && type.name === 'sched_ext_ops')
      addOps(surface, version, types, type);
  }
}

type Flags = Record<string, string[] | true>;

function addFlags(
  known: Flags | undefined,
  now: string[] | undefined,
  version: string,
): Flags | undefined {
  if (!now?.length) return known;
  const out: Record<string, string[]> = { ...(known as Record<string, string[]> | undefined) };
  for (const flag of now) {
    const kernels = out[flag] ?? [];
    if (!kernels.includes(version)) out[flag] = [...kernels, version];
  }
  return out;
}

/** Writes `true` for the flags that a function has on all its kernels. */
export function shortenFlags(surface: Surface): void {
  for (const fn of Object.values(surface.functions)) {
    for (const [flag, kernels] of Object.entries(fn.flags ?? {})) {
      if (kernels !== true && kernels.length === fn.kernels.length) fn.flags![flag] = true;
    }
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
    const enumNames =
      known && (known.enumNames || known.enumName !== type.name)
        ? {
            ...(known.enumNames ??
              Object.fromEntries(known.kernels.map((k) => [k, known.enumName]))),
            [version]: type.name,
          }
        : undefined;
    surface.enums[name] = {
      enumName: type.name,
      kernels,
      value: text,
      ...(values ? { values } : {}),
      ...(enumNames ? { enumNames } : {}),
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
