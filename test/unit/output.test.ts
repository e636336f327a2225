import { execa, execaNode } from 'execa';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { buildFile } from '../../codegen/index.js';
import { Staging } from '../../codegen/files/staging.js';
import { writeWhole } from '../../native/runtime/write-whole.js';
import { scratch } from '../util/scratch.js';

const root = join(import.meta.dirname, '..', '..');
const bin = join(root, 'dist', 'cli', 'bin.js');
const dir = scratch('output');
const source = join(dir, 'tiny.ts');
writeFileSync(
  source,
  "import { scheduler } from 'scxts';\nexport default scheduler({ name: 'tiny' });\n",
);
const NAMES = ['tiny.bpf.c', 'tiny.bpf.o', 'tiny.skel.ts'];

const scxts = (args: string[], options: object = {}) =>
  execaNode(bin, args, { reject: false, cwd: root, ...options });

/** A stack trace, or what Node says of an error that nobody caught. */
const TRACE = /\n\s+at |node:internal|Node\.js v\d/;

describe('what is built is written whole, or not at all', () => {
  it('nothing goes through links that lie there', async () => {
    const out = join(dir, 'links');
    mkdirSync(out);
    const precious = join(dir, 'precious');
    writeFileSync(precious, 'keep');
    for (const name of NAMES) {
      symlinkSync(precious, join(out, name));
      // As names of pending files were once made.
      for (let pid = process.pid - 50; pid < process.pid + 50; pid++)
        for (const end of ['', '.c']) symlinkSync(precious, join(out, `.${name}.${pid}.tmp${end}`));
    }
    expect((await buildFile(source, { outDir: out })).ok).toBe(true);
    expect(readFileSync(precious, 'utf8')).toBe('keep');
    expect(readFileSync(join(out, NAMES[2]!), 'utf8')).toMatch(/defineSkeleton/);
    expect(readdirSync(out).filter((n) => n.startsWith('.scxts-'))).toEqual([]);
  });

  it('one that cannot be replaced leaves the others as they were', async () => {
    const out = join(dir, 'blocked');
    mkdirSync(out);
    writeFileSync(join(out, NAMES[0]!), 'old');
    mkdirSync(join(out, NAMES[1]!));
    const result = await buildFile(source, { outDir: out });
    expect(result).toMatchObject({ ok: false, files: [] });
    expect(result.diagnostics).toMatchObject([{ code: 'SCX0006' }]);
    expect(result.diagnostics[0]!.message).toMatch(/cannot replace .*tiny\.bpf\.o: it is a folder/);
    expect(readFileSync(join(out, NAMES[0]!), 'utf8')).toBe('old');
    expect(readdirSync(out).sort()).toEqual(NAMES.slice(0, 2));
  });

  it('what was there comes back where the last one fails', () => {
    const out = join(dir, 'back');
    {
      using staging = new Staging(out);
      writeFileSync(staging.at('a'), 'new');
      writeFileSync(join(out, 'a'), 'old');
      expect(() => staging.place(['a', 'missing'])).toThrow(/ENOENT/);
    }
    expect(readFileSync(join(out, 'a'), 'utf8')).toBe('old');
    expect(readdirSync(out)).toEqual(['a']);
  });

  it('writeWhole() takes names of any length, and leaves nothing behind', () => {
    const out = join(dir, 'whole');
    mkdirSync(out);
    const name = 'x'.repeat(255);
    writeWhole(join(out, name), 'text', { durable: true });
    expect(readFileSync(join(out, name), 'utf8')).toBe('text');
    expect(() => writeWhole(join(out, 'y'.repeat(256)), 'text')).toThrow(/ENAMETOOLONG/);
    expect(readdirSync(out)).toEqual([name]);
  });
});

