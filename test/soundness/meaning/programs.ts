import type { Random } from '../random.js';
import { inJavaScript } from './javascript.js';
import { PRELUDE, STATE_VALUES, frame } from './prelude.js';
import { Statements } from './statements.js';

/** Numbers that each program leaves behind: of the state, and of what it has named itself. */
export const VALUES = 64;

export interface MeaningProgram {
  /** Its statements, to be shown and compiled. */
  body: string;
}

/** A random program. */
export function meaningProgram(r: Random): MeaningProgram {
  const s = new Statements(r, { serial: 0, loops: 3 });
  s.write(r.between(3, 10));
  const { scope } = s;
  const own = [
    ...scope.numbers.map((v) => v.name),
    ...scope.objects.flatMap((v) => [`${v.name}.a`, `${v.name}.b`]),
    ...scope.optionals.map((name) => `rd(${name})`),
  ];
  const shown = own.slice(0, VALUES - STATE_VALUES);
  const results = shown.map((text, i) => `out[AT + ${STATE_VALUES + i}] = u64(${text});`);
  return { body: [...s.lines, ...results, 'end(AT + 0);'].join('\n') };
}

function placed(body: string, n: number): string {
  const at = (_: string, i: string): string => String(n * VALUES + Number(i));
  return `begin();\n${body}`.replaceAll(/\bAT \+ (\d+)/g, at);
}

/** Programs of one object in the language; `run0`, `run1`... leave VALUES numbers each in `out`. */
export function sourceOf(programs: readonly MeaningProgram[]): string {
  const bodies = programs.map(({ body }, n) =>
    placed(body, n).replace(/copied\((.*)\);$/gm, '$1;'),
  );
  const all = bodies.map(
    (body, n) => `// program ${n}\nexport const run${n} = syscall(() => {\n${body}\nreturn 0;\n});`,
  );
  return `${PRELUDE}${frame(programs.length * VALUES)}${all.join('\n')}
// end
export default scheduler({ name: 'meaning' });
`;
}

/** What JavaScript itself says of them, run one after the other. */
export function expectedOf(programs: readonly MeaningProgram[]): number[][] {
  const bodies = programs.map(({ body }, n) => placed(body, n));
  const size = programs.length * VALUES;
  const out = inJavaScript(PRELUDE + frame(size), bodies, size);
  return programs.map((_, n) => out.slice(n * VALUES, (n + 1) * VALUES));
}
