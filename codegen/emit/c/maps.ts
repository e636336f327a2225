import { MAP_KINDS, type MapOperation } from '../../ir/map-kinds.js';
import type { MapIr } from '../../ir/module.js';
import type { Release } from '../../ir/releases.js';
import { layoutOf } from '../../ir/layout.js';
import { structOf, type CType, type StructDef } from '../../ir/types.js';
import { releaseOf } from '../../kernel/releases.js';
import { arenaAccessors, arenaDefinition } from './arenas.js';
import { declareC } from './c-type.js';
import { inline } from './inline.js';
import type { Requests } from './requests.js';
import { nameTag } from './name-tag.js';
import { hasSpecialField } from './special-fields.js';
import { timerFunctions } from './timers.js';

/** The map's definition in section .maps. */
export function mapDefinition(map: MapIr, requests: Requests): string {
  if (map.kind === 'arena') return arenaDefinition(map, requests);
  const isRing = MAP_KINDS[map.kind].ring === true;
  const tag = (map.perCpuSized ? ' __scxts("nr_cpus")' : '') + nameTag(map);
  // Rings have no value type of their own: an unused pointer puts the record's layout into BTF.
  const record =
    isRing && map.value
      ? `\n${declareC({ kind: 'ptr', to: map.value, nullable: true, region: 'any' }, `scxts_record_${map.name}`)};`
      : '';
  const ring = map.kind === 'ringbuf' ? map : map.inner?.kind === 'ringbuf' ? map.inner : undefined;
  const dropped = ring ? `\nu64 scxts_dropped_${ring.name};` : '';
  const members = map.members?.length
    ? ` = {\n\t.values = { ${map.members.map((m) => `(void *)&${m.name}`).join(', ')} },\n}`
    : '';
  return `${mapStruct(map)} ${map.name} SEC(".maps")${tag}${members};${record}${dropped}`;
}

/** The struct whose members tell libbpf what the map is. */
function mapStruct(map: MapIr): string {
  const { bpf, key, ring, unallocated } = MAP_KINDS[map.kind];
  const lines = [`\t__uint(type, BPF_MAP_TYPE_${bpf[0]});`];
  if (unallocated) lines.push('\t__uint(map_flags, BPF_F_NO_PREALLOC);');
  // Plain arrays are mapped into the userspace half; maps with locks, timers or kptrs cannot be.
  if (map.kind === 'array' && !hasSpecialField(map.value))
    lines.push('\t__uint(map_flags, BPF_F_MMAPABLE);');
  // libbpf makes one entry for each CPU where an array of PMU counters has no size.
  const sizedByLibbpf = map.kind === 'perfEvents';
  if (!hasOwner(map) && !sizedByLibbpf) lines.push(`\t__uint(max_entries, ${map.maxEntries});`);
  if (map.key && key !== 'none') lines.push(`\t__type(key, ${declareC(map.key, '').trim()});`);
  if (map.kind === 'perfEvents') lines.push('\t__type(value, u32);');
  else if (map.value && !ring) lines.push(`\t__type(value, ${declareC(map.value, '').trim()});`);
  if (map.inner) lines.push(`\t__array(values, ${mapStruct(map.inner).replace(/\n/g, '\n\t')});`);
  return `struct {\n${lines.join('\n')}\n}`;
}

function byReference(type: CType | undefined): boolean {
  return type?.kind === 'struct' || type?.kind === 'array' || type?.kind === 'chars';
}

interface Names {
  map: string;
  /** What a helper is given as the map. */
  self: string;
  keyParam: string;
  keyRef: string;
  valueParam: string;
  valueRef: string;
  pointer: (name: string) => string;
  /** C type of a pointer to a value, for functions that return one. */
  returns: string;
  allocated: ReadonlySet<StructDef>;
  requests: Requests;
}

/** Stands for the map until its accessors' own variables are known not to hide it. */
const SELF = '&$MAP';

