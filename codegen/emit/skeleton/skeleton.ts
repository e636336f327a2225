import { MAP_KINDS } from '../../ir/map-kinds.js';
import type { MapIr, ModuleIr, ProgramIr } from '../../ir/module.js';
import type { CType, StructDef } from '../../ir/types.js';
import { pascal } from '../../pascal.js';
import { halfSpecifier, moduleOfComponent } from './components.js';
import { inComment } from '../comment.js';

/** How userspace sees a C type: 64-bit integers are bigint, smaller ones number. */
function userType(type: CType | undefined, structs: Set<StructDef>): string {
  switch (type?.kind) {
    case 'int':
      return type.bits === 64 ? 'bigint' : 'number';
    case 'bool':
      return 'boolean';
    case 'chars':
      return 'string';
    case 'array':
      return `${userType(type.of, structs)}[]`;
    case 'struct':
      if (type.struct.builtin) return 'unknown';
      structs.add(type.struct);
      return type.struct.name;
    default:
      return 'bigint';
  }
}

function structInterface(struct: StructDef, structs: Set<StructDef>): string {
  const fields = struct
    .fields()
    .filter((f) => !f.kptr && !(f.type.kind === 'struct' && f.type.struct.builtin));
  return `export interface ${struct.name} {\n${fields.map((f) => `  ${f.name}: ${userType(f.type, structs)};`).join('\n')}\n}`;
}

function mapType(map: MapIr, structs: Set<StructDef>, imports: Set<string>): string {
  const { view: type, key } = MAP_KINDS[map.kind];
  imports.add(type);
  if (map.inner)
    return `${type}<${userType(map.key, structs)}, ${mapType(map.inner, structs, imports)}>`;
  const value = userType(map.value, structs);
  return key === 'stated'
    ? `${type}<${userType(map.key, structs)}, ${value}>`
    : `${type}<${value}>`;
}

function members(lines: string[]): string {
  return lines.length
    ? `{\n${lines.map((l) => `    ${l}`).join('\n')}\n  }`
    : 'Record<never, never>';
}

/** What a skeleton mentions: structs to declare and names to import from the runtime. */
interface Mentions {
  structs: Set<StructDef>;
  values: Set<string>;
  types: Set<string>;
}

function programType({ kind }: ProgramIr): string {
  if (kind === 'syscall') return 'SyscallProgram';
  return kind === 'iterator' ? 'IteratorProgram' : 'TracingProgram';
}

