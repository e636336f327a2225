import { parseBtf, type BtfType } from '../../codegen/toolchain/btf/parse.js';
import { SimError } from '../errors.js';
import { parseBtfExt, type BtfExt, type CoreRecord, type LineRecord } from './btf-ext.js';
import { parseElf, type Elf, type Relocation, type Section } from './elf.js';
import { decode, type Insn } from './insn.js';
import { mapDefinitions, type MapDefinition } from './maps.js';
import { essentialName, strip } from './types.js';

/** A function of the object: a program, or one that programs call. */
export interface ObjectFunction {
  readonly name: string;
  /** `struct_ops/enqueue`; `.text` for those that only programs call. */
  readonly section: string;
  /** false: user space has to ask for it (a section that starts with `?`). */
  readonly autoload: boolean;
  readonly sectionIndex: number;
  /** First slot in the section, and the one behind the last. */
  readonly start: number;
  readonly end: number;
  readonly index: number;
  /** By slot from `start` on. */
  readonly insns: readonly (Insn | undefined)[];
}

export interface Variable {
  readonly name: string;
  readonly offset: number;
  readonly size: number;
  /** BTF type id in the object. */
  readonly type: number;
}

/** .data, .bss, .rodata and their like: one map in a kernel. */
export interface DataSection {
  readonly name: string;
  readonly index: number;
  /** Initial values; user space may change them before loading. */
  bytes: Uint8Array;
  readonly readonly: boolean;
  readonly variables: readonly Variable[];
}

/** A variable that is registered with the kernel: `struct sched_ext_ops NAME_ops`. */
export interface StructOpsVariable extends Variable {
  /** `sched_ext_ops`. */
  readonly typeName: string;
  readonly bytes: Uint8Array;
  /** Programs by the offset of the member that they are the value of. */
  readonly functions: Map<number, string>;
}

/** A reference to something outside of the object: a kernel function, variable or configuration value. */
export interface Extern {
  readonly name: string;
  readonly weak: boolean;
  /** Type id of the FUNC or VAR; 0 where BTF does not know it. */
  readonly type: number;
  /** `.ksyms` or `.kconfig`. */
  readonly section: string;
}

export interface ObjectFile {
  readonly name: string;
  readonly elf: Elf;
  readonly types: readonly BtfType[];
  readonly functions: readonly ObjectFunction[];
  readonly data: readonly DataSection[];
  readonly maps: readonly MapDefinition[];
  readonly structOps: readonly StructOpsVariable[];
  readonly externs: ReadonlyMap<string, Extern>;
  readonly core: ReadonlyMap<string, readonly CoreRecord[]>;
  readonly license: string;
}

const EXECUTABLE = 4;
const WRITABLE = 1;
const STT_FUNC = 2;
const DATA = /^\.(data|bss|rodata|addr_space)(\.|$)/;
const STRUCT_OPS = /^\.struct_ops(\.link)?$/;

/** Reads an object. Throws SimError for what no loader would take. */
export function readObject(bytes: Uint8Array, name: string): ObjectFile {
  const elf = parseElf(bytes, name);
  const section = (wanted: string): Section | undefined =>
    elf.sections.find((s) => s.name === wanted);
  const btf = section('.BTF');
  if (!btf)
    throw new SimError(
      'NO_BTF',
      `${name} has no BTF`,
      'compile it with -g: clang then writes types',
    );
  let types: BtfType[];
  let ext: BtfExt | undefined;
  try {
    types = parseBtf(btf.bytes);
    const records = section('.BTF.ext');
    if (records) ext = parseBtfExt(records.bytes, btf.bytes);
  } catch (error) {
    throw new SimError(
      'BAD_BTF',
      `the types of ${name} cannot be read: ${(error as Error).message}`,
    );
  }
  const functions = readFunctions(elf, ext);
  if (functions.length === 0) throw new SimError('NO_PROGRAM', `${name} holds no program`);
  return {
    name,
    elf,
    types,
    functions,
    data: readData(elf, types),
    maps: mapDefinitions(elf, types),
    structOps: readStructOps(elf, types),
    externs: readExterns(elf, types),
    core: ext?.core ?? new Map<string, CoreRecord[]>(),
    license: new TextDecoder()
      .decode(section('license')?.bytes ?? new Uint8Array())
      .replace(/\0.*/s, ''),
  };
}

