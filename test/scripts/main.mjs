// `npm run test:scripts [-- NAME...]`: starts, in a fresh clone of HEAD, every npm script that README.md names in a short form, and every
// command of the documents, as test/scripts/plan.mjs says. Needs root, and what .ci/packages installs. Takes some minutes.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { COMMANDS, SCRIPTS } from './plan.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const dir = mkdtempSync(join(tmpdir(), 'scxts-scripts-'));
const clone = join(dir, 'scxts');
const only = process.argv.slice(2);
const LIMIT_MS = 900_000;
/** Until a scheduler in the emulated guest is interrupted. */
const GUEST_SEC = 40;

let failed = 0;
function start(name, command, args, { env = {}, exits = 0, says = /(?:)/ } = {}) {
  const begin = performance.now();
  const { status, signal, stdout, stderr } = spawnSync(command, args, {
    cwd: clone,
    encoding: 'utf8',
    timeout: LIMIT_MS,
    maxBuffer: 1 << 27,
    env: { ...process.env, PATH: `${join(dir, 'bin')}:${process.env['PATH']}`, ...env },
  });
  const seconds = ((performance.now() - begin) / 1000).toFixed(0).padStart(4);
  // Where what it needs is here, it works.
  const ok = status === 0 || (status === exits && says.test(stdout + stderr));
  console.log(`scripts: ${ok ? 'ok    ' : 'FAILED'} ${seconds} s  ${name}`);
  if (ok) return;
  failed++;
  console.log(
    `exit code ${status ?? signal}\n${(stdout + stderr).trimEnd().split('\n').slice(-40).join('\n')}`,
  );
}

/** As a user's shell has it after `npm install -g`. */
function scxtsOnPath() {
  const bin = join(dir, 'bin');
  mkdirSync(bin);
  const text = `#!/bin/sh\nexec node '${join(clone, 'dist/cli/bin.js')}' "$@"\n`;
  writeFileSync(join(bin, 'scxts'), text, { mode: 0o755 });
}

/** One machine for all of them, since each boot takes seconds. */
function guestScript(commands) {
  const lines = commands.map((command) => {
    const own = command.replace(/^sudo /, '');
    return [
      `echo '== ${command.replaceAll("'", '"')}'`,
      `timeout -s INT ${GUEST_SEC} ${own} || { echo "exit code $?"; failed=1; }`,
      'for i in $(seq 50); do [ "$(cat /sys/kernel/sched_ext/state)" = disabled ] && break; sleep 0.2; done',
    ].join('\n');
  });
  return `failed=0\n${lines.join('\n')}\nexit $failed\n`;
}

function startCommands() {
  const entries = Object.entries(COMMANDS);
  for (const [command, { host }] of entries)
    if (host) start(command, 'sh', ['-c', host === true ? command : host]);
  const guest = entries.filter(([, how]) => how.guest).map(([command]) => command);
  // The guest has no compiler.
  const sources = new Set(
    guest.flatMap((c) => /examples\/([\w-]+?)(?:-run|-monitor)?\.ts/.exec(c)?.[1] ?? []),
  );
  for (const name of sources)
    start(`scxts build ${name}`, 'scxts', ['build', `examples/${name}.ts`]);
  writeFileSync(join(clone, 'commands.sh'), guestScript(guest));
  const vm = [
    'vm',
    '--kernel',
    '6.18',
    '--cpus',
    '4',
    '--timeout',
    '600',
    '--',
    'sh',
    'commands.sh',
  ];
  start(`in a virtual machine:\n  ${guest.join('\n  ')}`, 'scxts', vm);
}

try {
  const cloned = spawnSync('git', ['clone', '-q', '--no-hardlinks', root, clone], {
    stdio: 'inherit',
  });
  if (cloned.status !== 0) throw new Error('git clone failed');
  scxtsOnPath();
  mkdirSync(join(clone, '.cache'));
  for (const [name, { args = [], elsewhere, ...how }] of Object.entries(SCRIPTS)) {
    if (elsewhere || (only.length > 0 && !only.includes(name))) continue;
    start(name, 'npm', ['run', '--silent', name, ...(args.length > 0 ? ['--', ...args] : [])], how);
  }
  if (only.length === 0 || only.includes('commands')) startCommands();
  const changed = spawnSync('git', ['status', '--porcelain'], {
    cwd: clone,
    encoding: 'utf8',
  }).stdout;
  // What a short run measured is nothing to commit.
  if (/^ M docs\//m.test(changed)) {
    failed++;
    console.log(`scripts: FAILED: short runs wrote into the documents:\n${changed}`);
  }
} finally {
  rmSync(dir, { recursive: true, force: true });
}
if (failed > 0) console.log(`scripts: ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
