import { cut, makeExpression, TYPES, type CInt, type Env } from './reference.js';

/** A statement of the language with its effect by a reference of its own. */
interface Statement {
  text: string[];
  run(state: State): Outcome;
}
type Outcome = 'next' | 'break' | 'continue' | 'return';
interface State {
  env: Env;
  table: bigint[];
  steps: number;
}
type Pick = (n: number) => number;

const NAMES = Object.keys(TYPES);
export const TABLE = 8;

/** Locals that programs have: two of each type, as fields of expressions are called. */
export const LOCALS = NAMES.flatMap((t) => [`${t}0`, `${t}1`]);

function target(pick: Pick): { name: string; type: CInt } {
  const name = LOCALS[pick(LOCALS.length)]!;
  return { name, type: TYPES[name.slice(0, -1)]! };
}

/** The expressions of the reference read `x.name`; here the names are locals. */
function expression(pick: Pick, depth: number): { text: string; evaluate(env: Env): bigint } {
  const name = NAMES[pick(8)]!;
  const type = TYPES[name]!;
  const e = makeExpression(pick, depth);
  const value = (env: Env): bigint => cut(e.literal ?? e.evaluate(env), type);
  return { text: `${name}(${e.text})`.replaceAll('x.', ''), evaluate: value };
}

function assignment(pick: Pick): Statement {
  const { name, type } = target(pick);
  const e = expression(pick, 2);
  switch (pick(4)) {
    case 0: {
      const up = pick(2) === 0;
      return {
        text: [`${pick(2) === 0 ? `${name}${up ? '++' : '--'}` : `${up ? '++' : '--'}${name}`};`],
        run: ({ env }) => {
          env[name] = cut(env[name]! + (up ? 1n : -1n), type);
          return 'next';
        },
      };
    }
    case 1: {
      // Added at the width of the operands, cut to that of the target: as if exact.
      const op = '+-^|&'[pick(5)]!;
      return {
        text: [`${name} ${op}= ${e.text};`],
        run: ({ env }) => {
          const [a, b] = [env[name]!, e.evaluate(env)];
          const value =
            op === '+'
              ? a + b
              : op === '-'
                ? a - b
                : op === '^'
                  ? a ^ b
                  : op === '|'
                    ? a | b
                    : a & b;
          env[name] = cut(value, type);
          return 'next';
        },
      };
    }
    default: {
      const to = name.slice(0, -1);
      return {
        text: [`${name} = ${to}(${e.text});`],
        run: ({ env }) => {
          env[name] = cut(e.evaluate(env), type);
          return 'next';
        },
      };
    }
  }
}

/** Elements, in range or not. */
function element(pick: Pick): Statement {
  const index = target(pick).name;
  const at = (env: Env): number | undefined => {
    const i = BigInt.asUintN(64, env[index]!);
    return i < BigInt(TABLE) ? Number(i) : undefined;
  };
  const change = (of: (old: bigint, env: Env) => bigint): Statement['run'] => {
    return ({ env, table }) => {
      const i = at(env);
      if (i !== undefined) table[i] = cut(of(table[i]!, env), TYPES['u64']!);
      return 'next';
    };
  };
  const e = expression(pick, 1);
  switch (pick(4)) {
    case 0:
      return { text: [`table[${index}]++;`], run: change((old) => old + 1n) };
    case 1:
      return {
        text: [`table[${index}] += ${e.text};`],
        run: change((old, env) => old + e.evaluate(env)),
      };
    case 2: {
      const to = target(pick);
      return {
        text: [`${to.name} = ${to.name.slice(0, -1)}(table[${index}]);`],
        run: ({ env, table }) => {
          const i = at(env);
          env[to.name] = i === undefined ? 0n : cut(table[i]!, to.type);
          return 'next';
        },
      };
    }
    default:
      return {
        text: [`table[${index}] = u64(${e.text});`],
        run: change((_, env) => e.evaluate(env)),
      };
  }
}

function sequence(statements: Statement[]): Statement['run'] {
  return (state) => {
    for (const s of statements) {
      const outcome = s.run(state);
      if (outcome !== 'next') return outcome;
    }
    return 'next';
  };
}

