// SPDX-License-Identifier: GPL-2.0-only
// Every kind of BTF type and of map that the runtime decodes, without sched_ext: it loads on the host.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include <stdbool.h>

// Newer than the linux/bpf.h of Debian 12.
#define CGRP_STORAGE 32
struct bpf_iter_num {
	__u64 state;
} __attribute__((aligned(8)));

typedef __u8 u8;
typedef __u16 u16;
typedef __u32 u32;
typedef __u64 u64;
typedef __s8 s8;
typedef __s16 s16;
typedef __s32 s32;
typedef __s64 s64;

enum small { SMALL_A = -2, SMALL_B = 5 };
enum wide { WIDE_BIG = 0xffffffff00000000ULL };

struct inner {
	u8 a;
	u64 b;
	s16 c[3];
};
struct bits {
	u32 one : 1;
	u32 three : 3;
	s32 neg : 5;
	u32 rest : 23;
	u64 far : 40;
	u64 near : 24;
	_Bool yes : 1;
};
struct every {
	u8 n8;
	s8 z8;
	u16 n16;
	s16 z16;
	u32 n32;
	s32 z32;
	u64 n64;
	s64 z64;
	bool flag;
	enum small small;
	enum wide wide;
	char name[8];
	struct inner inner;
	struct inner list[2];
	u32 grid[2][3];
	struct bits bits;
	union {
		u32 whole;
		u16 halves[2];
	};
	struct {
		u8 deep;
	};
	union {
		u64 word;
		u8 bytes[8];
	} named;
	void *pointer;
};
struct packed {
	u8 first;
	u64 odd;
} __attribute__((packed));

struct every every = { .n8 = 8, .name = "abc" };
struct packed packed;
u64 big;
s64 negative = -5;
u32 small_number;
bool toggled;
enum small which;
enum wide which_wide;
u64 hist[8];
s16 shorts[4];
struct inner pair[2];
char title[16] = "hello";
u32 matrix[2][3];
const volatile u32 limit __attribute__((btf_decl_tag("scxts:config=the limit"))) = 7;
const volatile struct inner tuned __attribute__((btf_decl_tag("scxts:config=a struct")));
u64 scxts_dropped_events;

struct event {
	u32 pid;
	u64 stamp;
	u8 kind;
};
struct order {
	u32 id;
	u64 amount;
	u8 tags[4];
};
struct event *scxts_record_events;
struct order *scxts_record_orders;

struct key {
	u32 a;
	u8 b;
};

struct { __uint(type, BPF_MAP_TYPE_ARRAY); __uint(map_flags, BPF_F_MMAPABLE); __uint(max_entries, 4); __type(key, u32); __type(value, struct every); } mapped SEC(".maps");
struct { __uint(type, BPF_MAP_TYPE_ARRAY); __uint(map_flags, BPF_F_MMAPABLE); __uint(max_entries, 5); __type(key, u32); __type(value, s32); } narrow SEC(".maps");
struct { __uint(type, BPF_MAP_TYPE_ARRAY); __uint(max_entries, 4); __type(key, u32); __type(value, struct inner); } unmapped SEC(".maps");
struct { __uint(type, BPF_MAP_TYPE_PERCPU_ARRAY); __uint(max_entries, 3); __type(key, u32); __type(value, struct inner); } per_cpu SEC(".maps");
struct { __uint(type, BPF_MAP_TYPE_HASH); __uint(max_entries, 20000); __type(key, u32); __type(value, u64); } numbers SEC(".maps");
struct { __uint(type, BPF_MAP_TYPE_HASH); __uint(max_entries, 64); __type(key, struct key); __type(value, struct inner); } keyed SEC(".maps");
struct { __uint(type, BPF_MAP_TYPE_LRU_HASH); __uint(max_entries, 64); __type(key, u32); __type(value, u64); } lru SEC(".maps");
struct { __uint(type, BPF_MAP_TYPE_PERCPU_HASH); __uint(max_entries, 64); __type(key, u32); __type(value, u64); } percpu_hash SEC(".maps");
struct { __uint(type, BPF_MAP_TYPE_LRU_PERCPU_HASH); __uint(max_entries, 64); __type(key, u32); __type(value, u64); } lru_percpu SEC(".maps");
struct lpm_key { u32 prefixlen; u8 data[4]; };
struct { __uint(type, BPF_MAP_TYPE_LPM_TRIE); __uint(map_flags, BPF_F_NO_PREALLOC); __uint(max_entries, 64); __type(key, struct lpm_key); __type(value, u32); } routes SEC(".maps");
struct { __uint(type, BPF_MAP_TYPE_QUEUE); __uint(max_entries, 3); __type(value, u32); } queue SEC(".maps");
struct { __uint(type, BPF_MAP_TYPE_STACK); __uint(max_entries, 3); __type(value, u32); } stack SEC(".maps");
struct { __uint(type, BPF_MAP_TYPE_BLOOM_FILTER); __uint(max_entries, 100); __type(value, u32); } bloom SEC(".maps");
struct { __uint(type, BPF_MAP_TYPE_TASK_STORAGE); __uint(map_flags, BPF_F_NO_PREALLOC); __type(key, int); __type(value, struct inner); } tasks SEC(".maps");
struct { __uint(type, CGRP_STORAGE); __uint(map_flags, BPF_F_NO_PREALLOC); __type(key, int); __type(value, u64); } cgroups SEC(".maps");
struct { __uint(type, BPF_MAP_TYPE_RINGBUF); __uint(max_entries, 4096); } events SEC(".maps");
struct { __uint(type, BPF_MAP_TYPE_USER_RINGBUF); __uint(max_entries, 4096); } orders SEC(".maps");

