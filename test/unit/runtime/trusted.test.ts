import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ScxtsError } from '../../../native/runtime/index.js';
import { section, sectionsOf, typeOf, typesOf } from './elf.js';
import { codeOf, compileObject, open } from './objects.js';

/** What opening says, and whether everything that an open object shows can be looked at. */
function refusalOf(source: string | Uint8Array): string | undefined {
  try {
    using opened = open(source);
    for (const part of [opened.ops, opened.globals, opened.config] as object[])
      JSON.stringify(part, (_k, v: unknown) => (typeof v === 'bigint' ? `${v}` : v));
    return undefined;
  } catch (error) {
    if (!(error instanceof ScxtsError)) throw error;
    return `${error.code}: ${error.message}`;
  }
}

const PTR = 2;
const TYPEDEF = 8;
const FUNC = 12;
const FUNC_PROTO = 13;
const STRUCT = 4;
const VAR = 14;
const DATASEC = 15;

describe('what libbpf trusts is looked at before', () => {
  it.each([
    ['STRUCT_OPS_IN_MAPS', /map 'm' is declared as struct_ops, which only variables/],
    ['STRUCT_OPS_WITHIN', /map 'm' is declared as struct_ops/],
    ['STRUCT_OPS_TWICE', /map 'm' is declared as struct_ops/],
    ['PINNED_ARENA', /arena 'm' is declared as pinned/],
    ['NAMED=__proto__', /a variable or function has a name that is none/],
  ])('%s is refused', (define, said) => {
    expect(refusalOf(compileObject('trusted', [define]))).toMatch(said);
  });

  it('the same objects with nothing wrong are opened', () => {
    expect(refusalOf(compileObject('trusted', []))).toBeUndefined();
    expect(refusalOf(compileObject('trusted', ['NAMED=constructor']))).toBeUndefined();
    expect(refusalOf(compileObject('trusted', ['SMALL_OPS']))).toBeUndefined();
  });

  const every = readFileSync(compileObject('every'));
  const small = readFileSync(compileObject('trusted', ['SMALL_OPS']));

  it.each<[string, Buffer, (object: Buffer) => void, RegExp]>([
    [
      'a typedef of itself',
      every,
      (o) => {
        const { at, id } = typesOf(o).find((t) => t.kind === TYPEDEF)!;
        o.writeUInt32LE(id, at + 8);
      },
      /type \d+ stands for itself/,
    ],
    // libbpf looks at what most kinds refer to from 1.3 on, and at results of functions never.
    ...[PTR, TYPEDEF, FUNC, FUNC_PROTO, VAR].map(
      (kind): [string, Buffer, (object: Buffer) => void, RegExp] => [
        `a type of kind ${kind} that refers to none`,
        every,
        (o) => void o.writeUInt32LE(0x2_0000, typesOf(o).find((t) => t.kind === kind)!.at + 8),
        /type \d+ refers to one that is not there|invalid referenced type ID/,
      ],
    ),
    [
      'typedefs in a circle',
      every,
      (o) => {
        const [a, b] = typesOf(o).filter((t) => t.kind === TYPEDEF);
        o.writeUInt32LE(b!.id, a!.at + 8);
        o.writeUInt32LE(a!.id, b!.at + 8);
      },
      /type \d+ stands for itself/,
    ],
    [
      'a callback outside of its struct',
      small,
      (o) => void o.writeUInt32LE(5, typeOf(o, 'small', STRUCT).at + 8),
      /member 'init' lies outside of its struct/,
    ],
    [
      'a member far outside of its struct',
      every,
      (o) => void o.writeUInt32LE(0x00ff_fff8, typeOf(o, 'inner', STRUCT).at + 12 + 8),
      /member 'a' lies outside of its struct/,
    ],
    [
      'a section of what is no variable',
      every,
      (o) => {
        const struct = typeOf(o, 'inner', STRUCT).id;
        o.writeUInt32LE(struct, typeOf(o, '.maps', DATASEC).at + 12);
      },
      /section '.maps' holds what is no variable/,
    ],
    [
      'a name with an escape sequence',
      every,
      (o) => {
        // The name of a variable, in place.
        const { at } = typeOf(o, 'negative', VAR);
        const { offset } = section(o, '.BTF');
        const strings = offset + o.readUInt32LE(offset + 4) + o.readUInt32LE(offset + 16);
        o.write('\x1b[31mxx', strings + o.readUInt32LE(at), 'latin1');
      },
      /name that is none/,
    ],
    [
      'a section whose name is an escape sequence',
      every,
      (o) => {
        const names = sectionsOf(o)[o.readUInt16LE(62)]!;
        const bss = section(o, '.bss');
        o.write('\x1b[2J', names.offset + o.readUInt32LE(bss.header), 'latin1');
      },
      /a section has a name that is none/,
    ],
    [
      'two sections of one name',
      every,
      (o) =>
        void o.writeUInt32LE(
          o.readUInt32LE(section(o, '.data').header),
          section(o, '.rodata').header,
        ),
      /there are two sections \.data/,
    ],
  ])('%s is refused', (_what, object, damage, said) => {
    const bytes = Buffer.from(object);
    damage(bytes);
    expect(bytes.equals(object)).toBe(false);
    expect(refusalOf(bytes)).toMatch(said);
  });

  it('any flags and any type of any section: opened or refused', { timeout: 60_000 }, () => {
    const codes = new Set<string>();
    for (const { header } of sectionsOf(small))
      for (const type of [0, 1, 2, 3, 7, 8, 9, 11, 17, 18, 0x6fff_ffff])
        for (const flags of [0n, 2n, 4n, 6n, 0x20n, 0x800n, 2n ** 63n]) {
          const bytes = Buffer.from(small);
          bytes.writeUInt32LE(type, header + 4);
          bytes.writeBigUInt64LE(flags, header + 8);
          codes.add(refusalOf(bytes)?.split(':')[0] ?? 'opened');
        }
    codes.delete('ERR_NO_BTF');
    expect([...codes].sort()).toEqual(['ERR_OPEN', 'opened']);
  });

  it('any type of any map: opened or refused, and one of struct_ops never', () => {
    // nelems of the array that `type` of a map points to.
    const maps = readFileSync(compileObject('trusted', ['STRUCT_OPS_IN_MAPS']));
    const place = typesOf(maps).find(
      (t) => t.kind === 3 && maps.readUInt32LE(t.at + 12 + 8) === 26,
    )!;
    for (let type = 0; type < 64; type++) {
      const bytes = Buffer.from(maps);
      bytes.writeUInt32LE(type, place.at + 12 + 8);
      const said = refusalOf(bytes);
      if (type === 26 || type === 0) expect(said).toMatch(/^ERR_OPEN/);
      else expect(said).toBeUndefined();
    }
  });
});

