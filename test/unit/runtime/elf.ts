/** Finds places in an object file, for tests that damage one. */
export interface SectionPlace {
  name: string;
  /** Where its header is. */
  header: number;
  offset: number;
  size: number;
}

export function sectionsOf(object: Buffer): SectionPlace[] {
  const headers = Number(object.readBigUInt64LE(40));
  const at = (i: number): number => headers + i * 64;
  const names = Number(object.readBigUInt64LE(at(object.readUInt16LE(62)) + 24));
  return Array.from({ length: object.readUInt16LE(60) }, (_, i) => {
    const name = names + object.readUInt32LE(at(i));
    return {
      name: object.toString('latin1', name, object.indexOf(0, name)),
      header: at(i),
      offset: Number(object.readBigUInt64LE(at(i) + 24)),
      size: Number(object.readBigUInt64LE(at(i) + 32)),
    };
  });
}

export function section(object: Buffer, name: string): SectionPlace {
  const found = sectionsOf(object).find((s) => s.name === name);
  if (!found) throw new Error(`there is no section ${name}`);
  return found;
}

export interface TypePlace {
  id: number;
  kind: number;
  name: string;
  /** Where struct btf_type is: name, info and size or type, of 4 bytes each; what follows depends on the kind. */
  at: number;
}

/** Bytes behind struct btf_type for each kind: a fixed number, and for each of its members. */
const MORE: Record<number, [fixed: number, each: number]> = {
  1: [4, 0],
  3: [12, 0],
  4: [0, 12],
  5: [0, 12],
  6: [0, 8],
  13: [0, 8],
  14: [4, 0],
  15: [0, 12],
  17: [4, 0],
  19: [0, 12],
};

export function typesOf(object: Buffer): TypePlace[] {
  const { offset } = section(object, '.BTF');
  const header = offset + object.readUInt32LE(offset + 4);
  const begin = header + object.readUInt32LE(offset + 8);
  const end = begin + object.readUInt32LE(offset + 12);
  const strings = header + object.readUInt32LE(offset + 16);
  const out: TypePlace[] = [];
  for (let at = begin; at < end;) {
    const info = object.readUInt32LE(at + 4);
    const kind = (info >>> 24) & 31;
    const name = strings + object.readUInt32LE(at);
    out.push({
      id: out.length + 1,
      kind,
      name: object.toString('latin1', name, object.indexOf(0, name)),
      at,
    });
    const [fixed, each] = MORE[kind] ?? [0, 0];
    at += 12 + fixed + each * (info & 0xffff);
  }
  return out;
}

export function typeOf(object: Buffer, name: string, kind?: number): TypePlace {
  const found = typesOf(object).find((t) => t.name === name && (kind ?? t.kind) === t.kind);
  if (!found) throw new Error(`there is no type ${name}`);
  return found;
}
