import { ts } from 'ts-morph';
import { NOT_OFFERED } from '../kernel/not-offered.js';
import { C_NAMES } from './c-names.js';
import { closest } from './suggest.js';

const NO_EXPORT = 2305;
const NO_EXPORT_BUT = 2724;
const NO_NAME = new Set([2304, 2552]);
const NOT_ASSIGNABLE = new Set([2322, 2345]);
/** Of an argument the span is the value; of an assignment it is the target. */
const ARGUMENT = 2345;
const MAY_BE_NULL = new Set([18047, 18049, 2531, 2533]);
const READ_ONLY = 2540;
const NO_MODULE = 2307;
const NO_MEMBER = 2339;
const NO_OVERLAP = 2367;

const INTEGER = /^[us](?:8|16|32|64)$/;

/** `scxts` and `scxts/vmlinux`. */
export type Module = 'index' | 'vmlinux';

/** TypeScript's message in the language's terms, and what to do, where scxts knows more than it says. */
export function explain(
  d: ts.Diagnostic,
  exported: (module: Module) => ReadonlySet<string>,
): { message: string; hint?: string } {
  const message = ts.flattenDiagnosticMessageText(d.messageText, '\n  ');
  const name = d.file?.text.slice(d.start, (d.start ?? 0) + (d.length ?? 0)) ?? '';
  const hint = (text: string | undefined): { message: string; hint?: string } =>
    text ? { message, hint: text } : { message };

  if (d.code === NO_EXPORT || d.code === NO_EXPORT_BUT) {
    if (!/"scxts"/.test(message)) return { message };
    if (exported('vmlinux').has(name)) return hint(`import type { ${name} } from 'scxts/vmlinux';`);
    const known = inC(name);
    if (known || d.code === NO_EXPORT_BUT) return hint(known);
    const meant = closest(name, exported('index'));
    return hint(meant && `did you mean '${meant}'?`);
  }
  if (NO_NAME.has(d.code)) {
    if (exported('index').has(name)) return hint(`import { ${name} } from 'scxts';`);
    if (exported('vmlinux').has(name)) return hint(`import type { ${name} } from 'scxts/vmlinux';`);
    return hint(inC(name));
  }
  if (NOT_ASSIGNABLE.has(d.code)) {
    // The chain below the first line tells how integers are modelled, which helps nobody.
    const first = message.split('\n', 1)[0]!;
    if (/^\w+ of type 'bigint' is|^Type 'bigint' is/.test(message))
      return {
        message: first,
        hint: 'write it as a number, or u64(...) around a literal above 2^53',
      };
    const list = /to parameter of type 'keyof (\w+)'/.exec(first)?.[1];
    if (list && EVENTS[list]) return { message: first, hint: EVENTS[list] };
    if (!message.includes('[flavour]')) return { message };
    const target = /to (?:parameter of )?type '([^']+)'/.exec(first)?.[1];
    const integer = target?.split(' | ').find((t) => INTEGER.test(t));
    return integer
      ? {
          message: first,
          hint: `convert it: ${integer}(${d.code === ARGUMENT && name.length < 40 ? name : '...'})`,
        }
      : { message: first };
  }
  if (d.code === NO_MEMBER) return hint(inMap(message, name));
  if (d.code === NO_OVERLAP && /'CString<\d+>'/.test(message) && message.includes("'string'"))
    return hint("compare with streq(p.comm, 'text') or startsWith(p.comm, 'text')");
  if (MAY_BE_NULL.has(d.code))
    return hint(
      name.includes('(')
        ? `name and test it first: const found = ${name}; if (!found) return;`
        : `test it first: if (!${name}) return;`,
    );
  if (d.code === NO_MODULE) {
    const module = name.slice(1, -1);
    return hint(
      /^[./]/.test(module)
        ? undefined
        : `npm install ${module}; a package that a scheduler imports ships DSL modules`,
    );
  }
  if (d.code === READ_ONLY)
    return hint('BPF may write only what the kernel allows; keep your own state in a map');
  return { message };
}

/** Where the name of an event or iterator is none that scxts has types of. */
const EVENTS: Readonly<Record<string, string>> = {
  Tracepoints:
    "scxts knows the records of the tracepoints that an editor completes here, such as 'sched/sched_switch'; a function of the kernel can be watched with fentry() or kprobe()",
  TpBtf:
    "scxts knows the arguments of the tracepoints that an editor completes here, such as 'sched_switch'; a function of the kernel can be watched with fentry() or kprobe()",
  Iterators: "there are iter('task', ...) and iter('cgroup', ...)",
};

/** What JavaScript's Map has, and maps of the kernel do not, in a callback. */
const OF_JAVASCRIPT: Readonly<Record<string, string>> = {
  has: 'use m.get(key), which is null where there is no entry',
  size: 'count in a counter or a global; userspace can walk the map',
  length: 'count in a counter or a global; userspace can walk the map',
  clear: 'delete the entries one by one: m.forEach((key) => m.delete(key))',
  keys: 'use m.forEach((key, value) => ...)',
  values: 'use m.forEach((key, value) => ...)',
  entries: 'use m.forEach((key, value) => ...)',
};

function inMap(message: string, name: string): string | undefined {
  return /on type '\w*(Map|PercpuVar)<.*'\.$/.test(message) && Object.hasOwn(OF_JAVASCRIPT, name)
    ? OF_JAVASCRIPT[name]
    : undefined;
}

function inC(name: string): string | undefined {
  const reason = NOT_OFFERED[name];
  return C_NAMES[name] ?? (reason && `not for programs: ${reason}`);
}
