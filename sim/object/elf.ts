import { textReader } from '../../codegen/toolchain/btf/parse.js';
import { SimError } from '../errors.js';

export interface Section {
  readonly index: number;
  readonly name: string;
  readonly type: number;
  readonly flags: number;
  /** Bytes of the section in memory; `bytes` is shorter where the file holds none (.bss). */
  readonly size: number;
  readonly bytes: Uint8Array;
}

export interface Symbol {
  readonly name: string;
  /** STT_*: 0 no type, 1 object, 2 function, 3 section. */
  readonly type: number;
  readonly global: boolean;
  readonly weak: boolean;
  /** Index of its section; 0 where it is defined elsewhere. */
  readonly section: number;
  /** Bytes from the start of its section. */
  readonly value: number;
  readonly size: number;
}

export interface Relocation {
  /** Bytes from the start of the section that is relocated. */
  readonly offset: number;
  /** R_BPF_*: 1 is a 64-bit load, 10 a call. */
  readonly type: number;
  readonly symbol: Symbol;
}

export interface Elf {
  readonly sections: readonly Section[];
  readonly symbols: readonly Symbol[];
  /** Relocations by index of the section that they are for. */
  readonly relocations: ReadonlyMap<number, readonly Relocation[]>;
}

const EM_BPF = 247;
const SHT_SYMTAB = 2;
const SHT_NOBITS = 8;
const SHT_REL = 9;

const none = (name: string, why: string): SimError =>
  new SimError(
    'NOT_AN_OBJECT',
    `${name} is not a BPF object: ${why}`,
    'give a NAME.bpf.o, as `scxts build` writes it',
  );

/** Reads a relocatable BPF object. Throws SimError for what is none. */
export function parseElf(bytes: Uint8Array, name: string): Elf {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 64 || view.getUint32(0) !== 0x7f454c46) throw none(name, 'no ELF file');
  if (bytes[4] !== 2 || bytes[5] !== 1) throw none(name, 'not 64-bit little-endian');
  if (view.getUint16(18, true) !== EM_BPF) throw none(name, 'built for another machine than BPF');
  try {
    return readTables(bytes, view);
  } catch (error) {
    if (error instanceof RangeError) throw none(name, 'the file is cut off or damaged');
    throw error;
  }
}

function readTables(bytes: Uint8Array, view: DataView): Elf {
  const u64 = (at: number): number => Number(view.getBigUint64(at, true));
  const u32 = (at: number): number => view.getUint32(at, true);
  const u16 = (at: number): number => view.getUint16(at, true);
  const table = u64(0x28);
  const headers = Array.from({ length: u16(0x3c) }, (_, i) => {
    const at = table + i * u16(0x3a);
    return {
      name: u32(at),
      type: u32(at + 4),
      flags: u64(at + 8),
      offset: u64(at + 0x18),
      size: u64(at + 0x20),
      link: u32(at + 0x28),
      info: u32(at + 0x2c),
    };
  });
  const inFile = (h: (typeof headers)[number]): Uint8Array => {
    if (h.offset + h.size > bytes.length) throw new RangeError();
    return bytes.subarray(h.offset, h.offset + h.size);
  };
  const names = textReader(bytes, headers[u16(0x3e)]?.offset ?? NaN);
  const sections = headers.map((h, index) => ({
    index,
    name: names(h.name),
    type: h.type,
    flags: h.flags,
    size: h.size,
    bytes: h.type === SHT_NOBITS || h.type === 0 ? new Uint8Array(0) : inFile(h),
  }));
  const symbols: Symbol[] = [];
  const symtab = headers.find((h) => h.type === SHT_SYMTAB);
  if (symtab) {
    const text = textReader(bytes, headers[symtab.link]?.offset ?? NaN);
    for (let at = symtab.offset; at < symtab.offset + symtab.size; at += 24) {
      const info = view.getUint8(at + 4);
      const section = u16(at + 6);
      const named = text(u32(at));
      symbols.push({
        name: named || ((info & 0xf) === 3 ? (sections[section]?.name ?? '') : ''),
        type: info & 0xf,
        global: info >> 4 !== 0,
        weak: info >> 4 === 2,
        section,
        value: u64(at + 8),
        size: u64(at + 16),
      });
    }
  }
  const relocations = new Map<number, Relocation[]>();
  for (const h of headers) {
    if (h.type !== SHT_REL) continue;
    const list: Relocation[] = [];
    for (let at = h.offset; at < h.offset + h.size; at += 16) {
      const symbol = symbols[u32(at + 12)];
      if (!symbol) throw new RangeError();
      list.push({ offset: u64(at), type: u32(at + 8), symbol });
    }
    relocations.set(h.info, list);
  }
  return { sections, symbols, relocations };
}
