import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { OpenScheduler } from '../../native/runtime/open.js';
import { openInfo } from '../../native/runtime/object.js';
import * as runtime from '../../native/runtime/index.js';
import { runtimeNumbers } from '../../codegen/kernel/generate/runtime-numbers.js';
import { surface } from '../../codegen/kernel/index.js';
import { backend } from '../../sim/backend/index.js';
import { createSpace } from '../../sim/engine/space.js';
import type { KernelName } from '../../sim/engine/types.js';
import { loadInModel, modelledSysfs, stillHost } from '../util/in-model.js';
import { program, type Program } from '../util/program.js';

const FLAGS = {
  SCX_OPS_ENQ_EXITING: 4n,
  SCX_OPS_SWITCH_PARTIAL: 8n,
  PER_NODE: 0x40n,
  ALWAYS_IMMED: 0x80n,
};

/** A data member on each of the kernels, as the model takes it from the object. */
async function membersOn(
  from: Program,
  member: string,
  kernels: KernelName[],
): Promise<(bigint | undefined)[]> {
  const { objectPath } = await from.builds();
  return Promise.all(
    kernels.map(async (kernel) => {
      const { structOps } = await loadInModel(objectPath, { kernel });
      return structOps[0]?.big(member);
    }),
  );
}

const KERNELS: KernelName[] = ['6.12', '6.18', '7.3'];

describe('numbers of the kernel in members', () => {
  it('optional() takes each flag where the kernel has it', async () => {
    const both = program().ops(
      'flags: SCX_OPS_ENQ_EXITING | optional(SCX_OPS_BUILTIN_IDLE_PER_NODE | SCX_OPS_ALWAYS_ENQ_IMMED)',
    );
    expect(await membersOn(both, 'flags', KERNELS)).toEqual([
      FLAGS.SCX_OPS_ENQ_EXITING,
      FLAGS.SCX_OPS_ENQ_EXITING | FLAGS.PER_NODE,
      FLAGS.SCX_OPS_ENQ_EXITING | FLAGS.PER_NODE | FLAGS.ALWAYS_IMMED,
    ]);
  });

  it('exists() of numbers and functions decides, also through constants', async () => {
    const chosen = program(`const OLD = !exists(scx_bpf_dsq_peek);
      const EXTRA = OLD || exists(SCX_ENQ_IMMED) ? SCX_OPS_SWITCH_PARTIAL : 0;`).ops(
      `flags: EXTRA | SCX_OPS_ENQ_EXITING, timeout_ms: exists(SCX_ENQ_IMMED) && !OLD ? 5000 : 10_000`,
    );
    expect(await membersOn(chosen, 'flags', KERNELS)).toEqual([12n, 12n, 12n]);
    expect(await membersOn(chosen, 'flags', ['6.19'])).toEqual([4n]);
    expect(await membersOn(chosen, 'timeout_ms', KERNELS)).toEqual([10_000n, 10_000n, 5000n]);
  });

  it('a flag that every kernel has stays as it is', async () => {
    const { objectPath } = await program().ops('flags: optional(SCX_OPS_ENQ_EXITING)').builds();
    expect(readFileSync(objectPath.replace(/o$/, 'c'), 'utf8')).not.toContain('member=');
  });

  it.each<[string, Program, string]>([
    [
      'a config',
      program("const slow = config(false, 'x');").ops('timeout_ms: «slow ? 1 : 2»'),
      'SCX3004',
    ],
    ['a global', program('let n: u32 = 5;').ops('timeout_ms: «n»'), 'SCX3004'],
    ['a number without a name', program().ops('flags: optional(«0x100»)'), 'SCX4022'],
    ['a flag without a test', program().ops('flags: «SCX_OPS_ALWAYS_ENQ_IMMED»'), 'SCX4001'],
    [
      'too long a timeout on some kernel',
      program().ops('timeout_ms: «exists(SCX_ENQ_IMMED) ? 60_000 : 5»'),
      'SCX3016',
    ],
    [
      'nine questions',
      program().ops(
        'flags: «optional(SCX_OPS_BUILTIN_IDLE_PER_NODE | SCX_OPS_ALWAYS_ENQ_IMMED | SCX_OPS_TID_TO_TASK | SCX_OPS_ENQ_MIGRATION_DISABLED | SCX_OPS_ALLOW_QUEUED_WAKEUP) | (exists(scx_bpf_dsq_peek) && exists(scx_bpf_cpu_curr) && exists(SCX_ENQ_IMMED) && exists(scx_bpf_now) ? 1 : 0)»',
      ),
      'SCX4023',
    ],
    ['data', program('const F = optional(SCX_ENQ_IMMED);\nlet x: u64 = «F»;'), 'SCX3004'],
  ])('refuses %s', (_name, refused, code) => void refused.rejects(code));

  it('the hint of a flag of newer kernels is a program that is taken', () => {
    const [found] = program().ops('flags: SCX_OPS_ALWAYS_ENQ_IMMED').rejects('SCX4001');
    expect(found?.hint).toContain('optional(SCX_OPS_ALWAYS_ENQ_IMMED)');
    program().ops('flags: optional(SCX_OPS_ALWAYS_ENQ_IMMED)').accepts();
    program()
      .ops('flags: exists(SCX_OPS_ALWAYS_ENQ_IMMED) ? SCX_OPS_ALWAYS_ENQ_IMMED : 0')
      .accepts();
  });
});

