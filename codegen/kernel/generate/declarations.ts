import type { Surface } from './surface.js';
import { CONSTANTS } from '../constants.js';
import { OPS, type OpsCallback } from '../ops.js';
import type { KernelFunction } from '../types.js';

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

function parameterType(ctype: string, structs: Set<string>): string {
  const type = dslType(ctype, structs);
  // A bpf_cpumask starts with a cpumask: C casts, the language accepts either.
  if (type === 'cpumask') structs.add('bpf_cpumask');
  return type === 'cpumask' ? 'cpumask | bpf_cpumask' : type;
}

function functionDeclaration(fn: KernelFunction, structs: Set<string>): string {
  const visible = fn.params.filter((p) => !p.out && p.hidden === undefined);
  const params = visible.map(
    (p) => `${p.name}: ${parameterType(p.ctype, structs)}${p.nullable ? ' | null' : ''}`,
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
    fn.contexts
      ? `Callable from: ${fn.contexts.join(', ').replace(/@(\S+)/g, ' (Linux $1+)')}.`
      : '',
    fn.sleepable ? 'May sleep.' : '',
    fn.since !== '6.12' ? `Linux ${fn.since}+.` : '',
    fn.until ? `Until Linux ${fn.until}.` : '',
  ].filter(Boolean);
  return `/** ${[fn.doc, ...notes].join(' ')} */\nexport declare function ${fn.name}(${params.join(', ')}): ${returns};`;
}

function callback(op: OpsCallback, since: string, structs: Set<string>): string {
  const params = op.params.map(
    (p) => `${p.name}: ${dslType(p.ctype, structs)}${p.nullable ? ' | null' : ''}`,
  );
  const returns = op.returns === 's32' ? 'number' : dslType(op.returns, structs);
  return `  /** ${op.doc}${since === '6.12' ? '' : ` Linux ${since}+.`} */\n  ${op.name}?(${params.join(', ')}): ${returns};`;
}

/** Writes dsl/generated/kernel.d.ts: callbacks, kernel functions and constants. */
export function kernelDeclarations(
  surface: Surface,
  functions: Iterable<KernelFunction>,
  extra: string,
): string {
  const structs = new Set<string>();
  const body: string[] = ['export interface SchedExtOps {'];
  for (const op of OPS) {
    const since = surface.ops[op.name]?.kernels[0] ?? '6.12';
    if (op.kind === 'callback') body.push(callback(op, since, structs));
    else if (op.name !== 'name') body.push(`  /** ${op.doc} */\n  ${op.name}?: ${op.type};`);
  }
  body.push('}', '');
  for (const fn of functions) body.push(functionDeclaration(fn, structs));
  body.push('');
  for (const [name, value] of Object.entries(surface.enums)) {
    if (CONSTANTS.has(name)) continue;
    const since = value.kernels[0] === surface.kernels[0] ? '' : ` Linux ${value.kernels[0]}+.`;
    body.push(
      `/** enum ${value.enumName}: ${hex(value.value)}.${since} */\nexport declare const ${name}: u64;`,
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

function hex(value: string): string {
  const number = BigInt(value);
  return number > 9n ? `0x${number.toString(16)}` : value;
}
