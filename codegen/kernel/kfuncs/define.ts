import { callbacksOf, parseGroup, type Allowed } from '../contexts.js';
import type { KernelFunction, KernelParam } from '../types.js';

type Options = Partial<Omit<KernelFunction, 'name' | 'params' | 'returns' | 'doc' | 'groups'>> & {
  nullable?: boolean;
  acquire?: string;
  rcu?: boolean;
  untrusted?: boolean;
  /** Name of the return value among the results. */
  result?: string;
  /** Groups, separated by spaces; `select_cpu@6.16` holds from that kernel on. */
  groups?: string;
};

/**
 * One entry from a C prototype. Marks on a parameter: `@out` (a result), `@null` (may be null),
 * `@held` (no RCU pointers), `=text` (not in the DSL, passed as that C text).
 */
export function define(prototype: string, doc: string, options: Options = {}): KernelFunction {
  const match = /^(.*?)(\w+)\((.*)\)$/.exec(prototype.trim());
  if (!match) throw new Error(`bad prototype: ${prototype}`);
  const [, returns, name, list] = match as unknown as [string, string, string, string];
  const { nullable, acquire, rcu, untrusted, result, groups: names, ...rest } = options;
  const groups = names?.split(' ').map(parseGroup);
  return {
    name,
    kind: 'kfunc',
    since: '6.12',
    ...rest,
    ...(groups ? { groups, contexts: contextsOf(groups) } : {}),
    params: list.trim() === '' || list.trim() === 'void' ? [] : list.split(',').map(parameter),
    returns: {
      ctype: returns.trim(),
      ...(nullable ? { nullable } : {}),
      ...(acquire ? { acquire } : {}),
      ...(rcu ? { rcu } : {}),
      ...(untrusted ? { untrusted } : {}),
      ...(result ? { name: result } : {}),
    },
    doc,
  };
}

/** Callbacks of the `unlocked` group that do not sleep; the others go by the name `unlocked`. */
const NOT_SLEEPING = /^cgroup_(cancel_move|set_)/;

function contextsOf(groups: Allowed[]): string[] {
  const out = new Set<string>();
  for (const { group, since } of groups) {
    const callbacks = callbacksOf(group).filter(
      (c) => group !== 'unlocked' || NOT_SLEEPING.test(c.callback),
    );
    for (const late of callbacks) {
      const version = since ?? late.since;
      out.add(version ? `${late.callback}@${version}` : late.callback);
    }
    if (group === 'unlocked') out.add(since ? `unlocked@${since}` : 'unlocked');
  }
  return [...out];
}

function parameter(text: string): KernelParam {
  const match = /^\s*(.*?)\s*(\w+)\s*((?:@\w+\s*)*)(?:=(.*))?$/.exec(text);
  if (!match) throw new Error(`bad parameter: ${text}`);
  const [, ctype, name, marks, hidden] = match as unknown as [
    string,
    string,
    string,
    string,
    string | undefined,
  ];
  const pointer = ctype.includes('struct') && !marks.includes('@any');
  return {
    name,
    ctype,
    ...(marks.includes('@out') ? { out: true } : {}),
    ...(marks.includes('@null') ? { nullable: true } : {}),
    ...(hidden !== undefined ? { hidden: hidden.trim() } : {}),
    ...(pointer ? { trusted: true } : {}),
    ...(pointer && !marks.includes('@held') ? { rcu: true } : {}),
  };
}
