import { execaSync } from 'execa';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { builtBeside } from '../util/built-object.js';
import { findTool } from '../../codegen/toolchain/clang.js';
import { runInVm } from '../../vm/index.js';
import { reportsOf, type Report } from './reports.js';

const root = join(import.meta.dirname, '..', '..');
const here = 'test/vm/runtime';

interface Ended {
  code: number | null;
  signal: string | null;
  stdout: string;
  stderr: string;
}

function compile(source: string, object: string): void {
  const clang = findTool('clang');
  if (!clang) throw new Error('these tests need clang');
  execaSync(
    clang,
    [
      ...['-target', 'bpf', '-mcpu=v3', '-O2', '-g', '-Wall', '-Werror', '-c'],
      `-I/usr/include/${process.arch === 'arm64' ? 'aarch64' : 'x86_64'}-linux-gnu`,
      ...[source, '-o', object],
    ],
    { cwd: root },
  );
}

beforeAll(async () => {
  await builtBeside(join(root, 'examples', 'simple.ts'));
  const ends = join(root, 'test/vm/schedulers/ends.ts');
  await builtBeside(ends);
  compile('test/unit/runtime/objects/every.c', `${here}/every.bpf.o`);
  compile(`${here}/refused.c`, `${here}/refused.bpf.o`);
});

/** Boots once, and gives what the scenarios of guest.mjs said. */
function boot(...scenarios: string[]): <T>(name: string) => T {
  let report: Report | undefined;
  beforeAll(async () => {
    const result = await runInVm({
      kernel: '6.18',
      cpus: 2,
      timeoutSec: 230,
      cwd: root,
      command: ['node', `${here}/guest.mjs`, ...scenarios],
    });
    report = reportsOf(result);
  });
  return <T>(name: string): T => {
    if (!report) throw new Error('the machine has not run');
    return report<T>(name);
  };
}

