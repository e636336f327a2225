import type { Surface } from './surface.js';
import { CONSTANTS } from '../constants.js';
import { OPS, type OpsCallback } from '../ops.js';
import { ENUM_DOCS, ENUM_FILES, INTERNAL_ENUMS } from '../docs/enums.js';
import type { KernelFunction, ProgramKind } from '../types.js';
import { UPSTREAM } from '../upstream.js';

const ARRAYS = new Set(['s32', 'u32', 'u64', 's64', 'u8', 's8', 'u16', 's16', 'bool', 'void']);

/** A C type of a prototype as the language writes it. */
function dslType(ctype: string, structs: Set<string>): string {
  const text = ctype
    .replace(/\bconst\b/g, '')
    .replace(/\s+/g, ' ')
    .trim();
  if (ARRAYS.has(text)) return text;
  if (text === 'char *') return 'string';
  const struct = /^(?:struct|union) (\w+) ?\*?$/.exec(text);
  if (struct) {
    structs.add(struct[1]!);
    return struct[1]!;
  }
  const pointer = /^(\w+) \*$/.exec(text);
  if (pointer && ARRAYS.has(pointer[1]!)) return pointer[1]!;
  return `Opaque<'${text}'>`;
}

function parameterType(name: string, ctype: string, structs: Set<string>): string {
  const type = dslType(ctype, structs);
  // The kernel itself mixes the two: callbacks get `s32 cpu`, cpumask functions take `u32 cpu`.
  if (/^cpu\d*$/.test(name) && (type === 'u32' || type === 's32')) return 'u32 | s32';
  // A bpf_cpumask starts with a cpumask: C casts, the language accepts either.
  if (type === 'cpumask') structs.add('bpf_cpumask');
  return type === 'cpumask' ? 'cpumask | bpf_cpumask' : type;
}

/** `unlocked` stands for what holds no lock; `enqueue@6.16` holds from that kernel on. */
function contextNames(contexts: string[]): string {
  return contexts
    .map((context) => {
      const [name, since] = context.split('@') as [string, string | undefined];
      const place =
        name === 'unlocked' ? 'callbacks that may sleep, timers, syscall programs' : `${name}()`;
      return since ? `${place} (Linux ${since}+)` : place;
    })
    .join(', ');
}

function functionDeclaration(fn: KernelFunction, structs: Set<string>): string {
  const visible = fn.params.filter((p) => !p.out && p.hidden === undefined);
  const params = visible.map(
    (p) => `${p.name}: ${parameterType(p.name, p.ctype, structs)}${p.nullable ? ' | null' : ''}`,
  );
  let returns = dslType(fn.returns.ctype, structs);
  if (fn.dslReturns) returns = fn.dslReturns;
  else if (fn.returns.acquire) returns = `${returns} & Disposable`;
  if (fn.returns.nullable)
    returns = fn.returns.acquire ? `(${returns}) | null` : `${returns} | null`;
  const outs = fn.params.filter((p) => p.out);
  if (outs.length) {
    const fields = outs.map((p) => `${p.name}: ${dslType(p.ctype, structs)}`);
    if (returns !== 'void') fields.unshift(`${fn.returns.name ?? 'ret'}: ${returns}`);
    returns = `{ ${fields.join('; ')} }`;
  }
  const notes = [
    fn.contexts ? `Callable from: ${contextNames(fn.contexts)}.` : '',
    fn.sleepable ? 'May sleep.' : '',
    fn.returns.acquire
      ? 'Bind the result with `using`: it is given back at the end of the block.'
      : '',
    fn.returns.untrusted ? 'The result is followed with fault-tolerant loads only.' : '',
    fn.rcuProtected
      ? 'In callbacks that sleep, timers and syscall programs only under bpf_rcu_read_lock().'
      : '',
    programsNote(fn),
    fn.since !== '6.12' ? `Linux ${fn.upstream ?? fn.since}+.` : '',
    fn.until ? `Until Linux ${fn.until}.` : '',
    fn.file ? `${fn.file}` : '',
  ].filter(Boolean);
  return `/** ${[fn.doc, ...notes].join(' ')} */\nexport declare function ${fn.name}(${params.join(', ')}): ${returns};`;
}

const PROGRAM_NAMES: Record<ProgramKind, string> = {
  struct_ops: 'schedulers',
  tracing: 'tracing programs',
  syscall: 'syscall programs',
  trampoline: 'fentry and fexit programs',
  kprobe: 'kprobes',
  raw_tp: 'raw tracepoints',
};

