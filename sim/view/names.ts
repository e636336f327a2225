/** Set in the detail of a SWITCH: the task could have gone on. */
export const PREEMPTED = 0x8000_0000;
/** Ends of slices that no SWITCH tells. */
export const END_OF_RECORDING = 0x4000_0000;
export const EVENTS_LOST = 0x4000_0001;
const STATES = 0x3fff_ffff;

export const DEFAULT_SCHEDULER = 'the default scheduler';

/** Detail of a SWITCH: task_struct.__state of the task that left, and whether it was preempted. */
export function endOf(state: number, preempted: boolean): number {
  return ((state & STATES) | (preempted ? PREEMPTED : 0)) >>> 0;
}

/** Whether a task that left its CPU so waits for the next one. */
export function waitsAfter(detail: number): boolean {
  return detail === 0 || detail >= PREEMPTED;
}

/** task_struct.__state, include/linux/sched.h: why a task ran no longer. */
export function endText(bits: number): string {
  const detail = bits >>> 0;
  if (detail >= PREEMPTED) return 'preempted';
  if (detail === END_OF_RECORDING) return 'end of the recording';
  if (detail === EVENTS_LOST) return 'not known: events were lost';
  if (detail === 0) return 'yielded, or its slice ended';
  if (detail & 0x80) return 'exited';
  if (detail & 0x400 && detail & 0x2) return 'sleeps (kernel, idle)';
  if (detail & 0x2) return 'sleeps (uninterruptible)';
  if (detail & 0x1) return 'sleeps';
  if (detail & 0x4 || detail & 0x8) return 'stopped';
  return `not runnable (state 0x${detail.toString(16)})`;
}

/** enum scx_dsq_id_flags, include/linux/sched/ext.h: queues of the kernel itself have the highest bit. */
export function queueName(dsq: bigint): string {
  const kind = BigInt.asUintN(64, dsq) >> 62n;
  if (kind === 3n) return localQueue(Number(dsq & 0xffff_ffffn));
  if (kind !== 2n) return `DSQ ${dsq}`;
  const id = dsq & 0xffff_ffffn;
  return { 1: 'SCX_DSQ_GLOBAL', 2: LOCAL }[Number(id)] ?? `built-in DSQ ${id}`;
}

/** The local queue of a CPU that is not told. */
export const LOCAL = 'SCX_DSQ_LOCAL';

/** A CPU's local queue, by whatever name it was reached. */
export function localQueue(cpu: number): string {
  return `${LOCAL}_ON | ${cpu}`;
}

/** ns in the unit that people would use. */
export function timeText(ns: number): string {
  if (ns >= 1e9) return `${(ns / 1e9).toFixed(3)} s`;
  if (ns >= 1e6) return `${(ns / 1e6).toFixed(3)} ms`;
  if (ns >= 1e3) return `${(ns / 1e3).toFixed(1)} µs`;
  return `${Math.round(ns)} ns`;
}

/** The same in three digits, for tables. */
export function shortTime(ns: number): string {
  const [unit, name] =
    ns >= 1e9 ? [1e9, 's'] : ns >= 1e6 ? [1e6, 'ms'] : ns >= 1e3 ? [1e3, 'µs'] : [1, 'ns'];
  const value = ns / unit;
  return `${value.toFixed(value >= 100 || unit === 1 ? 0 : value >= 10 ? 1 : 2)} ${name}`;
}
