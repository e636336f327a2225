import { nsOfText } from '../../native/runtime/duration.js';
import { SimError } from '../errors.js';

/** A time: a text such as `10s`, `2ms`, `200us`, `50ns`, or a number of ns. */
export type Duration = string | number;

/** ns of a duration; throws SimError for what is none, which a text without a unit is. `what` says where it stands. */
export function nsOf(value: unknown, what: string): number {
  if (typeof value === 'number' && Number.isFinite(value) && value >= 0) return Math.round(value);
  const ns = typeof value === 'string' ? nsOfText(value) : undefined;
  if (ns === undefined)
    throw new SimError(
      'SIM_DURATION',
      `${what}: ${JSON.stringify(value)} is no time`,
      "write '10s', '2ms', '200us', or a number of ns",
    );
  return Math.round(ns);
}

/** For people: 3 digits and a unit. */
export function timeText(ns: number): string {
  if (!Number.isFinite(ns)) return '-';
  const [unit, size] =
    ns < 1e3 ? ['ns', 1] : ns < 1e6 ? ['us', 1e3] : ns < 1e9 ? ['ms', 1e6] : ['s', 1e9];
  const value = ns / (size as number);
  return `${value >= 100 || unit === 'ns' ? value.toFixed(0) : value.toFixed(value >= 10 ? 1 : 2)} ${unit}`;
}
