import type { MapIr } from '../ir/module.js';
import { layoutOf } from '../ir/layout.js';
import { structOf, type CType, type StructDef } from '../ir/types.js';
import { kptrCleanup } from '../kernel/kptrs.js';
import { arenaAccessors, arenaDefinition } from './arenas.js';
import { declareC } from './c-type.js';

const TYPES: Record<string, string> = {
  array: 'BPF_MAP_TYPE_ARRAY',
  percpuArray: 'BPF_MAP_TYPE_PERCPU_ARRAY',
  percpu: 'BPF_MAP_TYPE_PERCPU_ARRAY',
  hash: 'BPF_MAP_TYPE_HASH',
  lruHash: 'BPF_MAP_TYPE_LRU_HASH',
  percpuHash: 'BPF_MAP_TYPE_PERCPU_HASH',
  lruPercpuHash: 'BPF_MAP_TYPE_LRU_PERCPU_HASH',
  lpmTrie: 'BPF_MAP_TYPE_LPM_TRIE',
  taskStorage: 'BPF_MAP_TYPE_TASK_STORAGE',
  cgroupStorage: 'BPF_MAP_TYPE_CGRP_STORAGE',
  ringbuf: 'BPF_MAP_TYPE_RINGBUF',
  userRingbuf: 'BPF_MAP_TYPE_USER_RINGBUF',
  queue: 'BPF_MAP_TYPE_QUEUE',
  stack: 'BPF_MAP_TYPE_STACK',
  bloomFilter: 'BPF_MAP_TYPE_BLOOM_FILTER',
  arrayOfMaps: 'BPF_MAP_TYPE_ARRAY_OF_MAPS',
  hashOfMaps: 'BPF_MAP_TYPE_HASH_OF_MAPS',
};
const NO_KEY = new Set(['queue', 'stack', 'bloomFilter', 'ringbuf', 'userRingbuf']);
const STORAGE = new Set(['taskStorage', 'cgroupStorage']);

function hasSpecialField(type: CType | undefined): boolean {
  return (
    type?.kind === 'struct' &&
    type.struct.fields().some((f) => f.kptr || (f.type.kind === 'struct' && f.type.struct.builtin))
  );
}

/** The map's definition in section .maps. */
export function mapDefinition(map: MapIr): string {
  if (map.kind === 'arena') return arenaDefinition(map);
  const isRing = map.kind === 'ringbuf' || map.kind === 'userRingbuf';
  const tag = map.perCpuSized ? ' __scxts("nr_cpus")' : '';
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
  const lines = [`\t__uint(type, ${TYPES[map.kind]});`];
  const flags: string[] = [...map.flags];
  if (STORAGE.has(map.kind) || map.kind === 'lpmTrie') flags.push('BPF_F_NO_PREALLOC');
  // Plain arrays are mapped into the userspace half; maps with locks, timers or kptrs cannot be.
  if (map.kind === 'array' && !hasSpecialField(map.value)) flags.push('BPF_F_MMAPABLE');
  if (flags.length) lines.push(`\t__uint(map_flags, ${flags.join(' | ')});`);
  if (!STORAGE.has(map.kind)) lines.push(`\t__uint(max_entries, ${map.maxEntries});`);
  if (map.key && !NO_KEY.has(map.kind))
    lines.push(`\t__type(key, ${declareC(map.key, '').trim()});`);
  if (map.value && map.kind !== 'ringbuf' && map.kind !== 'userRingbuf')
    lines.push(`\t__type(value, ${declareC(map.value, '').trim()});`);
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
}

/** Stands for the map until its accessors' own variables are known not to hide it. */
const SELF = '&$MAP';

function names(map: MapIr, allocated: ReadonlySet<StructDef>): Names {
  const key: CType = map.key ?? { kind: 'int', bits: 32, signed: false };
  const value: CType = map.value ?? { kind: 'void' };
  const to = (type: CType): CType => ({ kind: 'ptr', to: type, nullable: false, region: 'any' });
  const owner =
    map.kind === 'taskStorage'
      ? 'struct task_struct *owner'
      : map.kind === 'cgroupStorage'
        ? 'struct cgroup *owner'
        : undefined;
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
    returns: isArray(value) ? `${map.name}_value *` : declareC(to(value), ''),
  };
}

function inline(returns: string, name: string, params: string, body: string): string {
  const gap = returns.endsWith('*') ? '' : ' ';
  return `static __always_inline ${returns}${gap}${name}(${params || 'void'})\n{\n${body
    .split('\n')
    .map((l) => (l ? `\t${l}` : l))
    .join('\n')}\n}`;
}

/**
 * Of a bloom filter bpf_map_peek_elem() reads its value, but its prototype has it written (MEM_UNINIT). Linux 7.3
 * takes from prototypes which bytes of the stack are read, and forgets the others: "slot poisoned by dead code
 * elimination". So each byte is read right before the call.
 */
function readAll(value: CType): string {
  const { size, align } = layoutOf(value);
  const loads = Array.from(
    { length: size / align },
    (_, i) => `"r0 = *(u${align * 8} *)(%0 + ${i * align})\\n\\t"`,
  );
  const lines = Array.from({ length: Math.ceil(loads.length / 4) }, (_, i) =>
    loads.slice(i * 4, i * 4 + 4).join(' '),
  );
  return `/* The kernel reads the value; Linux 7.3 does not see that, and would have forgotten it. */\nasm volatile(${lines.join('\n\t     ')}\n\t     : : "r"(at) : "r0", "memory");`;
}

