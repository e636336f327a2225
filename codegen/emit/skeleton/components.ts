import { relative, sep } from 'node:path';
import type { ComponentIr, ModuleIr } from '../../ir/module.js';

/** How a file beside the skeleton imports the userspace half of a component. */
export function halfSpecifier(component: ComponentIr, directory: string): string | undefined {
  const { userspace } = component;
  if (!userspace) return undefined;
  if ('specifier' in userspace) return userspace.specifier;
  const path = relative(directory, userspace.path).split(sep).join('/');
  return path.startsWith('.') ? path : `./${path}`;
}

/** The part of a module that belongs to one component, by the names of its source. */
export function moduleOfComponent(module: ModuleIr, component: string): ModuleIr {
  const local = (name: string): string => name.slice(component.length + 1);
  const own = <T extends { component?: string }>(items: T[]): T[] =>
    items.filter((i) => i.component === component);
  const renamed = <T extends { tsName: string; component?: string }>(items: T[]): T[] =>
    own(items).map((i) => ({ ...i, tsName: local(i.tsName) }));
  return {
    ...module,
    globals: renamed(module.globals),
    maps: renamed(module.maps),
    programs: renamed(module.programs),
    counters: renamed(module.counters),
    components: [],
  };
}
