import { ts } from 'ts-morph';
import { NOT_OFFERED } from '../kernel/not-offered.js';
import { beginnerHint } from './beginner-hints.js';
import { C_NAMES } from './c-names.js';
import { closest } from './suggest.js';

const NO_EXPORT = 2305;
const NO_EXPORT_BUT = 2724;
const NO_NAME = new Set([2304, 2552]);
const NOT_ASSIGNABLE = new Set([2322, 2345]);
/** Of an argument the span is the value; of an assignment it is the target. */
const ARGUMENT = 2345;
/** Of an operator: its operands cannot be combined, or never be equal. */
const OPERANDS = new Set([2365, 2367, 2447]);
const NOT_A_KEY = 7053;
const MAY_BE_NULL = new Set([18047, 18049, 2531, 2533]);
const NO_BIGINT = 'write it as a number, or u64(...) around a literal above 2^53';
const READ_ONLY = 2540;
const NO_MODULE = 2307;

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
    return hint(inC(name) ?? beginnerHint(d.code, message, name));
  }
  const habit = habitHint(d.code, message, name) ?? beginnerHint(d.code, message, name);
  if (habit) return { message: message.split('\n', 1)[0]!.replace(FLAVOUR, '$1'), hint: habit };
  if (NOT_ASSIGNABLE.has(d.code)) {
    // The chain below the first line tells how integers are modelled, which helps nobody.
    const first = message.split('\n', 1)[0]!;
    if (/^\w+ of type 'bigint' is|^Type 'bigint' is/.test(message))
      return {
        message: first,
        hint: NO_BIGINT,
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
  if (OPERANDS.has(d.code) && /'bigint'|'-?\d+n'|'bigint \||\| bigint'/.test(message))
    return hint(NO_BIGINT);
  if (d.code === NOT_A_KEY)
    return {
      message: message.split('\n', 1)[0]!,
      hint: 'give the index the type of the keys (phase: Phase), or make an array of it: const t: u64[] = [...]',
    };
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

/** How TypeScript spells an integer where it has lost the name. */
const FLAVOUR =
  /number & \{ readonly \[flavour\]\?: (?:"\w+" \| )*"(\w+)" \| undefined; \}(?: & Ref<\w+>)?/g;

const MAP_HABITS: Record<string, string> = {
  has: 'a lookup says so: if (m.get(key)) { ... }',
  size: 'count what you add in a counter or a global',
  clear: 'delete each entry: m.forEach((key) => { m.delete(key); })',
  keys: 'm.forEach((key, value) => { ... })',
  values: 'm.forEach((key, value) => { ... })',
  entries: 'm.forEach((key, value) => { ... })',
};

/** What JavaScript programmers write out of habit, and what stands for it here. */
function habitHint(code: number, message: string, name: string): string | undefined {
  switch (code) {
    case 2339: {
      const map = /on type '(\w+Map|Ringbuf)</.exec(message)?.[1];
      if (map === 'StorageMap' && name === 'set')
        return 'create the value, then write to it: tctx.create(p)';
      return map && Object.hasOwn(MAP_HABITS, name) ? MAP_HABITS[name] : undefined;
    }
    case 2367:
    case 2678:
      return message.includes("'CString<") ? "compare text with streq(p.comm, 'text')" : undefined;
    case 2488:
      return message.includes('Map<')
        ? 'm.forEach((key, value) => { ... })'
        : /^Type '(number|\d+|[us]\d+)'/.test(message)
          ? 'for (const i of range(n))'
          : undefined;
    case 2850:
      return 'it needs no release: bind it with const';
    case 2322:
    case 2345:
    case 2365:
      if (/Ref<\w+>(?! \| null)/.test(message.split('\n', 1)[0]!))
        return 'a lookup of a number gives a reference: test it, then use .value';
      if (
        /type '[^']* \| (undefined|null)' is not assignable to (?:parameter of )?type '[us]\d+'/i.test(
          message,
        )
      )
        return 'give it a value where there is none: x ?? 0, or test it first';
      return /type 'Counter'/i.test(message)
        ? 'userspace reads counters; keep a global beside it'
        : undefined;
    default:
      return undefined;
  }
}

function inC(name: string): string | undefined {
  const reason = NOT_OFFERED[name];
  return C_NAMES[name] ?? (reason && `not for programs: ${reason}`);
}