describe('places that cannot be written: an error with a remedy', () => {
  /** As a user who may read everything here and write nothing. */
  const asNobody = (args: string[], options: object = {}) =>
    execa(
      'setpriv',
      ['--reuid=65534', '--regid=65534', '--clear-groups', process.execPath, bin, ...args],
      {
        reject: false,
        cwd: '/',
        env: { HOME: '/nonexistent' },
        ...options,
      },
    );
  chmodSync(dir, 0o755);

  it.each<[string, () => Promise<{ exitCode?: number; stderr?: string }>, RegExp]>([
    [
      'build beside a source in a folder of somebody else',
      () => asNobody(['build', source]),
      /SCX0006: cannot write in the folder of .*no permission[^]*hint: .*--out-dir/,
    ],
    [
      'build into one',
      () => asNobody(['build', source, '--out-dir', dir]),
      /SCX0006: cannot .*no permission/,
    ],
    [
      'build into one to be made',
      () => asNobody(['build', source, '--out-dir', join(dir, 'new')]),
      /SCX0006: cannot make the folder .*new: no permission/,
    ],
    [
      'build into a file',
      () => scxts(['build', source, '--out-dir', source]),
      /SCX0006: cannot make the folder .*: it is there already|SCX0006: .*not a folder/,
    ],
    [
      'build below a file',
      () => scxts(['build', source, '--out-dir', join(source, 'x')]),
      /SCX0006: .*a file, not a folder/,
    ],
    [
      'build into /proc',
      () => scxts(['build', source, '--out-dir', '/proc/x']),
      /SCX0006: cannot make the folder/,
    ],
    [
      'init',
      () => asNobody(['init', join(dir, 'project')]),
      /error: cannot make the folder .*no permission\n {2}hint: /,
    ],
    [
      'types',
      () => asNobody(['types', '--out', dir]),
      /error: .*(no permission|may not be read)[^]*hint: /,
    ],
    ['check of a folder', () => scxts(['check', dir]), /SCX000\d/],
    ['load of a folder', () => scxts(['load', `${dir}/`]), /SCX000\d|error: /],
    ['run of a folder', () => scxts(['run', dir]), /error: /],
  ])('%s', async (_what, run, said) => {
    const { exitCode, stderr } = await run();
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(said);
    expect(stderr).not.toMatch(TRACE);
  });

  it('a working directory that was removed', async () => {
    const gone = join(dir, 'gone');
    mkdirSync(gone);
    for (const args of [
      ['check', source],
      ['build', 'tiny.ts'],
      ['status'],
      ['load', 'x.bpf.o'],
      ['init', 'x'],
      ['types'],
      ['doctor'],
      ['run', 'x.ts'],
      ['vm', '--', 'true'],
      ['trace'],
      ['stop'],
    ]) {
      mkdirSync(gone, { recursive: true });
      const { exitCode, stderr } = await execa(
        'sh',
        ['-c', 'rmdir "$PWD" && exec "$0" "$@"', process.execPath, bin, ...args],
        { reject: false, cwd: gone },
      );
      expect([args[0], exitCode]).toEqual([args[0], 1]);
      expect(stderr).toBe(
        'error: the working directory is gone\n  hint: somebody removed or renamed it: cd to a folder that is there',
      );
    }
    expect(existsSync(gone)).toBe(false);
  }, 60_000);

  it('a full file system', async () => {
    const full = join(dir, 'full');
    mkdirSync(full);
    await execa('mount', ['-t', 'tmpfs', '-o', 'size=4k,nr_inodes=3', 'none', full]);
    try {
      const { exitCode, stderr } = await scxts(['build', source, '--out-dir', full]);
      expect(exitCode).toBe(1);
      expect(stderr).not.toMatch(TRACE);
      expect(readdirSync(full)).toEqual([]);
    } finally {
      await execa('umount', [full]);
    }
  });
});

