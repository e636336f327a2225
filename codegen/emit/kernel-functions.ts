import { BLOCK_SECTIONS } from '../ir/sections.js';
import { kernelFunction } from '../kernel/index.js';
import { ITERATOR_STRUCTS } from '../kernel/iterators.js';
import type { KernelFunction } from '../kernel/types.js';
import { fieldEnums, kernelStructs, type KernelUses } from './kernel-types.js';

/** `extern` declarations and compat wrappers of the kernel functions that the program calls. */
export function kernelSections(
  uses: KernelUses,
  text: string,
): { structs: string[]; externs: string[]; wrappers: string[] } {
  const externs = new Set<string>();
  const wrappers: string[] = [];
  const plainStructs = new Set<string>();
  const cleanups = [...text.matchAll(/\bscxts_cleanup_((?:bpf|scx_bpf)_\w+)/g)].map((m) => m[1]!);
  if (/\bscxts_each_cpu\b/.test(text)) {
    externs.add('u32 scx_bpf_nr_cpu_ids(void) __ksym __weak;');
    externs.add('bool bpf_cpumask_test_cpu(u32 cpu, const struct cpumask *cpumask) __ksym __weak;');
    uses.struct('cpumask');
  }
  for (const [, name] of text.matchAll(/\bscxts_each_(\w+)/g)) {
    const struct = ITERATOR_STRUCTS[name!];
    if (struct) plainStructs.add(struct);
  }
  const declare = (name: string): void => {
    const fn = kernelFunction(name);
    if (!fn) return;
    fn.calls?.forEach(declare);
    noteStructs(uses, fn);
    for (const line of fn.externs ?? []) {
      externs.add(line);
      for (const m of line.matchAll(/struct (\w+)/g)) if (!isArgs(m[1]!)) uses.struct(m[1]!);
    }
    for (const struct of fn.structs ?? []) {
      if (!struct.startsWith('scx:')) plainStructs.add(struct);
      else noteScxField(uses, struct.split('.').pop()!);
    }
    if (fn.c && !wrappers.includes(fn.c)) wrappers.push(fn.c);
    if (fn.kind === 'kfunc' && !fn.wrapper) externs.add(externText(fn));
  };
  new Set([...uses.functions, ...uses.tested]).forEach(declare);
  for (const release of new Set(cleanups)) {
    const type = RELEASED[release];
    if (BLOCK_SECTIONS.has(`scxts_cleanup_${release}`)) {
      const isFlags = release === 'bpf_local_irq_restore';
      externs.add(`void ${release}(${isFlags ? 'u64 *flags' : 'void'}) __ksym __weak;`);
      wrappers.push(
        isFlags
          ? `static __always_inline void scxts_cleanup_${release}(u64 *flags)\n{\n\t${release}(flags);\n}`
          : `static __always_inline void scxts_cleanup_${release}(s32 *unused)\n{\n\t${release}();\n}`,
      );
      continue;
    }
    if (!type) continue;
    uses.struct(type);
    externs.add(
      `void ${release}(${type === 'cpumask' ? 'const ' : ''}struct ${type} *p) __ksym __weak;`,
    );
    wrappers.push(
      `static __always_inline void scxts_cleanup_${release}(struct ${type} **p)\n{\n\tif (*p)\n\t\t${release}(*p);\n}`,
    );
  }
  return {
    structs: [...plainStructs, ...fieldEnums(uses), ...kernelStructs(uses)],
    externs: [...externs],
    wrappers,
  };
}

const RELEASED: Record<string, string> = {
  bpf_task_release: 'task_struct',
  bpf_cgroup_release: 'cgroup',
  bpf_cpumask_release: 'bpf_cpumask',
  scx_bpf_put_cpumask: 'cpumask',
  scx_bpf_put_idle_cpumask: 'cpumask',
};

function isArgs(name: string): boolean {
  return name.endsWith('_args');
}

function noteScxField(uses: KernelUses, field: string): void {
  const entity = uses.struct('sched_ext_entity');
  const u64 = { kind: 'int', bits: 64, signed: false } as const;
  if (!entity.has(field)) entity.set(field, { name: field, type: u64, readonly: false });
  const task = uses.struct('task_struct');
  if (!task.has('scx')) {
    const def = {
      name: 'sched_ext_entity',
      keyword: 'struct' as const,
      kernel: true,
      field: () => undefined,
      fields: () => [],
    };
    task.set('scx', { name: 'scx', type: { kind: 'struct', struct: def }, readonly: true });
  }
}

function noteStructs(uses: KernelUses, fn: KernelFunction): void {
  for (const ctype of [fn.returns.ctype, ...fn.params.map((p) => p.ctype)]) {
    const struct = /struct (\w+)/.exec(ctype);
    if (struct) uses.struct(struct[1]!);
  }
}

function externText(fn: KernelFunction): string {
  const params =
    fn.params.map((p) => `${p.ctype}${p.ctype.endsWith('*') ? '' : ' '}${p.name}`).join(', ') ||
    'void';
  const returns = fn.returns.ctype.replace(/\bconst /, '');
  return `${returns}${returns.endsWith('*') ? '' : ' '}${fn.name}(${params}) __ksym __weak;`;
}
