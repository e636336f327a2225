import { printable } from '../printable.js';
import { CLASSES, type RefusalName } from './classes.js';

/** A refusal of the verifier, in the words of the program's author. */
export interface Refusal {
  /** C name of the program, such as `simple_enqueue`. */
  program: string;
  class: RefusalName;
  /** The last thing that the verifier said. */
  said: string;
  /** Where in the source it gave up, as its line information says. */
  at?: { file: string; line: number; text: string };
  means?: string;
  fix?: string;
}

const BEGIN = '-- BEGIN PROG LOAD LOG --';
const END = '-- END PROG LOAD LOG --';
/** `; text @ file:line`, as the kernel prints it in front of the instructions of a line. */
const SOURCE = /^; (.*?)\s*@ (\S+?):(\d+)\s*$/;
/** Instructions, register states, and the statistics at the end. */
const NOISE =
  /^(\d+: |from \d+ to|processed \d+ insns|verification time|stack depth|insns? |mark_precise|caller|callee|returning|propagating|func#|func '|arg#\d+ reference|Validating|\s*(frame\d+:? |(old state|cur state): |R\d+(_\w+)?=|fp-?\d+(_\w+)?=)|;|--|$)/;

/** Explains libbpf's output of a failed load; undefined if the verifier did not refuse a program. */
export function explainRefusal(said: string): Refusal | undefined {
  const log = printable(said);
  const begin = log.lastIndexOf(BEGIN);
  if (begin < 0) return undefined;
  const end = log.indexOf(END, begin);
  const lines = log.slice(begin + BEGIN.length, end < 0 ? undefined : end).split('\n');
  const program = /prog '([^']*)':\s*$/.exec(log.slice(0, begin))?.[1] ?? 'unknown';
  const last =
    lines
      .filter((line) => !NOISE.test(line.trim()))
      .at(-1)
      ?.trim() ?? '';
  const found =
    CLASSES.find((c) => c.matches.test(last)) ??
    CLASSES.find((c) => c.matches.test(lines.slice(-6).join('\n')));
  const at = lastSource(lines);
  return {
    program,
    class: found?.name ?? 'unknown',
    said: last,
    ...(at ? { at } : {}),
    ...(found ? { means: found.means, fix: found.fix } : {}),
  };
}

/** The last line of TypeScript in the log; of the generated C if there is none. */
function lastSource(lines: string[]): Refusal['at'] {
  let generated: Refusal['at'];
  for (const line of [...lines].reverse()) {
    const [, text, file, number] = SOURCE.exec(line) ?? [];
    if (!file || !number) continue;
    const at = { file, line: Number(number), text: text?.trim() ?? '' };
    if (/\.[mc]?ts$/.test(file)) return at;
    generated ??= at;
  }
  return generated;
}

/** The refusal as text for people: where, what it means, what to do. */
export function refusalText(refusal: Refusal): string {
  const { program, at, said, means, fix } = refusal;
  const lines = [`the verifier rejected '${program}'${at ? ` at ${at.file}:${at.line}` : ''}`];
  if (at?.text) lines.push(`> ${at.line} | ${at.text}`);
  if (means) lines.push(`it means: ${means}`);
  if (fix) lines.push(`likely fix: ${fix}`);
  if (said) lines.push(`the verifier said: ${said}`);
  return lines.join('\n');
}