/** `config`, `globals`, `counters`, `maps` and `progs` of a scheduler or of one of its components. */
function stateMembers(module: ModuleIr, mentions: Mentions): string {
  const { structs, types } = mentions;
  const help = (text: string | undefined): string =>
    text ? `/** ${text.replace(/\*\//g, '* /')} */ ` : '';
  const configs = module.globals.filter(
    (g) => g.storage === 'config' || g.storage === 'configArray',
  );
  const globals = module.globals.filter((g) => g.storage === 'data' && g.type.kind !== 'ptr');
  const maps = module.maps.filter((m) => m.kind !== 'timer');
  const programs = module.programs.filter((p) => p.kind !== 'struct_ops');
  const config = members(
    configs.map((g) => `${help(g.help)}${g.tsName}: ${userType(g.type, structs)};`),
  );
  const data = members(globals.map((g) => `${g.tsName}: ${userType(g.type, structs)};`));
  const mapMembers = members(maps.map((m) => `${m.tsName}: ${mapType(m, structs, types)};`));
  const progs = members(
    programs.map((p) => {
      const type = programType(p);
      types.add(type);
      const args = p.args ? userType({ kind: 'struct', struct: p.args }, structs) : 'undefined';
      return `${p.tsName}: ${p.kind === 'syscall' ? `SyscallProgram<${args}>` : type};`;
    }),
  );
  const counters = module.counters.map((c) => `'${c.name}'`).join(' | ') || 'never';
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
function componentText(module: ModuleIr, directory: string, mentions: Mentions): ComponentText {
  const text: ComponentText = { imports: [], interfaces: [], types: '', values: '' };
  if (module.components.length === 0) return text;
  const types: string[] = [];
  const values: string[] = [];
  for (const component of module.components) {
    const { name } = component;
    const state = `${pascal(module.scheduler.name)}${pascal(name)}`;
    mentions.types.add('SkeletonTypes');
    text.interfaces.push(
      `/** State of the component '${name}' in this scheduler. */\nexport interface ${state} extends SkeletonTypes {\n${stateMembers(moduleOfComponent(module, name), mentions)}\n}`,
    );
    const specifier = halfSpecifier(component, directory);
    if (specifier) {
      mentions.types.add('HalfFor').add('TypesOfHalf');
      text.imports.push(`import ${name}_half from '${specifier}';`);
      types.push(`${name}: TypesOfHalf<typeof ${name}_half>;`);
      // A half that needs what this object lacks is an error here.
      values.push(`${name}: ${name}_half satisfies HalfFor<${state}>,`);
    } else {
      mentions.types.add('TypesOfState');
      types.push(`${name}: TypesOfState<${state}>;`);
      values.push(`${name}: null,`);
    }
  }
  text.types = `\n  components: ${members(types)};`;
  text.values = `\n  components: ${members(values)},`;
  return text;
}

/** The name of the skeleton's file, where the scheduler has another and nothing else is called so: a second name for it. */
function aliasOf(name: string, object: string, { structs }: Mentions): string | undefined {
  const other = pascal(object.replace(/\..*$/, ''));
  const taken = [...structs].some((s) => s.name === other) || other === `${name}Types`;
  return other === name || taken || !/^[A-Za-z]\w*$/.test(other) ? undefined : other;
}

/** Numbers that both halves share, but for those whose name the skeleton needs itself. */
function constants(module: ModuleIr, taken: ReadonlySet<string>): string {
  const number = (value: bigint, wide: boolean): string =>
    wide || BigInt.asIntN(54, value) !== value ? `${value}n` : `${value}`;
  return module.exported
    .filter(({ name }) => !taken.has(name))
    .map(({ name, value, wide }) => {
      if (typeof value === 'bigint') return `export const ${name} = ${number(value, wide)};\n`;
      const lines = [...value].map(([key, v]) => `  ${propertyName(key)}: ${number(v, wide)},\n`);
      return `export const ${name} = {\n${lines.join('')}} as const;\n`;
    })
    .join('');
}

function propertyName(key: string): string {
  return /^([A-Za-z_$][\w$]*|0|[1-9]\d*)$/.test(key) ? key : JSON.stringify(key);
}

/** A file's name as the path of a URL between single quotes. */
function urlPath(name: string): string {
  return encodeURIComponent(name).replace(/'/g, '%27');
}

/** The typed skeleton: what `import { Simple } from './simple.skel.js'` gives the userspace half. */
export function emitSkeleton(
  module: ModuleIr,
  options: { object: string; source: string; version: string; directory: string },
): string {
  const mentions: Mentions = {
    structs: new Set(),
    values: new Set(['defineSkeleton']),
    types: new Set(['SkeletonTypes']),
  };
  const name = pascal(module.scheduler.name);
  const state = stateMembers(module, mentions);
  const components = componentText(module, options.directory, mentions);
  const structs: string[] = [];
  for (const struct of mentions.structs) structs.push(structInterface(struct, mentions.structs));
  const importList = [
    ...mentions.values,
    ...[...mentions.types].sort().map((t) => `type ${t}`),
  ].join(', ');
  const imports = [`import { ${importList} } from 'scxts/runtime';`, ...components.imports];
  const interfaces = [...structs, ...components.interfaces].map((i) => `${i}\n\n`).join('');
  const alias = aliasOf(name, options.object, mentions);
  const taken = new Set([
    ...mentions.values,
    ...mentions.types,
    ...module.components.map((c) => `${c.name}_half`),
    name,
    ...(alias ? [alias] : []),
  ]);
  return `// Generated by scxts ${options.version} from ${inComment(options.source)}. Do not edit.
${imports.join('\n')}

${interfaces}export interface ${name}Types extends SkeletonTypes {
${state}${components.types}
}

/** Opens ${module.scheduler.name}'s object; no kernel is touched before load(). */
export const ${name} = defineSkeleton<${name}Types>({
  name: '${module.scheduler.name}',
  object: new URL('./${urlPath(options.object)}', import.meta.url),${components.values}
});
${alias ? `export { ${name} as ${alias} };\n` : ''}${constants(module, taken)}`;
}
