import type { Flags } from './example.js';

/** Flags of the schedulers that use nests.bpf.ts. */
export const NEST_FLAGS = {
  delay: {
    short: 'd',
    value: 'US',
    help: 'idle time after which a core leaves the primary nest (2000)',
  },
  'r-max': { short: 'm', value: 'CORES', help: 'most cores in the reserve nest (5)' },
  slice: { short: 's', value: 'US', help: 'time slice (20000)' },
};

export function configureNests(
  config: { p_remove_ns: bigint; r_max: number; slice_ns: bigint },
  flags: Flags<keyof typeof NEST_FLAGS>,
): void {
  config.p_remove_ns = flags.microseconds('delay') ?? config.p_remove_ns;
  config.r_max = flags.number('r-max', 0, 1024) ?? config.r_max;
  config.slice_ns = flags.microseconds('slice') ?? config.slice_ns;
}