function names(map: MapIr, allocated: ReadonlySet<StructDef>, requests: Requests): Names {
  const key: CType = map.key ?? { kind: 'int', bits: 32, signed: false };
  const value: CType = map.value ?? { kind: 'void' };
  const to = (type: CType): CType => ({ kind: 'ptr', to: type, nullable: false, region: 'any' });
  const kind = MAP_KINDS[map.kind].key;
  const owner = kind === 'task_struct' || kind === 'cgroup' ? `struct ${kind} *owner` : undefined;
  return {
    map: map.name,
    self: SELF,
    keyParam:
      owner ?? (byReference(key) ? `const ${declareC(to(key), 'key')}` : declareC(key, 'key')),
    keyRef: owner ? 'owner' : byReference(key) ? 'key' : '&key',
    valueParam: byReference(value)
      ? `const ${declareC(to(value), 'value')}`
      : declareC(value, 'value'),
    valueRef: byReference(value) ? 'value' : '&value',
    pointer: (name) => declareC(to(value), name),
    allocated,
    requests,
    returns: isArray(value) ? `${map.name}_value *` : declareC(to(value), ''),
  };
}

/**
 * Of a bloom filter bpf_map_peek_elem() reads its value, but its prototype has it written (MEM_UNINIT). Linux 7.3
 * takes from prototypes which bytes of the stack are read, and forgets the others: "slot poisoned by dead code
 * elimination". So each byte is read right before the call.
 */
function readAll(value: CType): string {
  const { size, align: most } = layoutOf(value);
  const align = Math.min(most, 8);
  const loads = Array.from(
    { length: size / align },
    (_, i) => `"r0 = *(u${align * 8} *)(%0 + ${i * align})\\n\\t"`,
  );
  const lines = Array.from({ length: Math.ceil(loads.length / 4) }, (_, i) =>
    loads.slice(i * 4, i * 4 + 4).join(' '),
  );
  return `/* The kernel reads the value; Linux 7.3 does not see that, and would have forgotten it. */\nasm volatile(${lines.join('\n\t     ')}\n\t     : : "r"(at) : "r0", "memory");`;
}

function updateEntry(map: MapIr, n: Names): string {
  const update = `bpf_map_update_elem(${n.self}, ${n.keyRef}, ${n.valueRef}, flags)`;
  const reuses = MAP_KINDS[map.kind].reusesMemory;
  const owned = reuses && map.value ? ownedFields(map.value, n.allocated) : [];
  if (owned.length === 0) return `return ${update};`;
  const taken = owned.map(
    ({ path, to, release }, i) =>
      `\tstruct ${to} *old_${i} __cleanup(${n.requests.release(release)}) = bpf_kptr_xchg(&entry->${path}, NULL);`,
  );
  return `s32 error = ${update};
${n.pointer('entry')} = error ? NULL : bpf_map_lookup_elem(${n.self}, ${n.keyRef});

/* From Linux 7.2 on a new entry has the objects of the entry that was in its memory before. */
if (entry) {
${taken.join('\n')}
}
return error;`;
}

interface OwnedField {
  /** Within the value. */
  path: string;
  /** Name of the struct that it points to. */
  to: string;
  release: Release;
}

/** Kptrs in a value. What the program never allocates cannot be in one. */
function ownedFields(type: CType, allocated: ReadonlySet<StructDef>, prefix = ''): OwnedField[] {
  if (type.kind !== 'struct' || type.struct.builtin) return [];
  return type.struct.fields().flatMap((f) => {
    const path = `${prefix}${f.name}`;
    if (!f.kptr) return ownedFields(f.type, allocated, `${path}.`);
    const to = structOf(f.type.kind === 'array' ? f.type.of : f.type);
    if (!to || (!to.kernel && !allocated.has(to))) return [];
    const places =
      f.type.kind === 'array'
        ? Array.from({ length: f.type.length }, (_, i) => `${path}[${i}]`)
        : [path];
    return places.map((place) => ({ path: place, to: to.name, release: releaseOf(to) }));
  });
}

type Accessor = (map: MapIr, n: Names) => string;

