import type { ExitInfo } from './exit.js';
import { printable } from './printable.js';
import { explainRefusal, refusalText, type Refusal } from './verifier/explain.js';

/**
 * An error of the runtime. `code` is stable (ERR_...), `errno` the kernel's error number or 0, `log`
 * what libbpf and the verifier said in full, `hint` what to do. `exit` is there when a scheduler ended
 * while it was being attached. Its texts do nothing to a terminal, whatever the object holds.
 */
export class ScxtsError extends Error {
  readonly code: string;
  readonly errno: number;
  readonly log: string;
  readonly hint: string | undefined;
  readonly exit: ExitInfo | undefined;
  /** What the verifier refused, where it did. */
  readonly refusal: Refusal | undefined;

  constructor(
    code: string,
    message: string,
    more: {
      errno?: number;
      log?: string;
      hint?: string;
      cause?: unknown;
      exit?: ExitInfo;
      refusal?: Refusal;
    } = {},
  ) {
    super(printable(message), more.cause === undefined ? undefined : { cause: more.cause });
    this.name = 'ScxtsError';
    this.code = code;
    this.errno = more.errno ?? 0;
    this.log = printable(more.log ?? '');
    this.hint = more.hint === undefined ? undefined : printable(more.hint);
    this.exit = more.exit;
    this.refusal = more.refusal;
  }
}

interface NativeError {
  code?: unknown;
  errno?: unknown;
  log?: unknown;
  message: string;
}

const BEGIN = '-- BEGIN PROG LOAD LOG --';
const END = '-- END PROG LOAD LOG --';

/**
 * The part of libbpf's output that says why: of a program that the verifier rejected, its name and the
 * end of its log, where it was when it gave up; else the last lines.
 */
export function summary(log: string, lines = 20): string {
  const begin = log.lastIndexOf(BEGIN);
  if (begin < 0) return log.trimEnd().split('\n').slice(-lines).join('\n');
  const end = log.indexOf(END, begin);
  const body = log.slice(begin + BEGIN.length, end < 0 ? undefined : end).trim();
  const program = /prog '([^']*)':\s*$/.exec(log.slice(0, begin))?.[1];
  const shown = body
    .split('\n')
    .filter((line) => !/^(processed \d+ insns|verification time|stack depth)/.test(line))
    .slice(-lines);
  return `${program ? `the verifier rejected program '${program}':\n` : ''}${shown.join('\n')}`;
}

const HINTS: Record<number, string> = {
  1: 'the kernel did not permit it: run as root; kernel lockdown (Secure Boot) can forbid it to root too',
  7: 'something given to the kernel is larger than it takes',
  11: 'try again',
  12: 'the kernel is out of memory for it: a smaller max_entries, or a higher memory limit of the cgroup',
  24: 'this process has too many files open: close what is not needed, or allow it more (ulimit -n, LimitNOFILE= of a unit)',
  23: 'all processes together have too many files open (sysctl fs.file-max)',
  28: 'there is no space left: of a file system, remove what is not needed; of a map, a larger max_entries',
  16: 'it is in use',
  17: 'there is an entry already',
  524: 'the kernel does not support this operation for maps of this type',
};

/** Errors of a load that are none of the object's. */
const OF_THE_MACHINE = new Set([1, 23, 24]);
/** E2BIG means another thing each time. */
const TOO_BIG: Record<string, string> = {
  ERR_ATTACH:
    'a member of the operations is larger than the kernel takes: timeout_ms at most 30000, dispatch_max_batch at most 2147483647',
  ERR_MAP:
    'the map is full: delete entries, or make it larger before load (open.maps.x.maxEntries)',
  ERR_RUN: 'the arguments are larger than the kernel takes',
};
const E2BIG = 7;

function hintOf(code: string, errno: number, log: string): string | undefined {
  if (errno === E2BIG && TOO_BIG[code]) return TOO_BIG[code];
  if (code !== 'ERR_LOAD') return HINTS[errno];
  const missing = /kfunc '(\w+)' is referenced but wasn't resolved/.exec(log)?.[1];
  if (missing)
    return `the running kernel does not offer '${missing}' in a form that libbpf can call: Debian's 7.1 and 7.2 describe some functions wrongly in their BTF; boot another kernel`;
  return OF_THE_MACHINE.has(errno)
    ? HINTS[errno]
    : "the full log of the verifier is in the error's log property";
}

const ENOMEM = 12;

export function outOfMemory(what: string, cause: unknown): ScxtsError {
  return new ScxtsError('ERR_MEMORY', `there is no memory for ${what}`, {
    errno: ENOMEM,
    cause,
    hint: 'read or write less at once (iterating a map takes a few thousand entries at a time), or give the process more memory',
  });
}

/** Whether an error of JavaScript, or of C++, says that an allocation failed. */
function isOutOfMemory({ name, message }: Error): boolean {
  return (
    message === 'std::bad_alloc' ||
    (name === 'RangeError' &&
      /allocation failed|invalid (typed )?array( buffer)? length/i.test(message))
  );
}

/** What native code threw, as ScxtsError: errors of the addon's own by their code, and whatever else went wrong in it. */
export function typed(error: unknown): ScxtsError {
  if (error instanceof ScxtsError) return error;
  const { code, errno, log, message } = error as NativeError;
  if (typeof code !== 'string' || !code.startsWith('ERR_') || log === undefined) {
    if (error instanceof Error && isOutOfMemory(error)) return outOfMemory('it', error);
    return new ScxtsError('ERR_INTERNAL', `the runtime of scxts failed: ${message}`, {
      cause: error,
      hint: 'this is a fault of scxts: please report it with its stack',
    });
  }
  const text = typeof log === 'string' ? log : '';
  const number = typeof errno === 'number' ? errno : 0;
  const shown = code === 'ERR_LOAD' || code === 'ERR_OPEN' || code === 'ERR_ATTACH';
  const hint = hintOf(code, number, text);
  const refusal = code === 'ERR_LOAD' ? explainRefusal(text) : undefined;
  const what = refusal ? `${message}\n${refusalText(refusal)}\nthe end of its log:` : message;
  return new ScxtsError(code, shown && text ? `${what}\n${summary(text)}` : message, {
    errno: number,
    log: text,
    cause: error,
    ...(refusal ? { refusal } : {}),
    ...(hint === undefined ? {} : { hint }),
  });
}

/** Runs native code and turns what it throws into a ScxtsError. */
export function native<T>(run: () => T): T {
  try {
    return run();
  } catch (error) {
    throw typed(error);
  }
}

/** The same for a promise. */
export async function nativeAsync<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    throw typed(error);
  }
}
