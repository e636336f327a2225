// `SCX_C_DIR=DIR npm run bench:c [-- --kernel 6.12 --cpus 4 --only nest,pair --write]`: our schedulers against their C
// originals, loaded into the same kernel. docs/bench-c.md says what is measured and how.
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { runInVm } from '../../../dist/vm/index.js';
import { prepare } from './build.js';
import { findOriginals, HINT } from './originals.js';
import { document, report } from './report.js';

const root = join(import.meta.dirname, '..', '..', '..');
const ALL = 'simple,central,qmap,nest,pair,flatcg,userland,prev,sdt';
const { values } = parseArgs({
  options: {
    kernel: { type: 'string', default: '6.12' },
    cpus: { type: 'string', default: '4' },
    only: { type: 'string', default: ALL },
    /** How often each side runs under load, and for how long each time; 0: only what loading tells. */
    rounds: { type: 'string', default: '6' },
    ms: { type: 'string', default: '300' },
    /** Puts what was measured into docs/bench-c.md. */
    write: { type: 'boolean', default: false },
  },
});

function refuse(message: string): never {
  console.error(`bench:c: ${message}\n${HINT}`);
  process.exit(2);
}

const scxDir = process.env['SCX_C_DIR'];
if (!scxDir) refuse('SCX_C_DIR is not set');
if (!existsSync(scxDir)) refuse(`there is no folder ${scxDir}`);
const originals = findOriginals(scxDir);
const wanted = values.only.split(',');
const names = wanted.filter((name) => originals.has(name));
const missing = wanted.filter((name) => !originals.has(name));
if (names.length === 0)
  refuse(`no object of ${missing.join(', ')} below ${scxDir}; it is not built`);
for (const name of missing) console.error(`bench:c: no scx_${name}.bpf.o below ${scxDir}`);

const dir = mkdtempSync(join(tmpdir(), 'scxts-bench-c-'));
try {
  const compilers = await prepare(root, dir, names, originals);
  const guest = await runInVm({
    kernel: values.kernel,
    cpus: Number(values.cpus),
    cwd: root,
    files: [dir],
    timeoutSec: 3600,
    // Whether the host is busy is no matter then.
    icountShift: 3,
    // Loaded on the first CPU, where central's original must begin.
    command: ['taskset', '1', 'node', 'test/bench/c/guest.mjs', dir].concat(
      ...['--only', names.join(','), '--rounds', values.rounds, '--ms', values.ms],
    ),
  });
  if (guest.exitCode !== 0) throw new Error(`the guest failed:\n${guest.stderr}\n${guest.stdout}`);
  const text = report(guest, { compilers, missing });
  console.log(text);
  if (values.write) document(join(root, 'docs', 'bench-c.md'), guest.release, text);
} finally {
  rmSync(dir, { recursive: true });
}