function hasOwner({ kind }: MapIr): boolean {
  const { key } = MAP_KINDS[kind];
  return key === 'task_struct' || key === 'cgroup';
}

const storageHelper = (map: MapIr): string =>
  map.kind === 'taskStorage' ? 'bpf_task_storage' : 'bpf_cgrp_storage';

const ACCESSORS: Record<MapOperation, Accessor> = {
  get: (map, n) =>
    map.inner
      ? inline(
          'void *',
          `${n.map}_get`,
          n.keyParam,
          `return bpf_map_lookup_elem(${n.self}, ${n.keyRef});`,
        )
      : hasOwner(map)
        ? inline(
            n.returns,
            `${n.map}_get`,
            n.keyParam,
            `return ${storageHelper(map)}_get(${n.self}, owner, NULL, 0);`,
          )
        : inline(
            n.returns,
            `${n.map}_get`,
            n.keyParam,
            `return bpf_map_lookup_elem(${n.self}, ${n.keyRef});`,
          ),
  create: (map, n) =>
    inline(
      n.returns,
      `${n.map}_create`,
      n.keyParam,
      `return ${storageHelper(map)}_get(${n.self}, owner, NULL, BPF_LOCAL_STORAGE_GET_F_CREATE);`,
    ),
  set: (map, n) =>
    inline('s32', `${n.map}_set`, `${n.keyParam}, ${n.valueParam}, u64 flags`, updateEntry(map, n)),
  delete: (map, n) =>
    hasOwner(map)
      ? inline(
          's32',
          `${n.map}_delete`,
          n.keyParam,
          `return ${storageHelper(map)}_delete(${n.self}, owner);`,
        )
      : inline(
          's32',
          `${n.map}_delete`,
          n.keyParam,
          `return bpf_map_delete_elem(${n.self}, ${n.keyRef});`,
        ),
  add: (map, n) =>
    map.kind === 'bloomFilter'
      ? inline(
          's32',
          `${n.map}_add`,
          n.valueParam,
          `return bpf_map_push_elem(${n.self}, ${n.valueRef}, 0);`,
        )
      : inline(
          'void',
          `${n.map}_add`,
          `${n.keyParam}, ${declareC(map.value!, 'amount')}`,
          `${n.pointer('value')} = bpf_map_lookup_elem(${n.self}, ${n.keyRef});\n\nif (value)\n\t__sync_fetch_and_add(value, amount);`,
        ),
  bump: (map, n) =>
    inline(
      'void',
      `${n.map}_bump`,
      `${n.keyParam}, ${declareC(map.value!, 'amount')}`,
      `${n.pointer('value')} = bpf_map_lookup_elem(${n.self}, ${n.keyRef});\n\nif (value)\n\t*value += amount;`,
    ),
  this: (map, n) =>
    `/* The one entry is always there; the other object only spares callers the test. */\nstatic ${declareC(map.value!, `scxts_${n.map}_unused`)}${hasSpecialField(map.value) ? ` SEC(".data.scxts_${n.map}_unused") __attribute__((aligned(8)))` : ''};\n` +
    inline(
      n.returns,
      `${n.map}_this`,
      '',
      `u32 key = 0;\n${n.pointer('value')} = bpf_map_lookup_elem(${n.self}, &key);\n\nreturn value ?: &scxts_${n.map}_unused;`,
    ),
  of: (map, n) =>
    map.kind === 'perfEvents'
      ? inline(
          n.returns,
          `${n.map}_of`,
          `u32 cpu, ${n.pointer('value')}`,
          `return bpf_perf_event_read_value(${n.self}, cpu, (void *)value, sizeof(*value)) ? NULL : value;`,
        )
      : map.kind === 'percpu'
        ? inline(
            n.returns,
            `${n.map}_of`,
            'u32 cpu',
            `u32 key = 0;\n\nreturn bpf_map_lookup_percpu_elem(${n.self}, &key, cpu);`,
          )
        : inline(
            n.returns,
            `${n.map}_of`,
            `${n.keyParam}, u32 cpu`,
            `return bpf_map_lookup_percpu_elem(${n.self}, ${n.keyRef}, cpu);`,
          ),
  push: (_m, n) =>
    inline(
      's32',
      `${n.map}_push`,
      `${n.valueParam}, u64 flags`,
      `return bpf_map_push_elem(${n.self}, ${n.valueRef}, flags);`,
    ),
  pop: (_m, n) =>
    inline(
      n.returns,
      `${n.map}_pop`,
      n.pointer('value'),
      `return bpf_map_pop_elem(${n.self}, value) ? NULL : value;`,
    ),
  peek: (_m, n) =>
    inline(
      n.returns,
      `${n.map}_peek`,
      n.pointer('value'),
      `return bpf_map_peek_elem(${n.self}, value) ? NULL : value;`,
    ),
  has: (map, n) =>
    inline(
      'bool',
      `${n.map}_has`,
      n.valueParam,
      `void *at = (void *)${n.valueRef};\n\n${readAll(map.value!)}\nreturn !bpf_map_peek_elem(${n.self}, at);`,
    ),
  output: (map, n) =>
    inline(
      's32',
      `${n.map}_output`,
      `${n.valueParam}, u64 flags`,
      `s32 error = bpf_ringbuf_output(${n.self}, (void *)${n.valueRef}, sizeof(${declareC(map.value!, '').trim()}), flags);\n\nif (error)\n\t__sync_fetch_and_add(&scxts_dropped_${n.map}, 1);\nreturn error;`,
    ),
  reserve: (map, n) =>
    inline(
      n.returns,
      `${n.map}_reserve`,
      '',
      `${n.pointer('record')} = bpf_ringbuf_reserve(${n.self}, sizeof(${declareC(map.value!, '').trim()}), 0);\n\nif (record)\n\t__builtin_memset(record, 0, sizeof(*record));\nelse\n\t__sync_fetch_and_add(&scxts_dropped_${n.map}, 1);\nreturn record;`,
    ),
  pending: (_m, n) =>
    inline('u64', `${n.map}_pending`, '', `return bpf_ringbuf_query(${n.self}, 0);`),
  // Of arenas only: arenas.ts.
  populate: () => '',
  alloc: () => '',
  free: () => '',
  freeEntry: () => '',
  indexOf: () => '',
};

