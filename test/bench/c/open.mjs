// Opens one side of a comparison, with what its userspace half would set.
import { addon } from '../../../dist/native/runtime/addon.js';
import { openObject } from '../../../dist/native/runtime/index.js';
import { viewOf } from '../../../dist/native/runtime/layout/index.js';
import { SCHEDULERS } from './schedulers.mjs';

const ENUMS = ['public_consts', 'rq_flags', 'dsq_id_flags', 'ent_flags', 'task_state']
  .concat(['ent_dsq_flags', 'kick_flags', 'enq_flags'])
  .map((name) => `scx_${name}`);
/** The kernel's own default, which the originals ask for too. */
const DUMP_BYTES = 32_768;

/** What the originals' SCX_ENUM_INIT does: the running kernel's values of its enums. */
function enums() {
  const { enums } = addon().kernelFacts([], ENUMS, [], []);
  return Object.assign({}, ...Object.values(enums).map((values) => values ?? {}));
}

class Original {
  constructor(open) {
    this.open = open;
    this.native = open.info.native;
    this.resized = new Map();
  }

  variable(name) {
    const found = this.open.info.variables.get(name);
    if (!found) throw new Error(`the C original has no variable '${name}'`);
    return found;
  }

  /** A section that holds one array, given more elements. */
  resize(name, count) {
    const { map, size } = this.variable(name);
    this.native.setValueSize(map, size * count);
    this.resized.set(name, count);
  }

  set(name, value) {
    const { map, offset, typeId, size } = this.variable(name);
    const layout = this.open.info.layout(typeId);
    if (!this.resized.has(name)) return this.write(map, offset, layout, value);
    value.forEach((v, i) => this.write(map, offset + i * size, layout.element.layout, v));
  }

  write(map, offset, layout, value) {
    const bytes = new Uint8Array(layout.size);
    layout.write(viewOf(bytes), 0, value, map);
    this.native.writeInitial(map, offset, bytes);
  }
}

function openC(path, { c = {}, sections = {}, entries = {} }) {
  const open = openObject(path);
  const original = new Original(open);
  const values = enums();
  const { variables } = open.info;
  for (const name of variables.keys())
    if (name.startsWith('__SCX_')) original.set(name, BigInt(values[name.slice(2)] ?? 0n));
  if (variables.has('uei_dump_len')) {
    original.resize('uei_dump', DUMP_BYTES);
    original.set('uei_dump_len', DUMP_BYTES);
  }
  for (const [name, count] of Object.entries(sections)) original.resize(name, count);
  for (const [name, value] of Object.entries(c)) original.set(name, value);
  for (const [name, count] of Object.entries(entries)) open.maps[name].maxEntries = count;
  return open;
}

function openTs(path, { ts = {} }) {
  const open = openObject(path);
  Object.assign(open.config, typeof ts === 'function' ? ts(open.config) : ts);
  return open;
}

/** `side`: 'c' or 'ts'. */
export function openSide(dir, side, name, cpus) {
  const settings = SCHEDULERS[name](cpus);
  return side === 'c'
    ? openC(`${dir}/c/${name}.bpf.o`, settings)
    : openTs(`${dir}/ts/${name}.bpf.o`, settings);
}
