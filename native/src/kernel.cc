// SPDX-License-Identifier: Apache-2.0 OR MIT
// What is in the running kernel: CPUs, tasks, struct_ops.
#include <bpf/bpf.h>
#include <bpf/btf.h>

#include <cerrno>
#include <cstdint>
#include <memory>

#include "descriptor.h"
#include "errors.h"
#include "object.h"
#include "pidfd.h"
#include "properties.h"

namespace scxts {

namespace {

// kernelTypeName(id): name of a type of the kernel's BTF, or null.
Napi::Value KernelTypeName(const Napi::CallbackInfo &info) {
    uint32_t id = NumberArgument(info, 0, "id");
    LogCapture log;
    std::unique_ptr<btf, decltype(&btf__free)> vmlinux(btf__load_vmlinux_btf(), btf__free);
    const btf_type *type = vmlinux ? btf__type_by_id(vmlinux.get(), id) : nullptr;
    const char *name = type ? btf__name_by_offset(vmlinux.get(), type->name_off) : nullptr;
    return name ? Napi::Value::From(info.Env(), name) : info.Env().Null();
}

// pidfdOpen(pid): a file descriptor of a thread or process, the key of task storage from user space.
Napi::Value PidfdOpenOf(const Napi::CallbackInfo &info) {
    uint32_t pid = NumberArgument(info, 0, "pid");
    int fd = PidfdOpen(pid);
    if (fd < 0)
        throw NoProcess(info.Env(), pid, -fd);
    return Napi::Number::New(info.Env(), fd);
}

// structOps(): the struct_ops maps of the system, { id, name, kernelType }, and the links on them,
// { id, map }, whoever made them.
Napi::Value StructOps(const Napi::CallbackInfo &info) {
    Napi::Env env = info.Env();
    Napi::Array maps = Napi::Array::New(env);
    Napi::Array links = Napi::Array::New(env);
    uint32_t id = 0;
    while (bpf_map_get_next_id(id, &id) == 0) {
        // It may be gone by now.
        Descriptor map(bpf_map_get_fd_by_id(id));
        bpf_map_info about = {};
        uint32_t size = sizeof(about);
        if (map.fd < 0 || bpf_map_get_info_by_fd(map.fd, &about, &size) ||
            about.type != BPF_MAP_TYPE_STRUCT_OPS)
            continue;
        Napi::Object entry = Napi::Object::New(env);
        SetOwn(entry, "id", about.id);
        SetOwn(entry, "name", about.name);
        SetOwn(entry, "kernelType", about.btf_vmlinux_value_type_id);
        SetOwn(maps, maps.Length(), entry);
    }
    if (errno == EPERM)
        throw MakeError(env, "ERR_PRIVILEGE", "cannot list the maps of the system", EPERM);
    id = 0;
    while (bpf_link_get_next_id(id, &id) == 0) {
        Descriptor link(bpf_link_get_fd_by_id(id));
        bpf_link_info about = {};
        uint32_t size = sizeof(about);
        if (link.fd < 0 || bpf_link_get_info_by_fd(link.fd, &about, &size) ||
            about.type != BPF_LINK_TYPE_STRUCT_OPS)
            continue;
        Napi::Object entry = Napi::Object::New(env);
        SetOwn(entry, "id", about.id);
        // struct_ops.map_id, at the same place in the union; the installed linux/bpf.h may be older.
        SetOwn(entry, "map", about.netns.netns_ino);
        SetOwn(links, links.Length(), entry);
    }
    Napi::Object out = Napi::Object::New(env);
    SetOwn(out, "maps", maps);
    SetOwn(out, "links", links);
    return out;
}

} // namespace

void InitKernel(Napi::Env env, Napi::Object exports) {
    exports.Set("kernelTypeName", Napi::Function::New(env, KernelTypeName, "kernelTypeName"));
    exports.Set("pidfdOpen", Napi::Function::New(env, PidfdOpenOf, "pidfdOpen"));
    exports.Set("structOps", Napi::Function::New(env, StructOps, "structOps"));
    exports.Set("libbpfVersion", Napi::String::New(env, libbpf_version_string()));
}

} // namespace scxts
