// `npm run bench:start`: how long commands take from their start to their end, as ratios to `node -e 0` in the same run, best of some rounds
// in turns. Each has run before.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const bin = join(root, 'dist/cli/bin.js');
const simple = join(root, 'examples/simple.ts');
const dir = mkdtempSync(join(tmpdir(), 'scxts-start-'));
const rounds = process.env.SCXTS_SHORT ? 2 : 15;

/** What is aimed at, as ratios to the first. The help of a built object is printed when libbpf has opened it. */
const COMMANDS = {
  'node -e 0': { args: ['-e', '0'] },
  'scxts --help': { args: [bin, '--help'], aim: 1.4 },
  'scxts check simple.ts': { args: [bin, 'check', simple], aim: 6 },
  'scxts build simple.ts': { args: [bin, 'build', simple, '--out-dir', dir], aim: 9 },
  'scxts load simple.bpf.o --help': {
    args: [bin, 'load', join(dir, 'simple.bpf.o'), '--help'],
    aim: 3,
  },
};

function milliseconds(name, args) {
  const begin = performance.now();
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${name}: ${stderr}`);
  return performance.now() - begin;
}

try {
  const best = new Map(Object.keys(COMMANDS).map((name) => [name, Infinity]));
  for (let round = -1; round < rounds; round++)
    for (const [name, { args }] of Object.entries(COMMANDS)) {
      const took = milliseconds(name, args);
      if (round >= 0) best.set(name, Math.min(best.get(name), took));
    }
  const unit = best.get('node -e 0');
  console.log(`Node.js ${process.version}, best of ${rounds}`);
  for (const [name, { aim }] of Object.entries(COMMANDS)) {
    const ms = best.get(name);
    const ratio = (ms / unit).toFixed(2).padStart(6);
    console.log(
      `${name.padEnd(32)}${ms.toFixed(0).padStart(6)} ms${ratio}${aim ? `  (aim: ${aim})` : ''}`,
    );
  }
} finally {
  rmSync(dir, { recursive: true, force: true });
}