describe('whatever happens, the kernel is back on its own scheduler', () => {
  const report = boot('hotplug', 'halves', 'race', 'killed');
  // A machine of its own: after its CPU 1 has come and gone, 6.18 in emulation stood still in the next scenario.
  const ended = boot('ends');

  it('one that ends at once is told of by its link, wherever it ended', () => {
    interface End {
      kindName: string;
      code: string;
      message: string;
      error: boolean;
      attached: boolean;
      exit: string;
    }
    interface Ends {
      out: End[];
      run: string;
      started: string[];
      seqs: string[];
      asOpened: object;
      unwatched: object;
      tooLong: object;
      after: string;
    }
    const { out, run, started, seqs, asOpened, unwatched, tooLong, after } = ended<Ends>('ends');
    for (const [where, end] of out.slice(0, 5).entries())
      expect(end).toMatchObject({
        ...{ kindName: 'SCX_EXIT_UNREG_BPF', exit: 'SCX_EXIT_UNREG_BPF', code: '7' },
        ...{ message: `at ${where}`, error: false, attached: false },
      });
    expect(out.slice(5).map((e) => [e.error, e.attached])).toEqual([
      [true, false],
      [true, false],
    ]);
    expect(out[5]!.message).toBe('no');
    // One that never ran has no half beside it; its end is told.
    expect([run, started]).toEqual(['at 4', ['SCX_EXIT_UNREG_BPF']]);
    expect(Number(seqs[0])).toBeGreaterThan(0);
    expect(seqs[1]).toBe('0');
    expect(asOpened).toEqual({ attached: false, kind: 'SCX_EXIT_UNREG_KERN', restart: true });
    expect(unwatched).toEqual({ attached: true, kind: 'SCX_EXIT_UNREG', restart: false });
    expect(tooLong).toMatchObject({
      code: 'ERR_VALUE',
      message: 'ops.timeout_ms is 30001; the kernel takes at most 30000',
    });
    expect(after).toBe('disabled');
  });

  it('CPUs that come and go under load have it loaded again, and no task stands still', () => {
    interface Hotplug {
      starts: { restarts: number; name: string }[];
      ends: { kind: string; restart: boolean; message: string }[];
      running: boolean;
      last: string;
      after: string;
      progress: number[];
    }
    const { starts, ends, running, last, after, progress } = report<Hotplug>('hotplug');
    expect(starts.map((s) => s.restarts)).toEqual([0, 1, 2]);
    expect(ends.map((e) => [e.kind, e.restart])).toEqual([
      ['SCX_EXIT_UNREG_KERN', true],
      ['SCX_EXIT_UNREG_KERN', true],
      ['SCX_EXIT_UNREG', false],
    ]);
    expect(ends[0]!.message).toMatch(/cpu 1 going offline/);
    expect(ends[1]!.message).toMatch(/cpu 1 going online/);
    expect(running).toBe(true);
    expect([last, after]).toEqual(['SCX_EXIT_UNREG', 'disabled']);
    expect(progress).toHaveLength(7);
    for (const n of progress) expect(n).toBeGreaterThan(0);
  });

  it('a user-space half that throws or hangs ends the command, and says so', () => {
    interface Halves {
      failed: Ended;
      afterFailed: string;
      hung: Ended;
      afterHung: boolean;
    }
    const { failed, afterFailed, hung, afterHung } = report<Halves>('halves');
    expect(failed.code).toBe(1);
    expect(failed.stderr).toMatch(
      /the user-space half failed: Error: the half is broken\n.*half-throws/,
    );
    expect(afterFailed).toBe('disabled');
    expect(hung.signal).toBe('SIGKILL');
    expect(hung.stderr).toMatch(/half-hangs\.mjs\) did not return for 2 s; the process is ended/);
    expect(afterHung).toBe(true);
  });

  it('of two processes that attach at the same moment one gets it, the other ERR_BUSY', () => {
    interface Race {
      rounds: { met: boolean; tried: boolean; results: string[] }[];
      after: string;
    }
    const { rounds, after } = report<Race>('race');
    expect(rounds).toHaveLength(3);
    for (const round of rounds)
      expect(round).toEqual({
        ...{ met: true, tried: true },
        results: ['ready ERR_BUSY', 'ready attached SCX_EXIT_UNREG'],
      });
    expect(after).toBe('disabled');
  });

  it('SIGKILL in any phase', () => {
    interface Killed {
      out: { phase: string; signal: string; back: boolean }[];
      works: string;
      after: string;
    }
    const { out, works, after } = report<Killed>('killed');
    expect([...new Set(out.map((o) => o.phase))]).toEqual([
      ...['opened', 'loading', 'loaded', 'attaching', 'attached', 'detaching'],
    ]);
    for (const one of out) expect(one).toMatchObject({ signal: 'SIGKILL', back: true });
    expect([works, after]).toEqual(['enabled', 'disabled']);
  });
});

