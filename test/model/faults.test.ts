import { describe, expect, it } from 'vitest';
import { Fault } from '../../sim/errors.js';
import type { SpaceOptions } from '../../sim/engine/types.js';
import type { LoadedObject } from '../../sim/object/open.js';
import { compileC } from '../util/compile-c.js';
import { loadInModel } from '../util/in-model.js';
import { scratch } from '../util/scratch.js';

const folder = scratch('faults');

const object = compileC(
  folder,
  'faults',
  `typedef unsigned long long u64;
typedef unsigned int u32;
#define SEC(name) __attribute__((section(name), used))
static void *(*bpf_map_lookup_elem)(void *map, const void *key) = (void *)1;
static long (*bpf_spin_lock)(void *lock) = (void *)93;
static long (*bpf_spin_unlock)(void *lock) = (void *)94;
static long (*bpf_skb_load_bytes)(void *, u32, void *, u32) = (void *)26;
struct bpf_spin_lock { u32 val; };
struct value { struct bpf_spin_lock lock; u32 n; };
struct { int (*type)[2]; int (*max_entries)[2]; u32 *key; struct value *value; } values SEC(".maps");
extern void bpf_throw(u64 cookie) __attribute__((section(".ksyms")));
u64 sink;

static struct value *first(void) { u32 zero = 0; return bpf_map_lookup_elem(&values, &zero); }

SEC("syscall") int wild_read(u64 *ctx) { sink = *(volatile u64 *)0xffff888012345678; return 0; }
SEC("syscall") int far_read(u64 *ctx) { sink = *(volatile u64 *)0x7fffffff0; return 0; }
SEC("syscall") int null_read(u64 *ctx) { return *(volatile int *)992; }
SEC("syscall") int null_write(u64 *ctx) { *(volatile u64 *)992 = 1; return 0; }
SEC("syscall") int reads(u64 *ctx) { sink = *ctx; return 0; }
SEC("syscall") int keeps_lock(u64 *ctx) { struct value *v = first(); if (v) bpf_spin_lock(&v->lock); return 0; }
SEC("syscall") int locks_twice(u64 *ctx)
{
	struct value *v = first();
	if (v) { bpf_spin_lock(&v->lock); bpf_spin_lock(&v->lock); bpf_spin_unlock(&v->lock); }
	return 0;
}
SEC("syscall") int unlocks(u64 *ctx) { struct value *v = first(); if (v) bpf_spin_unlock(&v->lock); return 0; }
SEC("syscall") int endless(u64 *ctx) { for (;;) sink++; return 0; }
static __attribute__((noinline)) int deep(volatile u64 *n) { volatile u64 m = *n + 1; return m ? deep(&m) + 1 : 0; }
SEC("syscall") int too_deep(u64 *ctx) { u64 n = 1; return deep(&n); }
SEC("syscall") int no_helper(u64 *ctx) { u64 b; return bpf_skb_load_bytes(ctx, 0, &b, 8); }
SEC("syscall") int no_function(u64 *ctx) { if (ctx) bpf_throw(1); return 0; }
char LICENSE[] SEC("license") = "GPL";
`,
);

function faultOf(loaded: LoadedObject, program: string, argument = 0): Fault {
  try {
    loaded.programs.get(program)!.call(argument);
  } catch (error) {
    if (error instanceof Fault) return error;
    throw error;
  }
  throw new Error(`${program} did no wrong`);
}

const load = (options: Partial<SpaceOptions>): Promise<LoadedObject> =>
  loadInModel(object, options);

for (const engine of ['wasm', 'interpreter'] as const)
  describe(`faults name the line: ${engine}`, () => {
    const rows: [program: string, code: string, message: RegExp][] = [
      ['wild_read', 'BAD_READ', /reads at 0xffff888012345678, which is no address/],
      ['far_read', 'BAD_READ', /reads at 0x7fffffff0/],
      ['null_write', 'NULL_WRITE', /writes to 992 bytes behind null/],
      ['keeps_lock', 'LOCK_LEFT_HELD', /keeps_lock ends and holds a lock/],
      ['locks_twice', 'DEADLOCK', /held already: it was taken at .*faults\.c:\d+/],
      ['unlocks', 'NOT_LOCKED', /was not held/],
      ['too_deep', 'STACK_OVERFLOW', /too deep/],
      ['no_helper', 'NOT_MODELLED', /helper 26/],
      ['no_function', 'NOT_MODELLED', /bpf_throw/],
    ];
    for (const [program, code, message] of rows)
      it(program, async () => {
        const loaded = await load({ engine });
        const fault = faultOf(loaded, program, loaded.space.context.current);
        expect(fault.code).toBe(code);
        expect(fault.message).toMatch(message);
        expect(fault.where).toMatch(/faults\.c:\d+:\d+$/);
        // What a call that was cut off held is free again, and the next one runs.
        const stack = loaded.space.memory.i32[0x1_0018 >> 2];
        expect(loaded.programs.get('null_read')!.call()).toBe(0);
        expect(loaded.space.memory.i32[0x1_0018 >> 2]).toBe(stack);
        expect(faultOf(loaded, program, loaded.space.context.current).code).toBe(code);
      });

    it('reads of what was freed, and behind the end, with the shadow', async () => {
      const loaded = await load({ engine, checks: 'shadow' });
      const { memory } = loaded.space;
      const at = memory.allocate(64, 'task 7');
      const next = memory.allocate(64, 'task 8');
      expect(loaded.programs.get('reads')!.call(at)).toBe(0);
      expect(faultOf(loaded, 'reads', at + 64).code).toBe('BAD_ACCESS');
      memory.free(at);
      expect(faultOf(loaded, 'reads', at + 8).message).toMatch(/8 bytes into task 7, freed/);
      expect(loaded.programs.get('reads')!.call(next)).toBe(0);
    });
  });

it('an endless loop ends', async () => {
  const loaded = await load({});
  const fault = faultOf(loaded, 'endless');
  expect(fault.code).toBe('ENDLESS_LOOP');
  expect(fault.message).toMatch(/has not ended after 1073741824 instructions/);
});
