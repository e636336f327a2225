import type { ts } from 'ts-morph';
import { stateOfTwoModules } from '../../diagnostics/catalogue/components.js';
import type { Span } from '../../ir/span.js';
import { moduleName } from '../../module-name.js';
import type { Frontend } from '../context.js';
import { componentCalls } from './components.js';

interface Named {
  tsName: string;
  component?: string;
  span: Span;
}

/**
 * Settles by which names userspace knows what several modules call the same: the file of the scheduler or component has the
 * name alone, in any other it comes after the module's (`stats` of load.ts is `load_stats`). It does not depend on the order of imports.
 * Each of config, globals, counters, maps and programs has names of its own.
 */
export function nameState(fe: Frontend, files: ts.SourceFile[]): void {
  const own = new Map<string | undefined, string>([[undefined, fe.loaded.entry.fileName]]);
  for (const file of files)
    for (const { name } of componentCalls(fe, file)) own.set(name, file.fileName);
  const { globals } = fe;
  const isConfig = (g: (typeof globals)[number]): boolean => g.storage.startsWith('config');
  const spaces: Named[][] = [
    globals.filter(isConfig),
    globals.filter((g) => g.storage === 'data'),
    fe.counters,
    fe.maps,
    fe.programs.filter((p) => p.kind !== 'struct_ops'),
  ];
  // What a component and the scheduler both have by one name was told where it is declared.
  for (const items of spaces)
    for (const owner of own.keys())
      settle(
        fe,
        items.filter((item) => item.component === owner),
        own,
      );
}

function settle(
  fe: Frontend,
  items: readonly Named[],
  own: ReadonlyMap<string | undefined, string>,
): void {
  const all = byName(items);
  for (const [name, same] of all) {
    if (same.length < 2) continue;
    for (const item of same) {
      if (item.span.file === own.get(item.component)) continue;
      const prefix = item.component ? `${item.component}_` : '';
      item.tsName = `${prefix}${moduleName(item.span.file)}_${name.slice(prefix.length)}`;
    }
  }
  for (const [name, same] of byName(items))
    for (const item of same.slice(1))
      fe.report(stateOfTwoModules(item.span, name, same[0]!.span.file));
}

function byName(items: readonly Named[]): Map<string, Named[]> {
  const out = new Map<string, Named[]>();
  for (const item of items) out.set(item.tsName, [...(out.get(item.tsName) ?? []), item]);
  return out;
}
