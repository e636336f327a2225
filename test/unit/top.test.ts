import { spawn } from 'node:child_process';
import { join } from 'node:path';
import xterm from '@xterm/headless';
import { describe, expect, it } from 'vitest';
import type { TraceEvent } from '../../cli/trace/event.js';
import { layout, sparkline, type Screen } from '../../cli/top/layout.js';
import { Live } from '../../cli/top/live.js';
import { chosen, type Snapshot, type TaskNow } from '../../cli/top/snapshot.js';
import { Kind } from '../../sim/view/events.js';

const { SWITCH, WAKEUP, INSERT } = Kind;
const root = join(import.meta.dirname, '..', '..');
const MS = 1_000_000;

const event = (
  at: number,
  kind: number,
  cpu: number,
  pid: number,
  more: Partial<TraceEvent> = {},
): TraceEvent => ({
  ...{ time: BigInt(at * MS), kind, cpu, pid, other: 0, state: 0, preempted: 0, comm: `t${pid}` },
  ...{ dsq: 0n, tgid: pid, ...more },
});
const facts = (more = {}) => ({
  ...{ scheduler: 'simple', kernel: '7.3', events: {}, dropped: 0, cost: 0.01, ...more },
});
const live = (events: TraceEvent[]): Live => {
  const made = new Live([0, 1], 0);
  for (const e of events) made.add(e);
  return made;
};

describe('what the events of a second come to', () => {
  it('is how busy each CPU was and who runs there, also while somebody does', () => {
    const { cpus, tasks, switches } = live([
      event(100, SWITCH, 0, 7),
      event(600, SWITCH, 0, 0, { other: 7, state: 1 }),
      event(900, SWITCH, 1, 8),
    ]).take(1000 * MS, facts());
    expect(cpus.map((c) => [c.id, c.busy, c.runs])).toEqual([
      [0, 0.5, ''],
      [1, 0.1, 't8'],
    ]);
    expect(tasks.map((t) => [t.pid, t.share])).toEqual([
      [7, 0.5],
      [8, 0.1],
    ]);
    expect(switches).toBe(3);
  });

  it('begins anew with each one, and what runs goes on', () => {
    const made = live([event(100, SWITCH, 0, 7)]);
    expect(made.take(1000 * MS, facts()).cpus[0]!.busy).toBeCloseTo(0.9);
    made.add(event(1500, SWITCH, 0, 0, { other: 7, state: 1 }));
    const second = made.take(2000 * MS, facts());
    expect(second.cpus[0]!.busy).toBeCloseTo(0.5);
    expect(second.cpus[0]!.history.map((b) => Math.round(b * 10))).toEqual([9, 5]);
    expect(second.tasks.map((t) => [t.pid, t.share])).toEqual([[7, 0.5]]);
  });

  it('is how long tasks waited, from being woken and from losing their CPU, and who waits now', () => {
    const { tasks, cpus } = live([
      event(10, WAKEUP, 1, 7, { state: 0 }),
      event(30, SWITCH, 0, 7),
      event(40, SWITCH, 0, 8, { other: 7, preempted: 1 }),
      event(90, SWITCH, 0, 7, { other: 8, state: 0 }),
    ]).take(100 * MS, facts());
    const of = (pid: number): TaskNow => tasks.find((t) => t.pid === pid)!;
    expect(of(7)).toMatchObject({ waits: 2, waiting: 0 });
    expect(of(7).p99).toBe(50 * MS);
    expect(of(8)).toMatchObject({ waits: 0, waiting: 10 * MS });
    expect(cpus[0]!.waiting).toBe(1);
  });

  it('is how many tasks each queue holds, whatever a local one is called', () => {
    const local = (1n << 63n) | 2n;
    const made = live([
      event(1, INSERT, 0, 7, { dsq: 5n, state: 0 }),
      event(2, INSERT, 0, 8, { dsq: 5n, state: 0 }),
      event(3, SWITCH, 0, 7),
      event(4, INSERT, 0, 9, { dsq: local, state: 0 }),
      event(5, WAKEUP, 0, 9, { state: 1 }),
    ]);
    expect(made.take(10 * MS, facts()).queues).toEqual([
      { name: 'DSQ 5', length: 1, most: 2 },
      { name: 'SCX_DSQ_LOCAL_ON | 0', length: 0, most: 1 },
      { name: 'SCX_DSQ_LOCAL_ON | 1', length: 1, most: 1 },
    ]);
  });

  it('forgets tasks that exited, and tells rates of kernel events', () => {
    const made = live([event(1, SWITCH, 0, 7), event(2, SWITCH, 0, 0, { other: 7, state: 0x80 })]);
    expect(made.take(1000 * MS, facts({ events: { SCX_EV_X: 5n } })).tasks).toEqual([]);
    const { events } = made.take(3000 * MS, facts({ events: { SCX_EV_X: 25n } }));
    expect(events).toEqual([{ name: 'SCX_EV_X', total: 25, rate: 10, rates: [0, 10] }]);
  });
});

