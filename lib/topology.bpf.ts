// Where CPUs are, as user space fills it in before load from readTopology(): one row a CPU.
import {
  bpf_cpumask_test_cpu,
  range,
  scx_bpf_test_and_clear_cpu_idle,
  type FixedArray,
  type s32,
  u32,
} from 'scxts';
import type { task_struct } from 'scxts/vmlinux';

/** Groups that a CPU is in, as readTopology() numbers them; -1 for a CPU that is not online. */
export interface CpuPlace {
  core: s32;
  llc: s32;
  node: s32;
  /** Of 1024. */
  capacity: u32;
}

/** Of your own `export const places = configArray<CpuPlace>(NR_CPUS)`. */
type Places = FixedArray<CpuPlace, number>;

/** How far two CPUs are from each other: 0 the same, 1 of one core, 2 of one last-level cache, 3 of one node, 4 farther. */
export function nearness<P extends Places>(places: P, a: u32, b: u32): u32 {
  if (a === b) return 0;
  if (places[a].core === places[b].core) return 1;
  if (places[a].llc === places[b].llc) return 2;
  return places[a].node === places[b].node ? 3 : 4;
}

/**
 * Reserves the idle CPU nearest to `from`, of those below `cpus` that the task may use; -1 if none is idle. Takes time in proportion to
 * `cpus` for each distance that it has to go.
 */
export function nearestIdle<P extends Places>(
  places: P,
  p: task_struct,
  from: u32,
  cpus: u32,
): s32 {
  for (const distance of range(5)) {
    for (const cpu of range(cpus)) {
      if (nearness(places, from, cpu) !== u32(distance)) continue;
      if (!bpf_cpumask_test_cpu(cpu, p.cpus_ptr)) continue;
      if (scx_bpf_test_and_clear_cpu_idle(s32Of(cpu))) return s32Of(cpu);
    }
  }
  return -1;
}

function s32Of(cpu: u32): s32 {
  return cpu & 0x7fff_ffff;
}
