// SPDX-License-Identifier: GPL-2.0-only
// Objects that libbpf would follow to where it must not: each is one -D of trusted.test.ts.
typedef unsigned int u32;
typedef unsigned long long u64;
#define SEC(n) __attribute__((section(n), used))
#define NUM(name, value) int (*name)[value]

struct sched_ext_ops {
	u64 hotplug_seq;
	char name[128];
};

#ifdef STRUCT_OPS_IN_MAPS
struct { NUM(type, 26); NUM(max_entries, 1); u32 *key; struct sched_ext_ops *value; } m SEC(".maps");
#endif
#ifdef STRUCT_OPS_WITHIN
struct inner { NUM(type, 26); NUM(max_entries, 1); u32 *key; struct sched_ext_ops *value; };
struct { NUM(type, 12); NUM(max_entries, 1); u32 *key; struct inner *values[]; } m SEC(".maps");
#endif
#ifdef STRUCT_OPS_TWICE
// The last of two is what libbpf takes.
struct { NUM(type, 2); NUM(max_entries, 1); u32 *key; struct sched_ext_ops *value; } first SEC(".maps");
struct { const NUM(type, 26); NUM(max_entries, 1); u32 *key; struct sched_ext_ops *value; } m SEC(".maps");
#endif
#ifdef PINNED_ARENA
struct { NUM(type, 33); NUM(max_entries, 1); NUM(map_flags, 1024); NUM(pinning, 1); } m SEC(".maps");
#endif
#ifdef ARENA_SOMEWHERE
// __ulong() of libbpf's headers: a number of 64 bits is an enumerator.
struct { NUM(type, 33); NUM(max_entries, 1); NUM(map_flags, 1024); enum { at = ADDRESS } map_extra; } m SEC(".maps");
#endif
#ifdef SMALL_OPS
// A callback that does not fit into its struct: libbpf stores eight bytes for it.
typedef int (*callback)(void);
SEC("struct_ops/init") int init(void *c) { return 0; }
struct small { u32 first; callback init; } __attribute__((packed));
SEC(".struct_ops.link") struct small ops = { .init = (void *)init };
#endif
#ifdef NAMED
int NAMED = 3;
SEC("syscall") int use(void *c) { return NAMED; }
#else
SEC("syscall") int f(void *c) { return 0; }
#endif
char LICENSE[] SEC("license") = "GPL";
