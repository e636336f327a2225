/**
 * An error of the runtime. `code` is stable (ERR_...), `errno` the kernel's error number or 0, `log`
 * what libbpf and the verifier said, `hint` what to do.
 */
export class ScxtsError extends Error {
  readonly code: string;
  readonly errno: number;
  readonly log: string;
  readonly hint: string | undefined;

  constructor(
    code: string,
    message: string,
    more: { errno?: number; log?: string; hint?: string; cause?: unknown } = {},
  ) {
    super(message, more.cause === undefined ? undefined : { cause: more.cause });
    this.name = 'ScxtsError';
    this.code = code;
    this.errno = more.errno ?? 0;
    this.log = more.log ?? '';
    this.hint = more.hint;
  }
}

interface NativeError {
  code?: unknown;
  errno?: unknown;
  log?: unknown;
  message: string;
}

/** The end of a verifier log: what it was looking at when it gave up. */
function tail(log: string, lines = 20): string {
  const all = log.trimEnd().split('\n');
  return all.slice(-lines).join('\n');
}

function loadHint(log: string): string {
  const missing = /kfunc '(\w+)' is referenced but wasn't resolved/.exec(log)?.[1];
  return missing
    ? `the running kernel does not offer '${missing}' in a form that libbpf can call: Debian's 7.1 and 7.2 describe some functions wrongly in their BTF; boot another kernel`
    : "the full verifier log is in the error's log property";
}

/** Runs native code and turns what it throws into a ScxtsError. */
export function native<T>(run: () => T): T {
  try {
    return run();
  } catch (error) {
    const { code, errno, log, message } = error as NativeError;
    if (typeof code !== 'string') throw error;
    const text = typeof log === 'string' ? log : '';
    const shown = code === 'ERR_LOAD' || code === 'ERR_OPEN' || code === 'ERR_ATTACH';
    throw new ScxtsError(code, shown && text ? `${message}\n${tail(text)}` : message, {
      errno: typeof errno === 'number' ? errno : 0,
      log: text,
      cause: error,
      ...(code === 'ERR_LOAD' ? { hint: loadHint(text) } : {}),
    });
  }
}
