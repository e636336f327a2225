// What schedulers did under load, as a Markdown table.
import { markdown, ratio, type Side } from './table.js';

/** One load in one turn. `waits`: how many waits fell into each bucket of test/bench/c/latency.ts. */
interface Turn {
  ms: number;
  messages: number;
  switches: number;
  waits: number[];
}

/** What a guest said of a scheduler: each turn of each side, or why there are none. */
export type RunsReport = { scheduler: string } & (
  { skipped: string } | Record<Side, Record<string, Turn>[]>
);

const SUB = 16;

/** Where a bucket begins, in ns. */
function bound(index: number): number {
  if (index < SUB) return index;
  return (SUB + (index % SUB)) * 2 ** (Math.floor(index / SUB) - 1);
}

/** The wait in ns that `share` of all waits do not exceed; within a bucket they are taken to lie evenly. */
export function quantile(waits: number[], share: number): number {
  const wanted = waits.reduce((a, b) => a + b, 0) * share;
  let before = 0;
  for (const [i, count] of waits.entries()) {
    if (count > 0 && before + count >= wanted)
      return bound(i) + ((wanted - before) / count) * (bound(i + 1) - bound(i));
    before += count;
  }
  return Number.NaN;
}

interface Figures {
  /** A second, medians of the turns. */
  switches: number;
  messages: number;
  /** ns, of the waits of all turns. */
  p50: number;
  p99: number;
  /** How far the turns' switches lie apart, as a share of their median. */
  spread: number;
}

function median(list: number[]): number {
  const sorted = [...list].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}

function figures(turns: Turn[]): Figures {
  const rate = (of: (t: Turn) => number): number[] => turns.map((t) => (of(t) / t.ms) * 1000);
  const switches = rate((t) => t.switches);
  const waits = turns[0]!.waits.map((_, i) => turns.reduce((sum, t) => sum + t.waits[i]!, 0));
  return {
    switches: median(switches),
    messages: median(rate((t) => t.messages)),
    p50: quantile(waits, 0.5),
    p99: quantile(waits, 0.99),
    spread: (Math.max(...switches) - Math.min(...switches)) / median(switches),
  };
}

const micro = (ns: number): string => (ns / 1000).toFixed(1);

export function runTable(reports: RunsReport[]): string {
  const rows = reports.flatMap((report) => {
    if ('skipped' in report) return [];
    return Object.keys(report.ts[0] ?? {}).map((load) => {
      const [ts, c] = [report.ts, report.c].map((turns) => figures(turns.map((t) => t[load]!))) as [
        Figures,
        Figures,
      ];
      const pair = (of: 'switches' | 'messages' | 'p50' | 'p99'): string[] => {
        const text = of === 'switches' || of === 'messages' ? (n: number) => n.toFixed(0) : micro;
        return [text(ts[of]), text(c[of]), ratio(ts[of], c[of])];
      };
      return [
        `${report.scheduler}, ${load}`,
        ...(['switches', 'messages', 'p50', 'p99'] as const).flatMap(pair),
        `${(Math.max(ts.spread, c.spread) * 100).toFixed(1)} %`,
      ];
    });
  });
  const head = ['switches/s: TS', 'messages/s: TS', 'p50 in µs: TS', 'p99 in µs: TS'];
  return markdown(['', ...head.flatMap((h) => [h, 'C', 'ratio']), 'spread'], rows);
}