/** Kinds of programs that may call it, where some may not. */
function programsNote({ programs }: KernelFunction): string {
  if (!programs) return '';
  const some = Object.entries(programs).map(
    ([kind, since]) =>
      `${PROGRAM_NAMES[kind as ProgramKind]}${since === '6.12' ? '' : ` (Linux ${since}+)`}`,
  );
  return `In ${some.join(', ')}.`;
}

function callback(op: OpsCallback, kernels: string, structs: Set<string>): string {
  const params = op.params.map(
    (p) => `${p.name}: ${dslType(p.ctype, structs)}${p.nullable ? ' | null' : ''}`,
  );
  const returns = op.returns === 's32' ? 'number' : dslType(op.returns, structs);
  const notes = [op.doc, op.sleepable ? 'May sleep.' : '', kernels].filter(Boolean);
  return `  /** ${notes.join(' ')} */\n  ${op.name}?(${params.join(', ')}): ${returns};`;
}

/** Writes dsl/generated/kernel.d.ts: callbacks, kernel functions and constants. */
export function kernelDeclarations(
  surface: Surface,
  functions: Iterable<KernelFunction>,
  extra: string,
): string {
  const structs = new Set<string>();
  const body: string[] = [
    '/** struct sched_ext_ops: kernel/sched/ext/internal.h (kernel/sched/ext_internal.h before 7.2, ext.c before 6.17). */',
    'export interface SchedExtOps {',
  ];
  for (const op of OPS) {
    const kernels = surface.ops[op.name]?.kernels ?? surface.kernels;
    const note = kernelsNote(kernels, surface.kernels, UPSTREAM[op.name]);
    if (op.kind === 'callback') body.push(callback(op, note, structs));
    else if (op.name !== 'name')
      body.push(`  /** ${[op.doc, note].filter(Boolean).join(' ')} */\n  ${op.name}?: ${op.type};`);
  }
  body.push('}', '');
  for (const fn of functions) body.push(functionDeclaration(fn, structs));
  body.push('');
  for (const [name, value] of Object.entries(surface.enums)) {
    if (CONSTANTS.has(name)) continue;
    const about = ENUM_DOCS[name] ?? INTERNAL_ENUMS[value.enumName];
    const file = ENUM_FILES.find(([pattern]) => pattern.test(value.enumName))?.[1];
    const notes = [
      about,
      kernelsNote(value.kernels, surface.kernels, UPSTREAM[name]),
      `enum ${value.enumName}: ${valueText(value)}${file ? `, ${file}` : ''}.`,
    ];
    body.push(
      `/** ${notes.filter(Boolean).join(' ')} */\nexport declare const ${name}: ${constantType(value)};`,
    );
  }
  for (const [name, { value, type, doc }] of CONSTANTS) {
    const literal = Number.isSafeInteger(Number(value)) && type !== 'u64' ? `${value}` : type;
    if (doc) body.push(`/** ${doc} */`);
    body.push(`export declare const ${name}: ${literal};`);
  }
  return [
    '// Generated from codegen/kernel by `npm run kernel-table`. Do not edit.',
    "import type { Opaque, bool, s16, s32, s64, s8, u16, u32, u64, u8 } from '../types.js';",
    `import type { ${[...structs].sort().join(', ')} } from '../vmlinux.js';`,
    "import type * as vm from '../vmlinux.js';",
    '',
    ...body,
    '',
    extra,
    '',
  ].join('\n');
}

/** First and last kernel, where that is not all of them. */
export function kernelsNote(has: string[], all: string[], upstream?: string): string {
  const from = has[0] === all[0] ? '' : `Linux ${upstream ?? has[0]}+.`;
  const last = has[has.length - 1]!;
  return [from, last === all[all.length - 1] ? '' : `Until Linux ${last}.`]
    .filter(Boolean)
    .join(' ');
}

/** Values that fit every integer of 32 bits go anywhere, as literals do. */
function constantType({ value, values }: Surface['enums'][string]): string {
  const all = [value, ...Object.values(values ?? {})].map(BigInt);
  return all.every((v) => v >= 0n && v < 1n << 31n) ? 'number' : 'u64';
}

/** The value, by kernel where kernels differ: programs always get that of the kernel that runs. */
function valueText({ value, values }: Surface['enums'][string]): string {
  if (!values) return hex(value);
  const runs: string[] = [];
  let before: string | undefined;
  for (const [kernel, v] of Object.entries(values)) {
    if (v !== before) runs.push(`${hex(v)} from ${kernel}`);
    before = v;
  }
  return runs.length > 1 ? runs.join(', ') : hex(value);
}

function hex(value: string): string {
  const number = BigInt(value);
  return number > 9n ? `0x${number.toString(16)}` : value;
}
