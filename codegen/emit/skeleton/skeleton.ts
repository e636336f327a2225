import { MAP_KINDS } from '../../ir/map-kinds.js';
import type { MapIr, ModuleIr, ProgramIr } from '../../ir/module.js';
import { structOf, type CType, type StructDef } from '../../ir/types.js';
import { pascal } from '../../pascal.js';
import { halfSpecifier, moduleOfComponent } from './components.js';
import { constantsText } from './constants.js';
import { shownFields, structNames, structsInArenas } from './names.js';
import { comment, isIdentifier, member, quoted } from './text.js';

/** What a skeleton mentions, by the names that it has there. */
interface Mentions {
  structs: ReadonlyMap<StructDef, string>;
  /** Imports from the runtime; the name in the skeleton differs where that is taken. */
  runtime: RuntimeNames;
  /** The type of an object without members. */
  none: string;
}

/** Names of the runtime that a skeleton imports. The author's names come first: one that is taken gets another. */
class RuntimeNames {
  private readonly imported = new Map<string, string>();
  constructor(private readonly taken: ReadonlySet<string>) {}

  use(name: string): string {
    let own = name;
    while (this.taken.has(own)) own = `Scxts${own}`;
    this.imported.set(name, own);
    return own;
  }

  get names(): string[] {
    return [...this.imported.values()];
  }

  /** `import { defineSkeleton, type HashMap } from 'scxts/runtime';` */
  get text(): string {
    const { imported } = this;
    const as = (name: string): string =>
      imported.get(name) === name ? name : `${name} as ${imported.get(name)}`;
    const types = [...imported.keys()].filter((n) => n !== 'defineSkeleton').sort();
    const list = [as('defineSkeleton'), ...types.map((t) => `type ${as(t)}`)].join(', ');
    return `import { ${list} } from 'scxts/runtime';`;
  }
}

/** How userspace sees a C type: 64-bit integers are bigint, smaller ones number; in an arena a pointer is the entry that it leads to. */
function userType(type: CType | undefined, mentions: Mentions, inArena = false): string {
  switch (type?.kind) {
    case 'int':
      return type.bits === 64 ? 'bigint' : 'number';
    case 'bool':
      return 'boolean';
    case 'chars':
      return 'string';
    case 'array':
      return type.of.kind === 'ptr'
        ? `(${userType(type.of, mentions, inArena)})[]`
        : `${userType(type.of, mentions, inArena)}[]`;
    case 'struct':
      return mentions.structs.get(type.struct) ?? 'unknown';
    case 'ptr': {
      const to = inArena && type.region === 'arena' ? structOf(type) : undefined;
      return to ? `${mentions.structs.get(to) ?? 'unknown'} | null` : 'bigint';
    }
    default:
      return 'bigint';
  }
}

function structInterface(struct: StructDef, mentions: Mentions, inArena: boolean): string {
  const fields = shownFields(struct);
  const lines = fields.map((f) => `  ${member(f.name)}: ${userType(f.type, mentions, inArena)};`);
  return `export interface ${mentions.structs.get(struct)} {\n${lines.join('\n')}\n}`;
}

function mapType(map: MapIr, mentions: Mentions): string {
  const { view, key } = MAP_KINDS[map.kind];
  const type = mentions.runtime.use(view);
  const keyText = userType(map.key, mentions);
  if (map.inner) return `${type}<${keyText}, ${mapType(map.inner, mentions)}>`;
  const value = userType(map.value, mentions);
  return key === 'stated' ? `${type}<${keyText}, ${value}>` : `${type}<${value}>`;
}

function members(lines: string[], mentions: Mentions): string {
  return lines.length ? `{\n${lines.map((l) => `    ${l}`).join('\n')}\n  }` : mentions.none;
}

function programType({ kind, args }: ProgramIr, mentions: Mentions): string {
  const { runtime } = mentions;
  if (kind === 'iterator') return runtime.use('IteratorProgram');
  if (kind !== 'syscall') return runtime.use('TracingProgram');
  const of = args ? userType({ kind: 'struct', struct: args }, mentions) : 'undefined';
  return `${runtime.use('SyscallProgram')}<${of}>`;
}

/** `config`, `globals`, `counters`, `maps` and `progs` of a scheduler or of one of its components. */
function stateMembers(module: ModuleIr, mentions: Mentions): string {
  const doc = (text: string | undefined): string => (text ? `/** ${comment(text)} */ ` : '');
  const configs = module.globals.filter(
    (g) => g.storage === 'config' || g.storage === 'configArray',
  );
  const globals = module.globals.filter(
    (g) => g.storage === 'data' && (g.type.kind !== 'ptr' || g.type.region === 'arena') && !g.kptr,
  );
  const maps = module.maps.filter((m) => m.kind !== 'timer');
  const programs = module.programs.filter((p) => p.kind !== 'struct_ops');
  const typed = (all: { tsName: string; help?: string }[], types: string[]): string =>
    members(
      all.map(({ tsName, help }, i) => `${doc(help)}${member(tsName)}: ${types[i]};`),
      mentions,
    );
  const typesOf = (of: typeof globals): string[] => of.map((g) => userType(g.type, mentions));
  const config = typed(configs, typesOf(configs));
  const data = typed(globals, typesOf(globals));
  const mapMembers = typed(
    maps,
    maps.map((m) => mapType(m, mentions)),
  );
  const progs = typed(
    programs,
    programs.map((p) => programType(p, mentions)),
  );
  const counters = module.counters.map((c) => quoted(c.tsName)).join(' | ') || 'never';
  return `  config: ${config};
  globals: ${data};
  counters: ${counters};
  maps: ${mapMembers};
  progs: ${progs};`;
}