/** Accessors of what a map of maps holds: the same, with the map as first argument. */
function innerAccessors(
  map: MapIr,
  allocated: ReadonlySet<StructDef>,
  requests: Requests,
): string[] {
  const { inner } = map;
  if (!inner) return [];
  const own = { ...names(inner, allocated, requests), self: 'map' };
  return requests
    .ofMap(inner)
    .map((use) =>
      ACCESSORS[use](inner, own).replace(
        /^(static __always_inline .*?\w+)\((void\)|)/,
        (_all, head: string, none: string) => `${head}(void *map${none ? ')' : ', '}`,
      ),
    );
}

/** The inline functions through which the program uses a map. */
export function mapAccessors(
  map: MapIr,
  allocated: ReadonlySet<StructDef>,
  requests: Requests,
): string[] {
  if (map.kind === 'arena') return arenaAccessors(map, requests);
  const hides = new RegExp(`\\b${map.name}\\b`, 'g');
  const own =
    map.kind === 'timer'
      ? [timerFunctions(map, SELF)]
      : requests.ofMap(map).map((use) => ACCESSORS[use](map, names(map, allocated, requests)));
  const accessors = own
    .concat(innerAccessors(map, allocated, requests))
    .filter(Boolean)
    // A map named `key` or `cpu`: the variable of that name gives way.
    .map((text) => text.replace(hides, `${map.name}_`).replaceAll(SELF, `&${map.name}`));
  // C cannot return a pointer to an array without a name for the array's type.
  const named = map.value && isArray(map.value) && accessors.length > 0;
  return named
    ? [`typedef ${declareC(map.value!, `${map.name}_value`)};`, ...accessors]
    : accessors;
}

function isArray(type: CType): boolean {
  return type.kind === 'array' || type.kind === 'chars';
}
