import { SimError } from '../errors.js';
import { signatureOf, type Signature } from '../calls/signature.js';
import { CoreRelocator } from './core.js';
import { typesFit } from './core-spec.js';
import type { Relocation } from './elf.js';
import type { Extern, ObjectFile, ObjectFunction } from './file.js';
import { ALU, ALU64, CALL, classOf, LD_IMM64, LDX, ST, STX, widthOf, type Insn } from './insn.js';
import { essentialName, strip, type TypeIndex } from './types.js';

/** Where what the object refers to is in the model's memory. */
export interface Addresses {
  /** Of a data section, by its index. */
  section(index: number): number | undefined;
  /** The handle of a map. */
  map(name: string): number | undefined;
  /** A variable of the kernel; undefined where it has none of the name. */
  variable(name: string): number | undefined;
  /** A configuration value that the object reads. */
  config(name: string): number | undefined;
}

export interface Relocated {
  readonly program: string;
  readonly instruction: number;
  readonly asked: string;
  readonly value: bigint;
}

export interface Linked {
  /** Functions of the kernel by the name that the object has for them; null: weak and not there. */
  readonly functions: ReadonlyMap<string, { name: string; signature: Signature } | null>;
  readonly relocations: readonly Relocated[];
}

const PSEUDO_CALL = 1;
/** What a pointer to a kernel function reads as: programs only compare it with null. */
const PRESENT = 1n;

/** Binds everything in the object's code to one kernel: what libbpf does when it loads. Changes the instructions. */
export class Linker {
  private readonly functions = new Map<string, { name: string; signature: Signature } | null>();
  private readonly relocations: Relocated[] = [];
  private readonly byPlace = new Map<string, ObjectFunction>();
  private readonly core: CoreRelocator;

  constructor(
    private readonly object: ObjectFile,
    private readonly kernel: TypeIndex,
    private readonly release: string,
    private readonly addresses: Addresses,
  ) {
    this.core = new CoreRelocator(object.types, kernel);
    for (const f of object.functions) this.byPlace.set(`${f.sectionIndex}:${f.start}`, f);
  }

  link(): Linked {
    for (const f of this.object.functions) this.linkFunction(f);
    return { functions: this.functions, relocations: this.relocations };
  }

  private linkFunction(f: ObjectFunction): void {
    const relocations = new Map<number, Relocation>();
    for (const r of this.object.elf.relocations.get(f.sectionIndex) ?? [])
      relocations.set(r.offset / 8, r);
    for (const insn of f.insns) {
      if (!insn) continue;
      const relocation = relocations.get(insn.slot);
      if (relocation) this.relocate(f, insn, relocation);
      else if (insn.code === CALL && insn.src === PSEUDO_CALL)
        this.bindFunction(f, insn, f.sectionIndex, insn.slot + 1 + insn.imm);
    }
    const end = f.end * 8;
    for (const record of this.object.core.get(this.object.elf.sections[f.sectionIndex]!.name) ??
      []) {
      if (record.offset < f.start * 8 || record.offset >= end) continue;
      const insn = f.insns[record.offset / 8 - f.start];
      if (!insn) throw this.damaged(f, record.offset / 8);
      const { asked, value, width } = this.core.resolve(record);
      if (value === undefined) {
        insn.link = { kind: 'poison', message: `Linux ${this.release} has no ${asked}` };
        continue;
      }
      this.relocations.push({ program: f.name, instruction: insn.slot - f.start, asked, value });
      if (!patch(insn, value, width)) throw this.damaged(f, insn.slot);
    }
  }

  private damaged(f: ObjectFunction, slot: number): SimError {
    return new SimError(
      'DAMAGED_CODE',
      `${this.object.name}: a relocation of ${f.name} does not fit instruction ${slot - f.start}`,
    );
  }

  private bindFunction(f: ObjectFunction, insn: Insn, section: number, slot: number): void {
    const callee = this.byPlace.get(`${section}:${slot}`);
    if (!callee) throw this.damaged(f, insn.slot);
    insn.link = { kind: 'function', index: callee.index };
  }

