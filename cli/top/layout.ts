import { shortTime } from '../../sim/view/names.js';
import { chosen, type Snapshot, type SortKey } from './snapshot.js';

export type Colour = 'plain' | 'faint' | 'bold' | 'low' | 'middle' | 'high' | 'head';
export type Piece = readonly [text: string, colour: Colour];
export type Row = readonly Piece[];

export interface Screen {
  width: number;
  height: number;
  sort: SortKey;
  filter: string;
  /** A filter is being typed. */
  typing: boolean;
  paused: boolean;
  scroll: number;
}

const BARS = ' ▁▂▃▄▅▆▇█';
const CPU_WIDTH = 44;
const MOST_QUEUES = 6;
const MOST_EVENTS = 6;

/** Values as little bars; the largest is full. */
export function sparkline(values: readonly number[], width: number, most?: number): string {
  const shown = values.slice(-width);
  const full = most ?? Math.max(...shown, 0);
  const bars = shown.map((v) =>
    full > 0 && v > 0 ? BARS[Math.max(1, Math.min(8, Math.round((v / full) * 8)))]! : ' ',
  );
  return bars.join('').padStart(width);
}

const percent = (part: number): string => `${(part * 100).toFixed(part < 0.0995 ? 1 : 0)}%`;
const heat = (part: number): Colour => (part > 0.9 ? 'high' : part > 0.5 ? 'middle' : 'low');
const cut = (text: string, width: number): string =>
  text.length > width ? `${text.slice(0, Math.max(0, width - 1))}…` : text.padEnd(width);

/** The whole screen, row by row: at most as many as it has, none wider than it is. */
export function layout(snapshot: Snapshot, screen: Screen): Row[] {
  const { width, height } = screen;
  const rows: Row[] = [...heading(snapshot, screen), ...cpuRows(snapshot, screen)];
  rows.push(...queueRows(snapshot, screen), ...eventRows(snapshot, screen));
  rows.push(...taskRows(snapshot, screen, Math.max(0, height - rows.length - 1)));
  const body = rows.slice(0, height - 1);
  while (body.length < height - 1) body.push([]);
  body.push(footer(snapshot, screen));
  return body.map((row) => clipped(row, width));
}

function clipped(row: Row, width: number): Row {
  const out: Piece[] = [];
  let left = width;
  for (const [text, colour] of row) {
    if (left <= 0) break;
    out.push([text.slice(0, left), colour]);
    left -= text.length;
  }
  return out;
}

function heading(s: Snapshot, { paused }: Screen): Row[] {
  const busy = s.cpus.reduce((n, c) => n + c.busy, 0) / Math.max(1, s.cpus.length);
  return [
    [
      [s.scheduler, 'bold'],
      [`  Linux ${s.kernel}  `, 'faint'],
      [`${s.cpus.length} CPUs ${percent(busy)} busy  `, 'plain'],
      [`${Math.round(s.switches)} switches/s  ${Math.round(s.wakeups)} wake-ups/s  `, 'plain'],
      ...(paused ? ([['  PAUSED', 'middle']] as const) : []),
      ...(s.dropped > 0 ? ([[`  ${s.dropped} events lost`, 'high']] as const) : []),
    ],
  ];
}

/** As many beside each other as there is room for. */
function cpuRows(s: Snapshot, { width, height }: Screen): Row[] {
  const columns = Math.max(1, Math.floor(width / CPU_WIDTH));
  const most = Math.max(1, Math.floor(height / 3));
  const count = Math.min(most, Math.ceil(s.cpus.length / columns));
  const rows: Row[] = [];
  for (let r = 0; r < count; r++)
    rows.push(
      s.cpus
        .filter((_, i) => i % count === r)
        .slice(0, columns)
        .flatMap(({ id, busy, runs, waiting, history }): Piece[] => [
          [`CPU ${String(id).padEnd(3)} `, 'plain'],
          [sparkline(history, 8, 1), heat(busy)],
          [` ${percent(busy).padStart(5)} `, heat(busy)],
          [waiting > 0 ? `+${String(waiting).padEnd(3)}` : '    ', waiting > 1 ? 'high' : 'plain'],
          [cut(runs || 'idle', CPU_WIDTH - 28), runs ? 'plain' : 'faint'],
          ['   ', 'plain'],
        ]),
    );
  const hidden = s.cpus.length - count * columns;
  if (hidden > 0) rows.push([[`and ${hidden} more CPUs: make the terminal larger`, 'faint']]);
  return rows;
}

