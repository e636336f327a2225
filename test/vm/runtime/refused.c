// SPDX-License-Identifier: GPL-2.0-only
// A scheduler that every verifier refuses: it uses what a map lookup gave without a test.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

struct task_struct;
struct sched_ext_ops {
    void (*enqueue)(struct task_struct *p, __u64 enq_flags);
    char name[128];
};
struct {
    __uint(type, BPF_MAP_TYPE_HASH);
    __uint(max_entries, 1);
    __type(key, __u32);
    __type(value, __u64);
} seen SEC(".maps");

SEC("struct_ops/refused_enqueue")
int BPF_PROG(refused_enqueue, struct task_struct *p, __u64 enq_flags) {
    __u32 key = 0;
    __u64 *value = bpf_map_lookup_elem(&seen, &key);
    *value += 1;
    return 0;
}

SEC(".struct_ops.link")
struct sched_ext_ops refused_ops = {.enqueue = (void *)refused_enqueue, .name = "refused"};
char _license[] SEC("license") = "GPL";
