// SPDX-License-Identifier: Apache-2.0 OR MIT
// Attaching the programs that listen to the kernel.
#include <bpf/libbpf.h>
#include <linux/perf_event.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
#include <utility>

#include "errors.h"
#include "link.h"
#include "object.h"

namespace scxts {

namespace {

// What follows the first of the prefixes that the section starts with, or null.
const char *After(const std::string &section, std::initializer_list<const char *> prefixes) {
    for (const char *prefix : prefixes)
        if (section.compare(0, strlen(prefix), prefix) == 0)
            return section.c_str() + strlen(prefix);
    return nullptr;
}

// What BPF_RAW_TRACEPOINT_OPEN takes since Linux 6.10 (union bpf_attr in include/uapi/linux/bpf.h). libbpf 1.4
// cannot give it the cookie.
struct RawTracepointOpen {
    uint64_t name;
    uint32_t programFd;
    uint32_t padding;
    uint64_t cookie;
};

OwnedLink AttachRawTracepoint(const bpf_program *program, const char *name, uint64_t cookie) {
    RawTracepointOpen about = {reinterpret_cast<uintptr_t>(name),
                               static_cast<uint32_t>(bpf_program__fd(program)), 0, cookie};
    int fd = static_cast<int>(syscall(SYS_bpf, BPF_RAW_TRACEPOINT_OPEN, &about, sizeof(about)));
    return OwnedLink::OfDescriptor(fd);
}

// As bpf_program__attach(), with a cookie that the program reads with bpf_get_attach_cookie(). Nothing
// with errno ENOTSUP for kinds that the kernel attaches without.
OwnedLink AttachWithCookie(bpf_program *program, uint64_t cookie) {
    std::string section = bpf_program__section_name(program);
    if (bpf_program__type(program) == BPF_PROG_TYPE_TRACING &&
        !After(section, {"iter/", "iter.s/"})) {
        LIBBPF_OPTS(bpf_trace_opts, options, .cookie = cookie);
        return OwnedLink(bpf_program__attach_trace_opts(program, &options));
    }
    if (const char *name = After(section, {"raw_tp/", "raw_tracepoint/"}))
        return AttachRawTracepoint(program, name, cookie);
    if (const char *function = After(section, {"kprobe/", "kretprobe/"})) {
        LIBBPF_OPTS(bpf_kprobe_opts, options, .bpf_cookie = cookie,
                    .retprobe = section.compare(0, 6, "kretpr") == 0);
        return OwnedLink(bpf_program__attach_kprobe_opts(program, function, &options));
    }
    const char *event = After(section, {"tp/", "tracepoint/"});
    const char *slash = event ? strchr(event, '/') : nullptr;
    if (slash) {
        LIBBPF_OPTS(bpf_tracepoint_opts, options, .bpf_cookie = cookie);
        return OwnedLink(bpf_program__attach_tracepoint_opts(
            program, std::string(event, slash).c_str(), slash + 1, &options));
    }
    errno = ENOTSUP;
    return OwnedLink();
}

// Iterators of cgroups need an order; without a cgroup they start at the root (bpf_iter_attach_cgroup()
// in kernel/bpf/cgroup_iter.c).
bpf_link *AttachCgroupIterator(bpf_program *program) {
    bpf_iter_link_info about = {};
    about.cgroup.order = BPF_CGROUP_ITER_DESCENDANTS_PRE;
    LIBBPF_OPTS(bpf_iter_attach_opts, options, .link_info = &about,
                .link_info_len = sizeof(about));
    return bpf_program__attach_iter(program, &options);
}

OwnedLink AttachAsNamed(bpf_program *program, uint64_t cookie) {
    if (cookie)
        return AttachWithCookie(program, cookie);
    if (!strcmp(bpf_program__section_name(program), "iter/cgroup"))
        return OwnedLink(AttachCgroupIterator(program));
    return OwnedLink(bpf_program__attach(program));
}

Outcome Attach(bpf_program *program, uint64_t cookie, OwnedLink &link) {
    Outcome out;
    LogCapture log;
    link = AttachAsNamed(program, cookie);
    out.error = link ? 0 : errno;
    out.log = log.text();
    return out;
}

Napi::Value Attached(Napi::Env env, const Outcome &outcome, OwnedLink link) {
    if (!link)
        throw MakeError(env, "ERR_ATTACH", "the kernel did not attach the program", outcome.error,
                        outcome.log);
    return BpfLink::Make(env, std::move(link));
}

uint64_t CookieArgument(const Napi::CallbackInfo &info, size_t index) {
    if (!info[index].IsBigInt())
        throw MakeError(info.Env(), "ERR_ARGUMENT", "the cookie must be a bigint");
    bool whole = false;
    uint64_t cookie = info[index].As<Napi::BigInt>().Uint64Value(&whole);
    if (!whole)
        throw MakeError(info.Env(), "ERR_ARGUMENT", "the cookie must be from 0 to 2^64-1");
    return cookie;
}

} // namespace

bpf_program *BpfObject::LoadedProgram(const Napi::CallbackInfo &info, const Held &held) {
    bpf_program *program = FindProgram(info, held);
    if (bpf_program__fd(program) < 0)
        throw MakeError(info.Env(), "ERR_PHASE", "the program is not loaded");
    return program;
}

// attachProgram(program, cookie): as its section says (tp_btf, fentry, tracepoint, kprobe...); a
// cookie of 0 is none.
Napi::Value BpfObject::AttachProgram(const Napi::CallbackInfo &info) {
    Held held = LoadedObject(info.Env());
    bpf_program *program = LoadedProgram(info, held);
    OwnedLink link;
    Outcome outcome = Attach(program, CookieArgument(info, 1), link);
    return Attached(info.Env(), outcome, std::move(link));
}

// The same on another thread: the kernel patches its code, and waits for all CPUs to see it.
Napi::Value BpfObject::AttachProgramAsync(const Napi::CallbackInfo &info) {
    Held held = LoadedObject(info.Env());
    bpf_program *program = LoadedProgram(info, held);
    uint64_t cookie = CookieArgument(info, 1);
    auto link = std::make_shared<OwnedLink>();
    // Others may be attached meanwhile, so the object is not marked as busy; closing it only drops
    // the owner that is held here.
    return Job::Start(
        info.This().As<Napi::Object>(),
        [program, cookie, link, held] { return Attach(program, cookie, *link); },
        [link](Napi::Env env, const Outcome &outcome) {
            return Attached(env, outcome, std::move(*link));
        });
}

// attachPerfEvent(program, type, config, frequency, cpu, cookie): runs it on samples of one CPU.
Napi::Value BpfObject::AttachPerfEvent(const Napi::CallbackInfo &info) {
    Held held = LoadedObject(info.Env());
    bpf_program *program = LoadedProgram(info, held);
    perf_event_attr attr = {};
    attr.size = sizeof(attr);
    attr.type = NumberArgument(info, 1, "type");
    attr.config = NumberArgument(info, 2, "config");
    attr.sample_freq = NumberArgument(info, 3, "frequency");
    attr.freq = 1;
    uint32_t cpu = NumberArgument(info, 4, "cpu");
    LIBBPF_OPTS(bpf_perf_event_opts, options, .bpf_cookie = CookieArgument(info, 5));
    int fd = static_cast<int>(syscall(SYS_perf_event_open, &attr, -1, static_cast<int>(cpu), -1,
                                      PERF_FLAG_FD_CLOEXEC));
    if (fd < 0)
        throw MakeError(info.Env(), "ERR_ATTACH", "cannot open the perf event", errno);
    Outcome outcome;
    LogCapture log;
    OwnedLink link(bpf_program__attach_perf_event_opts(program, fd, &options));
    outcome.error = link ? 0 : errno;
    outcome.log = log.text();
    if (!link)
        close(fd);
    return Attached(info.Env(), outcome, std::move(link));
}

} // namespace scxts
