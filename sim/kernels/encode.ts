import { KINDS, type BtfType } from '../../codegen/toolchain/btf/parse.js';

const HEADER = 24;

/** Strings of a BTF file: each once, at the offset that add() gives. */
class Strings {
  private readonly offsets = new Map<string, number>([['', 0]]);
  private readonly parts: Uint8Array[] = [new Uint8Array(1)];
  length = 1;
  private readonly encoder = new TextEncoder();

  add(text: string): number {
    let at = this.offsets.get(text);
    if (at === undefined) {
      at = this.length;
      const bytes = this.encoder.encode(`${text}\0`);
      this.parts.push(bytes);
      this.offsets.set(text, at);
      this.length += bytes.length;
    }
    return at;
  }
  bytes(): Uint8Array {
    const out = new Uint8Array(this.length);
    let at = 0;
    for (const part of this.parts) {
      out.set(part, at);
      at += part.length;
    }
    return out;
  }
}

/** The words of a type behind its first three. */
function tail(type: BtfType, name: (text: string) => number): number[] {
  switch (type.kind) {
    case 'int':
      return [((type.signed ? 1 : 0) << 24) | type.bits!];
    case 'array':
      return [type.type, 0, type.count!];
    case 'struct':
    case 'union': {
      const fields = type.members!.some((m) => m.bits);
      return type.members!.flatMap((m) => [
        name(m.name),
        m.type,
        fields ? (m.bits << 24) | m.offset : m.offset,
      ]);
    }
    case 'enum':
      return type.values!.flatMap((v) => [name(v.name), Number(BigInt.asUintN(32, v.value))]);
    case 'enum64':
      return type.values!.flatMap((v) => [
        name(v.name),
        Number(BigInt.asUintN(32, v.value)),
        Number(BigInt.asUintN(32, v.value >> 32n)),
      ]);
    case 'func_proto':
      return type.params!.flatMap((p) => [name(p.name), p.type]);
    case 'var':
      return [type.linkage!];
    case 'decl_tag':
      return [type.component!];
    case 'datasec':
      return type.variables!.flatMap((v) => [v.type, v.offset, v.size]);
    default:
      return [];
  }
}

function info(type: BtfType): number {
  const list = type.members ??
    type.values ??
    type.params ??
    type.variables ?? { length: type.linkage ?? 0 };
  const count = type.kind === 'var' ? 0 : list.length;
  const flag =
    type.kind === 'enum' || type.kind === 'enum64'
      ? type.signed
      : type.kind === 'fwd'
        ? type.union
        : type.members?.some((m) => m.bits);
  return (((flag ? 1 : 0) << 31) | (KINDS.indexOf(type.kind) << 24) | count) >>> 0;
}

/** Raw little-endian BTF of types whose ids are their places, `void` first: what parseBtf() reads. */
export function encodeBtf(types: readonly BtfType[]): Uint8Array {
  const strings = new Strings();
  const name = (text: string): number => strings.add(text);
  const words: number[] = [];
  for (const type of types.slice(1)) {
    const sized = ['int', 'struct', 'union', 'enum', 'enum64', 'datasec', 'float'];
    const third = sized.includes(type.kind) ? type.size : type.kind === 'array' ? 0 : type.type;
    words.push(name(type.name), info(type), third, ...tail(type, name));
  }
  const texts = strings.bytes();
  const out = new Uint8Array(HEADER + words.length * 4 + texts.length);
  const view = new DataView(out.buffer);
  view.setUint16(0, 0xeb9f, true);
  view.setUint8(2, 1);
  [HEADER, 0, words.length * 4, words.length * 4, texts.length].forEach((value, i) =>
    view.setUint32(4 + 4 * i, value, true),
  );
  words.forEach((word, i) => view.setUint32(HEADER + 4 * i, word >>> 0, true));
  out.set(texts, HEADER + words.length * 4);
  return out;
}