describe('the commands, with a real scheduler', () => {
  const report = boot('refused', 'commands', 'stubborn', 'cookies', 'endings');

  it('load: a refused object is explained, and the whole log is in a file', () => {
    interface Refused {
      code: number;
      stderr: string;
      log: string;
      after: string;
    }
    const { code, stderr, log, after } = report<Refused>('refused');
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /the verifier rejected 'refused_enqueue' at refused\.c:\d+\n> \d+ \| \*value \+= 1;/,
    );
    expect(stderr).toMatch(/the full log .* is in test\/vm\/runtime\/refused\.verifier\.log\n$/);
    expect(log).toMatch(
      /BEGIN PROG LOAD LOG[^]*R0 invalid mem access[^]*processed \d+ insns[^]*END PROG/,
    );
    expect(after).toBe('disabled');
  });

  it('load --with --json --restart --metrics, status and stop', () => {
    interface Commands {
      before: string;
      status: {
        state: string;
        ops: string;
        events: object;
        schedulers: { map: string; processes: { pid: number }[] }[];
        missing: string[];
      };
      text: string;
      metrics: string;
      pid: number;
      stop: Ended;
      load: Ended;
      again: Ended;
      after: string;
    }
    const r = report<Commands>('commands');
    expect(r.before).toMatch(/^state +disabled/);
    expect(r.status).toMatchObject({ state: 'enabled', ops: 'simple', missing: [] });
    expect(Object.keys(r.status.events)).toContain('SCX_EV_DISPATCH_KEEP_LAST');
    expect(r.status.schedulers).toMatchObject([{ map: 'simple_ops', processes: [{ pid: r.pid }] }]);
    expect(r.text).toMatch(
      /^state +enabled\nscheduler +simple\nprocess +\d+ +node dist\/cli\/bin\.js load/,
    );
    expect(r.metrics).toMatch(
      /scxts_counter_total\{scheduler="simple",counter="nr_shared"\} [1-9]/,
    );
    expect(r.metrics).toMatch(/sched_ext_enabled\{scheduler="simple"\} 1\n/);
    expect(r.metrics).toMatch(/sched_ext_event_total\{event="SCX_EV_\w+"\} \d/);
    const lines = r.load.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { type: string });
    const of = (type: string) => lines.filter((l) => l.type === type);
    expect(of('half')[0]).toMatchObject({ restarts: 0, attached: true });
    expect(of('counters')[0]).toMatchObject({ scheduler: 'simple' });
    expect(of('exit')).toMatchObject([{ kindName: 'SCX_EXIT_UNREG', error: false }]);
    expect(r.load.code).toBe(0);
    expect(r.stop).toMatchObject({ code: 0, stderr: 'simple has detached\n' });
    expect(r.again).toMatchObject({ code: 0, stderr: 'no scheduler runs\n' });
    expect(r.after).toBe('disabled');
  });

  it('stop: of a process that does not listen, only with --force', () => {
    interface Stubborn {
      polite: Ended;
      between: string;
      forced: Ended;
      signal: string;
      after: string;
    }
    const { polite, between, forced, signal, after } = report<Stubborn>('stubborn');
    expect(polite.code).toBe(1);
    expect(polite.stderr).toMatch(/did not detach within 1 s\n +hint: scxts stop --force/);
    expect([between, signal, after]).toEqual(['enabled', 'SIGKILL', 'disabled']);
    expect(forced).toMatchObject({ code: 0, stderr: 'simple was killed\n' });
  });

  it('load: what ends it, with which exit code, and what does not', () => {
    interface Endings {
      timer: Ended;
      afterTimer: string;
      closed: Ended & { state: string };
      attached: boolean;
      still: string;
      full: Ended;
      after: string;
    }
    const r = report<Endings>('endings');
    expect(r.timer.code).toBe(1);
    expect(r.timer.stderr).toMatch(
      /error: an error that nobody caught: Error: a timer is broken\n +at .*half-timer\.mjs/,
    );
    expect(r.timer.stderr).toMatch(/simple ended: /);
    expect(r.closed).toMatchObject({ code: 141, state: 'disabled' });
    expect(r.closed.stderr).toMatch(/standard output was closed: the scheduler is detached\n$/);
    expect([r.attached, r.still, r.after]).toEqual([true, 'enabled', 'disabled']);
    expect(r.full.code).toBe(0);
    expect(r.full.stderr).toMatch(/^warning: standard output cannot be written: no space is left/);
    expect(r.full.stderr.match(/cannot be written/g)).toHaveLength(1);
    expect([r.afterTimer, r.after]).toEqual(['disabled', 'disabled']);
  });

  it('kprobes, tracepoints and tp_btf run with the cookies they were attached with', () => {
    interface Cookies {
      got: string[];
      calls: string[];
      links: number[];
      quiet: boolean;
    }
    const { got, calls, links, quiet } = report<Cookies>('cookies');
    // By the place in every.c: on_switch, on_kprobe, on_tp, (on_sample), on_rmdir.
    expect([got[1], got[2], got[4], got[0]]).toEqual(['100', '101', '102', '103']);
    for (const i of [0, 1, 2, 4]) expect(Number(calls[i])).toBeGreaterThan(0);
    expect(links).toEqual([1, 1, 1, 1]);
    expect(quiet).toBe(true);
  });
});
