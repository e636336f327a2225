import type { BtfType } from '../../codegen/toolchain/btf/parse.js';
import { strip, type Types } from '../object/types.js';

/** p address, i s32, u u32, b bool, l 64 bits, v nothing. */
export type Letter = 'p' | 'i' | 'u' | 'b' | 'l' | 'v';

/** How the arguments and the result of a function cross between programs and JavaScript. */
export interface Signature {
  readonly parameters: readonly Letter[];
  readonly result: Letter;
}

export function parseSignature(text: string): Signature {
  const [parameters = '', result = 'v'] = text.split(':');
  return { parameters: [...parameters] as Letter[], result: result as Letter };
}

export const formatSignature = ({ parameters, result }: Signature): string =>
  `${parameters.join('')}:${result}`;

/** How a value of a type crosses. */
export function letterOf(types: Types, id: number): Letter {
  const type = strip(types, id);
  switch (type.kind) {
    case 'void':
      return 'v';
    case 'int':
    case 'enum':
    case 'enum64':
      if (type.size === 8) return 'l';
      if (type.name === '_Bool') return 'b';
      return type.signed ? 'i' : 'u';
    default:
      return 'p';
  }
}

export function signatureOf(types: Types, proto: BtfType): Signature {
  return {
    parameters: proto.params!.map((p) => letterOf(types, p.type)),
    result: letterOf(types, proto.type),
  };
}

/** Integers of 32 bits and less cross alike: only their extension differs, of which the kernel's BTF decides. */
const shape = (letter: Letter): string =>
  letter === 'i' || letter === 'u' || letter === 'b' ? 'w' : letter;
export const shapeOf = ({ parameters, result }: Signature): string =>
  `${parameters.map(shape).join('')}:${shape(result)}`;
