import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import type { Host } from '../../sim/calls/types.js';
import { createSpace } from '../../sim/engine/space.js';
import type { SpaceOptions } from '../../sim/engine/types.js';
import { openInSpace, type LoadedObject } from '../../sim/object/open.js';

/** A kernel around an object in which nothing happens by itself; time stands at a second. */
export function stillHost(printed: string[] = []): Host {
  return {
    ktime: () => 1e9,
    wallClock: () => 1.7e18,
    random: () => 4,
    printk: (text) => void printed.push(text),
    startTimer: () => undefined,
    cancelTimer: () => false,
    taskOfPid: () => 0,
    tasks: () => [],
    cgroupOfId: () => 0,
    childrenOf: () => [],
    parentOf: () => 0,
    cpumask: () => 0,
    nodeOf: () => 0,
    warn: (text) => void printed.push(text),
  };
}

export async function loadInModel(
  path: string,
  options: Partial<SpaceOptions> = {},
): Promise<LoadedObject> {
  const space = await createSpace({ kernel: '7.3', cpus: 4, ...options });
  space.context.current = space.memory.allocate(space.struct('task_struct').size, 'a task');
  return openInSpace(space, readFileSync(path), basename(path)).link(
    { functions: [] },
    stillHost(),
  );
}

/** As runOnHost(): calls the syscall program `run` once and gives `out`. */
export async function runInModel(
  path: string,
  options: Partial<SpaceOptions> = {},
): Promise<bigint[]> {
  const loaded = await loadInModel(path, options);
  const run = loaded.programs.get('run');
  const out = loaded.variable('out');
  if (!run || !out) throw new Error(`${path} has no syscall program 'run' or no global 'out'`);
  run.call(0);
  const { view } = loaded.space.memory;
  return Array.from({ length: out.size / 8 }, (_, i) =>
    view.getBigUint64(out.address + i * 8, true),
  );
}
