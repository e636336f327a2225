import { native } from './errors.js';
import { kernelHas, readKernelFacts, schedExtFacts } from './kernel.js';
import { viewOf } from './layout/index.js';
import type { ObjectInfo } from './object.js';

/**
 * First kernel of the members of sched_ext_ops that 6.12 lacks; from the kernels' BTF, as
 * codegen/kernel/surface.json (a unit test compares the two).
 */
export const MEMBER_SINCE: Readonly<Record<string, string>> = {
  priv: '6.16',
  cgroup_set_bandwidth: '6.17',
  cgroup_set_idle: '6.19',
  sub_attach: '7.1',
  sub_detach: '7.1',
  sub_cgroup_id: '7.1',
  sub_caps_updated: '7.3',
  sub_ecaps_updated: '7.3',
  init_cids: '7.3',
  cid_shard_size: '7.3',
  rescue_bandwidth_ppt: '7.3',
  rescue_quantum_us: '7.3',
};
/** What kernels that have schedulers in cid form take from those only: validate_ops() in kernel/sched/ext/ext.c. */
const CID_FORM = new Set(['sub_attach', 'sub_detach', 'sub_caps_updated', 'sub_ecaps_updated']);
/** First kernel of SCX_OPS_* flags that 6.12 lacks, by bit. */
export const FLAG_SINCE: readonly (readonly [name: string, bit: bigint, since: string])[] = [
  ['SCX_OPS_ENQ_MIGRATION_DISABLED', 0x10n, '6.16'],
  ['SCX_OPS_ALLOW_QUEUED_WAKEUP', 0x20n, '6.16'],
  ['SCX_OPS_BUILTIN_IDLE_PER_NODE', 0x40n, '6.16'],
  ['SCX_OPS_ALWAYS_ENQ_IMMED', 0x80n, '7.1'],
  ['SCX_OPS_TID_TO_TASK', 0x100n, '7.2'],
];

export interface OpsMember {
  name: string;
  /** Bytes. */
  offset: number;
  isPointer: boolean;
  typeId: number;
}

/** Members of the object's own struct of operations. */
export function opsMembers(info: ObjectInfo): OpsMember[] {
  const type = info.layouts.types.find((t) => t.kind === 'struct' && t.name === info.opsType);
  // Members of whole bytes; none other is in any kernel's struct.
  const whole = (type?.members ?? []).filter((m) => m.offset % 8 === 0 && m.bits === 0);
  return whole.map((m) => ({
    name: m.name,
    offset: m.offset / 8,
    isPointer: info.layouts.strip(m.type).kind === 'ptr',
    typeId: m.type,
  }));
}

function needs(version: string | undefined): string {
  return version ? `it needs Linux ${version} or later` : 'this kernel has no such thing';
}

/** Programs of a callback: libbpf names it in the section. */
function programsOf(info: ObjectInfo, callback: string): string[] {
  return info.programs
    .filter((p) => /^struct_ops(\.s)?\/(.*)$/.exec(p.section)?.[2] === callback)
    .map((p) => p.name);
}

/**
 * Drops what the running kernel's sched_ext_ops lacks: libbpf would refuse the object. Gives one
 * warning for each thing dropped.
 */
export function dropUnsupported(info: ObjectInfo): string[] {
  const { opsMap: map } = info;
  if (!map || !info.isScheduler) return [];
  const { members, hasCidForm } = schedExtFacts(info.backend);
  const known = new Set(members ?? []);
  const size = info.maps.get(map)?.valueSize ?? 0;
  const initial = native(() => info.native.readInitial(map, 0, size));
  if (!initial || known.size === 0) return [];
  const warnings: string[] = [];
  for (const member of opsMembers(info)) {
    if (member.name === 'flags') {
      warnings.push(...dropFlags(info, map, member.offset, viewOf(initial)));
      continue;
    }
    const refused = hasCidForm && CID_FORM.has(member.name);
    if (known.has(member.name) && !refused) continue;
    const size = member.isPointer ? 8 : info.layout(member.typeId).size;
    const isSet = initial.subarray(member.offset, member.offset + size).some((b) => b !== 0);
    if (!isSet) continue;
    native(() => info.native.writeInitial(map, member.offset, new Uint8Array(size)));
    // A struct_ops program that no map refers to fails the load.
    for (const program of member.isPointer ? programsOf(info, member.name) : [])
      native(() => info.native.setAutoload(program, false));
    const what = member.isPointer ? `${member.name}()` : `ops.${member.name}`;
    const why = refused
      ? 'this kernel takes it from schedulers in cid form only'
      : needs(MEMBER_SINCE[member.name]);
    warnings.push(`${what} is ignored: ${why}`);
  }
  return warnings;
}

function dropFlags(info: ObjectInfo, map: string, offset: number, initial: DataView): string[] {
  const kernel = schedExtFacts(info.backend).flags;
  if (!kernel) return [];
  const flags = initial.getBigUint64(offset, true);
  let kept = flags;
  const warnings: string[] = [];
  for (const [name, bit, since] of FLAG_SINCE) {
    if ((flags & bit) === 0n || kernel[name] !== undefined) continue;
    kept &= ~bit;
    warnings.push(`${name} is ignored: ${needs(since)}`);
  }
  if (kept !== flags) {
    const bytes = Buffer.alloc(8);
    bytes.writeBigUInt64LE(kept);
    native(() => info.native.writeInitial(map, offset, bytes));
  }
  return warnings;
}

/** What programs attach to: kernel functions and tracepoints, by the program's name. */
function targets(info: ObjectInfo): {
  functions: Map<string, string>;
  tracepoints: Map<string, string>;
} {
  const functions = new Map<string, string>();
  const tracepoints = new Map<string, string>();
  for (const { name, section } of info.programs) {
    const [, kind, target] = /^([\w.]+)\/(\w+)$/.exec(section) ?? [];
    if (!kind || !target) continue;
    if (/^(fentry|fexit|fmod_ret)(\.s)?$/.test(kind)) functions.set(name, target);
    else if (kind === 'tp_btf' || kind === 'raw_tp_btf') tracepoints.set(name, target);
  }
  return { functions, tracepoints };
}

/** Reads on another thread what dropUnsupported() and missingTargets() ask of the kernel's BTF. */
export function readTargets(info: ObjectInfo): Promise<void> {
  const { functions, tracepoints } = targets(info);
  return readKernelFacts(
    [...functions.values()],
    [...tracepoints.values()].map((t) => `btf_trace_${t}`),
    info.backend,
  );
}

/**
 * Programs that the kernel has nothing for to attach to: a tracepoint or function that is not there
 * fails the load of the whole object.
 */
export function missingTargets(info: ObjectInfo, wanted: Set<string>): Map<string, string> {
  const { functions, tracepoints } = targets(info);
  const there = kernelHas(
    [...functions.values()],
    [...tracepoints.values()].map((t) => `btf_trace_${t}`),
    info.backend,
  );
  const out = new Map<string, string>();
  for (const [name, target] of functions)
    if (wanted.has(name) && !there.has(target))
      out.set(name, `this kernel has no function ${target}()`);
  for (const [name, target] of tracepoints)
    if (wanted.has(name) && !there.has(`btf_trace_${target}`))
      out.set(name, `this kernel has no tracepoint ${target}`);
  return out;
}
