import type { Sized } from '../ir/integers.js';
import { BOOL, INT_TYPES } from '../ir/types.js';

const ALIASES: Record<string, string> = {
  int: 's32',
  'unsigned int': 'u32',
  long: 's64',
  'unsigned long': 'u64',
  'long long': 's64',
  'unsigned long long': 'u64',
  'long int': 's64',
  'long unsigned int': 'u64',
  'long long int': 's64',
  'long long unsigned int': 'u64',
  char: 's8',
  'unsigned char': 'u8',
  short: 's16',
  'unsigned short': 'u16',
  size_t: 'u64',
  ssize_t: 's64',
  pid_t: 's32',
  __u8: 'u8',
  __u16: 'u16',
  __u32: 'u32',
  __u64: 'u64',
  __s8: 's8',
  __s16: 's16',
  __s32: 's32',
  __s64: 's64',
  uint32_t: 'u32',
  uint64_t: 'u64',
  gfp_t: 'u32',
  int32_t: 's32',
  int64_t: 's64',
  u64__ign: 'u64',
  u32__ign: 'u32',
};

/** A type in a C prototype, without qualifiers and with single spaces. */
export function bareCType(ctype: string): string {
  return ctype
    .replace(/\bconst\b|\bvolatile\b|\brestrict\b/g, '')
    .replace(/\s+/g, ' ')
    .trim();
}

/** The integer that a type in a C prototype is; undefined of others. */
export function integerOfC(ctype: string): Sized | undefined {
  const text = bareCType(ctype);
  if (text === 'bool' || text === '_Bool') return BOOL;
  if (text.startsWith('enum ')) return { ...INT_TYPES['u32']!, enumName: text.slice(5) };
  return INT_TYPES[ALIASES[text] ?? text];
}
