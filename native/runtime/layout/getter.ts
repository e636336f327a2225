import type { Layout } from './layout.js';
import type { SharedMemory } from './shared.js';

type Getter = () => unknown;

/** Compiles `body` as a getter of its own; undefined under node --disallow-code-generation-from-strings. */
function compile(names: string[], values: unknown[], body: string): Getter | undefined {
  try {
    const make = new Function(...names, `'use strict'; return () => { ${body} };`) as (
      ...values: unknown[]
    ) => Getter;
    return make(...values);
  } catch {
    return undefined;
  }
}

/**
 * The getter of an aligned integer, of which V8 knows everything when it optimizes it: closures of one function literal share what was
 * learned of them, and one that has seen arrays of all types reads each twenty times slower. Undefined for what is
 * no aligned integer. With `asNumber` 64-bit integers come as numbers, read as SharedMemory.wide() does.
 */
export function integerGetter(
  layout: Layout,
  memory: SharedMemory,
  at: number,
  check: () => void,
  asNumber: boolean,
): Getter | undefined {
  if (!layout.typed || layout.element || layout.partial || at % layout.size !== 0) return undefined;
  if (asNumber && layout.size === 8) {
    const low = new Uint32Array(memory.buffer, memory.base, memory.size >>> 2);
    const high =
      layout.range && layout.range[0] < 0n
        ? new Int32Array(memory.buffer, memory.base, memory.size >>> 2)
        : low;
    const index = at / 4;
    return compile(
      ['check', 'low', 'high'],
      [check, low, high],
      `check(); for (;;) { const top = high[${index + 1}], bottom = low[${index}]; if (high[${index + 1}] === top) return top * 4294967296 + bottom; }`,
    );
  }
  return compile(
    ['check', 'array'],
    [check, memory.integers(layout)],
    `check(); return array[${at / layout.size}];`,
  );
}
