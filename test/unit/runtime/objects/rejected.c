// SPDX-License-Identifier: GPL-2.0-only
// What the verifier refuses: a lookup that is not tested.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct { __uint(type, BPF_MAP_TYPE_HASH); __uint(max_entries, 4); __type(key, __u32); __type(value, __u64); } map SEC(".maps");

SEC("syscall") int reads_null(void *ctx)
{
	__u32 key = 1;
	__u64 *value = bpf_map_lookup_elem(&map, &key);

	return *value;
}
char LICENSE[] SEC("license") = "GPL";