it('an arena at an address that is in use is refused, and at a free one is not for that reason', () => {
  // The stack of this process, which is the one that loads.
  const stack = /^([0-9a-f]+)-[0-9a-f]+ .*\[stack\]$/m.exec(
    readFileSync('/proc/self/maps', 'utf8'),
  )![1]!;
  const at = compileObject('trusted', ['ARENA_SOMEWHERE', `ADDRESS=0x${stack}ull`]);
  expect(codeOf(() => open(at).load())).toBe('ERR_LOAD');
  expect(() => open(at).load()).toThrow(/arena 'm' is declared at an address .* other memory/);
  const free = compileObject('trusted', ['ARENA_SOMEWHERE', 'ADDRESS=0x100000000000ull']);
  try {
    using loaded = open(free).load();
    expect(loaded.maps.m.base).toBe(0x1000_0000_0000n);
  } catch (error) {
    // Kernels before 6.9 have no arenas.
    expect((error as Error).message).not.toMatch(/other memory/);
  }
});

it('a process that opens one that crashed libbpf lives on', () => {
  const object = compileObject('trusted', ['STRUCT_OPS_IN_MAPS']);
  const runtime = new URL('../../../dist/native/runtime/index.js', import.meta.url).href;
  const script = `
    const { openObject } = await import(${JSON.stringify(runtime)});
    try { const o = openObject(${JSON.stringify(object)}); void o.ops.hotplug_seq; } catch (e) { console.log(e.code); }`;
  const out = execFileSync(process.execPath, ['--input-type=module', '-e', script]);
  expect(out.toString().trim()).toBe('ERR_OPEN');
});
