import { SimError } from '../errors.js';
import type { Load, Step, TaskGroup } from './description.js';

// A recording of `scxts trace --out F.json` or `scxts sim --trace F.json`: the trace-event format, whose slices of the CPUs
// (process 1, category 'sched') say who ran, how long it had waited, and why it ran no longer (docs/trace.md).

type Json = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Whether a value is such a recording. */
export function isRecording(value: unknown): value is Json {
  return isObject(value) && Array.isArray(value['traceEvents']);
}

interface Slice {
  name: string;
  pid: number;
  /** us. */
  start: number;
  length: number;
  /** When it became ready; where it was not woken: undefined. */
  ready: number | undefined;
  ended: string;
}

function slicesOf(recording: Json): Slice[] {
  const slices: Slice[] = [];
  for (const event of recording['traceEvents'] as unknown[]) {
    if (!isObject(event) || event['ph'] !== 'X' || event['cat'] !== 'sched') continue;
    const { ts, dur, name, args } = event;
    const pid = isObject(args) ? args['pid'] : undefined;
    if (typeof ts !== 'number' || typeof dur !== 'number' || typeof pid !== 'number')
      throw new SimError('SIM_LOAD', 'a slice of the recording has no time or no task');
    const { ready, waited_us: waited, ended } = args as Json;
    const woken = typeof ready === 'string' && /^(woken|started) /.test(ready);
    slices.push({
      ...{ name: String(name), pid, start: ts, length: dur, ended: String(ended) },
      ready: woken ? ts - (typeof waited === 'number' ? waited : 0) : undefined,
    });
  }
  return slices.sort((a, b) => a.start - b.start);
}

const ns = (us: number): number => Math.round(us * 1000);

/** What a task did: work when it became ready, as much as it did until it slept. */
function stepsOf(slices: readonly Slice[]): { start: number; steps: Step[] } {
  const start = slices[0]!.ready ?? slices[0]!.start;
  const steps: Step[] = [];
  let work = 0;
  for (const { ready, start: at, length, ended } of slices) {
    if (work === 0) steps.push({ until: ns(Math.max(0, ready ?? at)) });
    work += length;
    if (ended === 'preempted' || ended.startsWith('yielded')) continue;
    steps.push({ run: Math.max(1, ns(work)) });
    work = 0;
    if (ended === 'exited') return { start, steps: [...steps, { exit: true }] };
  }
  if (work > 0) steps.push({ run: Math.max(1, ns(work)) });
  return { start, steps };
}

/**
 * A load that does what a machine did: each task of a recording becomes ready when it did there, and wants as much CPU time until it sleeps
 * again. What they wait for, nice values and affinity are in no recording. Tasks of one name are a group.
 */
export function loadOfRecording(recording: Json): Load {
  const byTask = new Map<number, Slice[]>();
  for (const slice of slicesOf(recording)) {
    const of = byTask.get(slice.pid);
    if (of) of.push(slice);
    else byTask.set(slice.pid, [slice]);
  }
  if (byTask.size === 0)
    throw new SimError(
      'SIM_LOAD',
      'the recording has no slice of a CPU',
      'give the JSON file of scxts trace --out or scxts sim --trace',
    );
  const names = new Map<string, number>();
  const tasks = [...byTask.values()].map((slices): TaskGroup => {
    const { start, steps } = stepsOf(slices);
    const name = slices[0]!.name;
    const nth = (names.get(name) ?? 0) + 1;
    names.set(name, nth);
    return {
      name: nth === 1 ? name : `${name} (${nth})`,
      ...{ start: ns(Math.max(0, start)), first: steps, loop: [{ sleep: 'forever' }] },
    };
  });
  return { tasks };
}
