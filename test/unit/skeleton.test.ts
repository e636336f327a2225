import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { buildFile } from '../../codegen/index.js';
import { project, typeErrors } from './user-project.js';

const dir = mkdtempSync(join(tmpdir(), 'scxts-skeleton-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const SCHEDULER = `
import { scheduler, config, counter, hash, u64, type s32, type FixedArray } from 'scxts';
import { SHARED } from './shared.js';

export { SHARED, Shape as Form } from './shared.js';
export enum Kind { None, Sleep = 5, Wake }
export const LIMITS = { soft: 3, hard: -4, 'odd-name': 1 } as const;
export const BANDS: Record<Kind, u64> = { [Kind.None]: 1, [Kind.Sleep]: 2, [Kind.Wake]: 3 };
export const HUGE = u64(7);
export const BEYOND = 0xffff_ffff_ffff_ffffn;
export const SLOTS = 1 << 4;
export const FIRST: u64 = 2;
export const NESTED = { a: 1, b: { c: 2 } } as const;
// Not numbers, or taken: the skeleton has these names from elsewhere.
export const fast = config(false, 'no constant');
export const nr = counter('no constant');
export const HashMap = 3;
export const Shapes = 4;
export const slots = hash<s32, FixedArray<u64, typeof SLOTS>>(SLOTS);
const own = 9;

export default scheduler({ name: 'shapes', init() { return SHARED - SHARED + own - own; } });
`;

it('the numbers and enums that a scheduler exports are in its skeleton', async () => {
  const { folder, write } = project(dir, 'constants');
  write('shared.ts', 'export const SHARED = 40;\nexport enum Shape { Round = 1 }\n');
  const { diagnostics } = await buildFile(write('shapes.ts', SCHEDULER));
  expect(diagnostics).toEqual([]);
  // Types of literals: what is exported has exactly this value.
  write(
    'main.ts',
    `import { BANDS, BEYOND, FIRST, Form, HUGE, Kind, LIMITS, SHARED, SLOTS, Shapes } from './shapes.skel.js';
import * as all from './shapes.skel.js';
const kinds: { None: 0; Sleep: 5; Wake: 6 } = Kind;
const limits: { soft: 3; hard: -4; 'odd-name': 1 } = LIMITS;
const bands: { 0: 1n; 5: 2n; 6: 3n } = BANDS;
const numbers: [16, 40, 1] = [SLOTS, SHARED, Form.Round];
const wide: [7n, 0xffff_ffff_ffff_ffffn, 2n] = [HUGE, BEYOND, FIRST];
const loaded = Shapes.open();
const names: 'Kind' | 'LIMITS' | 'BANDS' | 'HUGE' | 'BEYOND' | 'SLOTS' | 'FIRST' | 'SHARED' | 'Form' | 'Shapes' = '' as keyof typeof all;
console.log(kinds, limits, bands, numbers, wide, loaded, names);
`,
  );
  expect(await typeErrors(folder, ['main.ts'])).toBe('');
}, 60_000);
