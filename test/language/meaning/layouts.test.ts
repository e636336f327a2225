import { program } from '../../util/program.js';
import { meanings, type Row } from './meaning.js';

const MASKS = `interface Ctx { n: u64; on: Bits<u32, 3>; off: Bits<u32, 2>; masks: FixedArray<Kptr<bpf_cpumask>, 4>; mask: Kptr<bpf_cpumask> | null }
let three: u32 = 3;
function renew(slot: Kptr<bpf_cpumask> | null): u64 {
  const m = bpf_cpumask_create();
  if (!m) return 99;
  using old = kptrXchg(slot, m);
  return old ? 1 : 0;
}`;
const STEPS =
  'out[0] = renew(c.mask); out[1] = renew(c.mask); out[2] = renew(c.masks[2]); out[3] = renew(c.masks[three]); out[4] = renew(c.masks[three]); out[5] = renew(c.masks[three + 9]); c.on = 5; c.off = 2; out[6] = c.on * 10 + c.off;';
const LEFT = [0, 1, 0, 0, 1, 1, 52];

const rows: Row[] = [
  [
    'members of a union share their place',
    [2, 0x1_0000_0005, 9 * 2 ** 32],
    program(
      'interface Views { a: u64; c: FixedArray<u8, 12> } interface X { u: Union<{ a: u64; b: u32 }>; v: Union<Views> } const m = percpu<X>();',
    ).syscall(
      'const x = m.this(); x.u.a = 0x1_0000_0002; out[0] = x.u.b; x.u.b = 5; out[1] = x.u.a; x.v.c[4] = 9; out[2] = x.v.a;',
    ),
  ],
  [
    'of a literal of a union the last member counts',
    [0xffff_0000_0001, 0xffff_ffff_ffff],
    program('type U = Union<{ a: u64; b: u32 }>;').syscall(
      'const u: U = { a: 0xffff_ffff_ffff, b: 1 }; out[0] = u.a; const w: U = { b: 1, a: 0xffff_ffff_ffff }; out[1] = w.a;',
    ),
  ],
  [
    'unions are copied whole',
    [7, 3],
    program(
      'type U = Union<{ a: u64; b: u32 }>; interface X { u: U } const m = array<X>(2); let g: U = zeroed();',
    ).syscall(
      'const x = m.get(0); if (!x) return 0; x.u.a = 7; g = x.u; x.u.a = 3; out[0] = g.a; m.set(1, x); out[1] = m.get(1)?.u.a ?? 9;',
    ),
  ],
  [
    'what is aligned is what it was',
    [5, 8, 1, 4, 2, 7],
    program(
      'interface Slot { hits: u64; misses: u32 } interface Line { first: u32; hot: Aligned<u64, 64>; after: u8 } const slots = array<Aligned<Slot, 64>>(4); const lines = array<Line>(2); let g: FixedArray<Aligned<Slot, 128>, 4> = zeroed(); let three: u32 = 3;',
    ).syscall(
      'const s = slots.get(2); if (s) s.hits = 5; slots.set(3, { hits: 8, misses: 1 }); out[0] = slots.get(2)?.hits ?? 0; out[1] = slots.get(3)?.hits ?? 0; out[2] = slots.get(3)?.misses ?? 0; g[1].hits = 4; g[three].misses = 2; out[3] = g[1].hits; out[4] = g[three].misses; const l = lines.get(1); if (l) { l.first = 1; l.hot = 4; l.after = 2; out[5] = l.first + l.hot + l.after; }',
    ),
  ],
  [
    'kernel objects in an array, in a value',
    LEFT,
    program(MASKS + ' const m = array<Ctx>(2);').syscall(
      `const c = m.get(1); if (!c) return 0; ${STEPS}`,
    ),
  ],
  [
    "kernel objects in this CPU's value",
    LEFT,
    program(MASKS + ' const m = percpu<Ctx>();').syscall(`const c = m.this(); ${STEPS}`),
  ],
  [
    'kernel objects in a hash, whose memory is used again',
    [0, 0, 1],
    program(MASKS + ' const m = hash<u32, Ctx>(1);').syscall(
      'const z: Ctx = zeroed(); m.set(1, z); const c = m.get(1); if (c) out[0] = renew(c.masks[3]); m.delete(1); m.set(2, z); const d = m.get(2); if (d) { out[1] = renew(d.masks[3]); out[2] = renew(d.masks[3]); }',
    ),
  ],
  [
    'kernel objects in a global array',
    [0, 0, 0, 0, 1, 1],
    program(MASKS + ' let masks: FixedArray<Kptr<bpf_cpumask>, 4> = zeroed();').syscall(
      'for (let k = 0; k < 4; k++) out[k] = renew(masks[k]); out[4] = renew(masks[three]); out[5] = renew(masks[1]);',
    ),
  ],
];
meanings(rows);
