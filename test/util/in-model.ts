import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
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

/** A folder that stands for /sys of a modelled machine with these CPUs. */
export function modelledSysfs(cpus: number): string {
  const root = mkdtempSync(join(tmpdir(), 'scxts-sysfs-'));
  process.once('exit', () => rmSync(root, { recursive: true, force: true }));
  const folder = join(root, 'devices', 'system', 'cpu');
  mkdirSync(folder, { recursive: true });
  for (const which of ['possible', 'online', 'present'])
    writeFileSync(join(folder, which), cpus === 1 ? '0\n' : `0-${cpus - 1}\n`);
  return root;
}
