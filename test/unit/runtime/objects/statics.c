// SPDX-License-Identifier: GPL-2.0-only
// A section with static variables only: libbpf makes a map of it that cannot be mapped into memory.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

static volatile __u64 own;

SEC("syscall")
int count(void *ctx)
{
	(void)ctx;
	return (int)++own;
}

char LICENSE[] SEC("license") = "GPL";
