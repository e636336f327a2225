import { layoutOf } from '../../ir/layout.js';
import type { MapIr } from '../../ir/module.js';
import type { StructDef } from '../../ir/types.js';
import { declareC } from './c-type.js';
import { nameTag } from './name-tag.js';
import type { Requests } from './requests.js';

const PAGE = 4096;

function pagesOf(map: MapIr): number {
  return Math.max(1, Math.ceil((strideOf(map) * Number(map.maxEntries)) / PAGE));
}

/** A lock of entries; its name is the kind of what gives it back. */
export const ARENA_LOCK_STRUCT = 'struct scxts_arena_lock {\n\tu32 locked;\n};';

export function hasArenaLock(struct: StructDef): boolean {
  return struct.fields().some(({ type }) => {
    const held = type.kind === 'array' ? type.of : type;
    return held.kind === 'struct' && held.struct.name === 'scxts_arena_lock';
  });
}

/** Bytes from one entry to the next. */
function strideOf(map: MapIr): number {
  const { size, align } = layoutOf(map.value ?? { kind: 'void' });
  return Math.ceil(size / align) * align;
}

/**
 * An arena is an array of entries; the queue keeps those that were freed. Several are parts of one map, the first, behind each other. Its
 * first page is left out: the low half of an address there could be 0, which is null.
 */
export function arenaDefinition(map: MapIr, requests: Requests): string {
  const value = map.value ?? { kind: 'void' };
  const { name, parts = [map] } = map;
  const asked = requests.ofMap(map);
  const free =
    asked.includes('free') || asked.includes('freeEntry')
      ? `

struct {
	__uint(type, BPF_MAP_TYPE_QUEUE);
	__uint(max_entries, ${map.maxEntries});
	__type(value, u32);
} scxts_free_${name} SEC(".maps");`
      : '';
  const pages = parts.reduce((sum, part) => sum + pagesOf(part), 1);
  const entries = parts.map((p) => `${p.maxEntries} entries of ${p.name}`).join(', ');
  const own = map.part
    ? ''
    : `struct {
	__uint(type, BPF_MAP_TYPE_ARENA);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, ${pages}); /* pages, for ${entries} */
} ${name} SEC(".maps")${nameTag(map)};
`;
  const container = map.part?.of.name ?? name;
  // Of one of several: how many entries it has, and in which map.
  const partTag =
    map.part || parts.length > 1
      ? ` __scxts("entries=${map.maxEntries} of ${container}")${map.part ? nameTag(map) : ''}`
      : '';
  return `${own}${declareC({ kind: 'ptr', to: value, nullable: true, region: 'any' }, `scxts_record_${name}`)};
/* Address of the first entry, and how many entries have been handed out once. */
u64 scxts_base_${name} SEC(".data.scxts_arena")${partTag};
u32 scxts_used_${name} SEC(".data.scxts_arena");${free}`;
}

/** Memory for all arenas of the program. */
function populateFunction(map: MapIr): string {
  const { name, parts = [map] } = map;
  const pages = parts.reduce((sum, part) => sum + pagesOf(part), 1);
  let page = 1;
  const bases = parts.map((part) => {
    const line = `\tscxts_base_${part.name} = first + ${page * PAGE};`;
    page += pagesOf(part);
    return line;
  });
  return `static __always_inline s32 ${name}_populate(void)
{
	u64 first;

	if (scxts_base_${name})
		return 0;
	first = (u64)bpf_arena_alloc_pages(&${name}, NULL, ${pages}, -1, 0);
	if (!first)
		return -12;
${bases.join('\n')}
	return 0;
}`;
}

export function arenaAccessors(map: MapIr, requests: Requests): string[] {
  const asked = requests.ofMap(map);
  const entry = declareC({ kind: 'ptr', to: map.value!, nullable: true, region: 'any' }, 'entry');
  const type = declareC({ kind: 'ptr', to: map.value!, nullable: true, region: 'any' }, '');
  const { name } = map;
  const base = `scxts_base_${name}`;
  const used = `scxts_used_${name}`;
  const owner = map.part?.of.name ?? name;
  const frees = asked.includes('free') || asked.includes('freeEntry');
  const all: Record<string, string> = {
    populate: populateFunction(map),
    get: `static __always_inline ${type}${name}_get(u32 index)
{
	if (index >= ${map.maxEntries} || !${base})
		return NULL;
	return scxts_arena_pointer(&${owner}, ${base} + index * (u64)sizeof(*scxts_record_${name}));
}`,
    alloc: `static __always_inline s32 ${name}_alloc(void)
{
	u32 index;
${
  frees
    ? `
	if (!bpf_map_pop_elem(&scxts_free_${name}, &index))
		return index;`
    : ''
}
	if (${used} >= ${map.maxEntries})
		return -12;
	index = __sync_fetch_and_add(&${used}, 1);
	return index < ${map.maxEntries} ? (s32)index : -12;
}`,
    free: `static __always_inline s32 ${name}_free(u32 index)
{
	return index < ${map.maxEntries} ? bpf_map_push_elem(&scxts_free_${name}, &index, 0) : -22;
}`,
    indexOf: `/* An entry's index, -1 for what is none. Moved as 32 bits, an address is a mere number for the verifier. */
static __always_inline s32 ${name}_indexOf(const ${entry})
{
	u32 address, offset;

	asm volatile("%0 = %1" : "=w"(address) : "w"((u32)(u64)entry));
	offset = address - (u32)${base};
	if (!address || offset >= ${BigInt(strideOf(map)) * map.maxEntries}U)
		return -1;
	return offset / ${strideOf(map)};
}`,
    freeEntry: `static __always_inline s32 ${name}_freeEntry(const ${entry})
{
	s32 index = ${name}_indexOf(entry);

	return index < 0 ? -22 : bpf_map_push_elem(&scxts_free_${name}, &index, 0);
}`,
  };
  if (asked.includes('populate')) requests.use('bpf_arena_alloc_pages');
  if (asked.includes('get')) requests.use('scxts_arena_pointer');
  const wanted = new Set<string>(asked);
  if (wanted.has('freeEntry')) wanted.add('indexOf');
  return Object.keys(all).flatMap((use) => (wanted.has(use) ? [all[use]!] : []));
}
