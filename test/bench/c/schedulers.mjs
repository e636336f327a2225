// The schedulers that are compared, and what the userspace half of each sets before it loads: the same values on both
// sides, those of the C originals' defaults.

const SLICE = 20_000_000n;

/** CPUs in pairs: the first half with the second. An odd one stays alone. */
function pairs(cpus, length) {
  const even = cpus - (cpus % 2);
  const paired = (of, alone) =>
    Array.from({ length }, (_, cpu) => (cpu < even ? of(cpu) : alone(cpu)));
  return {
    pair_cpu: paired(
      (cpu) => (cpu + even / 2) % even,
      () => -1,
    ),
    pair_id: paired(
      (cpu) => cpu % (even / 2),
      (cpu) => cpu,
    ),
    in_pair_idx: paired(
      (cpu) => (cpu < even / 2 ? 0 : 1),
      () => 0,
    ),
  };
}

/** `c` and `ts`: values of constants by name. `sections`: elements of the C object's data sections that end in an array. */
export const SCHEDULERS = {
  simple: () => ({}),
  central: (cpus) => ({
    c: { nr_cpu_ids: cpus, central_cpu: 0, slice_ns: SLICE },
    sections: { cpu_gimme_task: cpus, cpu_started_at: cpus },
    ts: { central_cpu: 0, slice_ns: SLICE },
  }),
  qmap: () => ({ c: { slice_ns: SLICE }, ts: { slice_ns: SLICE } }),
  nest: (cpus) => ({
    c: { nr_cpus: cpus, slice_ns: SLICE, sampling_cadence_ns: 2_000_000_000n },
    ts: { slice_ns: SLICE, sampling_cadence_ns: 2_000_000_000n },
  }),
  pair: (cpus) => ({
    c: { nr_cpu_ids: cpus, pair_batch_dur_ns: Number(SLICE), ...pairs(cpus, cpus) },
    sections: { pair_cpu: cpus, pair_id: cpus, in_pair_idx: cpus },
    entries: { pair_ctx: Math.max(1, cpus >> 1) },
    ts: (config) => pairs(cpus, config.pair_cpu.length),
  }),
  flatcg: (cpus) => ({
    c: { nr_cpus: cpus, cgrp_slice_ns: SLICE },
    ts: { nr_cpus: cpus, cgrp_slice_ns: SLICE },
  }),
  userland: (cpus) => ({
    c: { num_possible_cpus: cpus, usersched_pid: process.pid },
    ts: { num_possible_cpus: cpus, usersched_tgid: process.pid },
  }),
  prev: () => ({}),
  sdt: () => ({}),
};