function readFunctions(elf: Elf, ext: BtfExt | undefined): ObjectFunction[] {
  const out: ObjectFunction[] = [];
  for (const section of elf.sections) {
    if (!(section.flags & EXECUTABLE) || section.size === 0) continue;
    const insns = decode(section.bytes, section.name);
    setLines(insns, ext?.lines.get(section.name) ?? []);
    const symbols = elf.symbols
      .filter((s) => s.type === STT_FUNC && s.section === section.index)
      .sort((a, b) => a.value - b.value);
    for (const symbol of symbols) {
      const [start, end] = [symbol.value / 8, (symbol.value + symbol.size) / 8];
      if (out.some((f) => f.sectionIndex === section.index && f.start === start)) continue;
      out.push({
        name: symbol.name,
        section: section.name.replace(/^\?/, ''),
        autoload: !section.name.startsWith('?'),
        sectionIndex: section.index,
        start,
        end,
        index: out.length,
        insns: insns.slice(start, end),
      });
    }
  }
  return out;
}

/** A line holds until the next one begins. */
function setLines(insns: (Insn | undefined)[], lines: readonly LineRecord[]): void {
  let next = 0;
  let line: LineRecord | undefined;
  for (const insn of insns) {
    if (!insn) continue;
    while (next < lines.length && lines[next]!.offset <= insn.slot * 8) line = lines[next++];
    insn.line = line;
  }
}

/** Variables of a section, as BTF lists them; their names are those of their types of kind var. */
function variablesOf(types: readonly BtfType[], elf: Elf, section: Section): Variable[] {
  const datasec = types.find((t) => t.kind === 'datasec' && t.name === section.name);
  return (datasec?.variables ?? []).map((v) => {
    const { name, type } = types[v.type]!;
    // clang leaves the offsets to the loader, which takes them from the symbols.
    const symbol = elf.symbols.find((s) => s.section === section.index && s.name === name);
    return { name, type, offset: symbol?.value ?? v.offset, size: v.size };
  });
}

function readData(elf: Elf, types: readonly BtfType[]): DataSection[] {
  return elf.sections
    .filter((s) => DATA.test(s.name) && s.size > 0)
    .map((section) => {
      const bytes = new Uint8Array(section.size);
      bytes.set(section.bytes);
      return {
        name: section.name,
        index: section.index,
        bytes,
        readonly: !(section.flags & WRITABLE) || section.name.startsWith('.rodata'),
        variables: variablesOf(types, elf, section),
      };
    });
}

function readStructOps(elf: Elf, types: readonly BtfType[]): StructOpsVariable[] {
  return elf.sections
    .filter((s) => STRUCT_OPS.test(s.name))
    .flatMap((section) =>
      variablesOf(types, elf, section).map((variable) => ({
        ...variable,
        typeName: essentialName(strip(types, variable.type).name),
        bytes: section.bytes.slice(variable.offset, variable.offset + variable.size),
        functions: functionsAt(elf.relocations.get(section.index) ?? [], variable),
      })),
    );
}

function functionsAt(relocations: readonly Relocation[], at: Variable): Map<number, string> {
  const inside = relocations.filter(
    (r) => r.offset >= at.offset && r.offset < at.offset + at.size && r.symbol.type === STT_FUNC,
  );
  return new Map(inside.map((r) => [r.offset - at.offset, r.symbol.name]));
}

function readExterns(elf: Elf, types: readonly BtfType[]): Map<string, Extern> {
  const typed = new Map<string, { type: number; section: string }>();
  for (const t of types) {
    if (t.kind !== 'datasec' || (t.name !== '.ksyms' && t.name !== '.kconfig')) continue;
    for (const v of t.variables!) typed.set(types[v.type]!.name, { type: v.type, section: t.name });
  }
  // Functions are not in a section in objects of older compilers.
  for (const t of types)
    if (t.kind === 'func' && t.linkage === 2 && !typed.has(t.name))
      typed.set(t.name, { type: t.id, section: '.ksyms' });
  const out = new Map<string, Extern>();
  for (const symbol of elf.symbols) {
    if (symbol.section !== 0 || !symbol.name) continue;
    const { type, section } = typed.get(symbol.name) ?? { type: 0, section: '.ksyms' };
    out.set(symbol.name, { name: symbol.name, weak: symbol.weak, type, section });
  }
  return out;
}
