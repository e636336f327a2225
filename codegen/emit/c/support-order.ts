import type { Support } from './support.js';

/** Support for memory order: barriers, accesses that stay as they are, acquire and release. */
export function addOrder(table: Map<string, Support>): void {
  table.set('scxts_strong', {
    c: `/* x86 keeps loads in order and stores in order; other machines need instructions for it. */
struct pt_regs___x86 {
	unsigned long orig_ax;
} __attribute__((preserve_access_index));
#define scxts_strong() bpf_core_field_exists(struct pt_regs___x86, orig_ax)`,
  });
  table.set('scxts_barrier', { c: '#define scxts_barrier() barrier()' });
  table.set('scxts_mb', {
    c: `/* BPF has no fences of its own: an atomic operation that gives the old value orders all before and after it. */
static __always_inline void scxts_mb(void)
{
	u64 word = 0;

	asm volatile("" : : "r"(&word) : "memory");
	word = __sync_fetch_and_add(&word, 1);
	asm volatile("" : : "r"(word) : "memory");
}`,
  });
  table.set('scxts_weak_mb', {
    c: `static __always_inline void scxts_weak_mb(void)
{
	if (scxts_strong())
		barrier();
	else
		scxts_mb();
}`,
    needs: ['scxts_strong', 'scxts_mb'],
  });
  for (const name of ['rmb', 'wmb'])
    table.set(`scxts_${name}`, {
      c: `#define scxts_${name}() scxts_weak_mb()`,
      needs: ['scxts_weak_mb'],
    });
  table.set('scxts_read_once', {
    c: '#define scxts_read_once(p) (*(volatile typeof(*(p)) *)(p))',
  });
  table.set('scxts_write_once', {
    c: '#define scxts_write_once(p, value) ((void)(*(volatile typeof(*(p)) *)(p) = (value)))',
  });
  table.set('scxts_load_acquire', {
    c: `#define scxts_load_acquire(p)                                                                        \\
	({                                                                                          \\
		typeof(*(p)) ___v = scxts_read_once(p);                                             \\
		scxts_weak_mb();                                                                    \\
		___v;                                                                               \\
	})`,
    needs: ['scxts_read_once', 'scxts_weak_mb'],
  });
  table.set('scxts_store_release', {
    c: `#define scxts_store_release(p, value)                                                                \\
	({                                                                                          \\
		__auto_type ___to = (p);                                                            \\
		typeof(*___to) ___v = (value);                                                      \\
		scxts_weak_mb();                                                                    \\
		scxts_write_once(___to, ___v);                                                      \\
	})`,
    needs: ['scxts_write_once', 'scxts_weak_mb'],
  });
}
