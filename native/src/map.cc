// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "map.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <new>
#include <string>

#include "descriptor.h"
#include "errors.h"
#include "pidfd.h"
#include "pin.h"
#include "properties.h"

namespace scxts {

namespace {

// Marks handles of this class, whatever JavaScript does to their prototypes.
constexpr napi_type_tag kMapTag = {0x5c8e1f9a2b7d4e60, 0x9d3a6c17f40b82e5};

bool IsPerCpu(uint32_t type) {
    return type == BPF_MAP_TYPE_PERCPU_ARRAY || type == BPF_MAP_TYPE_PERCPU_HASH ||
           type == BPF_MAP_TYPE_LRU_PERCPU_HASH || type == BPF_MAP_TYPE_PERCPU_CGROUP_STORAGE;
}

class HeapMemory : public SharedMemory {
  public:
    explicit HeapMemory(size_t size) {
        data_ = static_cast<uint8_t *>(calloc(1, size ? size : 1));
        size_ = size;
        if (!data_)
            throw std::bad_alloc();
    }
    ~HeapMemory() override { free(data_); }
};

// openPinned(path) and mapById(id)
Napi::Value OpenPinned(const Napi::CallbackInfo &info) {
    std::string path = StringArgument(info, 0, "path");
    Descriptor pinned(bpf_obj_get(path.c_str()));
    if (pinned.fd < 0)
        throw MakeError(info.Env(), "ERR_PIN", "cannot open what is pinned at " + path, errno);
    if (!IsMap(pinned.fd))
        throw MakeError(info.Env(), "ERR_PIN", "what is pinned at " + path + " is not a map");
    return BpfMap::FromFd(info.Env(), pinned.fd);
}

Napi::Value MapById(const Napi::CallbackInfo &info) {
    Descriptor map(bpf_map_get_fd_by_id(NumberArgument(info, 0, "id")));
    if (map.fd < 0)
        throw MakeError(info.Env(), "ERR_NO_MAP", "there is no map with this id", errno);
    return BpfMap::FromFd(info.Env(), map.fd);
}

} // namespace

void BpfMap::Init(Napi::Env env, Napi::Object exports) {
    auto *data = env.GetInstanceData<AddonData>();
    data->map = Napi::Persistent(DefineClass(env, "BpfMap",
                                             {
                                                 InstanceMethod<&BpfMap::Info>("info"),
                                                 InstanceMethod<&BpfMap::Fd>("fd"),
                                                 InstanceMethod<&BpfMap::ScratchBuffer>("scratch"),
                                                 InstanceMethod<&BpfMap::Get>("get"),
                                                 InstanceMethod<&BpfMap::GetOfTask>("getOfTask"),
                                                 InstanceMethod<&BpfMap::Put>("put"),
                                                 InstanceMethod<&BpfMap::Remove>("remove"),
                                                 InstanceMethod<&BpfMap::Next>("next"),
                                                 InstanceMethod<&BpfMap::Take>("take"),
                                                 InstanceMethod<&BpfMap::ReadBatch>("readBatch"),
                                                 InstanceMethod<&BpfMap::WriteBatch>("writeBatch"),
                                                 InstanceMethod<&BpfMap::RemoveBatch>("removeBatch"),
                                                 InstanceMethod<&BpfMap::Mmap>("mmap"),
                                                 InstanceMethod<&BpfMap::Pin>("pin"),
                                                 InstanceMethod<&BpfMap::Unpin>("unpin"),
                                                 InstanceMethod<&BpfMap::Freeze>("freeze"),
                                                 InstanceMethod<&BpfMap::Ring>("ring"),
                                                 InstanceMethod<&BpfMap::UserRing>("userRing"),
                                                 InstanceMethod<&BpfMap::Close>("close"),
                                             }));
    exports.Set("openPinned", Napi::Function::New(env, OpenPinned, "openPinned"));
    exports.Set("mapById", Napi::Function::New(env, MapById, "mapById"));
}

Napi::Value BpfMap::FromFd(Napi::Env env, int fd) {
    auto *data = env.GetInstanceData<AddonData>();
    data->pendingFd = fd;
    try {
        Napi::Value made = data->map.New({});
        data->pendingFd = -1;
        return made;
    } catch (...) {
        data->pendingFd = -1;
        throw;
    }
}

BpfMap::BpfMap(const Napi::CallbackInfo &info) : Napi::ObjectWrap<BpfMap>(info) {
    int fd = info.Env().GetInstanceData<AddonData>()->pendingFd;
    if (fd < 0)
        throw MakeError(info.Env(), "ERR_ARGUMENT", "maps are made by loading an object");
    bpf_map_info about = {};
    uint32_t length = sizeof(about);
    int error = bpf_map_get_info_by_fd(fd, &about, &length);
    if (error)
        throw MakeError(info.Env(), "ERR_MAP", "cannot read what the map is", -error);
    int cpus = IsPerCpu(about.type) ? libbpf_num_possible_cpus() : 1;
    if (cpus <= 0)
        throw MakeError(info.Env(), "ERR_MAP", "cannot read the number of possible CPUs", -cpus);
    type_ = about.type;
    keySize_ = about.key_size;
    valueSize_ = about.value_size;
    maxEntries_ = about.max_entries;
    userValueSize_ = IsPerCpu(type_) ? RoundUp(valueSize_, 8) * static_cast<size_t>(cpus) : valueSize_;
    fd_ = fcntl(fd, F_DUPFD_CLOEXEC, 3);
    if (fd_ < 0)
        throw MakeError(info.Env(), "ERR_MAP", "cannot keep the map open", errno);
    info.This().As<Napi::Object>().TypeTag(&kMapTag);
}

BpfMap::~BpfMap() {
    if (fd_ >= 0)
        close(fd_);
}

int BpfMap::FdOf(const Napi::CallbackInfo &info, size_t index) {
    if (!info[index].IsObject() || !info[index].As<Napi::Object>().CheckTypeTag(&kMapTag))
        throw MakeError(info.Env(), "ERR_ARGUMENT", "the argument must be a map");
    return BpfMap::Unwrap(info[index].As<Napi::Object>())->Use(info.Env());
}

int BpfMap::Use(Napi::Env env) {
    if (fd_ < 0)
        throw MakeError(env, "ERR_CLOSED", "the map is closed");
    return fd_;
}

size_t BpfMap::ValueOffset() const { return RoundUp(keySize_, 8); }

int BpfMap::UseScratch(Napi::Env env) {
    Use(env);
    if (!scratch_)
        scratch_ = std::make_shared<HeapMemory>(ValueOffset() + RoundUp(userValueSize_, 8));
    return fd_;
}

Napi::Value BpfMap::Info(const Napi::CallbackInfo &info) {
    bpf_map_info about = {};
    uint32_t length = sizeof(about);
    int error = bpf_map_get_info_by_fd(Use(info.Env()), &about, &length);
    if (error)
        throw MakeError(info.Env(), "ERR_MAP", "cannot read what the map is", -error);
    Napi::Object out = Napi::Object::New(info.Env());
    SetOwn(out, "id", about.id);
    SetOwn(out, "name", about.name);
    SetOwn(out, "type", about.type);
    SetOwn(out, "keySize", about.key_size);
    SetOwn(out, "valueSize", about.value_size);
    SetOwn(out, "maxEntries", about.max_entries);
    SetOwn(out, "flags", about.map_flags);
    SetOwn(out, "kernelType", about.btf_vmlinux_value_type_id);
    SetOwn(out, "valueOffset", static_cast<double>(ValueOffset()));
    SetOwn(out, "userValueSize", static_cast<double>(userValueSize_));
    return out;
}

// fd(): the descriptor, which stays the handle's; inner maps are named by it.
Napi::Value BpfMap::Fd(const Napi::CallbackInfo &info) {
    return Napi::Number::New(info.Env(), Use(info.Env()));
}

Napi::Value BpfMap::ScratchBuffer(const Napi::CallbackInfo &info) {
    UseScratch(info.Env());
    return ExposeMemory(info.Env(), scratch_, scratch_->size());
}

// get(): whether there is an entry of the scratch's key; its value is in the scratch then.
Napi::Value BpfMap::Get(const Napi::CallbackInfo &info) {
    int fd = UseScratch(info.Env());
    uint8_t *memory = scratch_->data();
    const void *key = keySize_ ? memory : nullptr;
    int error = bpf_map_lookup_elem(fd, key, memory + ValueOffset());
    if (error && error != -ENOENT)
        throw MakeError(info.Env(), "ERR_MAP", "cannot look up", -error);
    return Napi::Boolean::New(info.Env(), error == 0);
}

// getOfTask(pid): get() of task storage, for the thread or process of that number.
Napi::Value BpfMap::GetOfTask(const Napi::CallbackInfo &info) {
    int fd = UseScratch(info.Env());
    uint32_t pid = NumberArgument(info, 0, "pid");
    if (type_ != BPF_MAP_TYPE_TASK_STORAGE)
        throw MakeError(info.Env(), "ERR_MAP", "the map is not task storage");
    Descriptor task(PidfdOpen(pid));
    if (task.fd < 0)
        throw NoProcess(info.Env(), pid, -task.fd);
    int error = bpf_map_lookup_elem(fd, &task.fd, scratch_->data() + ValueOffset());
    if (error && error != -ENOENT)
        throw MakeError(info.Env(), "ERR_MAP", "cannot look up", -error);
    return Napi::Boolean::New(info.Env(), error == 0);
}

// put(flags): stores the scratch's value under its key.
Napi::Value BpfMap::Put(const Napi::CallbackInfo &info) {
    int fd = UseScratch(info.Env());
    uint32_t flags = NumberArgument(info, 0, "flags");
    uint8_t *memory = scratch_->data();
    int error = bpf_map_update_elem(fd, keySize_ ? memory : nullptr, memory + ValueOffset(), flags);
    if (error)
        throw MakeError(info.Env(), "ERR_MAP", "cannot store", -error);
    return info.Env().Undefined();
}

// remove(): whether there was an entry of the scratch's key.
Napi::Value BpfMap::Remove(const Napi::CallbackInfo &info) {
    int fd = UseScratch(info.Env());
    int error = bpf_map_delete_elem(fd, scratch_->data());
    if (error && error != -ENOENT)
        throw MakeError(info.Env(), "ERR_MAP", "cannot delete", -error);
    return Napi::Boolean::New(info.Env(), error == 0);
}

// next(first): whether there is a key after the scratch's (or a first one); it replaces it there.
Napi::Value BpfMap::Next(const Napi::CallbackInfo &info) {
    int fd = UseScratch(info.Env());
    uint8_t *key = scratch_->data();
    bool first = BooleanArgument(info, 0, "first");
    int error = bpf_map_get_next_key(fd, first ? nullptr : key, key);
    if (error && error != -ENOENT)
        throw MakeError(info.Env(), "ERR_MAP", "cannot walk the map", -error);
    return Napi::Boolean::New(info.Env(), error == 0);
}

// take(): looks up and removes; queues and stacks have no key.
Napi::Value BpfMap::Take(const Napi::CallbackInfo &info) {
    int fd = UseScratch(info.Env());
    uint8_t *memory = scratch_->data();
    int error =
        bpf_map_lookup_and_delete_elem(fd, keySize_ ? memory : nullptr, memory + ValueOffset());
    if (error && error != -ENOENT)
        throw MakeError(info.Env(), "ERR_MAP", "cannot take an entry", -error);
    return Napi::Boolean::New(info.Env(), error == 0);
}

Napi::Value BpfMap::Pin(const Napi::CallbackInfo &info) {
    std::string path = StringArgument(info, 0, "path");
    if (bpf_obj_pin(Use(info.Env()), path.c_str()))
        throw MakeError(info.Env(), "ERR_PIN", "cannot pin the map at " + path, errno);
    return info.Env().Undefined();
}

// unpin(path): removes a pin of this very map, and nothing else.
Napi::Value BpfMap::Unpin(const Napi::CallbackInfo &info) {
    std::string path = StringArgument(info, 0, "path");
    PinResult result = RemovePin(Use(info.Env()), path);
    if (!result.why.empty())
        throw MakeError(info.Env(), "ERR_PIN", "cannot unpin " + path + ": " + result.why, result.error);
    return info.Env().Undefined();
}

Napi::Value BpfMap::Freeze(const Napi::CallbackInfo &info) {
    if (bpf_map_freeze(Use(info.Env())))
        throw MakeError(info.Env(), "ERR_MAP", "cannot freeze the map", errno);
    return info.Env().Undefined();
}

Napi::Value BpfMap::Close(const Napi::CallbackInfo &info) {
    if (fd_ >= 0)
        close(fd_);
    fd_ = -1;
    scratch_.reset();
    return info.Env().Undefined();
}

} // namespace scxts