describe('standard output that nobody takes', () => {
  it('closed: as of a program that SIGPIPE ends, without a word', async () => {
    const { stdout, stderr } = await execa(
      'bash',
      [
        '-c',
        '"$0" "$@" | true; echo "${PIPESTATUS[0]}"',
        process.execPath,
        bin,
        'check',
        source,
        '--format',
        'json',
      ],
      { reject: false },
    );
    expect(stderr).toBe('');
    expect(['0', '141']).toContain(stdout);
  });

  it('full: an error', async () => {
    const { exitCode, stderr } = await execa(
      'bash',
      ['-c', '"$0" "$@" >/dev/full', process.execPath, bin, 'check', source],
      { reject: false },
    );
    expect(exitCode).toBe(1);
    expect(stderr).toBe(
      'error: cannot write to standard output: no space is left on the device\n  hint: make room there, or name another place',
    );
  });

  /** The output of a scheduler, without one: one line every 5 ms, until it is told to stop or 1.5 s are over. */
  const LOADER = `
    const { PatientOutput } = await import('${root}/dist/cli/load/output.js');
    const { watchStreams } = await import('${root}/dist/cli/streams.js');
    watchStreams();
    let ticks = 0, most = 0;
    const started = performance.now();
    const stop = new AbortController();
    const out = new PatientOutput(() => stop.abort());
    const ticker = setInterval(() => {
      ticks++;
      out.write('x'.repeat(20000) + '\\n');
      most = Math.max(most, process.stdout.writableLength);
      if (!stop.signal.aborted && performance.now() - started < 1500) return;
      clearInterval(ticker);
      process.stderr.write(JSON.stringify({ ticks, most, stopped: stop.signal.aborted }) + '\\n', () => process.exit(0));
    }, 5);`;
  const loader = async (shell: string) => {
    const { stderr } = await execa('bash', ['-c', shell, process.execPath, LOADER], {
      reject: false,
    });
    const lines = stderr.trim().split('\n');
    return {
      ...(JSON.parse(lines.at(-1)!) as { ticks: number; most: number; stopped: boolean }),
      said: lines.slice(0, -1),
    };
  };
  const RUN = '"$0" --input-type=module -e "$1"';

  it('of a scheduler: closed, it is asked to end', async () => {
    const { stopped, said } = await loader(`${RUN} | true`);
    expect(stopped).toBe(true);
    expect(said).toEqual(['standard output was closed: the scheduler is detached']);
  });

  it('of a scheduler: on a full disk, it goes on, and says so once', async () => {
    const { stopped, ticks, said } = await loader(`${RUN} >/dev/full`);
    expect(stopped).toBe(false);
    expect(ticks).toBeGreaterThan(50);
    expect(said[0]).toMatch(
      /^warning: standard output cannot be written: no space is left on the device/,
    );
    expect(said).toHaveLength(2);
  });

  it('of a scheduler: a reader that does not read holds nothing up, and little memory', async () => {
    const { stopped, ticks, most } = await loader(`${RUN} | sleep 3`);
    expect(stopped).toBe(false);
    expect(ticks).toBeGreaterThan(50);
    expect(most).toBeLessThan(1.2 * (1 << 20));
  });
});

it('an error that nobody caught is told, and the process lives on', async () => {
  const script = `
    const { onUncaught } = await import('${root}/dist/cli/load/uncaught.js');
    const seen = [];
    {
      using watch = onUncaught((e) => seen.push(e.message));
      setTimeout(() => { throw new Error('timer'); }, 1);
      void Promise.reject(new Error('promise'));
      await new Promise((r) => setTimeout(r, 30));
      console.log(JSON.stringify(seen.sort()));
    }
    setTimeout(() => { throw new Error('after'); }, 1);`
    .replace('using watch =', 'const watch =')
    .replace(
      'console.log(JSON.stringify(seen.sort()));',
      "console.log(JSON.stringify(seen.sort())); watch[Symbol.dispose ?? Symbol.for('x')]?.();",
    );
  const { stdout, exitCode } = await execa(
    process.execPath,
    ['--input-type=module', '-e', script],
    { reject: false },
  );
  expect(JSON.parse(stdout)).toEqual(['promise', 'timer']);
  expect(exitCode).toBe(1);
});
