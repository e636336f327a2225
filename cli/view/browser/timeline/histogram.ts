import type { Latencies } from '../../../../sim/report/latency.js';
import { shortTime, timeText } from '../../../../sim/view/names.js';
import { svg } from '../parts/dom.js';

const WIDTH = 300;
const HEIGHT = 92;
const BASE = 70;
/** Bars, each twice as long a time as the one before: 1 µs to 17 minutes. */
const FIRST = 1e3;
const BARS = 21;

/** Times as bars over a logarithmic axis, with the percentiles marked. */
export function histogram(times: Latencies, name: string): SVGElement {
  const bars = new Array<number>(BARS).fill(0);
  const place = (ns: number): number => Math.log2(Math.max(ns, FIRST / 2) / FIRST) + 1;
  for (const { from, to, count } of times.buckets()) {
    const bar = Math.min(BARS - 1, Math.max(0, Math.floor(place((from + to) / 2))));
    bars[bar]! += count;
  }
  const { p50, p99, max, count } = times.summary();
  const first = Math.max(0, bars.findIndex((n) => n > 0) - 1);
  const last = Math.max(first + 6, lastOf(bars) + 1);
  const x = (at: number): number => ((at - first) / (last - first + 1)) * WIDTH;
  const most = Math.max(...bars, 1);
  const texts = `${name}: ${count}; p50 ${timeText(p50)}, p99 ${timeText(p99)}, longest ${timeText(max)}`;
  const picture = svg('svg', {
    ...{ viewBox: `0 0 ${WIDTH} ${HEIGHT}`, class: 'histogram', role: 'img', 'aria-label': texts },
  });
  for (let bar = first; bar <= last; bar++) {
    // Many and few in one picture: a root shows both.
    const tall = Math.sqrt((bars[bar] ?? 0) / most) * (BASE - 12);
    const width = x(bar + 1) - x(bar) - 1.5;
    picture.append(
      svg(
        'rect',
        { class: 'bar', x: x(bar), y: BASE - tall, width, height: tall },
        svg('title', {}, `${bars[bar] ?? 0} of ${timeText(FIRST * 2 ** (bar - 1))} and more`),
      ),
    );
    if ((bar - first) % Math.ceil((last - first + 1) / 5) === 0 && x(bar) < WIDTH - 36)
      picture.append(
        svg(
          'text',
          { x: x(bar), y: HEIGHT - 8 },
          shortTime(FIRST * 2 ** (bar - 1)).replace(/\.0+ /, ' '),
        ),
      );
  }
  const marks: [string, number][] = [
    ['p50', p50],
    ['p99', p99],
  ];
  for (const [text, ns] of marks) {
    if (count === 0) break;
    const at = Math.min(WIDTH - 1, x(place(ns)));
    picture.append(
      svg('line', { class: 'mark', x1: at, x2: at, y1: 8, y2: BASE }),
      svg(
        'text',
        { class: 'mark', x: Math.min(at + 2, WIDTH - 22), y: text === 'p50' ? 9 : 18 },
        text,
      ),
    );
  }
  return picture;
}

/** The last bar that is not empty. */
function lastOf(bars: readonly number[]): number {
  let last = bars.length - 1;
  while (last > 0 && bars[last] === 0) last--;
  return last;
}
