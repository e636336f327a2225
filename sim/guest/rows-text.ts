import { formatKernel } from '../calls/format.js';
import type { CallRow } from '../calls/types.js';
import { errorBpf, exitBpf } from '../kernel/calls-cpu.js';
import type { Guest } from './guest.js';

/** scx_bpf_error(), _exit(), _dump() and the events. */
export function textRows(guest: Guest): CallRow[] {
  const { memory } = guest.space;
  const text = (format: number, data: number, size: number): string =>
    formatKernel(memory, memory.text(format), data, size);
  const code = (low: number, high: number): bigint => (BigInt(high) << 32n) | BigInt(low >>> 0);
  return [
    {
      name: 'scx_bpf_error_bstr',
      signature: 'ppu:v',
      run: (format, data, size) => errorBpf(guest.kernel, text(format!, data!, size!)),
    },
    {
      name: 'scx_bpf_exit_bstr',
      signature: 'lppu:v',
      run: (low, high, format, data, size) =>
        exitBpf(guest.kernel, code(low!, high!), text(format!, data!, size!)),
    },
    {
      name: 'scx_bpf_dump_bstr',
      signature: 'ppu:v',
      run: (format, data, size) => guest.kernel.dump?.add(text(format!, data!, size!)),
    },
    {
      name: 'scx_bpf_events',
      signature: 'pl:v',
      run: (to) => {
        const stats = guest.space.struct('scx_event_stats');
        for (const [name, count] of guest.kernel.eventCounts)
          if (stats.has(`SCX_EV_${name}`)) stats.field(`SCX_EV_${name}`).set(to!, count);
      },
    },
  ];
}
