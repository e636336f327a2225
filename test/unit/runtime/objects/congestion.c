// SPDX-License-Identifier: GPL-2.0-only
// A struct_ops object that any kernel attaches: attaching and detaching without sched_ext.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

// Names are the machine's: each process of the tests has its own.
#ifndef NAME
#define NAME "scxts_test"
#endif

typedef __u32 u32;
typedef __u64 u64;

struct sock;
struct tcp_congestion_ops {
	u32 (*ssthresh)(struct sock *sk);
	void (*cong_avoid)(struct sock *sk, u32 ack, u32 acked);
	u32 (*undo_cwnd)(struct sock *sk);
	u32 flags;
	char name[16];
} __attribute__((preserve_access_index));

u64 calls;

SEC("struct_ops/ssthresh") u32 BPF_PROG(ssthresh, struct sock *sk) { calls++; return 2; }
SEC("struct_ops/cong_avoid") void BPF_PROG(cong_avoid, struct sock *sk, u32 ack, u32 acked) {}
SEC("struct_ops/undo_cwnd") u32 BPF_PROG(undo_cwnd, struct sock *sk) { return 2; }
SEC("?tp_btf/sched_switch") int on_switch(void *ctx) { __sync_fetch_and_add(&calls, 1); return 0; }
SEC("?tp_btf/no_such_tracepoint") int on_nothing(void *ctx) { return 0; }

SEC(".struct_ops.link") struct tcp_congestion_ops test_ops = {
	.ssthresh = (void *)ssthresh,
	.cong_avoid = (void *)cong_avoid,
	.undo_cwnd = (void *)undo_cwnd,
	.name = NAME,
};
char LICENSE[] SEC("license") = "GPL";
