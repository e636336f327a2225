import { kernelFunction } from '../../kernel/index.js';
import type { KernelFunction } from '../../kernel/types.js';
import { iteratorStruct } from './iterators.js';
import { fieldEnums, kernelStructs, type KernelUses } from './kernel-types.js';
import { releaseFunction } from './releases.js';
import type { Requests } from './requests.js';

/** `extern` declarations and compat wrappers of the kernel functions that the program calls. */
export function kernelSections(
  uses: KernelUses,
  requests: Requests,
): { structs: string[]; externs: string[]; wrappers: string[] } {
  const externs = new Set<string>();
  const wrappers: string[] = [];
  const plainStructs = new Set<string>();
  if (requests.cpus) {
    externs.add('u32 scx_bpf_nr_cpu_ids(void) __ksym __weak;');
    externs.add('bool bpf_cpumask_test_cpu(u32 cpu, const struct cpumask *cpumask) __ksym __weak;');
    uses.struct('cpumask');
  }
  for (const kind of requests.walks) plainStructs.add(iteratorStruct(kind));
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
    if (fn.complains) requests.features.add('format');
    if (fn.c && !wrappers.includes(fn.c)) wrappers.push(fn.c);
    if (fn.kind === 'kfunc' && !fn.wrapper) externs.add(externText(fn));
  };
  new Set([...uses.functions, ...uses.tested]).forEach(declare);
  for (const release of requests.releases.values()) {
    const { struct, extern, c } = releaseFunction(release);
    if (struct) uses.struct(struct);
    if (extern) externs.add(extern);
    if (c) wrappers.push(c);
  }
  return {
    structs: [...plainStructs, ...fieldEnums(uses), ...kernelStructs(uses)],
    externs: [...externs],
    wrappers,
  };
}

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
