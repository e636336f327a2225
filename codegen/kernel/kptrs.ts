/** Functions that release what a kptr can own; for objects of the program itself there is bpf_obj_drop(). */
const RELEASE: Readonly<Record<string, string>> = {
  task_struct: 'bpf_task_release',
  cgroup: 'bpf_cgroup_release',
  bpf_cpumask: 'bpf_cpumask_release',
};

/** Name of the generated C function that releases a pointer to such a struct when it goes out of scope. */
export function kptrCleanup(struct: string): string {
  return `scxts_cleanup_${RELEASE[struct] ?? `drop_${struct}`}`;
}
