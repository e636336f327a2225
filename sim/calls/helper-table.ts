import { parseSignature, type Signature } from './signature.js';

/** Helpers by their numbers in linux/bpf.h: the name, and how arguments and result cross. */
const TABLE: Readonly<Record<number, string>> = {
  1: 'bpf_map_lookup_elem pp:p',
  2: 'bpf_map_update_elem pppl:i',
  3: 'bpf_map_delete_elem pp:i',
  4: 'bpf_probe_read pup:i',
  5: 'bpf_ktime_get_ns :l',
  6: 'bpf_trace_printk pulll:i',
  7: 'bpf_get_prandom_u32 :u',
  8: 'bpf_get_smp_processor_id :u',
  14: 'bpf_get_current_pid_tgid :l',
  15: 'bpf_get_current_uid_gid :l',
  16: 'bpf_get_current_comm pu:i',
  35: 'bpf_get_current_task :p',
  42: 'bpf_get_numa_node_id :u',
  45: 'bpf_probe_read_str pup:i',
  55: 'bpf_perf_event_read_value plpu:i',
  80: 'bpf_get_current_cgroup_id :l',
  87: 'bpf_map_push_elem ppl:i',
  88: 'bpf_map_pop_elem pp:i',
  89: 'bpf_map_peek_elem pp:i',
  93: 'bpf_spin_lock p:v',
  94: 'bpf_spin_unlock p:v',
  112: 'bpf_probe_read_user pup:i',
  113: 'bpf_probe_read_kernel pup:i',
  114: 'bpf_probe_read_user_str pup:i',
  115: 'bpf_probe_read_kernel_str pup:i',
  118: 'bpf_jiffies64 :l',
  123: 'bpf_get_current_ancestor_cgroup_id i:l',
  125: 'bpf_ktime_get_boot_ns :l',
  130: 'bpf_ringbuf_output ppll:i',
  131: 'bpf_ringbuf_reserve pll:p',
  132: 'bpf_ringbuf_submit pl:v',
  133: 'bpf_ringbuf_discard pl:v',
  134: 'bpf_ringbuf_query pl:l',
  153: 'bpf_per_cpu_ptr pu:p',
  154: 'bpf_this_cpu_ptr p:p',
  156: 'bpf_task_storage_get pppl:p',
  157: 'bpf_task_storage_delete pp:i',
  158: 'bpf_get_current_task_btf :p',
  160: 'bpf_ktime_get_coarse_ns :l',
  164: 'bpf_for_each_map_elem pppl:i',
  165: 'bpf_snprintf puppu:i',
  169: 'bpf_timer_init ppl:i',
  170: 'bpf_timer_set_callback pp:i',
  171: 'bpf_timer_start pll:i',
  172: 'bpf_timer_cancel p:i',
  173: 'bpf_get_func_ip p:l',
  174: 'bpf_get_attach_cookie p:l',
  177: 'bpf_trace_vprintk pupu:i',
  181: 'bpf_loop uppl:i',
  182: 'bpf_strncmp pup:i',
  194: 'bpf_kptr_xchg pp:p',
  195: 'bpf_map_lookup_percpu_elem ppu:p',
  197: 'bpf_dynptr_from_mem pulp:i',
  198: 'bpf_ringbuf_reserve_dynptr pulp:i',
  199: 'bpf_ringbuf_submit_dynptr pl:v',
  200: 'bpf_ringbuf_discard_dynptr pl:v',
  201: 'bpf_dynptr_read pupul:i',
  202: 'bpf_dynptr_write pupul:i',
  203: 'bpf_dynptr_data puu:p',
  208: 'bpf_ktime_get_tai_ns :l',
  209: 'bpf_user_ringbuf_drain pppl:i',
  210: 'bpf_cgrp_storage_get pppl:p',
  211: 'bpf_cgrp_storage_delete pp:i',
};

export interface Helper {
  readonly name: string;
  readonly signature: Signature;
}

const parsed = new Map<number, Helper>(
  Object.entries(TABLE).map(([number, row]) => {
    const [name, signature] = row.split(' ') as [string, string];
    return [Number(number), { name, signature: parseSignature(signature) }];
  }),
);

/** A helper by number; one that the model does not know has no signature, and is a fault when it is called. */
export function helper(number: number): Helper | undefined {
  return parsed.get(number);
}
export const helpers = (): Iterable<Helper> => parsed.values();
