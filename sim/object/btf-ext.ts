import { textReader } from '../../codegen/toolchain/btf/parse.js';

/** A line of source that code comes from. */
export interface LineRecord {
  /** Bytes from the start of the section. */
  readonly offset: number;
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly text: string;
}

/** A CO-RE record: what an instruction asks of the kernel's types. */
export interface CoreRecord {
  readonly offset: number;
  /** Type id in the object. */
  readonly type: number;
  /** `0:1:2`: what is accessed from the type on. */
  readonly access: string;
  /** enum bpf_core_relo_kind. */
  readonly kind: number;
}

export interface FunctionRecord {
  readonly offset: number;
  /** Type id of the FUNC. */
  readonly type: number;
}

export interface BtfExt {
  /** By section name, in order of offset. */
  readonly lines: ReadonlyMap<string, readonly LineRecord[]>;
  readonly core: ReadonlyMap<string, readonly CoreRecord[]>;
  readonly functions: ReadonlyMap<string, readonly FunctionRecord[]>;
}

/** Reads .BTF.ext; its texts are in the strings of .BTF. */
export function parseBtfExt(bytes: Uint8Array, btf: Uint8Array): BtfExt {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const types = new DataView(btf.buffer, btf.byteOffset, btf.byteLength);
  const text = textReader(btf, types.getUint32(4, true) + types.getUint32(16, true));
  const u32 = (at: number): number => view.getUint32(at, true);
  const header = u32(4);

  const read = <T extends { offset: number }>(
    field: number,
    record: (at: number) => T,
  ): Map<string, T[]> => {
    const out = new Map<string, T[]>();
    // The CO-RE part came later: a header without it has none.
    if (field + 8 > header) return out;
    const start = header + u32(field);
    const end = start + u32(field + 4);
    if (start + 4 > end) return out;
    const size = u32(start);
    for (let at = start + 4; at < end;) {
      const list: T[] = [];
      const count = u32(at + 4);
      const section = text(u32(at));
      at += 8;
      for (let i = 0; i < count; i++, at += size) list.push(record(at));
      out.set(
        section,
        list.sort((a, b) => a.offset - b.offset),
      );
    }
    return out;
  };
  return {
    functions: read(8, (at) => ({ offset: u32(at), type: u32(at + 4) })),
    lines: read(16, (at) => ({
      offset: u32(at),
      file: text(u32(at + 4)),
      text: text(u32(at + 8)).trim(),
      line: u32(at + 12) >>> 10,
      column: u32(at + 12) & 0x3ff,
    })),
    core: read(24, (at) => ({
      offset: u32(at),
      type: u32(at + 4),
      access: text(u32(at + 8)),
      kind: u32(at + 12),
    })),
  };
}
