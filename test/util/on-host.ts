import { openObject, type SyscallProgram } from '../../native/runtime/index.js';

/** Loads an object without its scheduler on this machine's kernel, calls its syscall program `run` once and gives `out`. */
export function runOnHost(objectPath: string): bigint[] {
  const loaded = openObject(objectPath).loadWithoutScheduler();
  try {
    const { run } = loaded.progs as Record<string, SyscallProgram>;
    if (!run) throw new Error(`${objectPath} has no syscall program 'run'`);
    run.run();
    const { out } = loaded.globals as { out?: (number | bigint)[] };
    if (!out) throw new Error(`${objectPath} has no global 'out'`);
    return [...out].map(BigInt);
  } finally {
    loaded[Symbol.dispose]();
  }
}