const task = (pid: number, more: Partial<TaskNow> = {}): TaskNow => ({
  ...{ pid, name: `task${pid}`, process: pid, share: 0, p50: 0, p99: 0, waits: 1, waiting: 0 },
  ...{ migrations: 0, ...more },
});
const snapshot: Snapshot = {
  ...{
    scheduler: 'simple',
    kernel: '7.3',
    span: 1e9,
    switches: 10,
    wakeups: 5,
    dropped: 0,
    cost: 0.01,
  },
  cpus: Array.from({ length: 64 }, (_, id) => ({
    ...{ id, busy: id / 64, runs: 'x'.repeat(40), waiting: id, history: [0, 0.5, 1] },
  })),
  tasks: Array.from({ length: 300 }, (_, i) => task(i + 1, { share: i / 300 })),
  queues: [{ name: 'DSQ 0', length: 3, most: 9 }],
  events: [{ name: 'SCX_EV_X', total: 5, rate: 1, rates: [0, 1] }],
};
const screen = (more: Partial<Screen> = {}): Screen => ({
  ...{ width: 100, height: 40, sort: 'share', filter: '', typing: false, paused: false, scroll: 0 },
  ...more,
});
const text = (of: Screen): string[] =>
  layout(snapshot, of).map((row) => row.map(([piece]) => piece).join(''));

describe('the screen', () => {
  it.each([
    [200, 60],
    [100, 40],
    [80, 24],
    [40, 10],
    [20, 6],
  ])('of %d columns and %d rows is filled and never overrun', (width, height) => {
    const rows = text(screen({ width, height }));
    expect(rows).toHaveLength(height);
    for (const row of rows) expect(row.length).toBeLessThanOrEqual(width);
    expect(rows[0]).toContain('simple');
    expect(rows.at(-1)).toContain('q quit');
  });

  it('sorts, filters and scrolls tasks', () => {
    const shown = (of: Partial<Screen>): string[] =>
      text(screen(of)).filter((row) => /^\s+\d+ task/.test(row));
    expect(shown({})[0]).toContain('task300');
    expect(shown({ scroll: 10 })[0]).toContain('task290');
    expect(shown({ scroll: 10_000 }).at(-1)).toContain('task1 ');
    expect(shown({ filter: 'TASK77' })).toHaveLength(1);
    expect(shown({ sort: 'name' })[0]).toContain('task1 ');
    expect(chosen([task(1, { p99: 1 }), task(2, { p99: 9 })], 'p99', '').map((t) => t.pid)).toEqual(
      [2, 1],
    );
  });

  it('draws bars of what was lately', () => {
    expect(sparkline([0, 0.5, 1], 5, 1)).toBe('   ▄█');
    expect(sparkline([], 3)).toBe('   ');
    expect(sparkline([4, 2], 1)).toBe('█');
  });
});

const isRoot = process.getuid?.() === 0;

describe('scxts top in a terminal', () => {
  it.skipIf(!isRoot)(
    'shows this machine, takes keys, follows the size, and leaves the terminal as it was',
    async () => {
      const terminal = new xterm.Terminal({ cols: 110, rows: 32, allowProposedApi: true });
      const child = spawn(
        'script',
        [
          '-qfc',
          'stty rows 32 cols 110; (sleep 5; stty rows 20 cols 90 </dev/tty) & exec node dist/cli/bin.js top --interval 300ms',
          '/dev/null',
        ],
        { cwd: root, env: { ...process.env, TERM: 'xterm-256color' } },
      );
      child.stdout.on('data', (bytes: Uint8Array) => terminal.write(bytes));
      const rows = (): string[] =>
        Array.from(
          { length: terminal.rows },
          (_, i) => terminal.buffer.active.getLine(i)?.translateToString(true) ?? '',
        );
      const until = (pattern: RegExp) =>
        expect.poll(() => rows().join('\n'), { timeout: 20_000, interval: 100 }).toMatch(pattern);
      await until(/CPU 0 .*%/);
      expect(terminal.buffer.active.type).toBe('alternate');
      await until(/▼SHARE/);
      await until(/node\s+\d/);
      child.stdin.write('s');
      await until(/▼p99/);
      child.stdin.write('/');
      child.stdin.write('no such task');
      await until(/filter: no such task_/);
      child.stdin.write('\r');
      await until(/q quit .*filter: no such task/);
      expect(rows().filter((row) => /^\s+\d+ node/.test(row))).toEqual([]);
      // The terminal gets smaller: what is drawn does as well.
      await expect.poll(() => rows()[19], { timeout: 20_000, interval: 100 }).toMatch(/q quit/);
      child.stdin.write('q');
      const code = await new Promise((resolve) => child.on('close', resolve));
      expect(code).toBe(0);
      await expect.poll(() => terminal.buffer.active.type).toBe('normal');
    },
    60_000,
  );

  it.each([
    [['top'], /standard output is no terminal[^]*scxts top --json/],
    [['top', '--interval', '1ms', '--json'], /--interval is at least 200ms/],
    [['top', '--web', '99999'], /--web takes a port from 1 to 65535/],
    [['top', '--json', '--count', 'x'], /--count takes a number/],
  ])('%j says what to do', async (args, says) => {
    const child = spawn('node', ['dist/cli/bin.js', ...args], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let told = '';
    child.stderr.on('data', (bytes) => (told += String(bytes)));
    expect(await new Promise((resolve) => child.on('close', resolve))).toBe(1);
    expect(told).toMatch(says);
  });
});
