import { KERNEL_WALKS, type WalkKind } from '../../kernel/iterators.js';
import { walkMacro } from './iterators.js';
import { addOrder } from './support-order.js';
import { addTexts } from './texts.js';

/** Small C functions that generated code calls; each is printed only where it is used. */
export interface Support {
  c: string;
  needs?: string[];
}

const table = new Map<string, Support>();

table.set('scxts_has', {
  c: `/* bpf_ksym_exists() as a number: of two tests clang would make one of both addresses, which the verifier refuses. */
#define scxts_has(sym)                             \\
	({                                         \\
		bool __has = bpf_ksym_exists(sym);  \\
		barrier_var(__has);                \\
		__has;                             \\
	})`,
});

addOrder(table);
for (const bits of [32, 64]) {
  const u = `u${bits}`;
  const s = `s${bits}`;
  table.set(`scxts_div_${u}`, {
    c: `/* x / y where y may be 0: BPF's own division gives 0 then, C leaves it undefined. */
static __always_inline ${u} scxts_div_${u}(${u} x, ${u} y)
{
	if (__builtin_constant_p(y))
		return y ? x / y : 0;
	asm volatile("%0 /= %1" : "+r"(x) : "r"(y));
	return x;
}`,
  });
  table.set(`scxts_mod_${u}`, {
    c: `/* x % y where y may be 0: BPF's own remainder gives x then. */
static __always_inline ${u} scxts_mod_${u}(${u} x, ${u} y)
{
	if (__builtin_constant_p(y))
		return y ? x % y : x;
	asm volatile("%0 %%= %1" : "+r"(x) : "r"(y));
	return x;
}`,
  });
  table.set(`scxts_div_${s}`, {
    c: `/*
 * Signed division by way of the unsigned one: before cpu v4 BPF has no other. Signs are masks that clang
 * cannot turn into branches, each of which would double what the verifier has to walk.
 */
static __always_inline ${s} scxts_div_${s}(${s} x, ${s} y)
{
	${u} xs = x >> ${bits - 1}, ys = y >> ${bits - 1};

	asm("" : "+r"(xs), "+r"(ys));
	return (scxts_div_${u}((x ^ xs) - xs, (y ^ ys) - ys) ^ (xs ^ ys)) - (xs ^ ys);
}`,
    needs: [`scxts_div_${u}`],
  });
  table.set(`scxts_mod_${s}`, {
    c: `static __always_inline ${s} scxts_mod_${s}(${s} x, ${s} y)
{
	${u} xs = x >> ${bits - 1}, ys = y >> ${bits - 1};

	asm("" : "+r"(xs), "+r"(ys));
	return (scxts_mod_${u}((x ^ xs) - xs, (y ^ ys) - ys) ^ xs) - xs;
}`,
    needs: [`scxts_mod_${u}`],
  });
  table.set(`scxts_abs_${s}`, {
    c: `static __always_inline ${s} scxts_abs_${s}(${s} x)\n{\n\treturn x < 0 ? -(${u})x : x;\n}`,
  });
  for (const type of [u, s]) {
    for (const [name, op] of [
      ['min', '<'],
      ['max', '>'],
    ] as const) {
      table.set(`scxts_${name}_${type}`, {
        c: `static __always_inline ${type} scxts_${name}_${type}(${type} a, ${type} b)\n{\n\treturn a ${op} b ? a : b;\n}`,
      });
    }
  }
}

