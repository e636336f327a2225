import { expect, it } from 'vitest';
import { compareMeaning } from '../soundness/meaning/compare.js';

it('JavaScript, the interpreter of the IR and the kernel agree on random programs', async () => {
  const { ran, differences } = await compareMeaning({ seed: 1000, count: 80, together: 40 });
  expect(differences).toEqual([]);
  // What is refused with a reason is few.
  expect(ran).toBeGreaterThan(65);
}, 120_000);
