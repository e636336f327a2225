import type { BtfType } from '../../codegen/toolchain/btf/parse.js';
import { SimError } from '../errors.js';
import type { Elf } from './elf.js';
import { sizeOf, strip } from './types.js';

/** A map as the object describes it. */
export interface MapDefinition {
  readonly name: string;
  /** BPF_MAP_TYPE_* */
  readonly type: number;
  readonly keySize: number;
  readonly valueSize: number;
  maxEntries: number;
  readonly flags: number;
  /** map_extra: of an arena its address, of a bloom filter its hashes. */
  readonly extra: bigint;
  /** BTF type ids in the object, 0 if none. */
  readonly keyType: number;
  readonly valueType: number;
  /** What the values of a map of maps are. */
  readonly inner: MapDefinition | null;
  /** Names of the maps that a map of maps starts with, by index. */
  readonly initial: ReadonlyMap<number, string>;
  /** The tag scxts:nr_cpus: max_entries is the number of possible CPUs. */
  readonly perPossibleCpu: boolean;
  /** Where it stands in the section. */
  readonly offset: number;
}

const NO_MAPS = new Map<number, string>();

/** The declared maps of an object: variables of .maps, whose members say by their types what each map is. */
export function mapDefinitions(elf: Elf, types: readonly BtfType[]): MapDefinition[] {
  const section = elf.sections.find((s) => s.name === '.maps');
  const datasec = types.find((t) => t.kind === 'datasec' && t.name === '.maps');
  if (!section || !datasec) return [];
  const sized = new Set(
    types.filter((t) => t.kind === 'decl_tag' && t.name === 'scxts:nr_cpus').map((t) => t.type),
  );
  const relocations = elf.relocations.get(section.index) ?? [];
  return datasec.variables!.map((v) => {
    const variable = types[v.type]!;
    const symbol = elf.symbols.find((s) => s.section === section.index && s.name === variable.name);
    const offset = symbol?.value ?? v.offset;
    const struct = strip(types, variable.type);
    const values = struct.members?.find((m) => m.name === 'values');
    const initial = new Map<number, string>();
    for (const { offset: at, symbol: map } of values ? relocations : []) {
      const index = (at - offset - values!.offset / 8) / 8;
      if (index >= 0 && at < offset + v.size) initial.set(index, map.name);
    }
    return describe(types, struct, variable.name, {
      offset,
      initial,
      perPossibleCpu: sized.has(variable.id),
    });
  });
}

interface Place {
  offset: number;
  initial: ReadonlyMap<number, string>;
  perPossibleCpu: boolean;
}

function describe(
  types: readonly BtfType[],
  struct: BtfType,
  name: string,
  at: Place,
): MapDefinition {
  const member = (wanted: string): BtfType | undefined => {
    const found = struct.members?.find((m) => m.name === wanted);
    return found && strip(types, found.type);
  };
  // `__uint(x, 7)` is a pointer to an array of 7, `__type(x, T)` a pointer to T.
  const number = (wanted: string): number => {
    const pointer = member(wanted);
    return pointer ? (strip(types, pointer.type).count ?? 0) : 0;
  };
  const pointee = (wanted: string): number => member(wanted)?.type ?? 0;
  const size = (sized: string, typed: string): number =>
    number(sized) || (pointee(typed) ? sizeOf(types, pointee(typed)) : 0);
  if (!struct.members || number('type') === 0)
    throw new SimError('BAD_MAP', `map ${name} has no type`, 'declare it with __uint(type, ...)');
  const values = member('values');
  let inner: MapDefinition | null = null;
  if (values?.kind === 'array') {
    const element = strip(types, values.type);
    const target = strip(types, element.type);
    if (element.kind === 'ptr' && target.kind === 'struct')
      inner = describe(types, target, `${name}.inner`, {
        offset: 0,
        initial: NO_MAPS,
        perPossibleCpu: false,
      });
  }
  return {
    name,
    type: number('type'),
    keySize: size('key_size', 'key') || (inner ? 4 : 0),
    valueSize: size('value_size', 'value') || (inner ? 4 : 0),
    maxEntries: number('max_entries'),
    flags: number('map_flags'),
    extra: extra(types, member('map_extra'), number('map_extra')),
    keyType: pointee('key'),
    valueType: pointee('value'),
    inner,
    ...at,
  };
}

/** `__ulong(map_extra, x)` is an enum with one value, which may have 64 bits. */
function extra(types: readonly BtfType[], member: BtfType | undefined, plain: number): bigint {
  if (!member) return 0n;
  const target = member.kind === 'ptr' ? strip(types, member.type) : member;
  return target.values?.[0]?.value ?? BigInt(plain);
}
