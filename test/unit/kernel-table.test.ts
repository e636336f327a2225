import { describe, expect, it } from 'vitest';
import { kernelFunction, kernelFunctions, surface } from '../../codegen/kernel/index.js';
import { OPS } from '../../codegen/kernel/ops.js';
import { isNewer, KERNELS } from '../../codegen/kernel/versions.js';

describe('the kernel table', () => {
  const { functions, ops, enums, kernels } = surface();

  it('covers the supported kernels', () => {
    expect(kernels).toEqual([...KERNELS]);
  });

  it.each(
    [...kernelFunctions()]
      .filter((f) => f.kind === 'kfunc' && !f.wrapper)
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
    // Debian's 7.1.13 and 7.2.12: no scx_bpf_create_dsq_impl beside the implicit argument.
    expect(functions['scx_bpf_create_dsq']?.uncallable).toEqual(['7.1', '7.2']);
    expect(functions['scx_bpf_select_cpu_dfl']?.uncallable).toBeUndefined();
    const create = kernelFunction('scx_bpf_create_dsq');
    expect(create?.wrapper).toBe('scxts_create_dsq');
    expect(create?.c).toContain('bpf_ksym_exists(scx_bpf_create_dsq)');
    for (const { name, kind } of kernelFunctions()) {
      const kernels = functions[name]?.uncallable;
      if (kind === 'kfunc' && kernels) expect(kernelFunction(name)?.wrapper, name).toBeDefined();
    }
  });

  it('orders versions as numbers', () => {
    expect(isNewer('6.12', '6.9')).toBe(true);
    expect(isNewer('7.0', '6.19')).toBe(true);
    expect(isNewer('6.12', '6.12')).toBe(false);
  });
});
