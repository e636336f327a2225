import { addon } from './addon.js';
import { native } from './errors.js';
import type { ObjectInfo } from './object.js';

/** First kernel of the members of sched_ext_ops that 6.12 lacks (from BTF). */
const SINCE: Record<string, string> = {
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
/** First kernel of SCX_OPS_* flags that 6.12 lacks, by bit. */
const FLAGS: [string, bigint, string][] = [
  ['SCX_OPS_ENQ_MIGRATION_DISABLED', 0x10n, '6.16'],
  ['SCX_OPS_ALLOW_QUEUED_WAKEUP', 0x20n, '6.16'],
  ['SCX_OPS_BUILTIN_IDLE_PER_NODE', 0x40n, '6.16'],
  ['SCX_OPS_ALWAYS_ENQ_IMMED', 0x80n, '7.1'],
  ['SCX_OPS_TID_TO_TASK', 0x100n, '7.2'],
];

export interface OpsMember {
  name: string;
  offset: number;
  isCallback: boolean;
  typeId: number;
}

/** Members of the object's own struct sched_ext_ops. */
export function opsMembers(info: ObjectInfo): OpsMember[] {
  const type = info.layouts.types.find((t) => t.kind === 'struct' && t.name === 'sched_ext_ops');
  return (type?.members ?? []).map((m) => ({
    name: m.name,
    offset: m.offset / 8,
    isCallback: info.layouts.strip(m.type).kind === 'ptr',
    typeId: m.type,
  }));
}

/**
 * Drops what the running kernel's sched_ext_ops lacks: libbpf would refuse the object. Gives one
 * warning for each thing dropped.
 */
export function dropUnsupported(info: ObjectInfo, scheduler: string): string[] {
  const map = info.opsMap;
  const known = map ? native(() => addon().kernelStruct('sched_ext_ops')) : null;
  if (!map || !known) return [];
  const warnings: string[] = [];
  const initial = native(() => info.native.readInitial(map));
  for (const member of opsMembers(info)) {
    const size = member.isCallback ? 8 : info.layout(member.typeId).size;
    if (member.name === 'flags' && initial) {
      warnings.push(...dropFlags(info, map, member, initial.readBigUInt64LE(member.offset)));
      continue;
    }
    if (known.includes(member.name)) continue;
    const isSet =
      initial?.subarray(member.offset, member.offset + size).some((b) => b !== 0) ?? false;
    native(() => info.native.writeInitial(map, member.offset, new Uint8Array(size)));
    if (member.isCallback) {
      native(() => info.native.setAutoload(`${scheduler}_${member.name}`, false));
      warnings.push(
        `${member.name}() is ignored: it needs Linux ${SINCE[member.name] ?? 'of a later version'}`,
      );
    } else if (isSet) {
      warnings.push(
        `ops.${member.name} is ignored: it needs Linux ${SINCE[member.name] ?? 'of a later version'}`,
      );
    }
  }
  return warnings;
}

function dropFlags(info: ObjectInfo, map: string, member: OpsMember, flags: bigint): string[] {
  const kernel = native(() => addon().kernelEnum('scx_ops_flags'));
  if (!kernel) return [];
  let kept = flags;
  const warnings: string[] = [];
  for (const [name, bit, since] of FLAGS) {
    if ((flags & bit) === 0n || kernel[name] !== undefined) continue;
    kept &= ~bit;
    warnings.push(`${name} is ignored: it needs Linux ${since}`);
  }
  if (kept !== flags) {
    const bytes = Buffer.alloc(8);
    bytes.writeBigUInt64LE(kept);
    native(() => info.native.writeInitial(map, member.offset, bytes));
  }
  return warnings;
}
