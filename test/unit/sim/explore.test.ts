import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { explore, tryScenario } from '../../../sim/explore/explore.js';
import { objectOf } from '../../../sim/node/object.js';

const simple = join(import.meta.dirname, '../../../examples/simple.ts');
const options = {
  ...{ runs: 25, seed: 1, kernel: '7.3', config: {}, duration: 500_000_000 },
  ...{ cpus: 4, hotplug: true },
};

describe('the search for trouble', () => {
  it('finds nothing in simple, and the smallest case that breaks a limit', async () => {
    const object = await objectOf(simple);
    expect(await explore(object, options)).toBeNull();
    const found = await explore(object, { ...options, maxWait: 90_000_000 });
    expect(found!.what).toMatch(/waited \d+.* for a CPU, more than 90.0 ms/);
    expect(found!.shrinks).toBeGreaterThan(0);
    // Six tasks on one CPU, or so: a round of slices is longer than the limit.
    expect(found!.scenario.machine.cpus).toBe(1);
    // The same case again, the same end.
    const again = await tryScenario(object, found!.scenario, { ...options, maxWait: 90_000_000 });
    expect(again.what).toBe(found!.what);
  }, 60_000);
});
