// `npm run test:hostile [-- OBJECT...]`: opens damaged copies of real objects, one for each byte: cut off there, zeroed from there on,
// and with that byte inverted. Each must open or be refused with an error of the runtime's own; a crash ends this process.
// The test suite does a part of this, native/fuzz/run goes on from there. Needs clang.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildFile } from '../../dist/codegen/index.js';
import { findTool } from '../../dist/codegen/toolchain/clang.js';
import { openObject, ScxtsError } from '../../dist/native/runtime/index.js';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const dir = mkdtempSync(join(tmpdir(), 'scxts-hostile-'));
/** Bytes from one damage to the next. */
const STEP = process.env['SCXTS_SHORT'] === '1' ? 97 : 1;
const REFUSED = new Set(['ERR_OPEN', 'ERR_NO_BTF', 'ERR_BTF']);

function compiled(name) {
  const include = `/usr/include/${process.arch === 'arm64' ? 'aarch64' : 'x86_64'}-linux-gnu`;
  const out = join(dir, `${name}.bpf.o`);
  const source = join(root, 'test/unit/runtime/objects', `${name}.c`);
  const args = ['-target', 'bpf', '-mcpu=v3', '-O2', '-g', '-c', `-I${include}`, source, '-o', out];
  execFileSync(findTool('clang'), args);
  return out;
}

async function objects() {
  const given = process.argv.slice(2);
  if (given.length > 0) return given;
  const { objectPath } = await buildFile(join(root, 'examples/simple.ts'), { outDir: dir });
  return [objectPath, compiled('congestion'), compiled('every')];
}

/** Opens it and looks at everything that opening shows: the code of the refusal, or 'opened'. */
function outcome(bytes) {
  try {
    const opened = openObject(bytes);
    try {
      for (const part of [opened.globals, opened.config, opened.ops])
        for (const name of Object.keys(part)) void part[name];
    } finally {
      opened[Symbol.dispose]();
    }
    return 'opened';
  } catch (error) {
    if (error instanceof ScxtsError && REFUSED.has(error.code)) return error.code;
    throw error;
  }
}

const DAMAGES = {
  'cut off': (bytes, at) => bytes.subarray(0, at),
  'zeroed from there': (bytes, at) => {
    const copy = Buffer.from(bytes);
    copy.fill(0, at);
    return copy;
  },
  inverted: (bytes, at) => {
    const copy = Buffer.from(bytes);
    copy[at] ^= 0xff;
    return copy;
  },
};

for (const path of await objects()) {
  const whole = readFileSync(path);
  if (outcome(whole) !== 'opened') throw new Error(`${path} is damaged already`);
  for (const [name, damage] of Object.entries(DAMAGES)) {
    const counts = {};
    for (let at = 0; at < whole.length; at += STEP) {
      let how;
      try {
        how = outcome(damage(whole, at));
      } catch (error) {
        throw new Error(`${path}, ${name} at ${at}`, { cause: error });
      }
      counts[how] = (counts[how] ?? 0) + 1;
    }
    if (name === 'cut off' && counts.opened)
      throw new Error(`${path}: ${counts.opened} of its beginnings were opened`);
    console.log(`${basename(path)} (${whole.length} bytes), ${name}: ${JSON.stringify(counts)}`);
  }
}
rmSync(dir, { recursive: true });
