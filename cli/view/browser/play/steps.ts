import { callsOf, momentBefore } from '../../../../sim/view/moment.js';
import { timeText } from '../../../../sim/view/names.js';
import type { Recording } from '../../../../sim/view/recording.js';
import { button, h } from '../parts/dom.js';
import { upperBound } from '../../../../sim/view/order.js';

/** What the number of a call means, by callback. */
const ARGUMENTS: Record<string, string> = {
  ...{ select_cpu: 'prev_cpu', enqueue: 'enq_flags', dequeue: 'deq_flags', runnable: 'enq_flags' },
  ...{ stopping: 'runnable', quiescent: 'deq_flags', set_weight: 'weight', update_idle: 'idle' },
};
const MOST_NAMES = 12;

/** Goes through the callbacks of a run, forward and back, with the tasks and queues at that moment. */
export class Steps {
  readonly element = h('section', { class: 'steps', 'aria-label': 'Steps' });
  private readonly told = h('div', { 'aria-live': 'polite' });
  private recording: Recording | undefined;
  private calls: number[] = [];
  private at = -1;
  private names = new Map<number, string>();

  /** `moved` is told the time of the step. */
  constructor(private readonly moved: (time: number) => void) {
    const go = (by: number) => () => this.go(this.at + by);
    this.element.append(
      h(
        'p',
        { class: 'buttons' },
        button('|◂', 'First callback', () => this.go(0)),
        button('◂ step', 'The callback before', go(-1)),
        button('step ▸', 'The callback after', go(1)),
        button('▸|', 'Last callback', () => this.go(this.calls.length - 1)),
      ),
      this.told,
    );
  }

  take(recording: Recording): void {
    this.recording = recording;
    this.calls = callsOf(recording);
    this.names = new Map(recording.tasks.map((t) => [t.pid, `${t.name} ${t.pid}`]));
    this.at = -1;
    this.told.textContent = `${this.calls.length} calls of callbacks`;
  }

  /** The first call from a time on. */
  goTo(time: number): void {
    const { events } = this.recording!;
    const times = this.calls.map((i) => events.time[i]!);
    this.go(upperBound(times, time - 1));
  }

  private go(to: number): void {
    const { recording, calls } = this;
    if (!recording || calls.length === 0) return;
    this.at = Math.min(Math.max(to, 0), calls.length - 1);
    const { events, callbacks } = recording;
    const i = calls[this.at]!;
    const callback = callbacks[events.queue[i]!]!;
    const moment = momentBefore(recording, i);
    const name = (pid: number): string => this.names.get(pid) ?? String(pid);
    const some = (pids: readonly number[]): string =>
      pids.slice(0, MOST_NAMES).map(name).join(', ') +
      (pids.length > MOST_NAMES ? ` and ${pids.length - MOST_NAMES} more` : '');
    const list = h('dl', {});
    const row = (what: string, value: string): void =>
      void list.append(h('dt', {}, what), h('dd', {}, value));
    const argument = ARGUMENTS[callback];
    row('at', timeText(events.time[i]!));
    row('CPU', String(events.cpu[i]!));
    if (events.pid[i]! > 0) row(callback === 'dispatch' ? 'prev' : 'task', name(events.pid[i]!));
    if (argument) row(argument, String(events.other[i]!));
    row('took', `${events.detail[i]!} instructions`);
    for (const [cpu, pid] of moment.running) row(`CPU ${cpu} runs`, pid === 0 ? 'idle' : name(pid));
    for (const [queue, pids] of moment.queues) row(queue, `${pids.length}: ${some(pids)}`);
    if (moment.elsewhere.length > 0) row('in no queue', some(moment.elsewhere));
    this.told.replaceChildren(
      h('h3', {}, `${this.at + 1} of ${calls.length}: ${callback}()`),
      list,
    );
    this.moved(events.time[i]!);
  }
}