interface Place {
  depth: number;
  inLoop: boolean;
  serial: { n: number; loops: number };
}

function block(pick: Pick, place: Place, count = 1 + pick(3)): Statement {
  const statements = Array.from({ length: count }, () => statement(pick, place));
  return {
    text: statements.flatMap((s) => s.text).map((l) => `  ${l}`),
    run: sequence(statements),
  };
}

function statement(pick: Pick, place: Place): Statement {
  const kind = pick(place.depth > 3 ? 5 : 10);
  if (kind < 3) return assignment(pick);
  if (kind < 5) return element(pick);
  const inner = { ...place, depth: place.depth + 1 };
  if (kind < 7) {
    const test = expression(pick, 1);
    const then = block(pick, inner);
    const other = pick(2) === 0 ? block(pick, inner) : undefined;
    return {
      text: [
        `if (${test.text} !== 0) {`,
        ...then.text,
        ...(other ? ['} else {', ...other.text] : []),
        '}',
      ],
      run: (state) => {
        if (test.evaluate(state.env) !== 0n) return then.run(state);
        return other ? other.run(state) : 'next';
      },
    };
  }
  if (kind === 7) return choice(pick, inner);
  if (kind === 8 && place.inLoop) {
    const test = expression(pick, 1);
    const way = pick(2) === 0 ? 'break' : 'continue';
    return {
      text: [`if (${test.text} > 3) ${way};`],
      run: ({ env }) => (test.evaluate(env) > 3n ? way : 'next'),
    };
  }
  if (place.serial.loops <= 0) return assignment(pick);
  place.serial.loops--;
  return loop(pick, { ...inner, inLoop: true });
}

function choice(pick: Pick, place: Place): Statement {
  const e = expression(pick, 1);
  const cases = [0n, 1n, 3n].map((value) => ({
    value,
    body: block(pick, { ...place, inLoop: false }, 1),
    falls: pick(4) === 0,
  }));
  const other = block(pick, { ...place, inLoop: false }, 1);
  return {
    // A case either has a body of its own or is a name for the next one.
    text: [
      `switch (u64(${e.text}) & 3) {`,
      ...cases.flatMap(({ value, body, falls }) =>
        falls ? [`case ${value}:`] : [`case ${value}: {`, ...body.text, 'break;', '}'],
      ),
      'default: {',
      ...other.text,
      '}',
      '}',
    ],
    run: (state) => {
      const value = e.evaluate(state.env) & 3n;
      const at = cases.findIndex((c) => c.value === value);
      const taken = at < 0 ? undefined : cases.slice(at).find((c) => !c.falls);
      return (taken?.body ?? other).run(state);
    },
  };
}

function loop(pick: Pick, place: Place): Statement {
  const i = `i${place.serial.n++}`;
  const rounds = BigInt([2, 5, 20][pick(3)]!);
  const body = block(pick, place);
  const run: Statement['run'] = (state) => {
    for (let n = 0n; n < rounds; n++) {
      state.steps++;
      const outcome = body.run(state);
      if (outcome === 'break') break;
      if (outcome === 'return') return 'return';
    }
    return 'next';
  };
  if (pick(3) === 0) {
    return { text: [`for (const ${i} of range(${rounds})) {`, ...body.text, '}'], run };
  }
  if (pick(2) === 0) {
    return { text: [`let ${i}: u32 = 0;`, `while (${i}++ < ${rounds}) {`, ...body.text, '}'], run };
  }
  return { text: [`for (let ${i} = 0; ${i} < ${rounds}; ${i}++) {`, ...body.text, '}'], run };
}

export interface SmallProgram {
  text: string[];
  /** Locals and table afterwards. */
  run(env: Env, table: bigint[]): Env;
}

/** Statements over the locals and `table`. */
export function smallProgram(pick: Pick): SmallProgram {
  const all = block(pick, { depth: 0, inLoop: false, serial: { n: 0, loops: 4 } }, 6);
  return {
    text: all.text,
    run: (inputs, table) => {
      const env = { ...inputs };
      all.run({ env, table, steps: 0 });
      return env;
    },
  };
}
