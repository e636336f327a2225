import { endText, timeText } from '../../../../sim/view/names.js';
import { lineText, readyText, taskName } from '../../../../sim/view/text.js';
import type { View } from '../../../../sim/view/view.js';
import type { Selection } from './state.js';

/** What is told of something that the mouse points at. */
export function tipOf(view: View, selection: NonNullable<Selection>): string {
  return linesOf(view, selection)
    .map(([name, value]) => (name === '' ? value : `${name}: ${value}`))
    .join('\n');
}

/** All that is known of a slice, wait or task, as names and values. */
export function linesOf(view: View, selection: NonNullable<Selection>): [string, string][] {
  if (selection.kind === 'task') {
    const { name, pid, process } = view.tasks[selection.task]!;
    return [
      ['', `${name} (${pid})`],
      ['process', process],
    ];
  }
  if (selection.kind === 'wait') {
    const { waits } = view;
    const i = selection.wait;
    const lines: [string, string][] = [
      ['', `${taskName(view, waits.task[i]!)} waits`],
      ['from', timeText(waits.start[i]!)],
      ['for', timeText(waits.end[i]! - waits.start[i]!)],
    ];
    return [...lines, ...waitLines(view, i)];
  }
  const { slices, cpus } = view;
  const i = selection.slice;
  const lines: [string, string][] = [
    ['', `${taskName(view, slices.task[i]!)} on CPU ${cpus[slices.cpu[i]!]!.id}`],
    ['from', timeText(slices.start[i]!)],
    ['for', timeText(slices.end[i]! - slices.start[i]!)],
  ];
  const wait = slices.wait[i]!;
  if (wait >= 0) {
    lines.push(['waited', timeText(slices.start[i]! - view.waits.start[wait]!)]);
    lines.push(...waitLines(view, wait));
  }
  lines.push(['then', endText(slices.ended[i]!)]);
  return lines;
}

function waitLines(view: View, wait: number): [string, string][] {
  const { waits, queues, cpus } = view;
  const lines: [string, string][] = [['ready', readyText(view, wait)]];
  const queue = waits.queue[wait]!;
  if (queue >= 0) {
    lines.push(['queue', queues[queue]!.name]);
    lines.push(['put there by', `CPU ${cpus[waits.queuedBy[wait]!]!.id}`]);
  }
  const line = lineText(view, wait);
  if (line) lines.push(['line', line.split('/').at(-1)!]);
  return lines;
}