describe('user space', () => {
  it('keeps what it sets in flags, and what it clears', async () => {
    const { objectPath } = await program()
      .ops(
        'flags: SCX_OPS_ENQ_EXITING | optional(SCX_OPS_BUILTIN_IDLE_PER_NODE), timeout_ms: exists(SCX_ENQ_IMMED) ? 7000 : 9000',
      )
      .builds();
    const load = async (set: (open: OpenScheduler) => void): Promise<[bigint, bigint]> => {
      const seen: [bigint, bigint][] = [];
      const machine = {
        space: await createSpace({ kernel: '7.3', cpus: 1 }),
        calls: { functions: [] },
        host: stillHost(),
        clock: {
          every: () => ({ stop: () => undefined, ref: () => undefined, unref: () => undefined }),
          wait: () => Promise.resolve(),
          now: () => 0,
        },
        sysfs: modelledSysfs(1),
        file: (path: string) => (path.endsWith('/state') ? 'disabled' : undefined),
        enable: (_object: unknown, ops: { big(member: string): bigint }) => {
          seen.push([ops.big('flags'), ops.big('timeout_ms')]);
          return { stop: () => undefined };
        },
        listen: () => ({ stop: () => undefined }),
        cgroupOfPath: () => 0,
        cgroupIdOfPath: () => undefined,
      };
      const open = new OpenScheduler(openInfo(objectPath, backend(machine)), 't');
      set(open);
      using loaded = open.load();
      loaded.attach();
      return seen[0]!;
    };
    expect(await load(() => undefined)).toEqual([0x44n, 7000n]);
    expect(await load((o) => (o.ops.flags |= runtime.SCX_OPS_SWITCH_PARTIAL))).toEqual([
      0x4cn,
      7000n,
    ]);
    expect(await load((o) => (o.ops.flags = 0n))).toEqual([0x40n, 7000n]);
    expect(await load((o) => (o.ops.timeout_ms = 100))).toEqual([0x44n, 100n]);
  });

  it('has the kernel’s numbers from the skeleton, as bigint', async () => {
    const { objectPath } = await program(
      'export const PARTIAL = SCX_OPS_SWITCH_PARTIAL;\nexport const BOTH = PARTIAL | SCX_OPS_ENQ_LAST;\nexport const ON = SCX_DSQ_LOCAL_ON;',
    ).builds();
    const skeleton = readFileSync(objectPath.replace('.bpf.o', '.skel.ts'), 'utf8');
    expect(skeleton).toContain('export const PARTIAL = 8n;');
    expect(skeleton).toContain('export const BOTH = 10n;');
    expect(skeleton).toContain(`export const ON = ${0xc000_0000_0000_0000n}n;`);
  });

  it('is told what cannot be in the skeleton', () => {
    program('export const MASK = «SCX_TASK_STATE_MASK»;').rejects('SCX4024');
    program('export const F = optional(«SCX_ENQ_IMMED»);').rejects('SCX4024');
  });

  it('has them from scxts/runtime, as the kernel table has them', () => {
    expect(runtimeNumbers(surface())).toBe(
      readFileSync('native/runtime/kernel-numbers.ts', 'utf8'),
    );
    expect(runtime.SCX_OPS_SWITCH_PARTIAL).toBe(8n);
    expect(runtime.SCX_ENQ_IMMED).toBe(0x2_0000_0000n);
  });
});
