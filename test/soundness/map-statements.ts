import { shapeText, type Int, type MapDecl, type Shape, type Struct } from './model.js';
import type { Body } from './statements.js';

function keyText(b: Body, map: MapDecl): string {
  const { key } = map;
  if (key === undefined) return '';
  return typeof key === 'string' ? b.e.to(key, 1) : literalOf(b, key, 0);
}

/** `{ a: 1, ... }` of a struct. */
export function literalOf(b: Body, struct: Struct, depth: number): string {
  const fields = struct.fields.map(({ name, shape }) => `${name}: ${valueOf(b, shape, depth)}`);
  return `{ ${fields.join(', ')} }`;
}

function valueOf(b: Body, shape: Shape, depth: number): string {
  switch (shape.kind) {
    case 'int':
      return b.e.to(shape.int, depth);
    case 'bool':
      return b.e.condition(0);
    case 'struct':
      return literalOf(b, shape.struct, 0);
    case 'array':
      return 'zeroed()';
  }
}

function valueText(b: Body, value: Int | Struct): string {
  return typeof value === 'string' ? b.e.to(value, 1) : literalOf(b, value, 1);
}

/** Brings the result of a lookup into scope: `name` is not null. */
function hold(b: Body, name: string, value: Int | Struct): void {
  if (typeof value === 'string')
    b.names.ints.push({ name: `${name}.value`, int: value, writable: true });
  else b.names.places.push({ name, shape: { kind: 'struct', struct: value }, writable: true });
}

/** A lookup with its test, by early exit or by a block. */
function lookup(b: Body, call: string, value: Int | Struct): void {
  const name = b.fresh('m');
  b.emit(`const ${name} = ${call};`);
  if (b.r.chance(40)) {
    b.emit(`if (!${name}) ${b.leave()}`);
    hold(b, name, value);
    return;
  }
  const test = b.r.pick([name, `${name} !== null`, `${name} && ${b.e.condition(1)}`]);
  b.emit(`if (${test}) {`, ...b.nested({}, (inner) => hold(inner, name, value)), '}');
}

export function mapStatement(b: Body): void {
  const { r } = b;
  if (b.module.maps.length === 0) return b.assignment();
  const map = r.pick(b.module.maps);
  // Functions may be called from anywhere.
  if (map.kind === 'bloomFilter' && (b.context.sleepable || b.context.anywhere))
    return b.assignment();
  const { name, value } = map;
  switch (map.kind) {
    case 'array':
    case 'percpuArray':
    case 'hash':
    case 'lruHash':
    case 'percpuHash':
    case 'lruPercpuHash':
      return keyed(b, map);
    case 'locked':
      return locked(b, map);
    case 'percpu':
      if (r.chance(60)) {
        const c = b.fresh('c');
        b.emit(`const ${c} = ${name}.this();`);
        return hold(b, c, value);
      }
      return lookup(b, `${name}.of(${b.e.to('u32', 1)})`, value);
    case 'taskStorage': {
      const task = b.names.tasks[0];
      if (task === undefined) return b.assignment();
      return lookup(b, `${name}.${r.pick(['get', 'create'])}(${task})`, value);
    }
    case 'queue':
    case 'stack': {
      if (r.chance(50)) return b.emit(`${name}.push(${valueText(b, value)});`);
      return lookup(b, `${name}.${r.pick(['pop', 'peek'])}()`, value);
    }
    case 'bloomFilter':
      return b.emit(
        r.chance(50)
          ? `${name}.add(${valueText(b, value)});`
          : `if (${name}.has(${valueText(b, value)})) total++;`,
      );
    case 'ringbuf':
      return ring(b, map);
    default:
      return b.assignment();
  }
}

function keyed(b: Body, map: MapDecl): void {
  const { r } = b;
  const { name, value } = map;
  const counts = value === 'u32' || value === 'u64';
  const isArray = map.kind.toLowerCase().endsWith('array');
  switch (r.below(isArray ? 5 : 6)) {
    case 0:
      return b.emit(`${name}.set(${keyText(b, map)}, ${valueText(b, value)});`);
    case 1:
      if (counts) return b.emit(`${name}.add(${keyText(b, map)}, ${b.e.literal('u8')});`);
      return lookup(b, `${name}.get(${keyText(b, map)})`, value);
    case 2:
      if (r.chance(40) && b.depth < 2 && !b.state.callback) return forEach(b, map);
      return lookup(b, `${name}.get(${keyText(b, map)})`, value);
    case 5:
      return b.emit(`${name}.delete(${keyText(b, map)});`);
    default:
      return lookup(b, `${name}.get(${keyText(b, map)})`, value);
  }
}

function forEach(b: Body, map: MapDecl): void {
  const k = b.fresh('k');
  const v = b.fresh('e');
  const body = b.nested(
    {
      context: { ...b.context, leave: () => b.r.pick(['return true;', 'return false;']) },
      state: { callback: true },
    },
    (inner) => {
      inner.loops.length = 0;
      inner.names.tasks.length = 0;
      hold(inner, v, map.value);
      if (typeof map.key === 'string')
        inner.names.ints.push({ name: k, int: map.key, writable: false });
    },
  );
  b.emit(`${map.name}.forEach((${k}, ${v}) => {`, ...body, '  return false;', '});');
}

function locked(b: Body, map: MapDecl): void {
  const s = b.fresh('slot');
  b.emit(`const ${s} = ${map.name}.get(${keyText(b, map)});`);
  const shape: Shape = { kind: 'struct', struct: map.value as Struct };
  const inside = b.nested({ state: { locked: true }, size: b.r.between(1, 4) }, (inner) => {
    inner.names.places.push({ name: s, shape, writable: true });
    inner.emit(`using held = ${s}.lock.hold();`);
  });
  b.emit(`if (${s}) {`, ...inside, '}');
}

function ring(b: Body, map: MapDecl): void {
  const struct = map.value as Struct;
  if (b.r.chance(40)) return b.emit(`${map.name}.output(${literalOf(b, struct, 1)});`);
  const e = b.fresh('ev');
  const inside = b.nested({ size: b.r.between(1, 2) }, (inner) => {
    inner.names.places.push({ name: e, shape: { kind: 'struct', struct }, writable: true });
  });
  b.emit('{', `  using ${e} = ${map.name}.reserve();`);
  b.emit(`  if (${e}) {`, ...inside.map((l) => `  ${l}`), `    ${e}.submit();`, '  }', '}');
}

export { shapeText };
