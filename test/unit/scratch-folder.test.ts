import { execaNode } from 'execa';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..', '..');
const bin = join(root, 'dist/cli/bin.js');
let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'scxts-interrupted-'));
  copyFileSync(join(root, 'examples/simple.ts'), join(dir, 'simple.ts'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const others = (): string[] => readdirSync(dir).filter((name) => name !== 'simple.ts');

/** Sends a signal as soon as the command has made a folder for what it works on. */
async function interrupted(
  command: 'build' | 'sim',
  signal: NodeJS.Signals,
): Promise<string | null> {
  const child = spawn(process.execPath, [bin, command, join(dir, 'simple.ts')], {
    stdio: 'ignore',
    env: { ...process.env, TMPDIR: dir },
  });
  const ended = once(child, 'exit') as Promise<[number | null, string | null]>;
  while (!others().some((name) => /scxts-/.test(name))) await sleep(10);
  child.kill(signal);
  return (await ended)[1];
}

describe('a command that is interrupted', () => {
  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    'by %s leaves nothing behind',
    async (signal) => {
      for (const command of ['build', 'sim'] as const) {
        expect(await interrupted(command, signal), command).toBe(signal);
        expect(others(), command).toEqual([]);
      }
    },
  );

  it('by SIGKILL leaves a folder that the next one removes, and no folder of others', async () => {
    await interrupted('build', 'SIGKILL');
    const [left] = others();
    expect(others()).toHaveLength(1);
    // As another machine's on a shared disk, one that is at work, and one that is nobody's.
    const theirs = [
      left!.replace(/-[0-9a-f]{8}-/, '-00000000-'),
      left!.replace(/-\d+-/, `-${process.pid}-`),
      '.scxts-mine',
    ];
    for (const name of theirs) mkdirSync(join(dir, name));
    const { exitCode } = await execaNode(bin, ['build', join(dir, 'simple.ts')], { reject: false });
    expect(exitCode).toBe(0);
    expect(others().sort()).toEqual(
      [...theirs, 'simple.bpf.c', 'simple.bpf.o', 'simple.skel.ts'].sort(),
    );
  });
});
