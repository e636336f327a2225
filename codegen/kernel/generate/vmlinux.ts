import type { BtfType } from '../../toolchain/btf/parse.js';
import { FIELD_DOCS, STRUCT_DOCS } from '../docs/fields.js';
import { scalarName, strip } from './c-names.js';
import { fieldHistory, type FieldAt, type FlatField } from './field-history.js';

/** Structs from which the declarations start; what they reach is declared too. */
const ROOTS = [
  'task_struct',
  'sched_ext_entity',
  'rq',
  'cgroup',
  'cpumask',
  'css_set',
  'cgroup_subsys_state',
  'task_group',
  'scx_init_task_args',
  'scx_exit_task_args',
  'scx_cgroup_init_args',
  'scx_cpu_acquire_args',
  'scx_cpu_release_args',
  'scx_dump_ctx',
  'scx_exit_info',
  'sched_ext_ops',
  'scx_dispatch_q',
  'scx_event_stats',
  'scx_sub_attach_args',
  'scx_sub_detach_args',
  'mm_struct',
  'file',
  'cpufreq_policy',
  'bpf_iter_scx_dsq',
  'bpf_cpumask',
  'sched_domain',
  'irqaction',
  'pt_regs',
  'bpf_perf_event_data_kern',
  'scx_cid_topo',
  'scx_cmask',
];
/** Structs that tp_btf, fentry and kprobe programs meet often: their own fields, and nothing behind them. */
const SHALLOW_ROOTS = [
  'bio',
  'block_device',
  'cfs_rq',
  'cred',
  'dentry',
  'folio',
  'gendisk',
  'hrtimer',
  'inode',
  'kernfs_node',
  'page',
  'pid',
  'request',
  'request_queue',
  'sk_buff',
  'sock',
  'sock_common',
  'super_block',
  'timer_list',
  'vm_area_struct',
  'work_struct',
];
/** Structs that kernel functions take in place of another: they start with it. */
const BASES: Record<string, string> = { bpf_cpumask: 'cpumask' };
/** Structs whose names are words of TypeScript. */
const UNNAMEABLE = new Set([
  'class',
  'enum',
  'function',
  'interface',
  'module',
  'new',
  'this',
  'typeof',
  'var',
  'delete',
]);
/** Pointers are followed this far from a root; beyond, a struct is opaque. */
const DEPTH = 2;
/**
 * Structs that lead into other subsystems: their own fields are declared, but nothing behind them.
 */
const LEAVES =
  /^(address_space|cred|dentry|super_block|inode|file|files_struct|fdtable|fs_struct|folio|page|user_namespace|pid_namespace|uts_namespace|nsproxy|sighand_struct|mem_cgroup|mempolicy|net|perf_event|seccomp|signal_struct|kernfs_node|workqueue_struct|worker|wq_|css_rstat|io_context|user_struct|ucounts|cgroup_(root|subsys|namespace)|cftype|vm_area_struct|task_group|sched_class|cpuidle_|thread_struct|hrtimer_cpu_base|zone|pglist_data)/;
/** Structs of which schedulers look at nothing: they stay opaque. */
const OPAQUE =
  /^(aa_|audit_|bio($|_)|blk_|bdi_|backing_dev|block_|bpf_(?!cpumask$|iter_|perf_event_data_kern$)|bus_|cdev|class$|compat_|crypto|dev_|device|dentry_op|dma_|dquot|em_perf_|fasync|fib|fsnotify|fown|ftrace_|futex_|fwnode|gendisk|hw_perf|in6?_|inet|inode_op|io_(?!context$)|ioam|iommu|ip_|ipc_|ipv|irq_domain|kcov|kernfs_(?!node$)|key|kioctx|klist|kmap|kmem_|kobj|kset|ktermios|kunit|linux_|list_lru|lru|lsm_|memcg|mnt_|module|mount|msi_|mptcp|nameidata|napi|netns_|nf_|notifier|obj_cgroup|page_|perf_(?!event$)|pidfs|pipe_|pm_|pmu|posix_acl|proc_|ptr_ring|quota|ref_tracker|request|rhash|robust|sb_|security|sem_undo|seq_|shrinker|simple_xattr|sock|srcu|super_op|sysctl|sysfs|tcp_|thermal|tty|udp_|unicode|unix_|unwind|uprobe|user_event|vfsmount|wakeup_source|xfrm|zswap|swap|trace_|tracepoint|bucket_table|ctl_|disk_|driver_|elevator|export_|fscrypt|fsverity|icmp|mmu_|page_counter|cgroup_bpf|core_state|fpu$|file_op)/;
