import type { LinearMemory } from '../../memory/linear.js';

/** A key's bytes as something that a JavaScript Map can be asked for, quickly for the sizes that programs use. */
export function keyAt(memory: LinearMemory, address: number, size: number): number | string {
  const { u32, bytes } = memory;
  if (size === 4 && (address & 3) === 0) return u32[address >>> 2]!;
  if (size === 8 && (address & 3) === 0) {
    const high = u32[(address >>> 2) + 1]!;
    if (high < 0x20_0000) return high * 0x1_0000_0000 + u32[address >>> 2]!;
  }
  let text = '';
  for (let i = 0; i < size; i++) text += String.fromCharCode(bytes[address + i]!);
  return text;
}
