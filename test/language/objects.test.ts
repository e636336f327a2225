import { expect, it } from 'vitest';
import { compare } from '../soundness/compare.js';

it('objects that are made, named, swapped, passed and stored are those of JavaScript', async () => {
  expect(await compare({ seed: 1, count: 60 })).toEqual([]);
}, 120_000);
