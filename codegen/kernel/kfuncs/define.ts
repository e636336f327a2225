import type { KernelFunction, KernelParam } from '../types.js';

type Options = Partial<Omit<KernelFunction, 'name' | 'params' | 'returns' | 'doc'>> & {
  nullable?: boolean;
  acquire?: string;
  rcu?: boolean;
  untrusted?: boolean;
  /** Name of the return value among the results. */
  result?: string;
  on?: string;
};

/**
 * One entry from a C prototype. Marks on a parameter: `@out` (a result), `@null` (may be null),
 * `=text` (not in the DSL, passed as that C text).
 */
export function define(prototype: string, doc: string, options: Options = {}): KernelFunction {
  const match = /^(.*?)(\w+)\((.*)\)$/.exec(prototype.trim());
  if (!match) throw new Error(`bad prototype: ${prototype}`);
  const [, returns, name, list] = match as unknown as [string, string, string, string];
  const { nullable, acquire, rcu, untrusted, result, on, ...rest } = options;
  return {
    name,
    kind: 'kfunc',
    since: '6.12',
    ...rest,
    ...(on ? { contexts: on.split(' ') } : {}),
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
  return {
    name,
    ctype,
    ...(marks.includes('@out') ? { out: true } : {}),
    ...(marks.includes('@null') ? { nullable: true } : {}),
    ...(hidden !== undefined ? { hidden: hidden.trim() } : {}),
    ...(ctype.includes('struct') && !marks.includes('@any') ? { trusted: true } : {}),
  };
}