table.set('array_elem', {
  c: `/*
 * Address of array[i], or NULL where i is out of range. The test and the address are one piece of
 * assembly: a compiler that moves them apart gets the program rejected. The first instruction makes the index
 * a value of its own for the verifier, which would split its view of the variable otherwise.
 */
#define array_elem(array, index)                                                                    \\
	({                                                                                          \\
		__auto_type ___a = &(array);                                                         \\
		void *___p = (void *)___a;                                                           \\
		u64 ___i = (index);                                                                  \\
		asm volatile("%1 ^= 0\\n\\t"                                                          \\
			     "if %1 >= %2 goto +3\\n\\t"                                              \\
			     "%1 *= %3\\n\\t"                                                         \\
			     "%0 += %1\\n\\t"                                                         \\
			     "goto +1\\n\\t"                                                          \\
			     "%0 = 0"                                                               \\
			     : "+r"(___p), "+r"(___i)                                                 \\
			     : "i"(sizeof(*___a) / sizeof((*___a)[0])), "i"(sizeof((*___a)[0])));   \\
		(typeof(&(*___a)[0]))___p;                                                           \\
	})`,
});
table.set('scxts_settle', {
  c: `/* Makes a slot of the stack plain bytes for the verifier: Linux 6.18 loses track of it otherwise. */
#define scxts_settle(object, offset)                                                                \\
	({                                                                                          \\
		volatile u8 *___b = (volatile u8 *)(object) + (offset);                              \\
		*___b = *___b;                                                                       \\
	})`,
});
table.set('scxts_settled', {
  c: `#define scxts_settled(array, settle)                                                                \\
	(*({                                                                                        \\
		__auto_type ___s = &(array);                                                         \\
		settle                                                                               \\
		___s;                                                                                \\
	}))`,
  needs: ['scxts_settle'],
});
table.set('scxts_copy_words', {
  c: `/* Copies an object that is too large for clang to do it in line. */
#define scxts_copy_words(word, to, from)                                                            \\
	({                                                                                          \\
		__auto_type ___to = (to);                                                            \\
		__auto_type ___from = (from);                                                        \\
		_Pragma("nounroll") for (u32 ___k = 0; ___k < sizeof(*___to) / sizeof(word); ___k++)  \\
			((volatile word *)___to)[___k] = ((word *)___from)[___k];                    \\
	})`,
});
table.set('scxts_zero_words', {
  c: `#define scxts_zero_words(word, to)                                                                  \\
	({                                                                                          \\
		__auto_type ___to = (to);                                                            \\
		_Pragma("nounroll") for (u32 ___k = 0; ___k < sizeof(*___to) / sizeof(word); ___k++)  \\
			((volatile word *)___to)[___k] = 0;                                          \\
	})`,
});
table.set('scxts_kptr_xchg', {
  c: `/* Of an object that may be NULL: the verifier wants to see which it is. */
#define scxts_kptr_xchg(place, object)                                                              \\
	({                                                                                          \\
		void *___o = (object), *___none = NULL;                                              \\
		asm volatile("" : "+r"(___none));                                                    \\
		___o ? bpf_kptr_xchg(place, ___o) : bpf_kptr_xchg(place, ___none);                   \\
	})`,
});
table.set('scxts_kptr_swap', {
  c: `/* Of a place that may be NULL, an element out of range: the object comes back. */
#define scxts_kptr_swap(exchange, place, object)                                                    \\
	({                                                                                          \\
		__auto_type ___place = (place);                                                      \\
		void *___given = (object);                                                           \\
		___place ? exchange(___place, ___given) : ___given;                                  \\
	})`,
});
table.set('array_get', {
  c: `/* array[i], or 0 where i is out of range. */
#define array_get(array, index)                                                                     \\
	({                                                                                          \\
		__auto_type ___e = array_elem(array, index);                                         \\
		___e ? *___e : 0;                                                                     \\
	})`,
  needs: ['array_elem'],
});
table.set('array_at', {
  c: `/* Address of array[i] that is never NULL: out of range it is that of an element of zeros that no one else reads. */
#define array_at(array, index)                                                                      \\
	({                                                                                          \\
		__auto_type ___e = array_elem(array, index);                                         \\
		static u64 ___none[(sizeof(*___e) + 7) / 8];                                         \\
		if (!___e) {                                                                         \\
			for (u32 ___k = 0; ___k < sizeof(___none) / 8; ___k++)                        \\
				___none[___k] = 0;                                                   \\
			___e = (typeof(___e))___none;                                                \\
		}                                                                                    \\
		___e;                                                                                \\
	})`,
  needs: ['array_elem'],
});
table.set('object_elem', {
  c: `/*
 * The same in an object from bpf_obj_new(), which the verifier lets be reached at constant offsets only. The
 * empty assembly keeps the compiler from turning the comparisons into an offset.
 */
#define object_elem(array, index)                                                                   \\
	({                                                                                          \\
		__auto_type ___a = &(array);                                                         \\
		typeof(&(*___a)[0]) ___p = NULL;                                                     \\
		u64 ___i = (index);                                                                  \\
		_Pragma("unroll") for (u32 ___k = 0; ___k < sizeof(*___a) / sizeof((*___a)[0]); ___k++) \\
			if (___i == ___k) {                                                          \\
				___p = &(*___a)[___k];                                               \\
				asm volatile("" : "+r"(___p));                                       \\
			}                                                                            \\
		___p;                                                                                \\
	})`,
});
table.set('object_get', {
  c: `/* array[i] of such an object, or 0 where i is out of range. */
#define object_get(array, index)                                                                    \\
	({                                                                                          \\
		__auto_type ___e = object_elem(array, index);                                        \\
		___e ? *___e : 0;                                                                     \\
	})`,
  needs: ['object_elem'],
});
table.set('scxts_elem_addr', {
  c: `/* Address of an element of kernel memory; loads through it go by bpf_probe_read_kernel(). */
#define scxts_elem_addr(array, i)                                                                   \\
	({                                                                                          \\
		u64 ___i = (i);                                                                      \\
		___i < sizeof(array) / sizeof((array)[0]) ? (void *)(array) + ___i * sizeof((array)[0]) : NULL; \\
	})`,
});
table.set('scxts_chars_equal', {
  c: `/* Whether the first n bytes of a char array are those of a literal. */
#define scxts_chars_equal(chars, literal, n)                                                        \\
	({                                                                                          \\
		char ___buf[n];                                                                      \\
		bool ___same = !bpf_probe_read_kernel(___buf, n, chars);                              \\
		_Pragma("unroll") for (u32 ___k = 0; ___k < n; ___k++)                                 \\
			___same &= ___buf[___k] == (literal)[___k];                                     \\
		___same;                                                                             \\
	})`,
});
addTexts((name, c, needs) => table.set(name, { c, ...(needs ? { needs } : {}) }));
table.set('scxts_flexible_addr', {
  c: `/* The same in an array at the end of a struct, of which C does not know the length. */
#define scxts_flexible_addr(array, i) ((void *)(array) + (u64)(i) * sizeof((array)[0]))`,
});
table.set('scxts_this_cpu', {
  c: `/*
 * bpf_get_smp_processor_id(), which is helper 8, as something that does not change: a BPF program stays on its CPU. So
 * clang asks once on a path, however many counters are on it.
 */
static __always_inline u32 scxts_this_cpu(void)
{
	register u32 cpu asm("r0");

	asm("call 8" : "=r"(cpu) : : "r1", "r2", "r3", "r4", "r5");
	return cpu;
}`,
});
table.set('counter_add', {
  // Half the instructions of a lookup in a per-CPU map, and no branch.
  c: `/* scxts loads nothing that counts on a machine with more CPUs than there are counters for. */
#define counter_add(name, n) (scxts_counters[scxts_this_cpu() & 1023].name += (n))`,
  needs: ['scxts_this_cpu'],
});
table.set('scxts_read_bits', {
  c: `/* A field whose place, width and sign within its storage are those of the running kernel. */
#define scxts_read_bits(object, field)                                                              \\
	({                                                                                          \\
		__auto_type ___o = (object);                                                         \\
		const void *___p = (const void *)___o +                                              \\
				   __builtin_preserve_field_info(___o->field, BPF_FIELD_BYTE_OFFSET); \\
		u64 ___v = 0;                                                                        \\
		asm volatile("" : "+r"(___p));                                                       \\
		switch (__builtin_preserve_field_info(___o->field, BPF_FIELD_BYTE_SIZE)) {           \\
		case 1:                                                                              \\
			___v = *(const volatile u8 *)___p;                                           \\
			break;                                                                       \\
		case 2:                                                                              \\
			___v = *(const volatile u16 *)___p;                                          \\
			break;                                                                       \\
		case 4:                                                                              \\
			___v = *(const volatile u32 *)___p;                                          \\
			break;                                                                       \\
		case 8:                                                                              \\
			___v = *(const volatile u64 *)___p;                                          \\
			break;                                                                       \\
		}                                                                                    \\
		___v <<= __builtin_preserve_field_info(___o->field, BPF_FIELD_LSHIFT_U64);           \\
		__builtin_preserve_field_info(___o->field, BPF_FIELD_SIGNED) ?                       \\
			(u64)((s64)___v >>                                                           \\
			      __builtin_preserve_field_info(___o->field, BPF_FIELD_RSHIFT_U64)) :    \\
			___v >> __builtin_preserve_field_info(___o->field, BPF_FIELD_RSHIFT_U64);    \\
	})`,
});
table.set('scxts_lock', {
  c: `static __always_inline struct bpf_spin_lock *scxts_lock(struct bpf_spin_lock *lock)
{
	bpf_spin_lock(lock);
	return lock;
}`,
});
table.set('scxts_arena_guard', {
  c: `extern void bpf_preempt_disable(void) __ksym __weak;
extern void bpf_preempt_enable(void) __ksym __weak;`,
});
table.set('scxts_arena_lock', {
  c: `/*
 * Takes a lock in an arena. Its holder is not preempted, so that the wait is short; one that does not end is a program that takes a
 * lock which it holds, and counts as taken: the verifier wants both ways to be the same.
 */
static __always_inline struct scxts_arena_lock *scxts_arena_lock(struct scxts_arena_lock *lock)
{
	bpf_preempt_disable();
	while (__sync_val_compare_and_swap(&lock->locked, 0, 1) && can_loop)
		;
	return lock;
}`,
  needs: ['scxts_arena_guard'],
});
table.set('scxts_cleanup_arenaLock', {
  c: `static __always_inline void scxts_cleanup_arenaLock(struct scxts_arena_lock **lock)
{
	__sync_lock_test_and_set(&(*lock)->locked, 0);
	bpf_preempt_enable();
}`,
  needs: ['scxts_arena_guard'],
});
table.set('scxts_cleanup_lock', {
  c: `static __always_inline void scxts_cleanup_lock(struct bpf_spin_lock **lock)\n{\n\tbpf_spin_unlock(*lock);\n}`,
});
table.set('scxts_cleanup_ringbuf', {
  c: `/* A reserved record that was not submitted is given back. */
static __always_inline void scxts_cleanup_ringbuf(void *record)
{
	void *p = *(void **)record;

	if (p)
		bpf_ringbuf_discard(p, 0);
}`,
});
table.set('scxts_timer_init', {
  c: `#define scxts_timer_init(timer, map, callback, clock)                                               \\
	({                                                                                          \\
		struct bpf_timer *___t = (timer);                                                    \\
		int ___ret = bpf_timer_init(___t, map, clock);                                        \\
		___ret ? ___ret : bpf_timer_set_callback(___t, callback);                              \\
	})`,
});
table.set('scxts_for', {
  c: `/* bpf_for() with a variable of its own. */
#define scxts_for(i, from, to)                                                                      \\
	for (s32 i = 0, __once_##i = 1; __once_##i; __once_##i = 0)                                 \\
		bpf_for(i, from, to)`,
});
table.set('scxts_kernel_object', {
  c: `/* A kernel object from its address alone; reads through it are fault-tolerant. */
extern void *bpf_rdonly_cast(const void *address, u32 btf_id) __ksym __weak;
#define scxts_kernel_object(address, type)                                                          \\
	((type *)bpf_rdonly_cast((void *)(address), bpf_core_type_id_kernel(type)))`,
});
table.set('bpf_arena_alloc_pages', {
  c: `extern void *bpf_arena_alloc_pages(void *map, void *addr, u32 page_cnt, int node_id, u64 flags) __ksym __weak;`,
});
table.set('scxts_arena_pointer', {
  c: `/*
 * Makes an address within an arena a pointer that BPF can follow: r1 = addr_space_cast(r1, 0, 1), by its
 * encoding, which clang before 19 does not know. The map is named so that the program belongs to it.
 */
static __always_inline void *scxts_arena_pointer(void *map, u64 address)
{
	register u64 p asm("r1") = address;

	asm volatile(".byte 0xbf; .byte 0x11; .short 1; .long 1" : "+r"(p) : "r"(map));
	return (void *)p;
}`,
});
table.set('scxts_zero', {
  c: `/*
 * Zero, but all 64 bits are unknown to the verifier: added to what a loop counts, it keeps the verifier from
 * following every iteration as a state of its own.
 */
volatile u64 scxts_zero;`,
});

for (const kind of Object.keys(KERNEL_WALKS) as WalkKind[])
  table.set(`scxts_each_${kind}`, { c: walkMacro(kind) });
table.set('scxts_each_cpu', {
  c: `#define scxts_each_cpu(cpu, mask)                                                                   \\
	scxts_for(cpu, 0, scx_bpf_nr_cpu_ids())                                                     \\
		if (bpf_cpumask_test_cpu(cpu, mask))`,
  needs: ['scxts_for'],
});

/** Definitions of the support that was asked for, in an order in which each comes before its use. */
export function supportFor(asked: ReadonlySet<string>): string[] {
  const out: string[] = [];
  const done = new Set<string>();
  const add = (name: string): void => {
    const support = table.get(name);
    if (!support || done.has(name)) return;
    done.add(name);
    support.needs?.forEach(add);
    out.push(support.c);
  };
  for (const name of asked)
    if (!table.has(name)) throw new Error(`there is no support function '${name}'`);
  for (const name of table.keys()) if (asked.has(name)) add(name);
  return out;
}
