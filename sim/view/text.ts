import type { View } from './view.js';
import { Why } from './view.js';
import { endText } from './names.js';

export function taskName(view: View, task: number): string {
  const { name, pid } = view.tasks[task]!;
  return `${name} (${pid})`;
}

/** What made a task ready to run: who woke or started it, or that it lost its CPU. */
export function readyText(view: View, wait: number): string {
  const { why, by, byCpu } = view.waits;
  if (why[wait] === Why.PREEMPTED) return 'preempted';
  if (why[wait] === Why.ENDED) return endText(0);
  if (why[wait] === Why.UNSEEN) return 'before the recording';
  const verb = why[wait] === Why.STARTED ? 'started' : 'woken';
  const who = by[wait]!;
  const cpu = view.cpus[byCpu[wait]!]!.id;
  return who < 0 ? `${verb} by an interrupt on CPU ${cpu}` : `${verb} by ${taskName(view, who)}`;
}

/** The line of the scheduler that put the task into its queue; '' if it is not known. */
export function lineText(view: View, wait: number): string {
  return view.recording.lines[view.waits.line[wait]!] ?? '';
}
