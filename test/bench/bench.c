// SPDX-License-Identifier: GPL-2.0-only
// The maps that test/bench/main.mjs and reference.c read, and a program that fills the ring.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct args {
	__u32 count;
	__u32 lost;
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 16384);
	__type(key, __u32);
	__type(value, __u64);
} entries SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_TASK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, __u64);
} tasks SEC(".maps");

// 500,000 records of 4 bytes, each with 8 of the ring's own and rounded up to 16.
struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 1 << 23);
} events SEC(".maps");

__u64 ticks = 1;
__u32 narrow = 1;

static long put(__u32 i, __u32 *lost)
{
	if (bpf_ringbuf_output(&events, &i, sizeof(i), BPF_RB_NO_WAKEUP))
		(*lost)++;
	return 0;
}

// What did not fit is counted in `lost`.
SEC("syscall") int fill(struct args *args)
{
	__u32 lost = 0;

	bpf_loop(args->count, put, &lost, 0);
	args->lost = lost;
	return 0;
}
char LICENSE[] SEC("license") = "GPL";
