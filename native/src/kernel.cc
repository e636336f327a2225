// SPDX-License-Identifier: Apache-2.0 OR MIT
#include <bpf/btf.h>

#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>

#include "errors.h"
#include "object.h"

namespace scxts {

namespace {

struct VmlinuxBtf {
    struct btf *btf;
    VmlinuxBtf() : btf(btf__load_vmlinux_btf()) {}
    ~VmlinuxBtf() { btf__free(btf); }
};

void CollectNames(Napi::Env env, const btf *btf, const btf_type *type, Napi::Array &out) {
    const btf_member *members = btf_members(type);
    for (uint32_t i = 0; i < btf_vlen(type); i++) {
        const char *name = btf__name_by_offset(btf, members[i].name_off);
        if (name && *name) {
            out.Set(out.Length(), Napi::String::New(env, name));
            continue;
        }
        // Members of anonymous structs and unions are reached by their own names.
        const btf_type *inner = btf__type_by_id(btf, members[i].type);
        if (inner && btf_is_composite(inner))
            CollectNames(env, btf, inner, out);
    }
}

// kernelStruct(name): names of a struct's members in the running kernel, or null.
Napi::Value KernelStruct(const Napi::CallbackInfo &info) {
    std::string name = StringArgument(info, 0, "name");
    LogCapture log;
    VmlinuxBtf vmlinux;
    if (!vmlinux.btf)
        throw MakeError(info.Env(), "ERR_NO_KERNEL_BTF", "cannot read the kernel's BTF", errno, log.text());
    int id = btf__find_by_name_kind(vmlinux.btf, name.c_str(), BTF_KIND_STRUCT);
    if (id < 0)
        return info.Env().Null();
    Napi::Array out = Napi::Array::New(info.Env());
    CollectNames(info.Env(), vmlinux.btf, btf__type_by_id(vmlinux.btf, static_cast<uint32_t>(id)), out);
    return out;
}

// kernelEnum(type): values of an enum in the running kernel by name, as bigint, or null.
Napi::Value KernelEnum(const Napi::CallbackInfo &info) {
    std::string name = StringArgument(info, 0, "name");
    LogCapture log;
    VmlinuxBtf vmlinux;
    if (!vmlinux.btf)
        throw MakeError(info.Env(), "ERR_NO_KERNEL_BTF", "cannot read the kernel's BTF", errno, log.text());
    int id = btf__find_by_name_kind(vmlinux.btf, name.c_str(), BTF_KIND_ENUM);
    if (id < 0)
        id = btf__find_by_name_kind(vmlinux.btf, name.c_str(), BTF_KIND_ENUM64);
    if (id < 0)
        return info.Env().Null();
    const btf_type *type = btf__type_by_id(vmlinux.btf, static_cast<uint32_t>(id));
    Napi::Object out = Napi::Object::New(info.Env());
    for (uint32_t i = 0; i < btf_vlen(type); i++) {
        bool wide = btf_is_enum64(type);
        const char *value = btf__name_by_offset(vmlinux.btf, wide ? btf_enum64(type)[i].name_off : btf_enum(type)[i].name_off);
        uint64_t number = wide ? btf_enum64_value(&btf_enum64(type)[i]) : static_cast<uint32_t>(btf_enum(type)[i].val);
        out.Set(value, Napi::BigInt::New(info.Env(), number));
    }
    return out;
}

Napi::Value PossibleCpus(const Napi::CallbackInfo &info) {
    int cpus = libbpf_num_possible_cpus();
    if (cpus < 0)
        throw MakeError(info.Env(), "ERR_CPUS", "cannot read the number of possible CPUs", -cpus);
    return Napi::Number::New(info.Env(), cpus);
}

// pidfdOpen(pid): a file descriptor of a process, the key of task storage from user space.
Napi::Value PidfdOpen(const Napi::CallbackInfo &info) {
    uint32_t pid = NumberArgument(info, 0, "pid");
    long fd = syscall(SYS_pidfd_open, static_cast<pid_t>(pid), 0);
    if (fd < 0)
        throw MakeError(info.Env(), "ERR_NO_PROCESS", "there is no process " + std::to_string(pid), errno);
    return Napi::Number::New(info.Env(), static_cast<double>(fd));
}

} // namespace

void InitKernel(Napi::Env env, Napi::Object exports) {
    exports.Set("kernelStruct", Napi::Function::New(env, KernelStruct, "kernelStruct"));
    exports.Set("kernelEnum", Napi::Function::New(env, KernelEnum, "kernelEnum"));
    exports.Set("possibleCpus", Napi::Function::New(env, PossibleCpus, "possibleCpus"));
    exports.Set("pidfdOpen", Napi::Function::New(env, PidfdOpen, "pidfdOpen"));
    exports.Set("libbpfVersion", Napi::String::New(env, libbpf_version_string()));
}

} // namespace scxts
