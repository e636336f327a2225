/** An error as the native addon throws it: the runtime makes its own of it. */
export class BackendError extends Error {
  constructor(
    readonly code: string,
    readonly errno: number,
    message: string,
    readonly log = '',
  ) {
    super(message);
  }
}

const NAMES: Readonly<Record<number, string>> = {
  2: 'No such file or directory',
  7: 'Argument list too long',
  11: 'Resource temporarily unavailable',
  16: 'Device or resource busy',
  17: 'File exists',
  22: 'Invalid argument',
  28: 'No space left on device',
  95: 'Operation not supported',
};

/** The error of a map operation that failed with a negative errno. */
export function mapError(result: number, map: string): BackendError {
  const why = NAMES[-result] ?? `error ${-result}`;
  return new BackendError('ERR_MAP', -result, `map '${map}': ${why}`);
}