function queueRows({ queues }: Snapshot, { width }: Screen): Row[] {
  const used = queues.filter((q) => q.most > 0).sort((a, b) => b.most - a.most);
  if (used.length === 0) return [];
  const rows = used.slice(0, MOST_QUEUES).map(({ name, length, most }): Row => [
    [cut(name, Math.min(28, width - 20)), 'plain'],
    [String(length).padStart(5), length > 0 ? 'bold' : 'faint'],
    [`  at most ${most}`, 'faint'],
  ]);
  return [[[cut('QUEUE', Math.min(28, width - 20)) + 'TASKS', 'head']], ...rows];
}

function eventRows({ events }: Snapshot, { width }: Screen): Row[] {
  const used = events
    .filter((e) => e.total > 0)
    .sort((a, b) => b.rate - a.rate || b.total - a.total)
    .slice(0, MOST_EVENTS);
  if (used.length === 0) return [];
  const name = Math.min(34, Math.max(12, width - 44));
  const rows = used.map((e): Row => [
    [cut(e.name, name), 'plain'],
    [`${Math.round(e.rate)}/s`.padStart(9), e.rate > 0 ? 'bold' : 'faint'],
    [String(e.total).padStart(12), 'faint'],
    [` ${sparkline(e.rates, 20)}`, 'middle'],
  ]);
  return [[[`${cut('KERNEL EVENT', name)}     RATE       TOTAL`, 'head']], ...rows];
}

function taskRows(s: Snapshot, screen: Screen, room: number): Row[] {
  if (room < 2) return [];
  const { sort, filter, scroll, width } = screen;
  const tasks = chosen(s.tasks, sort, filter);
  const name = Math.max(8, Math.min(24, width - 58));
  const mark = (key: SortKey, text: string): string => (sort === key ? `▼${text}` : text);
  const head = `${'PID'.padStart(7)} ${cut(mark('name', 'TASK'), name)} ${mark('share', 'SHARE').padStart(7)} ${mark('p50', 'WAIT p50').padStart(10)} ${mark('p99', 'p99').padStart(9)} ${mark('waiting', 'NOW').padStart(9)} ${'MIGR/s'.padStart(7)}`;
  const first = Math.min(scroll, Math.max(0, tasks.length - (room - 1)));
  const rows = tasks.slice(first, first + room - 1).map((t): Row => [
    [`${String(t.pid).padStart(7)} `, 'faint'],
    [`${cut(t.name, name)} `, 'plain'],
    [percent(t.share).padStart(7), heat(t.share)],
    [` ${(t.waits ? shortTime(t.p50) : '').padStart(10)}`, 'plain'],
    [
      ` ${(t.waits ? shortTime(t.p99) : '').padStart(9)}`,
      t.p99 > 20e6 ? 'high' : t.p99 > 5e6 ? 'middle' : 'plain',
    ],
    [
      ` ${(t.waiting ? shortTime(t.waiting) : '').padStart(9)}`,
      t.waiting > 100e6 ? 'high' : 'faint',
    ],
    [` ${t.migrations.toFixed(0).padStart(7)}`, 'faint'],
  ]);
  return [[[head, 'head']], ...rows];
}

function footer({ cost }: Snapshot, { typing, filter, sort }: Screen): Row {
  if (typing) return [[`filter: ${filter}_  (Enter keeps it, Esc clears it)`, 'bold']];
  const kept = filter ? `  filter: ${filter}` : '';
  return [
    [
      `q quit  s sort (${sort})  / filter${kept}  ↑↓ scroll  space pause  costs ${percent(cost)}`,
      'faint',
    ],
  ];
}
