// SPDX-License-Identifier: Apache-2.0 OR MIT
// Facts about the running kernel.
#include <bpf/btf.h>

#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <memory>

#include "errors.h"
#include "object.h"

namespace scxts {

namespace {

constexpr unsigned kPidfdThread = 0200; // PIDFD_THREAD: any thread, since Linux 6.9

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

Napi::Value StructMembers(Napi::Env env, const btf *btf, const std::string &name) {
    int id = btf__find_by_name_kind(btf, name.c_str(), BTF_KIND_STRUCT);
    if (id < 0)
        return env.Null();
    Napi::Array out = Napi::Array::New(env);
    CollectNames(env, btf, btf__type_by_id(btf, static_cast<uint32_t>(id)), out);
    return out;
}

Napi::Value EnumValues(Napi::Env env, const btf *btf, const std::string &name) {
    int id = btf__find_by_name_kind(btf, name.c_str(), BTF_KIND_ENUM);
    if (id < 0)
        id = btf__find_by_name_kind(btf, name.c_str(), BTF_KIND_ENUM64);
    if (id < 0)
        return env.Null();
    const btf_type *type = btf__type_by_id(btf, static_cast<uint32_t>(id));
    bool wide = btf_is_enum64(type);
    Napi::Object out = Napi::Object::New(env);
    for (uint32_t i = 0; i < btf_vlen(type); i++) {
        uint32_t offset = wide ? btf_enum64(type)[i].name_off : btf_enum(type)[i].name_off;
        uint64_t value = wide ? btf_enum64_value(&btf_enum64(type)[i])
                              : static_cast<uint32_t>(btf_enum(type)[i].val);
        const char *text = btf__name_by_offset(btf, offset);
        out.Set(text ? text : "", Napi::BigInt::New(env, value));
    }
    return out;
}

std::vector<std::string> Names(const Napi::CallbackInfo &info, size_t index, const char *what) {
    if (!info[index].IsArray())
        throw MakeError(info.Env(), "ERR_ARGUMENT", std::string(what) + " must be an array");
    Napi::Array given = info[index].As<Napi::Array>();
    std::vector<std::string> out;
    for (uint32_t i = 0; i < given.Length(); i++) {
        Napi::Value name = given.Get(i);
        if (!name.IsString())
            throw MakeError(info.Env(), "ERR_ARGUMENT", std::string(what) + " must be strings");
        out.push_back(name.As<Napi::String>());
    }
    return out;
}

// kernelFacts(structs, enums, functions, typedefs): what of these the kernel's BTF has, in one reading
// of it: members by struct, values by enum (null: not there), and the functions and typedefs there.
Napi::Value KernelFacts(const Napi::CallbackInfo &info) {
    Napi::Env env = info.Env();
    auto structs = Names(info, 0, "structs");
    auto enums = Names(info, 1, "enums");
    auto functions = Names(info, 2, "functions");
    auto typedefs = Names(info, 3, "typedefs");
    LogCapture log;
    std::unique_ptr<btf, decltype(&btf__free)> vmlinux(btf__load_vmlinux_btf(), btf__free);
    if (!vmlinux)
        throw MakeError(env, "ERR_NO_KERNEL_BTF", "cannot read the kernel's BTF", errno,
                        log.text());
    Napi::Object members = Napi::Object::New(env);
    for (const auto &name : structs)
        members.Set(name, StructMembers(env, vmlinux.get(), name));
    Napi::Object values = Napi::Object::New(env);
    for (const auto &name : enums)
        values.Set(name, EnumValues(env, vmlinux.get(), name));
    Napi::Array found = Napi::Array::New(env);
    for (const auto &name : functions)
        if (btf__find_by_name_kind(vmlinux.get(), name.c_str(), BTF_KIND_FUNC) >= 0)
            found.Set(found.Length(), name);
    for (const auto &name : typedefs)
        if (btf__find_by_name_kind(vmlinux.get(), name.c_str(), BTF_KIND_TYPEDEF) >= 0)
            found.Set(found.Length(), name);
    Napi::Object out = Napi::Object::New(env);
    out.Set("structs", members);
    out.Set("enums", values);
    out.Set("names", found);
    return out;
}

// kernelTypeName(id): name of a type of the kernel's BTF, or null.
Napi::Value KernelTypeName(const Napi::CallbackInfo &info) {
    uint32_t id = NumberArgument(info, 0, "id");
    LogCapture log;
    std::unique_ptr<btf, decltype(&btf__free)> vmlinux(btf__load_vmlinux_btf(), btf__free);
    const btf_type *type = vmlinux ? btf__type_by_id(vmlinux.get(), id) : nullptr;
    const char *name = type ? btf__name_by_offset(vmlinux.get(), type->name_off) : nullptr;
    return name ? Napi::Value::From(info.Env(), name) : info.Env().Null();
}

Napi::Value PossibleCpus(const Napi::CallbackInfo &info) {
    int cpus = libbpf_num_possible_cpus();
    if (cpus < 0)
        throw MakeError(info.Env(), "ERR_CPUS", "cannot read the number of possible CPUs", -cpus);
    return Napi::Number::New(info.Env(), cpus);
}

// pidfdOpen(pid): a file descriptor of a thread or process, the key of task storage from user space.
Napi::Value PidfdOpen(const Napi::CallbackInfo &info) {
    uint32_t pid = NumberArgument(info, 0, "pid");
    if (pid == 0 || pid > INT32_MAX)
        throw MakeError(info.Env(), "ERR_NO_PROCESS", "there is no process " + std::to_string(pid));
    long fd = syscall(SYS_pidfd_open, static_cast<pid_t>(pid), kPidfdThread);
    if (fd < 0 && errno == EINVAL)
        fd = syscall(SYS_pidfd_open, static_cast<pid_t>(pid), 0);
    if (fd < 0)
        throw MakeError(info.Env(), "ERR_NO_PROCESS",
                        "there is no process " + std::to_string(pid), errno);
    return Napi::Number::New(info.Env(), static_cast<double>(fd));
}

} // namespace

void InitKernel(Napi::Env env, Napi::Object exports) {
    exports.Set("kernelFacts", Napi::Function::New(env, KernelFacts, "kernelFacts"));
    exports.Set("kernelTypeName", Napi::Function::New(env, KernelTypeName, "kernelTypeName"));
    exports.Set("possibleCpus", Napi::Function::New(env, PossibleCpus, "possibleCpus"));
    exports.Set("pidfdOpen", Napi::Function::New(env, PidfdOpen, "pidfdOpen"));
    exports.Set("libbpfVersion", Napi::String::New(env, libbpf_version_string()));
}

} // namespace scxts
