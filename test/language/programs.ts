/** What the programs of these tests import and declare. */
export const IMPORTS = `import { scheduler, config, counter, hash, array, taskStorage, percpuArray, exists, range, u8, u16, u32, u64, s32, s64, bool,
  scx_bpf_dsq_insert, scx_bpf_create_dsq, scx_bpf_dsq_move_to_local, scx_bpf_error, bpf_printk, bpf_task_from_pid, bpf_task_acquire, bpf_task_release,
  scx_bpf_cpu_curr, scx_bpf_get_idle_cpumask, scx_bpf_locked_rq, streq, atomicAdd, SCX_DSQ_LOCAL, SCX_SLICE_DFL, SCX_ENQ_IMMED, type FixedArray } from 'scxts';
import type { task_struct } from 'scxts/vmlinux';
interface Ctx { a: u64; list: FixedArray<u32, 4> }
const m = hash<u32, Ctx>(16);
const tctx = taskStorage<Ctx>();
let g: u64 = 0;
let small: u8 = 0;
let hist: FixedArray<u64, 16> = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
export const nr = counter('n');
`;
/** A statement inside enqueue(p, enq_flags). */
export const body = (text: string): string =>
  `${IMPORTS}export default scheduler({ name: 't', enqueue(p, enq_flags) { ${text} } });\n`;
/** The same, with a tree, its lock and another. */
export const objects = (text: string): string =>
  body(text)
    .replace('hash,', 'hash, rbTree, spinLock, alloc,')
    .replace(
      'export default',
      'const l = spinLock(); const l2 = spinLock(); const tree = rbTree<Ctx>((a, b) => a.a < b.a, l);\nexport default',
    );
/** Declarations at module level. */
export const top = (text: string): string =>
  `${IMPORTS}${text}\nexport default scheduler({ name: 't' });\n`;
