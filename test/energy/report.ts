import type { Row } from './compare.js';

/** Simulated seconds of the document's table. */
export const SECONDS = 20;

/** The table of a document: what stands between its two marks. */
export function tableIn(document: string): string {
  const found = /<!-- simulation -->\n([\s\S]*?)<!-- end of simulation -->/.exec(document);
  if (!found) throw new Error('the document has no marks for the table');
  return found[1]!;
}

const COLUMNS: [string, (r: Row) => string][] = [
  ['power in mW', (r) => r.powerMw.toFixed(0)],
  ['uJ a ms of work', (r) => r.energyPerWork.toFixed(0)],
  ['mean wake-up latency in us', (r) => r.meanLatencyUs.toFixed(0)],
  ['p99 in us', (r) => r.p99LatencyUs.toFixed(0)],
  ['p99 response in ms', (r) => r.p99ResponseMs.toFixed(1)],
  ['throughput', (r) => r.throughput.toFixed(2)],
];

/** A table in Markdown. */
export function tableOf(rows: Row[]): string {
  const lines = [
    `| load | scheduler | ${COLUMNS.map(([title]) => title).join(' | ')} |`,
    `|---|---|${COLUMNS.map(() => '--:').join('|')}|`,
    ...rows.map(
      (r) => `| ${r.load} | ${r.scheduler} | ${COLUMNS.map(([, of]) => of(r)).join(' | ')} |`,
    ),
  ];
  return lines.join('\n') + '\n';
}

const COLOURS = ['#9aa5b1', '#3e7cb1', '#d98e04', '#862e9c', '#2f9e44', '#94d82d'];
const PANELS: [string, (r: Row) => number][] = [
  ['power, mW', (r) => r.powerMw],
  ['energy for work, uJ a ms', (r) => r.energyPerWork],
  ['p99 wake-up latency, ms', (r) => r.p99LatencyUs / 1000],
  ['throughput, fastest CPUs', (r) => r.throughput],
];

/** Bars as SVG: a row of panels for each load, each panel with a scale of its own. */
export function plotOf(rows: Row[]): string {
  const loads = [...new Set(rows.map((r) => r.load))];
  const schedulers = [...new Set(rows.map((r) => r.scheduler))];
  const [width, height, left, top] = [210, 150, 90, 56];
  const total = [left + PANELS.length * width + 10, top + loads.length * height + 10] as const;
  const out = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${total[0]}" height="${total[1]}" font-family="sans-serif" font-size="11">`,
    `<rect width="${total[0]}" height="${total[1]}" fill="#ffffff"/>`,
  ];
  schedulers.forEach((name, i) => {
    const x = left + i * 130;
    out.push(
      `<rect x="${x}" y="10" width="12" height="12" fill="${COLOURS[i]}"/><text x="${x + 18}" y="20">${name}</text>`,
    );
  });
  PANELS.forEach(([title], k) =>
    out.push(`<text x="${left + k * width}" y="44" font-weight="bold">${title}</text>`),
  );
  loads.forEach((load, j) => {
    const base = top + (j + 1) * height - 20;
    out.push(`<text x="8" y="${base - 50}" font-weight="bold">${load}</text>`);
    PANELS.forEach(([, of], k) => {
      const x = left + k * width;
      const values = schedulers.map((s) =>
        of(rows.find((r) => r.load === load && r.scheduler === s)!),
      );
      const most = Math.max(...values) || 1;
      out.push(`<line x1="${x}" y1="${base}" x2="${x + 196}" y2="${base}" stroke="#495057"/>`);
      values.forEach((value, i) => {
        const tall = (value / most) * 90;
        const at = x + 4 + i * 32;
        const label =
          value >= 100 ? value.toFixed(0) : value < 1 ? value.toFixed(2) : value.toPrecision(3);
        out.push(
          `<rect x="${at}" y="${(base - tall).toFixed(1)}" width="27" height="${tall.toFixed(1)}" fill="${COLOURS[i]}"/>`,
          `<text x="${at + 13.5}" y="${(base - tall - 4).toFixed(1)}" text-anchor="middle">${label}</text>`,
        );
      });
    });
  });
  return `${out.join('\n')}\n</svg>\n`;
}
