import { layoutOf } from '../../ir/layout.js';
import type { MapIr } from '../../ir/module.js';
import { declareC } from './c-type.js';
import { nameTag } from './name-tag.js';
import type { Requests } from './requests.js';

const PAGE = 4096;

function pagesOf(map: MapIr): number {
  const { size, align } = layoutOf(map.value ?? { kind: 'void' });
  const stride = Math.ceil(size / align) * align;
  return Math.max(1, Math.ceil((stride * Number(map.maxEntries)) / PAGE));
}

/** An arena is an array of entries; the queue keeps those that were freed. */
export function arenaDefinition(map: MapIr, requests: Requests): string {
  const value = map.value ?? { kind: 'void' };
  const free = requests.ofMap(map).includes('free')
    ? `

struct {
	__uint(type, BPF_MAP_TYPE_QUEUE);
	__uint(max_entries, ${map.maxEntries});
	__type(value, u32);
} scxts_free_${map.name} SEC(".maps");`
    : '';
  return `struct {
	__uint(type, BPF_MAP_TYPE_ARENA);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, ${pagesOf(map)}); /* pages, for ${map.maxEntries} entries */
} ${map.name} SEC(".maps")${nameTag(map)};
${declareC({ kind: 'ptr', to: value, nullable: true, region: 'any' }, `scxts_record_${map.name}`)};
/* Address of the first entry, and how many entries have been handed out once. */
u64 scxts_base_${map.name} SEC(".data.scxts_arena");
u32 scxts_used_${map.name} SEC(".data.scxts_arena");${free}`;
}

export function arenaAccessors(map: MapIr, requests: Requests): string[] {
  const asked = requests.ofMap(map);
  const type = declareC({ kind: 'ptr', to: map.value!, nullable: true, region: 'any' }, '');
  const base = `scxts_base_${map.name}`;
  const used = `scxts_used_${map.name}`;
  const all: Record<string, string> = {
    populate: `static __always_inline s32 ${map.name}_populate(void)
{
	if (!${base})
		${base} = (u64)bpf_arena_alloc_pages(&${map.name}, NULL, ${pagesOf(map)}, -1, 0);
	return ${base} ? 0 : -12;
}`,
    get: `static __always_inline ${type}${map.name}_get(u32 index)
{
	if (index >= ${map.maxEntries} || !${base})
		return NULL;
	return scxts_arena_pointer(&${map.name}, ${base} + index * (u64)sizeof(*scxts_record_${map.name}));
}`,
    alloc: `static __always_inline s32 ${map.name}_alloc(void)
{
	u32 index;
${
  asked.includes('free')
    ? `
	if (!bpf_map_pop_elem(&scxts_free_${map.name}, &index))
		return index;`
    : ''
}
	if (${used} >= ${map.maxEntries})
		return -12;
	index = __sync_fetch_and_add(&${used}, 1);
	return index < ${map.maxEntries} ? (s32)index : -12;
}`,
    free: `static __always_inline s32 ${map.name}_free(u32 index)
{
	return bpf_map_push_elem(&scxts_free_${map.name}, &index, 0);
}`,
  };
  if (asked.includes('populate')) requests.use('bpf_arena_alloc_pages');
  if (asked.includes('get')) requests.use('scxts_arena_pointer');
  return asked.flatMap((use) => all[use] ?? []);
}