/** Kinds whose entries are taken from memory that entries were deleted from. */
const REUSES_MEMORY = new Set(['hash', 'lruHash']);

function updateEntry(map: MapIr, n: Names): string {
  const update = `bpf_map_update_elem(${n.self}, ${n.keyRef}, ${n.valueRef}, flags)`;
  const owned = REUSES_MEMORY.has(map.kind) && map.value ? ownedFields(map.value, n.allocated) : [];
  if (owned.length === 0) return `return ${update};`;
  const taken = owned.map(
    ({ path, to, release }, i) =>
      `\tstruct ${to} *old_${i} __cleanup(${release}) = bpf_kptr_xchg(&entry->${path}, NULL);`,
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
  release: string;
}

/** Kptrs in a value. What the program never allocates cannot be in one. */
function ownedFields(type: CType, allocated: ReadonlySet<StructDef>, prefix = ''): OwnedField[] {
  if (type.kind !== 'struct' || type.struct.builtin) return [];
  return type.struct.fields().flatMap((f) => {
    const path = `${prefix}${f.name}`;
    if (!f.kptr) return ownedFields(f.type, allocated, `${path}.`);
    const to = structOf(f.type);
    return to && (to.kernel || allocated.has(to))
      ? [{ path, to: to.name, release: kptrCleanup(to.name) }]
      : [];
  });
}

type Accessor = (map: MapIr, n: Names) => string;

const storageHelper = (map: MapIr): string =>
  map.kind === 'taskStorage' ? 'bpf_task_storage' : 'bpf_cgrp_storage';

const ACCESSORS: Record<string, Accessor> = {
  get: (map, n) =>
    map.inner
      ? inline(
          'void *',
          `${n.map}_get`,
          n.keyParam,
          `return bpf_map_lookup_elem(${n.self}, ${n.keyRef});`,
        )
      : STORAGE.has(map.kind)
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
    STORAGE.has(map.kind)
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
    `/* The one entry is always there; the other object only spares callers the test. */\nstatic ${declareC(map.value!, `scxts_${n.map}_unused`)};\n` +
    inline(
      n.returns,
      `${n.map}_this`,
      '',
      `u32 key = 0;\n${n.pointer('value')} = bpf_map_lookup_elem(${n.self}, &key);\n\nreturn value ?: &scxts_${n.map}_unused;`,
    ),
  of: (map, n) =>
    map.kind === 'percpu'
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
  timer: (_m, n) =>
    `static int ${n.map}_cb(void *map, u32 *key, struct scxts_timer *value);\n\n` +
    inline(
      's32',
      `${n.map}_start`,
      'u64 ns, u64 flags',
      `u32 key = 0;\nstruct scxts_timer *value = bpf_map_lookup_elem(${n.self}, &key);\n\nif (!value)\n\treturn -2;\n/* -EBUSY: it has been initialised before. */\nbpf_timer_init(&value->timer, ${n.self}, 1);\nbpf_timer_set_callback(&value->timer, ${n.map}_cb);\nreturn bpf_timer_start(&value->timer, ns, flags);`,
    ) +
    '\n\n/* From its own callback: it is set up already. Setting a callback from itself is a recursion to some verifiers. */\n' +
    `static __always_inline __attribute__((unused)) s32 ${n.map}_restart(u64 ns, u64 flags)\n{\n\tu32 key = 0;\n\tstruct scxts_timer *value = bpf_map_lookup_elem(${n.self}, &key);\n\n\treturn value ? bpf_timer_start(&value->timer, ns, flags) : -2;\n}\n\n` +
    `static __always_inline __attribute__((unused)) s32 ${n.map}_cancel(void)\n{\n\tu32 key = 0;\n\tstruct scxts_timer *value = bpf_map_lookup_elem(${n.self}, &key);\n\n\treturn value ? bpf_timer_cancel(&value->timer) : -2;\n}`,
};

/** Accessors of what a map of maps holds: the same, with the map as first argument. */
function innerAccessors(map: MapIr, allocated: ReadonlySet<StructDef>): string[] {
  const { inner } = map;
  if (!inner) return [];
  const own = { ...names(inner, allocated), self: 'map' };
  return [...inner.uses]
    .sort()
    .map((use) =>
      (ACCESSORS[use]?.(inner, own) ?? '').replace(
        /^(static __always_inline .*?\w+)\((void\)|)/,
        (_all, head: string, none: string) => `${head}(void *map${none ? ')' : ', '}`,
      ),
    );
}

/** The inline functions through which the program uses a map. */
export function mapAccessors(map: MapIr, allocated: ReadonlySet<StructDef>): string[] {
  if (map.kind === 'arena') return arenaAccessors(map);
  const hides = new RegExp(`\\b${map.name}\\b`, 'g');
  const accessors = [...map.uses]
    .sort()
    .map((use) => ACCESSORS[use]?.(map, names(map, allocated)) ?? '')
    .concat(innerAccessors(map, allocated))
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
