import { execa } from 'execa';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { resolveKernel, runInVm, Vm, VmError } from '../../vm/index.js';
import { topologyCpus } from '../../vm/qemu/arguments.js';

const CLI = join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'dist', 'cli', 'bin.js');
const kernel = process.env['SCXTS_RUNNER_KERNEL'] || 'newest';

// Others may run machines here too: ours are told by a word of the kernel's command line and a TMPDIR.
const mark = `scxts_test=${randomUUID()}`;
const outerTmp = tmpdir();
const ownTmp = mkdtempSync(join(outerTmp, 'runner-test-'));
beforeAll(() => void (process.env['TMPDIR'] = ownTmp));
afterAll(() => {
  process.env['TMPDIR'] = outerTmp;
  rmSync(ownTmp, { recursive: true, force: true });
});

/** Machines of this test, and files that they left. */
async function leftovers(): Promise<string[]> {
  const { stdout } = await execa('ps', ['-eo', 'pid,args']);
  return [
    ...stdout.split('\n').filter((line) => line.includes('qemu-system') && line.includes(mark)),
    ...readdirSync(ownTmp),
  ];
}

describe('one machine, several commands', () => {
  let folder: string;
  let vm: Vm;
  beforeAll(async () => {
    folder = mkdtempSync(join(outerTmp, 'runner-test-'));
    writeFileSync(join(folder, 'given.txt'), 'from the host');
    vm = await Vm.boot({ kernel, cpus: 2, cwd: folder, env: { FOR_ALL: 'yes' } });
  });
  afterAll(async () => {
    await vm?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('has sched_ext, BTF and the file systems that schedulers need', async () => {
    const { stdout, exitCode } = await vm.run([
      'sh',
      '-c',
      'ls -d /sys/kernel/sched_ext /sys/kernel/btf/vmlinux; cat /proc/mounts',
    ]);
    expect(exitCode).toBe(0);
    for (const path of [
      '/sys/kernel/sched_ext',
      '/sys/kernel/btf/vmlinux',
      ' /sys/fs/bpf ',
      ' /sys/fs/cgroup cgroup2',
      ' /sys/kernel/tracing ',
    ]) {
      expect(stdout).toContain(path);
    }
  });

  it.each([0, 1, 7, 124, 255])('gives exit code %i', async (code) => {
    expect((await vm.run(['sh', '-c', `exit ${code}`])).exitCode).toBe(code);
  });

  it('gives 128 + n for a command that a signal ended, and 127 for one that is not there', async () => {
    expect((await vm.run(['sh', '-c', 'kill -TERM $$'])).exitCode).toBe(143);
    expect((await vm.run(['no-such-command'])).exitCode).toBe(127);
  });

  it('keeps stdout and stderr apart, and streams them as they come', async () => {
    const seen: { stream: string; text: string; at: number }[] = [];
    const note =
      (stream: string) =>
      (chunk: Buffer): void =>
        void seen.push({ stream, text: chunk.toString(), at: performance.now() });
    const { stdout, stderr } = await vm.run({
      command: ['sh', '-c', 'echo first; echo problem >&2; sleep 1; echo last'],
      onStdout: note('stdout'),
      onStderr: note('stderr'),
    });
    expect(stdout).toBe('first\nlast\n');
    expect(stderr).toBe('problem\n');
    const at = (text: string): number => seen.find((s) => s.text.includes(text))!.at;
    expect(at('last') - at('first')).toBeGreaterThan(500);
  });

  it('carries a lot of binary output unchanged, a long command and strange arguments', async () => {
    const { stdoutBytes } = await vm.run([
      'node',
      '-e',
      'process.stdout.write(Buffer.alloc(3 << 20, Buffer.from(Array.from({ length: 256 }, (_, i) => i))))',
    ]);
    expect(stdoutBytes.length).toBe(3 << 20);
    expect(stdoutBytes.every((byte, i) => byte === i % 256)).toBe(true);
    const strange = ["it's", '$HOME', 'two\nlines', '"q"', '', '*', '\\n', 'é'];
    const { stdout } = await vm.run([
      'node',
      '-p',
      'JSON.stringify(process.argv.slice(1))',
      '--',
      ...strange,
    ]);
    expect(JSON.parse(stdout)).toEqual(strange);
    const { stdout: long } = await vm.run(['sh', '-c', `printf %s ${'x'.repeat(100_000)} | wc -c`]);
    expect(long.trim()).toBe('100000');
  });

  it("starts in the caller's folder, with its files and the environment", async () => {
    const { stdout } = await vm.run({
      command: ['sh', '-c', 'pwd; cat given.txt; echo; echo $FOR_ALL $ONE'],
      env: { ONE: "a 'b'" },
    });
    expect(stdout).toBe(`${folder}\nfrom the host\nyes a 'b'\n`);
  });

  it('lets a command open /dev/stdout and /dev/stderr again, and is no terminal', async () => {
    const { stdout, stderr } = await vm.run([
      'sh',
      '-c',
      'echo a >/dev/stdout; echo b >/dev/stderr; [ -t 1 ] && echo tty; true',
    ]);
    expect([stdout, stderr]).toEqual(['a\n', 'b\n']);
  });

  it('hands signals on to the command and all that it started', async () => {
    const trapped = vm.run([
      'sh',
      '-c',
      "trap 'echo got INT; exit 5' INT; echo ready; while :; do sleep 0.1; done",
    ]);
    await sleep(1000);
    vm.kill('SIGINT');
    expect(await trapped).toMatchObject({ stdout: 'ready\ngot INT\n', exitCode: 5 });
    const plain = vm.run(['sh', '-c', 'sleep 100; echo no']);
    vm.kill('SIGTERM');
    expect(await plain).toMatchObject({ exitCode: 143, stdout: '' });
  });

  it('ends a command that takes too long, and goes on', async () => {
    const result = await vm.run({ command: ['sh', '-c', 'echo before; sleep 100'], timeoutSec: 1 });
    expect(result).toMatchObject({ timedOut: true, exitCode: 124, stdout: 'before\n' });
    expect((await vm.run(['echo', 'still here'])).stdout).toBe('still here\n');
  });

  it('keeps what a command leaves in the background', async () => {
    await vm.run(['sh', '-c', 'sleep 300 >/dev/null 2>&1 & echo $! >/tmp/background']);
    expect((await vm.run(['sh', '-c', 'kill $(cat /tmp/background)'])).exitCode).toBe(0);
  });

  it('has the command line and the load generator inside', async () => {
    expect((await vm.run(['scxts', '--version'])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
    const load = join(dirname(CLI), '..', 'vm', 'guest', 'load.js');
    const { stdout } = await vm.run([
      'node',
      load,
      '--busy',
      '2',
      '--sleepy',
      '1',
      '--pairs',
      '1',
      '--seconds',
      '2',
    ]);
    const tasks = JSON.parse(stdout) as { kind: string; progress: number }[];
    expect(tasks.map((t) => t.kind).sort()).toEqual(['busy', 'busy', 'pair', 'sleepy']);
    for (const task of tasks) expect(task.progress).toBeGreaterThan(0);
  });
});

describe('the end of a machine', () => {
  it('tells of a panic at once, with its reason and the last lines of the console', async () => {
    const begin = performance.now();
    const failure = await runInVm({
      kernel,
      timeoutSec: 100,
      kernelArgs: mark,
      command: ['sh', '-c', 'echo c > /proc/sysrq-trigger; sleep 100'],
    }).catch((e: unknown) => e);
    expect(failure).toBeInstanceOf(VmError);
    expect((failure as VmError).message).toMatch(/^the kernel panicked: .*sysrq triggered crash/i);
    expect((failure as VmError).message).toMatch(/Kernel panic - not syncing/);
    expect(performance.now() - begin).toBeLessThan(60_000);
    expect(await leftovers()).toEqual([]);
  });

  it('times out cleanly, and copies files back', async () => {
    const folder = mkdtempSync(join(outerTmp, 'runner-test-'));
    try {
      const saved = await runInVm({
        kernel,
        kernelArgs: mark,
        cwd: folder,
        save: ['out'],
        command: ['sh', '-c', 'mkdir out; echo hello > out/result; exit 3'],
      });
      expect(saved.exitCode).toBe(3);
      expect(readFileSync(join(folder, 'out', 'result'), 'utf8')).toBe('hello\n');
      const { exitCode, timedOut } = await runInVm({
        kernel,
        timeoutSec: Math.ceil(saved.bootMs / 1000) + 4,
        kernelArgs: mark,
        cwd: folder,
        command: ['sleep', '1000'],
      });
      expect({ exitCode, timedOut }).toEqual({ exitCode: 124, timedOut: true });
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
    expect(await leftovers()).toEqual([]);
  });

  it('leaves nothing when the command line is interrupted, during boot, run or by SIGKILL', async () => {
    const start = () =>
      execa(
        'node',
        [
          CLI,
          'vm',
          '--kernel',
          kernel,
          '--kernel-args',
          mark,
          '--',
          'sh',
          '-c',
          "trap 'echo bye; exit 9' INT; echo up; while :; do sleep 0.1; done",
        ],
        { reject: false, buffer: true },
      );

    const booting = start();
    await sleep(2500);
    booting.kill('SIGINT');
    expect((await booting).exitCode).toBe(130);
    expect(await leftovers()).toEqual([]);

    const running = start();
    await new Promise<void>((resolve) => running.stdout.once('data', () => resolve()));
    running.kill('SIGINT');
    expect(await running).toMatchObject({ exitCode: 9, stdout: 'up\nbye' });
    expect(await leftovers()).toEqual([]);

    const killed = start();
    await new Promise<void>((resolve) => killed.stdout.once('data', () => resolve()));
    killed.kill('SIGKILL');
    await killed;
    await sleep(500);
    expect(await leftovers()).toEqual([]);
  });
});

describe('the shape of a machine', () => {
  it.each([
    { topology: 'sockets=2,cores=2,threads=2', numaNodes: 2 },
    { topology: 'dies=2,cores=2' },
    { cpus: 5 },
  ])('%o comes up as it was asked for', async (shape) => {
    // Anything else is an error of boot.
    await using vm = await Vm.boot({ kernel, cwd: '/', ...shape });
    const { stdout } = await vm.run(['node', '-p', 'os.cpus().length']);
    expect(Number(stdout)).toBe(shape.cpus ?? topologyCpus(shape.topology!));
  });

  it('is an error where the kernel takes fewer CPUs', async () => {
    await expect(Vm.boot({ kernel: '6.12', cwd: '/', cpus: 65, memoryMb: 2048 })).rejects.toThrow(
      /^Linux 6\.12\S* came up with 64 CPUs instead of 65$/,
    );
  });
});

describe('two at once', () => {
  it('start from an empty cache, in one folder, and do not trip over each other', async () => {
    const dir = mkdtempSync(join(outerTmp, 'runner-test-'));
    const found = await resolveKernel(kernel);
    const start = (text: string) =>
      execa('node', [CLI, 'vm', '--kernel', found.path, '--', 'node', '-p', `'${text}'`], {
        reject: false,
        cwd: dir,
        env: { XDG_CACHE_HOME: join(dir, 'cache') },
      });
    try {
      const both = await Promise.all([start('one'), start('other')]);
      expect(both.map((r) => [r.exitCode, r.stdout, r.stderr])).toEqual([
        [0, 'one', ''],
        [0, 'other', ''],
      ]);
      const left = readdirSync(join(dir, 'cache', 'scxts')).filter((name) => /^tmp-/.test(name));
      expect(left).toEqual([]);
    } finally {
      rmSync(dir, { recursive: true, force: true });
    }
  });
});

describe('a node that does not start in the guest', () => {
  it('is told at once, with what it says', async () => {
    // One that looks for a module of its own, as Debian's does, and whose base has not been tried yet.
    const dir = mkdtempSync(join(outerTmp, 'runner-test-'));
    const here = join(dir, 'here.js');
    writeFileSync(here, '');
    const node = join(dir, 'node');
    const script = `#!/bin/sh\n[ -e '${here}' ] || { echo 'cannot find module' >&2; kill -ABRT $$; }\nexec '${process.execPath}' "$@"\n`;
    writeFileSync(node, script, { mode: 0o755 });
    const execPath = process.execPath;
    const cache = process.env['XDG_CACHE_HOME'];
    const found = await resolveKernel(kernel);
    process.env['XDG_CACHE_HOME'] = join(dir, 'cache');
    process.execPath = node;
    try {
      const begin = performance.now();
      await expect(Vm.boot({ kernel: found.path, cwd: '/' })).rejects.toThrow(
        /does not run in the virtual machine, exit code 134:\ncannot find module/,
      );
      expect(performance.now() - begin).toBeLessThan(60_000);
    } finally {
      process.execPath = execPath;
      if (cache === undefined) delete process.env['XDG_CACHE_HOME'];
      else process.env['XDG_CACHE_HOME'] = cache;
      rmSync(dir, { recursive: true, force: true });
    }
  });
});

describe('what cannot be', () => {
  it.each([
    [{ kernel: '5.4' }, /apt knows no Debian package of Linux 5\.4/],
    [{ kernel: 'banana' }, /there is no kernel 'banana'/],
    [{ kernel: './no-such-file' }, /there is no file/],
    [{ kernel: CLI }, /not a complete kernel image/],
    [{ memoryMb: 64 }, /64 MB of memory is too little/],
    [{ topology: 'sockets=2', cpus: 3 }, /has 2 CPUs, not 3/],
    [{ files: ['/no/such/file'], kernel }, /to copy into the virtual machine/],
  ])('%o is refused with a reason', async (options, message) => {
    await expect(Vm.boot(options)).rejects.toThrow(message);
  });
});
