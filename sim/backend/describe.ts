import type { KernelFacts, MapDefinition, NativeType } from '../../native/runtime/addon.js';
import type { Space } from '../engine/space.js';
import type { ObjectFile } from '../object/file.js';
import type { MapDefinition as ModelMap } from '../object/maps.js';
import { strip } from '../object/types.js';

const STRUCT_OPS = 26;
const ARRAY = 2;
const MMAPABLE = 1 << 10;
const READ_ONLY = 1 << 7;

/** An object's types as the runtime wants them. */
export function nativeTypes(file: ObjectFile): NativeType[] {
  return file.types.map((t): NativeType => {
    const variables =
      t.kind === 'datasec'
        ? t.variables!.map((v) => ({ ...v, offset: offsetOf(file, t.name, v.type) ?? v.offset }))
        : undefined;
    return {
      kind: t.kind,
      name: t.name,
      size: t.size,
      type: t.type,
      ...(t.signed === undefined ? {} : { signed: t.signed }),
      ...(t.kind === 'int' ? { bool: t.name === '_Bool' } : {}),
      ...(t.count === undefined ? {} : { count: t.count }),
      ...(t.members ? { members: t.members } : {}),
      ...(t.values ? { values: Object.fromEntries(t.values.map((v) => [v.name, v.value])) } : {}),
      ...(t.params ? { params: t.params } : {}),
      ...(t.component === undefined ? {} : { component: t.component }),
      ...(variables ? { variables } : {}),
    };
  });
}

function offsetOf(file: ObjectFile, section: string, type: number): number | undefined {
  const found = file.data.find((s) => s.name === section);
  return found?.variables.find((v) => v.name === file.types[type]!.name)?.offset;
}

function declared(map: ModelMap): MapDefinition {
  const { name, type, keySize, valueSize, maxEntries, flags, keyType, valueType, inner } = map;
  return {
    ...{ name, type, keySize, valueSize, maxEntries, flags, keyType, valueType },
    internal: false,
    pinPath: null,
    inner: inner && declared(inner),
  };
}

/** Declared maps, data sections, and schedulers: all that libbpf calls a map. */
export function nativeMaps(file: ObjectFile): MapDefinition[] {
  const plain = { keySize: 4, maxEntries: 1, keyType: 0, pinPath: null, inner: null };
  return [
    ...file.maps.map(declared),
    ...file.data.map((s) => ({
      ...plain,
      name: s.name,
      type: ARRAY,
      valueSize: s.bytes.length,
      flags: MMAPABLE | (s.readonly ? READ_ONLY : 0),
      valueType: 0,
      internal: true,
    })),
    ...file.structOps.map((v) => ({
      ...plain,
      name: v.name,
      type: STRUCT_OPS,
      valueSize: v.size,
      flags: 0,
      valueType: strip(file.types, v.type).id,
      internal: false,
    })),
  ];
}

export function kernelFacts(
  { types }: Space,
  structs: string[],
  enums: string[],
  functions: string[],
  typedefs: string[],
): KernelFacts {
  return {
    structs: Object.fromEntries(
      structs.map((name) => [
        name,
        types.find(name, 'struct')?.members?.map((m) => m.name) ?? null,
      ]),
    ),
    enums: Object.fromEntries(
      enums.map((name) => {
        const values = types.find(name, 'enum', 'enum64')?.values;
        return [name, values ? Object.fromEntries(values.map((v) => [v.name, v.value])) : null];
      }),
    ),
    names: [
      ...functions.filter((name) => types.find(name, 'func')),
      ...typedefs.filter((name) => types.find(name, 'typedef')),
    ],
  };
}