struct inner_map { __uint(type, BPF_MAP_TYPE_ARRAY); __uint(max_entries, 2); __type(key, u32); __type(value, struct inner); } left SEC(".maps"), right SEC(".maps");
struct { __uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS); __uint(max_entries, 3); __type(key, u32); __array(values, struct inner_map); } table SEC(".maps") = { .values = { &left, &right } };
struct { __uint(type, BPF_MAP_TYPE_HASH_OF_MAPS); __uint(max_entries, 3); __type(key, u32); __array(values, struct inner_map); } by_name SEC(".maps");

struct args {
	u32 n;
	u64 sum;
	s32 status;
};

// Changes something of everything, so that user space can see what BPF wrote.
SEC("syscall") int touch(struct args *args)
{
	u32 zero = 0, one = 1;
	struct inner *v;
	struct every *e;

	every.n32 += args->n;
	every.inner.b = args->sum;
	every.list[1].c[2] = -7;
	every.bits.neg = -3;
	every.bits.far = 0x123456789a;
	every.grid[1][2] = 6;
	every.wide = WIDE_BIG;
	every.small = SMALL_A;
	packed.odd = args->sum;
	big = args->sum;
	matrix[1][1] = 11;
	hist[args->n & 7]++;
	e = bpf_map_lookup_elem(&mapped, &one);
	if (e) {
		e->n64 = args->sum;
		e->list[0].b = 3;
	}
	v = bpf_map_lookup_elem(&per_cpu, &zero);
	if (v)
		v->b += args->n;
	v = bpf_map_lookup_elem(&left, &one);
	if (v)
		v->b = 99;
	args->status = limit;
	return args->n;
}

SEC("syscall") int emit(struct args *args)
{
	struct event event = { .pid = args->n, .stamp = args->sum, .kind = 3 };
	u32 i;

	bpf_for(i, 0, args->n) {
		event.pid = i;
		if (bpf_ringbuf_output(&events, &event, sizeof(event), 0))
			__sync_fetch_and_add(&scxts_dropped_events, 1);
	}
	return 0;
}

static long take(struct bpf_dynptr *dynptr, void *context)
{
	struct order order = {};
	u64 *sum = context;

	if (!bpf_dynptr_read(&order, sizeof(order), dynptr, 0, 0))
		*sum += order.id * 1000 + order.amount + order.tags[3];
	return 0;
}

SEC("syscall") int drain(struct args *args)
{
	u64 sum = 0;
	long n = bpf_user_ringbuf_drain(&orders, take, &sum, 0);

	args->sum = sum;
	return n;
}

// Programs that listen; each adds the cookie that it was attached with.
u64 cookies[6];
u64 calls[6];
u32 watched;

#define NOTE(i)                                                                                     \
	if ((u32)(bpf_get_current_pid_tgid() >> 32) == watched) {                                   \
		calls[i]++;                                                                          \
		cookies[i] = bpf_get_attach_cookie(ctx);                                             \
	}                                                                                            \
	return 0;

// None is loaded unless a test asks for it: kernels differ in what they let attach.
SEC("?tp_btf/sched_switch") int on_switch(void *ctx) { NOTE(0) }
SEC("?kprobe/__x64_sys_getppid") int on_kprobe(void *ctx) { NOTE(1) }
SEC("?tp/syscalls/sys_enter_getppid") int on_tp(void *ctx) { NOTE(2) }
SEC("?perf_event") int on_sample(void *ctx) { NOTE(3) }
SEC("?fentry/do_rmdir") int on_rmdir(void *ctx) { NOTE(4) }
SEC("?fentry/no_such_function_anywhere") int on_nothing(void *ctx) { return 0; }
SEC("?raw_tp/sched_switch") int on_raw(void *ctx) { NOTE(5) }

char LICENSE[] SEC("license") = "GPL";
