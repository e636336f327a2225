/*
 * As much of what scx's header of this name gives as the C of docs/concepts/c-and-rust.md needs: written for the test that compiles it.
 */
typedef unsigned char u8;
typedef unsigned int u32;
typedef int s32;
typedef unsigned long long u64;
typedef long long s64;
typedef u8 __u8;
typedef unsigned short __u16;
typedef u32 __u32;
typedef u64 __u64;
typedef s32 __s32;
typedef s64 __s64;
typedef __u16 __be16;
typedef u32 __be32;
typedef u32 __wsum;
#define bool _Bool
enum { BPF_MAP_TYPE_PERCPU_ARRAY = 6 };

#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

enum { SCX_ENQ_WAKEUP = 1 };
struct task_struct {
} __attribute__((preserve_access_index));
enum scx_exit_kind { SCX_EXIT_NONE };
struct scx_exit_info {
	enum scx_exit_kind kind;
} __attribute__((preserve_access_index));
struct sched_ext_ops {
	void (*enqueue)(struct task_struct *p, u64 enq_flags);
	void (*dispatch)(s32 cpu, struct task_struct *prev);
	s32 (*init)(void);
	void (*exit)(struct scx_exit_info *info);
	char name[128];
};

extern s32 scx_bpf_create_dsq(u64 dsq_id, s32 node) __ksym;
extern bool scx_bpf_dsq_insert___v2___compat(struct task_struct *p, u64 dsq_id, u64 slice, u64 enq_flags) __ksym;
extern bool scx_bpf_dsq_move_to_local___v2___compat(u64 dsq_id, u64 enq_flags) __ksym;
#define scx_bpf_dsq_insert scx_bpf_dsq_insert___v2___compat
#define scx_bpf_dsq_move_to_local scx_bpf_dsq_move_to_local___v2___compat

#define BPF_STRUCT_OPS(name, args...) SEC("struct_ops/" #name) BPF_PROG(name, ##args)
#define BPF_STRUCT_OPS_SLEEPABLE(name, args...) SEC("struct_ops.s/" #name) BPF_PROG(name, ##args)
#define SCX_OPS_DEFINE(name, ...) SEC(".struct_ops.link") struct sched_ext_ops name = { __VA_ARGS__ }
#define UEI_DEFINE(name) s32 name
#define UEI_RECORD(name, info) (name = (info)->kind)
