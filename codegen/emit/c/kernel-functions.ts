import { kernelFunction } from '../../kernel/index.js';
import type { KernelFunction } from '../../kernel/types.js';
import { OLDEST_KERNEL } from '../../kernel/versions.js';
import { declaration } from './compat/declaration.js';
import { compatText } from './compat/index.js';
import { iteratorStruct } from './iterators.js';
import { fieldEnums, kernelStructs, type KernelUses } from './kernel-types.js';
import { releaseFunction } from './releases.js';
import type { Requests } from './requests.js';

/** `extern` declarations and compat wrappers of the kernel functions that the program calls. */
export function kernelSections(
  uses: KernelUses,
  requests: Requests,
  floor: string,
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
  const declare = (name: string, isCalled: boolean): void => {
    const fn = kernelFunction(name);
    if (!fn) return;
    const compat = compatText(fn, floor);
    // All that an exists() test may name has to be declared.
    const asked = uses.tested.has(name) ? compatText(fn, OLDEST_KERNEL) : compat;
    if (isCalled) compat?.calls.forEach((called) => declare(called, true));
    noteStructs(uses, fn);
    for (const line of asked?.externs ?? []) {
      externs.add(line);
      for (const m of line.matchAll(/struct (\w+)/g)) if (!isArgs(m[1]!)) uses.struct(m[1]!);
    }
    for (const struct of asked?.structs ?? []) {
      if (!struct.startsWith('scx:')) plainStructs.add(struct);
      else noteScxField(uses, struct.split('.').pop()!);
    }
    if (isCalled && compat?.complains) requests.features.add('format');
    if (isCalled && compat?.c && !wrappers.includes(compat.c)) wrappers.push(compat.c);
    if (fn.kind === 'kfunc' && !compat) externs.add(`${declaration(fn, fn.name)} __ksym __weak;`);
  };
  for (const name of new Set([...uses.functions, ...uses.tested]))
    declare(name, uses.functions.has(name));
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
