import { SimError } from '../errors.js';

/** A time: `10s`, `2ms`, `200us`, `50ns`, or a number of ns. */
export type Duration = string | number;

const UNITS: Readonly<Record<string, number>> = {
  ns: 1,
  us: 1e3,
  µs: 1e3,
  ms: 1e6,
  s: 1e9,
  m: 60e9,
};

/** ns of a duration; throws SimError for what is none. `what` says where it stands. */
export function nsOf(value: unknown, what: string): number {
  if (typeof value === 'number' && Number.isFinite(value) && value >= 0) return Math.round(value);
  const found =
    typeof value === 'string' ? /^\s*(\d+(?:\.\d+)?)\s*(ns|us|µs|ms|s|m)\s*$/.exec(value) : null;
  if (!found)
    throw new SimError(
      'SIM_DURATION',
      `${what}: ${JSON.stringify(value)} is no time`,
      "write '10s', '2ms', '200us', or a number of ns",
    );
  return Math.round(Number(found[1]) * UNITS[found[2]!]!);
}

/** For people: 3 digits and a unit. */
export function timeText(ns: number): string {
  if (!Number.isFinite(ns)) return '-';
  const [unit, size] =
    ns < 1e3 ? ['ns', 1] : ns < 1e6 ? ['us', 1e3] : ns < 1e9 ? ['ms', 1e6] : ['s', 1e9];
  const value = ns / (size as number);
  return `${value >= 100 || unit === 'ns' ? value.toFixed(0) : value.toFixed(value >= 10 ? 1 : 2)} ${unit}`;
}