  private relocate(f: ObjectFunction, insn: Insn, { symbol }: Relocation): void {
    if (symbol.section === 0) return this.bindExtern(f, insn, symbol.name);
    const section = this.object.elf.sections[symbol.section];
    if (!section) throw this.damaged(f, insn.slot);
    const isSection = symbol.type === 3;
    if (insn.code === CALL)
      return this.bindFunction(
        f,
        insn,
        symbol.section,
        symbol.value / 8 + (isSection ? insn.imm + 1 : 0),
      );
    if (insn.code !== LD_IMM64) throw this.damaged(f, insn.slot);
    if (section.flags & 4)
      return this.bindFunction(f, insn, symbol.section, (symbol.value + insn.imm) / 8);
    if (section.name === '.maps')
      return this.bindMap(f, insn, symbol.name, symbol.value + insn.imm);
    const start = this.addresses.section(symbol.section);
    if (start === undefined)
      throw new SimError(
        'UNKNOWN_SECTION',
        `${this.object.name}: ${f.name} refers to section ${section.name}, which holds no data`,
      );
    insn.link = { kind: 'value', value: BigInt(start + symbol.value + insn.imm) };
  }

  private bindMap(f: ObjectFunction, insn: Insn, name: string, offset: number): void {
    const map = this.object.maps.find((m) => m.name === name || m.offset === offset);
    const handle = map && this.addresses.map(map.name);
    if (handle === undefined) throw this.damaged(f, insn.slot);
    insn.link = { kind: 'value', value: BigInt(handle), map: handle };
  }

  private bindExtern(f: ObjectFunction, insn: Insn, name: string): void {
    const extern = this.object.externs.get(name);
    if (!extern) throw this.damaged(f, insn.slot);
    const kind = extern.type ? this.object.types[extern.type]!.kind : 'var';
    if (insn.code === CALL || kind === 'func') return this.bindKernelFunction(f, insn, extern);
    const address =
      extern.section === '.kconfig'
        ? this.addresses.config(name)
        : this.addresses.variable(essentialName(name));
    if (address === undefined && !extern.weak)
      throw this.missing(f, insn, extern.section === '.kconfig' ? 'setting' : 'variable', name);
    insn.link = { kind: 'value', value: BigInt(address ?? 0) };
  }

  private missing(f: ObjectFunction, insn: Insn, what: string, name: string, why = ''): SimError {
    const line = insn.line ? `${insn.line.file}:${insn.line.line}: ` : '';
    return new SimError(
      'NOT_IN_KERNEL',
      `${line}${f.name} needs the ${what} ${name}, which Linux ${this.release} has not${why}`,
      'ask for it weakly, and test it: exists() in TypeScript, bpf_ksym_exists() in C',
    );
  }

  private bindKernelFunction(f: ObjectFunction, insn: Insn, extern: Extern): void {
    const { name } = extern;
    let bound = this.functions.get(name);
    if (bound === undefined) {
      bound = this.find(extern);
      this.functions.set(name, bound);
    }
    if (!bound && !extern.weak) {
      const there = this.kernel.find(essentialName(name), 'func');
      throw this.missing(f, insn, 'function', name, there ? ' with these parameters' : '');
    }
    if (insn.code === LD_IMM64) insn.link = { kind: 'value', value: bound ? PRESENT : 0n };
    else if (bound) insn.link = { kind: 'kernel', name };
    else
      insn.link = {
        kind: 'poison',
        message: `Linux ${this.release} has no function ${essentialName(name)} as it is called here`,
      };
  }

  /** By essential name and prototype: that picks the generation of a function. */
  private find(extern: Extern): { name: string; signature: Signature } | null {
    const found = this.kernel.find(essentialName(extern.name), 'func');
    if (!found) return null;
    const { types } = this.object;
    const local = types[extern.type]!;
    const own = local.kind === 'func' ? local.type : strip(types, local.type).id;
    if (!typesFit(types, own, this.kernel.types, found.type)) return null;
    const proto = this.kernel.types[found.type]!;
    return { name: found.name, signature: signatureOf(this.kernel.types, proto) };
  }
}

/** Writes a CO-RE value into an instruction; false where it can hold none. */
function patch(
  insn: Insn,
  value: bigint,
  width: { local: number; kernel: number; unsigned: boolean } | undefined,
): boolean {
  if (insn.code === LD_IMM64) {
    insn.imm = Number(BigInt.asIntN(32, value));
    insn.high = Number(BigInt.asIntN(32, value >> 32n));
    return true;
  }
  switch (classOf(insn.code)) {
    case ALU:
    case ALU64:
      insn.imm = Number(BigInt.asIntN(32, value));
      return true;
    case LDX:
    case ST:
    case STX:
      insn.off = Number(value);
      // A field that is wider or narrower than the object knew is read as wide as it is.
      if (width && widthOf(insn) === width.local) {
        if (!width.unsigned || ![1, 2, 4, 8].includes(width.kernel))
          insn.link = { kind: 'poison', message: 'the field has another width in this kernel' };
        else insn.size = width.kernel;
      }
      return true;
    default:
      return false;
  }
}
