import type { Call, Sequence } from './sequences.js';
import { box, COLOURS, element, label, picture, widthOf } from './svg.js';

const WIDTH = 760;
const HEIGHT = 24;
const GAP = 14;
const ROW = 76;
const COLOUR: Readonly<Record<string, string>> = {
  A: COLOURS[0]!,
  B: COLOURS[1]!,
  R: COLOURS[3]!,
  '': '#6e7781',
};

const nameOf = ({ callback, task }: Call): string => {
  if (callback === 'dispatch') return `dispatch(cpu, ${task === '' ? 'null' : task})`;
  return task === '' || callback === 'cpu_release' ? `${callback}()` : `${callback}(${task})`;
};

/** Each sequence is a row of calls, from left to right. */
export function sequencePicture(sequences: readonly Sequence[]): string {
  const body: string[] = [];
  let y = 20;
  for (const { title, calls } of sequences) {
    body.push(label(8, y, title, { class: 'h' }));
    let x = 8;
    let top = y + 10;
    for (const [i, call] of calls.entries()) {
      const name = nameOf(call);
      const width = widthOf(name) + 16;
      if (x + width > WIDTH - 8) {
        x = 28;
        top += HEIGHT + GAP + 6;
      }
      if (i > 0)
        body.push(
          element('path', {
            ...{ d: `M${x - GAP + 2} ${top + HEIGHT / 2}h${GAP - 5}m-4 -3l4 3l-4 3` },
            ...{ class: 'l', fill: 'none' },
          }),
        );
      body.push(
        box(x, top, width, HEIGHT, {
          ...{ rx: 5, fill: COLOUR[call.task] ?? '#6e7781' },
          ...(call.since && { 'fill-opacity': 0.75, 'stroke-dasharray': '4 2', stroke: '#6e7781' }),
        }),
        label(x + width / 2, top + 16, name, { class: 'in', 'text-anchor': 'middle' }),
      );
      if (call.since)
        body.push(label(x, top + HEIGHT + 12, `Linux ${call.since} and later`, { class: 's' }));
      x += width + GAP;
    }
    y = top + ROW - 8;
  }
  return picture(
    { width: WIDTH, height: y - 20 },
    'Which callbacks the kernel calls, and when',
    body,
    sequences,
  );
}
