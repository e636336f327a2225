import { layoutOf, structLayout } from '../../ir/layout.js';
import type { Field, StructDef } from '../../ir/types.js';
import { declareC, declareKptr } from './c-type.js';

export interface StructStyle {
  /** Made with alloc(). The verifier checks each access to it by field: the compiler may not merge two. */
  allocated?: boolean;
  /**
   * The program has structs with locks, timers, kptrs or links. btf_find_struct_field() in kernel/bpf/btf.c refuses members that start
   * within a byte wherever it looks for these, and does not look into unions.
   */
  hidesBits?: boolean;
}

/** A struct or union of the program. Padding is spelt out: keys of hash maps are compared byte by byte. */
export function userStructDefinition(struct: StructDef, style: StructStyle = {}): string {
  const { keyword, name } = struct;
  const fields = new Fields(style);
  // Members of a union share their place: C rounds its size up by itself.
  const pads =
    keyword === 'union' ? new Map<Field | undefined, number>() : structLayout(struct).pads;
  for (const field of struct.fields()) {
    fields.pad(pads.get(field) ?? 0);
    fields.add(field);
  }
  fields.pad(pads.get(undefined) ?? 0);
  return `${keyword} ${name} {\n${fields.end().join('\n')}\n};`;
}

class Fields {
  private readonly lines: string[] = [];
  private bitfields: string[] = [];
  private pads = 0;
  private at = 0;

  constructor(private readonly style: StructStyle) {}

  /** Bits of padding. */
  pad(bits: number): void {
    const rest = Math.min(bits, (8 - (this.at % 8)) % 8);
    if (rest > 0) this.bits(`u8 __pad${this.pads++} : ${rest};`);
    if (bits > rest) this.whole(`u8 __pad${this.pads++}[${(bits - rest) / 8}];`);
    this.at += bits;
  }

  add(field: Field): void {
    const { allocated } = this.style;
    const { type, name, bits } = field;
    const isPlain = !field.kptr && !(type.kind === 'struct' && type.struct.builtin);
    const declared = field.kptr ? declareKptr(type, name) : declareC(type, name);
    const of = field.contains;
    const contains = of ? ` __contains(${of.struct.name}, ${of.node})` : '';
    const line = `${allocated && isPlain ? 'volatile ' : ''}${declared}${contains}`;
    if (bits === undefined) this.whole(`${line};`);
    else this.bits(`${line} : ${bits};`);
    this.at += bits ?? layoutOf(type).size * 8;
  }

  private bits(line: string): void {
    if (this.style.hidesBits) this.bitfields.push(line);
    else this.lines.push(`\t${line}`);
  }

  private whole(line: string): void {
    this.closeBits();
    this.lines.push(`\t${line}`);
  }

  private closeBits(): void {
    if (this.bitfields.length === 0) return;
    const inner = this.bitfields.map((l) => `\t\t\t${l}`);
    this.lines.push(
      '\tunion {',
      '\t\tstruct {',
      ...inner,
      '\t\t} __attribute__((packed));',
      '\t};',
    );
    this.bitfields = [];
  }

  end(): string[] {
    this.closeBits();
    return this.lines;
  }
}