/** Fields that the verifier lets BPF assign: bpf_scx_btf_struct_access() in kernel/sched/ext.c. */
const WRITABLE = new Set([
  'sched_ext_entity.slice',
  'sched_ext_entity.dsq_vtime',
  'sched_ext_entity.disallow',
]);
/** Pointers that stay valid under RCU: BTF_TYPE_SAFE_RCU in kernel/bpf/verifier.c. */
const RCU = new Set([
  'task_struct.cpus_ptr',
  'task_struct.cgroups',
  'task_struct.real_parent',
  'task_struct.group_leader',
  'css_set.dfl_cgrp',
  'cgroup_subsys_state.cgroup',
]);
/** Pointers that the verifier makes BPF test: BTF_TYPE_SAFE_RCU_OR_NULL and SAFE_TRUSTED_OR_NULL. */
const NULLABLE = new Set([
  'mm_struct.exe_file',
  'vm_area_struct.vm_mm',
  'vm_area_struct.vm_file',
  'dentry.d_inode',
  'socket.sk',
]);

export interface KernelTypes {
  version: string;
  types: BtfType[];
  byName: Map<string, BtfType>;
  /** Names given to structs that have none of their own. */
  nameOf: Map<number, string>;
}

export function indexTypes(version: string, types: BtfType[]): KernelTypes {
  const byName = new Map<string, BtfType>();
  const nameOf = new Map<number, string>();
  const isStruct = (type: BtfType): boolean => type.kind === 'struct' || type.kind === 'union';
  for (const type of types) {
    if (isStruct(type) && type.name && !byName.has(type.name)) byName.set(type.name, type);
  }
  const give = (name: string, type: BtfType): void => {
    if (byName.has(name) || nameOf.has(type.id)) return;
    byName.set(name, type);
    nameOf.set(type.id, name);
  };
  // `atomic_t` and its like are typedefs of structs without a name...
  for (const type of types) {
    if (type.kind !== 'typedef') continue;
    const target = strip(types, type.id);
    if (isStruct(target) && !target.name) give(type.name, target);
  }
  // ...and a field of such a struct without even that is named after the field.
  const inside = (owner: string, struct: BtfType): void => {
    for (const m of struct.members ?? []) {
      let inner = strip(types, m.type);
      while (inner.kind === 'array') inner = strip(types, inner.type);
      if (!isStruct(inner) || inner.name || nameOf.has(inner.id)) continue;
      if (m.name) give(`${owner}__${m.name}`, inner);
      inside(m.name ? `${owner}__${m.name}` : owner, inner);
    }
  };
  for (const [name, type] of [...byName]) inside(name, type);
  return { version, types, byName, nameOf };
}

function fieldsOf(kernel: KernelTypes, struct: BtfType): FlatField[] {
  return (struct.members ?? []).flatMap((m) => {
    if (m.name) return [{ name: m.name, type: m.type, bits: m.bits }];
    const inner = strip(kernel.types, m.type);
    return inner.kind === 'struct' || inner.kind === 'union' ? fieldsOf(kernel, inner) : [];
  });
}

export interface DeclarationOptions {
  /** Structs to start from beside those of the language. */
  more?: readonly string[];
  /** Module that the types of the language are imported from. */
  from?: string;
  /** What to name as the source. */
  source?: string;
}

/** Writes scxts/vmlinux: one interface a struct, each field with its exact C type. */
export function vmlinuxDeclarations(
  kernels: KernelTypes[],
  { more = [], from = './types.js', source }: DeclarationOptions = {},
): string {
  const newest = kernels[kernels.length - 1]!;
  const depth = new Map<string, number>();
  const queue: string[] = [];
  const reach = (name: string, level: number): void => {
    const known = depth.get(name);
    if (known !== undefined && known <= level) return;
    depth.set(name, level);
    queue.push(name);
  };
  const roots = new Set([...ROOTS, ...more]);
  roots.forEach((r) => reach(r, 0));
  SHALLOW_ROOTS.forEach((r) => reach(r, DEPTH));
  for (let name = queue.shift(); name; name = queue.shift()) {
    const level = depth.get(name)!;
    const struct = newest.byName.get(name) ?? kernels.map((k) => k.byName.get(name)).find(Boolean);
    if (!struct) continue;
    const kernel = newest.byName.has(name) ? newest : kernels.find((k) => k.byName.has(name))!;
    for (const field of fieldsOf(kernel, struct)) {
      const { target, pointer } = structTarget(kernel.types, field.type);
      const to = target && (target.name || kernel.nameOf.get(target.id));
      if (
        !to ||
        UNNAMEABLE.has(to) ||
        (OPAQUE.test(to) && !roots.has(to) && !SHALLOW_ROOTS.includes(to))
      )
        continue;
      const next = LEAVES.test(to) && !roots.has(to) ? DEPTH : pointer ? level + 1 : level;
      if (!pointer || level < DEPTH) reach(to, Math.max(next, level));
    }
  }
  const out = [
    header(source ?? `the BTF of Linux ${kernels.map((k) => k.version).join(', ')}`, from),
  ];
  const opaque = new Set<string>();
  for (const name of [...depth.keys()].sort()) out.push(declare(kernels, name, depth, opaque));
  for (const name of [...opaque].sort())
    out.push(`export interface ${name} { readonly __opaque_${name}?: never }`);
  return out.join('\n') + '\n';
}

