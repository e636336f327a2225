import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  canBeUncallable,
  kernelFunction,
  kernelFunctions,
  surface,
} from '../../codegen/kernel/index.js';
import { EMULATED, compatOf, compatText } from '../../codegen/emit/c/compat/index.js';
import { ENUM_DOCS, INTERNAL_ENUMS } from '../../codegen/kernel/docs/enums.js';
import { FIELD_DOCS } from '../../codegen/kernel/docs/fields.js';
import { NOT_OFFERED } from '../../codegen/kernel/not-offered.js';
import { OPS } from '../../codegen/kernel/ops.js';
import { isNewer, KERNELS } from '../../codegen/kernel/versions.js';

describe('the kernel table', () => {
  const { functions, ops, enums, kernels } = surface();

  it('covers the supported kernels', () => {
    expect(kernels).toEqual([...KERNELS]);
  });

  it.each(
    [...kernelFunctions()]
      .filter((f) => f.kind === 'kfunc' && !EMULATED.has(f.name))
      .map((f) => [f.name, f] as const),
  )('%s is there from the kernel that the table says, with as many parameters', (name, fn) => {
    const known = functions[name];
    expect(known?.kernels[0]).toBe(fn.since);
    expect(known?.kernels.at(-1)).toBe(fn.until ?? KERNELS.at(-1));
    // Implicit arguments (`aux`) are added by the kernel itself.
    const stated = known?.prototype.params
      .filter((p) => p.name !== 'aux')
      .map((p) => p.type.replace(/^const /, ''));
    expect(fn.params.map((p) => p.ctype.replace(/^const /, ''))).toEqual(stated);
    expect(fn.returns.ctype.replace(/^const /, '')).toBe(
      known?.prototype.returns.replace(/^const /, ''),
    );
  });

  it('knows every member of sched_ext_ops but the private one', () => {
    const known = new Set(OPS.map((o) => o.name));
    expect(Object.keys(ops).filter((n) => !known.has(n))).toEqual(['priv']);
  });

  it('has callbacks with the kernel’s parameter types', () => {
    for (const op of OPS) {
      if (op.kind !== 'callback') continue;
      expect(
        op.params.map((p) => p.ctype),
        op.name,
      ).toEqual(ops[op.name]?.callback?.params.map((p) => p.type));
      expect(op.returns, op.name).toBe(ops[op.name]?.callback?.returns);
    }
  });

  it('keeps values that differ between kernels', () => {
    expect(enums['SCX_ENQ_HEAD']?.values?.['6.12']).toBe('16');
    expect(enums['SCX_ENQ_HEAD']?.value).toBe('65536');
  });

  it('puts what a kernel has but cannot call behind a test', () => {
    // Debian's 7.1.13 and 7.2.12 have no scx_bpf_create_dsq_impl beside the implicit argument; other builds lack others.
    expect(canBeUncallable('scx_bpf_create_dsq')).toBe(true);
    expect(canBeUncallable('scx_bpf_select_cpu_dfl')).toBe(true);
    expect(canBeUncallable('scx_bpf_now')).toBe(false);
    const create = compatText(kernelFunction('scx_bpf_create_dsq')!, '6.12');
    expect(compatOf('scx_bpf_create_dsq')?.wrapper).toBe('scxts_create_dsq');
    expect(create?.c).toContain('bpf_ksym_exists(scx_bpf_create_dsq)');
    for (const { name, kind } of kernelFunctions()) {
      if (kind === 'kfunc' && canBeUncallable(name))
        expect(compatOf(name)?.wrapper, name).toBeDefined();
    }
  });

  it('offers every scx_bpf_* function, or says why not', () => {
    const offered = new Set([...kernelFunctions()].map((f) => f.name));
    const named = Object.keys(functions).filter((n) => /^(__)?scx_bpf_/.test(n));
    expect(named.length).toBeGreaterThan(80);
    expect(named.filter((n) => !offered.has(n) && !NOT_OFFERED[n])).toEqual([]);
    expect(Object.keys(NOT_OFFERED).filter((n) => !functions[n])).toEqual([]);
  });

  it('says of every value of sched_ext’s enums what it means', () => {
    const silent = Object.entries(enums).filter(
      ([name, { enumName }]) =>
        /^_*SCX_/.test(name) && !ENUM_DOCS[name] && !INTERNAL_ENUMS[enumName],
    );
    expect(silent.map(([name]) => name)).toEqual([]);
    expect(Object.keys(ENUM_DOCS).filter((n) => !enums[n])).toEqual([]);
  });

  it('says of every field of sched_ext’s structs what it is', () => {
    const text = readFileSync(join(import.meta.dirname, '../../dsl/vmlinux.d.ts'), 'utf8');
    const fieldsOf = (struct: string): string[] => {
      const body = new RegExp(`^export interface ${struct}(?: extends \\w+)? \\{\\n([^}]*)`, 'm');
      const fields = body.exec(text)?.[1]?.matchAll(/^ +(?:readonly )?(\w+): /gm) ?? [];
      return [...fields].map((m) => m[1]!);
    };
    const structs = [
      ...['sched_ext_entity', 'scx_init_task_args', 'scx_exit_task_args', 'scx_cgroup_init_args'],
      ...['scx_cpu_release_args', 'scx_dump_ctx', 'scx_exit_info', 'scx_event_stats'],
      ...['scx_sub_attach_args', 'scx_sub_detach_args', 'scx_cid_topo', 'scx_cmask'],
    ];
    for (const struct of structs) {
      const fields = fieldsOf(struct);
      expect(fields.length, struct).toBeGreaterThan(0);
      // The kernel's own links in its lists and tables say nothing to a scheduler.
      const silent = fields.filter((f) => !FIELD_DOCS[`${struct}.${f}`] && !f.endsWith('_node'));
      expect(silent, struct).toEqual([]);
    }
    const unknown = Object.keys(FIELD_DOCS).filter((key) => {
      const [struct, field] = key.split('.') as [string, string];
      return !fieldsOf(struct).includes(field);
    });
    expect(unknown).toEqual([]);
  });

  it('orders versions as numbers', () => {
    expect(isNewer('6.12', '6.9')).toBe(true);
    expect(isNewer('7.0', '6.19')).toBe(true);
    expect(isNewer('6.12', '6.12')).toBe(false);
  });
});
