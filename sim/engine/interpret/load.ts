import { SLOT } from '../../memory/layout.js';
import type { EntryPoint } from '../emit/module.js';
import type { Space } from '../space.js';
import { Interpreter, type InterpreterSource } from './interpreter.js';

type Entry = (...args: (number | undefined)[]) => number;

/** Entries of an object as the translated module has them, run by the interpreter. */
export function interpretedEntries(
  space: Space,
  source: InterpreterSource,
  entries: readonly EntryPoint[],
): ReadonlyMap<string, Entry> {
  const interpreter = new Interpreter(source);
  const other = space.invoke;
  const { tableBase } = source;
  space.invoke = (place, ...args) => {
    const index = place - tableBase;
    if (index < 0 || index >= source.functions.length) return other(place, ...args);
    return low(
      interpreter.call(
        index,
        args.map((a) => BigInt(a >>> 0)),
      ),
    );
  };
  return new Map(entries.map((e) => [e.name, entry(space, interpreter, e)]));
}

const low = (value: bigint): number => Number(BigInt.asIntN(32, value));

/** Writes the context onto the stack and runs the program: the thunk of the translation. */
function entry(space: Space, interpreter: Interpreter, e: EntryPoint): Entry {
  const { i32, view } = space.memory;
  if (e.form === 'pointer')
    return (context) => low(interpreter.call(e.index, [BigInt((context ?? 0) >>> 0)]));
  const bytes = Math.ceil((e.parameters.length * 8) / 16) * 16;
  return (...args) => {
    const top = i32[SLOT.stack >> 2]!;
    const context = top - bytes;
    i32[SLOT.stack >> 2] = context;
    let next = 0;
    e.parameters.forEach((letter, i) => {
      const value = args[next++] ?? 0;
      const at = context + i * 8;
      view.setInt32(at, value, true);
      const extension = letter === 'i' && value < 0 ? -1 : 0;
      view.setInt32(at + 4, letter === 'l' ? (args[next++] ?? 0) : extension, true);
    });
    const result = low(interpreter.call(e.index, [BigInt(context)]));
    i32[SLOT.stack >> 2] = top;
    return result;
  };
}
