// Who ran where, and who waited: the picture of a chapter's run.
import type { Run } from '../../sim/index.js';
import { viewOf } from '../../sim/view/build.js';
import type { View } from '../../sim/view/view.js';
import { box, COLOURS, label, picture } from './svg.js';

const WIDTH = 760;
const LEFT = 84;
const BAR = 16;
const ROW = 22;
const MOST_TASKS = 14;

export interface Shown {
  /** ms of the run. */
  from: number;
  to: number;
  /** Draws itself from left to right, again and again. */
  moving?: boolean;
}

/** Busy time of each CPU, and of each group on each CPU, in percent of what is shown. */
export type Facts = Readonly<Record<string, number>>;

interface Part {
  start: number;
  end: number;
}

/** Times are µs. */
interface Slice extends Part {
  cpu: number;
  pid: number;
  /** Time that it waited before. */
  waited: number;
}

function slicesOf({ slices, waits, tasks, cpus }: View): Slice[] {
  return Array.from({ length: slices.length }, (_, i) => {
    const wait = slices.wait[i]!;
    const since = wait >= 0 ? waits.start[wait]! : slices.start[i]!;
    return {
      ...{ cpu: cpus[slices.cpu[i]!]!.id, pid: tasks[slices.task[i]!]!.pid },
      ...{ start: slices.start[i]! / 1000, end: slices.end[i]! / 1000 },
      waited: (slices.start[i]! - since) / 1000,
    };
  });
}

export function runPicture(run: Run, title: string, { from, to, moving }: Shown): string {
  const view = viewOf(run.trace());
  const [begin, end] = [from * 1000, to * 1000];
  const scale = (WIDTH - LEFT - 8) / (end - begin);
  const at = (us: number): number => LEFT + (us - begin) * scale;
  const cut = (p: Part): Part => ({
    start: Math.max(p.start, begin),
    end: Math.min(p.end, end),
  });
  const comms = new Map(view.tasks.map(({ pid, name }) => [pid, name]));
  const nameOf = (pid: number): string => comms.get(pid) ?? '';
  const groups = run.groups.map((g) => g.name.slice(0, 15));
  const seen = slicesOf(view).filter((s) => s.end > begin && s.start - s.waited < end);
  const others = [...new Set(seen.map((s) => nameOf(s.pid)))].filter((n) => !groups.includes(n));
  const names = [...groups, ...others].filter((n) => seen.some((s) => nameOf(s.pid) === n));
  const colour = (pid: number): string =>
    COLOURS[Math.max(0, names.indexOf(nameOf(pid))) % COLOURS.length]!;

  const fixed: string[] = [];
  const bars: string[] = [];
  const facts: Record<string, number> = {};
  const add = (key: string, part: Part): void => {
    facts[key] = (facts[key] ?? 0) + (Math.max(0, part.end - part.start) / (end - begin)) * 100;
  };
  const bar = (part: Part, y: number, fill: string, opacity = 1): void => {
    if (part.end <= part.start) return;
    const width = Math.max(0.6, (part.end - part.start) * scale - 0.4);
    bars.push(
      box(at(part.start), y, width, BAR, { fill, ...(opacity < 1 && { 'fill-opacity': opacity }) }),
    );
  };

  // What each colour is.
  let x = LEFT;
  for (const name of names) {
    fixed.push(box(x, 8, 12, 12, { fill: COLOURS[names.indexOf(name) % COLOURS.length]!, rx: 2 }));
    fixed.push(label(x + 17, 18, name));
    x += 34 + name.length * 7;
  }
  let y = 32;
  const heading = (text: string): void => {
    fixed.push(label(8, y + 12, text, { class: 's' }));
  };
  const row = (text: string, parts: () => void): void => {
    fixed.push(label(LEFT - 8, y + 12, text, { 'text-anchor': 'end' }));
    fixed.push(box(LEFT, y, WIDTH - LEFT - 8, BAR, { class: 'e' }));
    parts();
    y += ROW;
  };

  for (const { id: cpu } of view.cpus)
    row(`CPU ${cpu}`, () => {
      facts[`CPU ${cpu}`] = 0;
      for (const slice of seen.filter((s) => s.cpu === cpu)) {
        const part = cut(slice);
        bar(part, y, colour(slice.pid));
        add(`CPU ${cpu}`, part);
        add(`CPU ${cpu} ${nameOf(slice.pid)}`, part);
      }
    });

  // The tasks: full colour while they run, pale while they wait.
  const byTask = new Map<number, Slice[]>();
  for (const slice of seen) byTask.set(slice.pid, [...(byTask.get(slice.pid) ?? []), slice]);
  const pids = [...byTask.keys()].sort(
    (a, b) => names.indexOf(nameOf(a)) - names.indexOf(nameOf(b)) || a - b,
  );
  y += 8;
  heading('waiting is pale');
  y += ROW - 4;
  for (const pid of pids.slice(0, MOST_TASKS))
    row(nameOf(pid), () => {
      for (const slice of byTask.get(pid)!) {
        if (slice.waited > 0)
          bar(cut({ start: slice.start - slice.waited, end: slice.start }), y, colour(pid), 0.3);
        bar(cut(slice), y, colour(pid));
      }
    });
  if (pids.length > MOST_TASKS)
    row('...', () => fixed.push(label(LEFT + 6, y + 12, `and ${pids.length - MOST_TASKS} more`)));

  const ticks = 5;
  for (let i = 0; i <= ticks; i++) {
    const ms = from + ((to - from) * i) / ticks;
    const anchor = i === 0 ? 'start' : i === ticks ? 'end' : 'middle';
    fixed.push(label(at(ms * 1000), y + 12, `${ms} ms`, { class: 's', 'text-anchor': anchor }));
  }
  y += 22;
  const body = moving ? [...fixed, swept(bars, y)] : [...fixed, ...bars];
  const rounded = Object.fromEntries(Object.entries(facts).map(([k, v]) => [k, Math.round(v)]));
  return picture({ width: WIDTH, height: y }, title, body, rounded);
}

/** Uncovers the bars as time goes by. */
function swept(bars: readonly string[], height: number): string {
  const width = WIDTH - LEFT;
  return `<clipPath id="seen"><rect x="${LEFT}" y="0" width="${width}" height="${height}"><animate attributeName="width" values="0;${width};${width}" keyTimes="0;0.85;1" dur="9s" repeatCount="indefinite"/></rect></clipPath>
<g clip-path="url(#seen)">
${bars.join('\n')}
</g>`;
}
