// SPDX-License-Identifier: GPL-2.0-only
// Memory shared by address: a list that BPF makes and user space follows. Needs clang 18.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#define ARENA 33
#define NUMA_NO_NODE (-1)
#define __arena __attribute__((address_space(1)))

struct { __uint(type, ARENA); __uint(map_flags, BPF_F_MMAPABLE); __uint(max_entries, 16); } memory SEC(".maps");

extern void __arena *bpf_arena_alloc_pages(void *map, void __arena *addr, __u32 pages, int node, __u64 flags) __ksym;

struct node {
	struct node __arena *next;
	__u64 value;
};
struct node __arena *head;
struct args { __u32 n; };

SEC("syscall") int push(struct args *args)
{
	struct node __arena *node = bpf_arena_alloc_pages(&memory, (void *)0, 1, NUMA_NO_NODE, 0);

	if (!node)
		return -12;
	node->value = args->n;
	node->next = head;
	head = node;
	return 0;
}
SEC("syscall") int sum(struct args *args)
{
	// A program that follows pointers must name the arena.
	asm volatile("" ::"r"(&memory));
	return head ? head->value : 0;
}
char LICENSE[] SEC("license") = "GPL";