interface ComponentText {
  /** Imports of userspace halves. */
  imports: string[];
  interfaces: string[];
  /** Member of the scheduler's types. */
  types: string;
  /** Member of the skeleton's definition. */
  values: string;
}

/** What a skeleton says of the scheduler's components; nothing if there are none. */
function componentText(
  module: ModuleIr,
  { directory, stateOf }: { directory: string; stateOf: Map<string, string> },
  mentions: Mentions,
): ComponentText {
  const text: ComponentText = { imports: [], interfaces: [], types: '', values: '' };
  if (module.components.length === 0) return text;
  const { runtime } = mentions;
  const types: string[] = [];
  const values: string[] = [];
  for (const component of module.components) {
    const state = stateOf.get(component.name)!;
    text.interfaces.push(
      `/** State of the component '${component.name}' in this scheduler. */\nexport interface ${state} extends ${runtime.use('SkeletonTypes')} {\n${stateMembers(moduleOfComponent(module, component.name), mentions)}\n}`,
    );
    const specifier = halfSpecifier(component, directory);
    const half = `${component.name}_half`;
    if (specifier) {
      text.imports.push(`import ${half} from ${quoted(specifier)};`);
      types.push(`${component.name}: ${runtime.use('TypesOfHalf')}<typeof ${half}>;`);
      // A half that needs what this object lacks is an error here.
      values.push(`${component.name}: ${half} satisfies ${runtime.use('HalfFor')}<${state}>,`);
    } else {
      types.push(`${component.name}: ${runtime.use('TypesOfState')}<${state}>;`);
      values.push(`${component.name}: null,`);
    }
  }
  text.types = `\n  components: ${members(types, mentions)};`;
  text.values = `\n  components: ${members(values, mentions)},`;
  return text;
}

/** The name of the skeleton's file, where the scheduler has another and nothing else is called so: a second name for it. */
function aliasOf(name: string, object: string, taken: ReadonlySet<string>): string | undefined {
  const other = pascal(object.replace(/\..*$/s, ''));
  return other === name || taken.has(other) || !isIdentifier(other) ? undefined : other;
}

/** A name that nobody has, made of one that somebody may have. */
function free(wanted: string, taken: Set<string>): string {
  let name = wanted;
  for (let n = 2; taken.has(name); n++) name = `${wanted}${n}`;
  taken.add(name);
  return name;
}

/** How `import.meta.url` leads to a file beside the skeleton, whatever letters its name has. */
function urlOf(file: string): string {
  return `./${encodeURIComponent(file).replace(/'/g, '%27')}`;
}

/** The typed skeleton: what `import { Simple } from './simple.skel.js'` gives the userspace half. */
export function emitSkeleton(
  module: ModuleIr,
  options: { object: string; source: string; version: string; directory: string },
): string {
  const scheduler = module.scheduler.name;
  const structs = structNames(module);
  // Interfaces that the skeleton adds to the author's give way to those.
  const types = new Set(structs.values());
  const pascalName = pascal(scheduler);
  const name = isIdentifier(pascalName) ? pascalName : `Scheduler${pascalName}`;
  const typesName = free(`${name}Types`, types);
  const stateOf = new Map(
    module.components.map((c) => [c.name, free(`${name}${pascal(c.name)}`, types)]),
  );
  const alias = aliasOf(name, options.object, types);
  const own = [name, ...(alias ? [alias] : [])];
  const halves = module.components.map((c) => `${c.name}_half`);
  const runtime = new RuntimeNames(new Set([...types, ...own, ...halves]));
  const none = types.has('Record') ? '{}' : 'Record<never, never>';
  const mentions: Mentions = { structs, runtime, none };
  const linked = structsInArenas(module);

  const define = runtime.use('defineSkeleton');
  const skeletonTypes = runtime.use('SkeletonTypes');
  const state = stateMembers(module, mentions);
  const where = { directory: options.directory, stateOf };
  const components = componentText(module, where, mentions);
  const interfaces = [
    ...[...structs.keys()].map((s) => structInterface(s, mentions, linked.has(s))),
    ...components.interfaces,
  ].map((i) => `${i}\n\n`);
  const constants = constantsText(module.exported, new Set([...runtime.names, ...halves, ...own]));
  const url = [name, ...module.exported.map((c) => c.name)].includes('URL')
    ? 'globalThis.URL'
    : 'URL';
  return `// Generated by scxts ${options.version} from ${comment(options.source)}. Do not edit.
${[runtime.text, ...components.imports].join('\n')}

${interfaces.join('')}export interface ${typesName} extends ${skeletonTypes} {
${state}${components.types}
}

/** Opens ${scheduler}'s object; no kernel is touched before load(). */
export const ${name} = ${define}<${typesName}>({
  name: ${quoted(scheduler)},
  object: new ${url}(${quoted(urlOf(options.object))}, import.meta.url),${components.values}
});
${alias ? `export { ${name} as ${alias} };\n` : ''}${constants}`;
}
