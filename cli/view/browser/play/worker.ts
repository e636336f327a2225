import { Fault, SimError } from '../../../../sim/errors.js';
import { readKernelsWith } from '../../../../sim/kernels/read.js';
import { readObject } from '../../../../sim/object/file.js';
import { configOf } from '../../../../sim/run/config.js';
import { simulateObject } from '../../../../sim/run/run.js';
import type { Ask, Told } from './protocol.js';

const tell = (told: Told): void => (postMessage as (message: unknown) => void)(told);
let base = '';

async function run({ number, name, object, options, base: at }: Ask): Promise<void> {
  if (base === '')
    readKernelsWith(async (kernel) => {
      const response = await fetch(`${at}btf/${kernel}`);
      if (!response.ok) throw new Error(`the types of Linux ${kernel} cannot be had`);
      return new Uint8Array(await response.arrayBuffer());
    });
  base = at;
  const began = performance.now();
  try {
    const config = object ? configOf(readObject(object, name)) : [];
    // A flag that this version of the scheduler has no more is left out.
    const known = Object.entries(options.config ?? {}).filter(([flag]) =>
      config.some((c) => c.name === flag),
    );
    const done = await simulateObject(object ? { name, bytes: object } : null, {
      ...options,
      config: Object.fromEntries(known),
      trace: true,
      profile: object !== null,
    });
    const { groups, findings, output, exit, hash } = done;
    tell({
      ...{ number, config, groups, findings, output, hash, recording: done.trace() },
      lines: object ? done.profile() : [],
      exit: { ...exit },
      milliseconds: performance.now() - began,
    });
  } catch (error) {
    const hint = error instanceof SimError ? ((error as { hint?: string }).hint ?? '') : '';
    const where = error instanceof Fault ? error.where : '';
    tell({ number, error: { message: (error as Error).message, hint, where } });
  }
}

addEventListener('message', (e: MessageEvent<Ask>) => void run(e.data));
