import type { Space } from '../engine/space.js';
import { configValue } from '../object/config.js';
import type { CallRow } from './types.js';

const HIGH = 2 ** 32;

/** Clocks and random numbers. Times are exact numbers below 2^53. */
export function timeCalls(space: Space): CallRow[] {
  const { context } = space;
  const wide = (value: number): number => {
    context.high = Math.floor(value / HIGH) | 0;
    return value | 0;
  };
  const hz = Number(configValue(space.kernel, 'CONFIG_HZ'));
  const monotonic = (): number => wide(space.host.ktime());
  return [
    { name: 'bpf_ktime_get_ns', signature: ':l', run: monotonic },
    { name: 'bpf_ktime_get_boot_ns', signature: ':l', run: monotonic },
    { name: 'bpf_ktime_get_coarse_ns', signature: ':l', run: monotonic },
    { name: 'bpf_ktime_get_tai_ns', signature: ':l', run: () => wide(space.host.wallClock()) },
    {
      name: 'bpf_jiffies64',
      signature: ':l',
      run: () => wide(Math.floor((space.host.ktime() * hz) / 1e9)),
    },
    { name: 'bpf_get_prandom_u32', signature: ':u', run: () => space.host.random() | 0 },
    { name: 'bpf_timer_init', signature: 'ppl:i', run: (t, map) => space.timers.init(t!, map!) },
    {
      name: 'bpf_timer_set_callback',
      signature: 'pp:i',
      run: (t, callback) => space.timers.setCallback(t!, callback!),
    },
    {
      name: 'bpf_timer_start',
      signature: 'pll:i',
      run: (t, low, high, flags) =>
        space.timers.start(t!, (high! >>> 0) * HIGH + (low! >>> 0), flags!),
    },
    { name: 'bpf_timer_cancel', signature: 'p:i', run: (t) => space.timers.cancel(t!) },
  ];
}
