import { readFileSync } from 'node:fs';
import { SimError } from '../errors.js';
import type { Load } from '../load/description.js';
import { isRecording, loadOfRecording } from '../load/recorded.js';
import { isRtApp, loadOfRtApp } from '../load/rt-app.js';

/** The load of a file: JSON as simulate() takes it, rt-app's, or a recording of `scxts trace`. */
export function readLoad(file: string): Load {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(file, 'utf8').replace(/^\uFEFF/, ''));
  } catch (error) {
    throw new SimError('SIM_LOAD', `cannot read the load '${file}': ${(error as Error).message}`);
  }
  if (isRtApp(value)) return loadOfRtApp(value);
  if (isRecording(value)) return loadOfRecording(value);
  if (typeof value !== 'object' || value === null || !Array.isArray((value as Load).tasks))
    throw new SimError(
      'SIM_LOAD',
      `'${file}' holds no load`,
      "a load has 'tasks', a list (docs/sim.md), or, in rt-app's format, an object",
    );
  return value as Load;
}
