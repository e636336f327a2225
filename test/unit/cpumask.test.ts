import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Cpumask, ScxtsError } from '../../native/runtime/index.js';

const sets = fc.array(fc.oneof(fc.nat(130), fc.nat(9000)), { maxLength: 40 });
const rising = (cpus: Iterable<number>): number[] => [...new Set(cpus)].sort((a, b) => a - b);

describe('Cpumask', () => {
  it('is a set of numbers, whatever their size', () => {
    fc.assert(
      fc.property(sets, sets, (a, b) => {
        const [x, y] = [Cpumask.of(a), Cpumask.of(b)];
        const has = new Set(b);
        expect([...x]).toEqual(rising(a));
        expect(x.size).toBe(new Set(a).size);
        expect([x.first, x.last]).toEqual([rising(a)[0], rising(a).at(-1)]);
        expect([...x.and(y)]).toEqual(rising(a.filter((c) => has.has(c))));
        expect([...x.or(y)]).toEqual(rising([...a, ...b]));
        expect([...x.without(y)]).toEqual(rising(a.filter((c) => !has.has(c))));
        expect(x.intersects(y)).toBe(a.some((c) => has.has(c)));
        expect(x.isSubsetOf(y)).toBe(a.every((c) => has.has(c)));
        expect(x.equals(y)).toBe(String(rising(a)) === String(rising(b)));
        for (const cpu of [0, 31, 32, 63, 64, ...a]) expect(x.has(cpu)).toBe(a.includes(cpu));
      }),
    );
  });

  it('comes back from each of its forms', () => {
    fc.assert(
      fc.property(sets, (cpus) => {
        const mask = Cpumask.of(cpus);
        expect(Cpumask.parse(String(mask)).equals(mask)).toBe(true);
        expect(Cpumask.parseHex(mask.toHex()).equals(mask)).toBe(true);
        expect(Cpumask.fromWords(mask.toWords(150)).equals(mask)).toBe(true);
        expect(JSON.stringify({ mask })).toBe(`{"mask":"${mask}"}`);
      }),
    );
  });

  it('writes what the kernel writes', () => {
    const mask = Cpumask.of([40, 0, 1, 2, 3, 8]);
    expect(String(mask)).toBe('0-3,8,40');
    expect(mask.toHex()).toBe('100,0000010f');
    expect(mask.toWords(1)).toEqual([0x100_0000_010fn]);
    expect(Cpumask.parseHex('ffff,ffffffff').size).toBe(48);
    expect([String(Cpumask.EMPTY), Cpumask.EMPTY.toHex(), Cpumask.EMPTY.first]).toEqual([
      '',
      '0',
      undefined,
    ]);
  });

  it.each([
    () => Cpumask.of([-1]),
    () => Cpumask.of([1.5]),
    () => Cpumask.of([65_536]),
    () => Cpumask.parse('0-99999999999'),
    () => Cpumask.parse('3-1'),
    () => Cpumask.parse('a'),
    () => Cpumask.parseHex('xyz'),
    () => Cpumask.parseHex(''),
    () => Cpumask.of([64]).toWords(1),
  ])('refuses what is no set of CPUs (%#)', (make) => {
    expect(make).toThrow(ScxtsError);
    expect(make).toThrow(expect.objectContaining({ code: 'ERR_CPUS' }));
  });
});