const header = (
  source: string,
  from: string,
): string => `// Generated by \`scxts types\` from ${source}. Do not edit.
// The compiler reads the C type of a field from its declaration here: u8..s64, bool, a struct's own name
// for an embedded one, Walk<T> for a pointer that is followed with fault-tolerant loads (null reads as
// zero), RcuPtr<T> where the verifier keeps trusting it under RCU, Ptr<T> where it must be tested,
// Opaque<'C type'> for what programs only pass along, Bits<T, N> for bitfields. @since and @until name
// the first and last supported kernel of a field that not all have.
import type { Bits, CString, Enum, FixedArray, Opaque, Ptr, RcuPtr, Walk, bool, s16, s32, s64, s8, u16, u32, u64, u8 } from '${from}';
`;

function structTarget(types: BtfType[], id: number): { target?: BtfType; pointer: boolean } {
  let type = strip(types, id);
  let pointer = false;
  while (type.kind === 'array') type = strip(types, type.type);
  if (type.kind === 'ptr') {
    pointer = true;
    type = strip(types, type.type);
  }
  return type.kind === 'struct' || type.kind === 'union' ? { target: type, pointer } : { pointer };
}

function declare(
  kernels: KernelTypes[],
  name: string,
  declared: Map<string, number>,
  opaque: Set<string>,
): string {
  const fields = new Map<string, FieldAt<KernelTypes>[]>();
  const having = kernels.filter((k) => k.byName.has(name));
  for (const kernel of having) {
    for (const field of fieldsOf(kernel, kernel.byName.get(name)!)) {
      fields.set(field.name, [...(fields.get(field.name) ?? []), { kernel, field }]);
    }
  }
  const isUnion = having[having.length - 1]?.byName.get(name)?.kind === 'union';
  const lines = [
    ...comment([STRUCT_DOCS[name], isUnion ? '@union' : undefined]),
    `export interface ${name}${BASES[name] ? ` extends ${BASES[name]}` : ''} {`,
  ];
  for (const versions of fields.values()) {
    const { kernel, field, present, width } = fieldHistory(versions);
    const bits = width ?? field.bits;
    const whole = typeName(kernel, field.type, `${name}.${field.name}`, declared, opaque);
    const type = bits ? `Bits<${whole}, ${bits}>` : whole;
    const tags: string[] = [];
    if (present[0] !== having[0]?.version) tags.push(`@since ${present[0]}`);
    if (present[present.length - 1] !== having[having.length - 1]?.version)
      tags.push(`@until ${present[present.length - 1]}`);
    const about = [FIELD_DOCS[`${name}.${field.name}`], ...tags].filter(Boolean).join(' ');
    const doc = about ? `/** ${about} */\n  ` : '';
    const readonly = WRITABLE.has(`${name}.${field.name}`) ? '' : 'readonly ';
    lines.push(`  ${doc}${readonly}${field.name}: ${type};`);
  }
  lines.push('}');
  return lines.join('\n');
}

function comment(parts: (string | undefined)[]): string[] {
  const text = parts.filter(Boolean).join(' ');
  return text ? [`/** ${text} */`] : [];
}

function typeName(
  kernel: KernelTypes,
  id: number,
  path: string,
  declared: Map<string, number>,
  opaque: Set<string>,
): string {
  const { types } = kernel;
  const type = strip(types, id);
  const scalar = scalarName(types, id);
  if (scalar)
    return type.kind.startsWith('enum') && type.name ? `Enum<'${type.name}', ${scalar}>` : scalar;
  const nameFor = (target: BtfType): string => target.name || (kernel.nameOf.get(target.id) ?? '');
  const named = (target: BtfType): string => {
    const name = nameFor(target);
    if (!declared.has(name)) opaque.add(name);
    return name;
  };
  switch (type.kind) {
    case 'array': {
      const element = strip(types, type.type);
      if (element.kind === 'int' && element.size === 1 && element.name === 'char')
        return `CString<${type.count}>`;
      return `FixedArray<${typeName(kernel, type.type, path, declared, opaque)}, ${type.count}>`;
    }
    case 'struct':
    case 'union':
      if (UNNAMEABLE.has(type.name)) return `Opaque<'${type.kind} ${type.name}'>`;
      return nameFor(type) ? named(type) : `Opaque<'${type.kind} of ${type.size} bytes'>`;
    case 'ptr': {
      const target = strip(types, type.type);
      if (
        (target.kind !== 'struct' && target.kind !== 'union') ||
        !nameFor(target) ||
        UNNAMEABLE.has(target.name)
      ) {
        return target.kind === 'int' && target.name === 'char'
          ? `Opaque<'char *'>`
          : `Opaque<'void *'>`;
      }
      const wrapper = RCU.has(path) ? 'RcuPtr' : NULLABLE.has(path) ? 'Ptr' : 'Walk';
      return `${wrapper}<${named(target)}>`;
    }
    default:
      return `Opaque<'${type.kind}'>`;
  }
}
