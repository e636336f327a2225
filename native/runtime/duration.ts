import { ScxtsError } from './errors.js';

/** Units of a time, in ns. */
const UNITS = {
  ns: 1,
  us: 1e3,
  µs: 1e3,
  ms: 1e6,
  s: 1e9,
  m: 60e9,
  h: 3600e9,
  d: 86_400e9,
} as const;
type Unit = keyof typeof UNITS;

/** ns of a time such as `10s`; a bare number has the unit `bare`. Undefined for what is no time. */
export function nsOfText(text: string, bare?: Unit): number | undefined {
  const [, digits, named] =
    /^\s*(\d+(?:\.\d+)?|\.\d+)\s*(ns|us|µs|ms|s|m|h|d)?\s*$/.exec(text) ?? [];
  const unit = (named as Unit | undefined) ?? bare;
  return digits === undefined || unit === undefined ? undefined : Number(digits) * UNITS[unit];
}

/**
 * ms of a time as a user writes it for a flag: seconds, or a number with its unit. `flag` is who takes it, in the error; `most` is the
 * longest in ms; 0 is refused unless it means something. Throws ERR_VALUE.
 */
export function durationMs(
  text: string,
  flag: string,
  { most = Infinity, zero = false }: { most?: number; zero?: boolean } = {},
): number {
  const ns = nsOfText(text, 's');
  if (ns !== undefined && (ns > 0 || zero) && ns / 1e6 <= most) return ns / 1e6;
  const limits = [
    ...(zero ? [] : ['above 0']),
    ...(most < Infinity ? [`at most ${most / 1e3}s`] : []),
  ];
  throw new ScxtsError(
    'ERR_VALUE',
    `${flag} takes a time${limits.length > 0 ? ` ${limits.join(' and ')}` : ''}, not '${text}'`,
    { hint: 'a time is 30 (seconds), 500ms, 10s, 5m, 2h or 25d' },
  );
}
