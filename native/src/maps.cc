// SPDX-License-Identifier: Apache-2.0 OR MIT
#include <bpf/bpf.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <memory>

#include "errors.h"
#include "object.h"

namespace scxts {

namespace {

bool IsPerCpu(enum bpf_map_type type) {
    return type == BPF_MAP_TYPE_PERCPU_ARRAY || type == BPF_MAP_TYPE_PERCPU_HASH ||
           type == BPF_MAP_TYPE_LRU_PERCPU_HASH || type == BPF_MAP_TYPE_PERCPU_CGROUP_STORAGE;
}

size_t RoundUp(size_t value, size_t to) { return (value + to - 1) / to * to; }

void CheckSize(Napi::Env env, const char *what, size_t given, size_t wanted) {
    if (given != wanted)
        throw MakeError(env, "ERR_SIZE",
                        std::string("the ") + what + " has " + std::to_string(given) + " bytes, the map's has " +
                            std::to_string(wanted));
}

} // namespace

size_t BpfObject::UserValueSize(const bpf_map *map) {
    size_t size = bpf_map__value_size(map);
    if (!IsPerCpu(bpf_map__type(map)))
        return size;
    int cpus = libbpf_num_possible_cpus();
    return RoundUp(size, 8) * static_cast<size_t>(cpus > 0 ? cpus : 1);
}

// lookup(map, key, out, flags?): whether there is an entry; its value is written to out.
Napi::Value BpfObject::Lookup(const Napi::CallbackInfo &info) {
    bpf_map *map = Map(info, true);
    Bytes key = BytesArgument(info, 1, "key");
    Bytes out = BytesArgument(info, 2, "out");
    CheckSize(info.Env(), "key", key.size, bpf_map__key_size(map));
    CheckSize(info.Env(), "value", out.size, UserValueSize(map));
    int error = bpf_map_lookup_elem(bpf_map__fd(map), key.data, out.data);
    if (error && error != -ENOENT && error != -ESRCH)
        throw MakeError(info.Env(), "ERR_MAP", "cannot look up", -error);
    return Napi::Boolean::New(info.Env(), error == 0);
}

// update(map, key, value, flags)
Napi::Value BpfObject::Update(const Napi::CallbackInfo &info) {
    bpf_map *map = Map(info, true);
    Bytes key = BytesArgument(info, 1, "key");
    Bytes value = BytesArgument(info, 2, "value");
    uint32_t flags = info[3].IsUndefined() ? 0 : NumberArgument(info, 3, "flags");
    CheckSize(info.Env(), "key", key.size, bpf_map__key_size(map));
    CheckSize(info.Env(), "value", value.size, UserValueSize(map));
    int error = bpf_map_update_elem(bpf_map__fd(map), key.size ? key.data : nullptr, value.data, flags);
    if (error)
        throw MakeError(info.Env(), "ERR_MAP", "cannot update", -error);
    return info.Env().Undefined();
}

// delete(map, key): whether there was an entry.
Napi::Value BpfObject::Delete(const Napi::CallbackInfo &info) {
    bpf_map *map = Map(info, true);
    Bytes key = BytesArgument(info, 1, "key");
    CheckSize(info.Env(), "key", key.size, bpf_map__key_size(map));
    int error = bpf_map_delete_elem(bpf_map__fd(map), key.data);
    if (error && error != -ENOENT)
        throw MakeError(info.Env(), "ERR_MAP", "cannot delete", -error);
    return Napi::Boolean::New(info.Env(), error == 0);
}

// nextKey(map, key | null, out): whether there is a further key; it is written to out.
Napi::Value BpfObject::NextKey(const Napi::CallbackInfo &info) {
    bpf_map *map = Map(info, true);
    Bytes out = BytesArgument(info, 2, "out");
    CheckSize(info.Env(), "key", out.size, bpf_map__key_size(map));
    const void *previous = nullptr;
    if (!info[1].IsNull()) {
        Bytes key = BytesArgument(info, 1, "key");
        CheckSize(info.Env(), "key", key.size, bpf_map__key_size(map));
        previous = key.data;
    }
    int error = bpf_map_get_next_key(bpf_map__fd(map), previous, out.data);
    if (error && error != -ENOENT)
        throw MakeError(info.Env(), "ERR_MAP", "cannot walk the map", -error);
    return Napi::Boolean::New(info.Env(), error == 0);
}

// pop(map, out): takes the next value of a queue or stack; whether there was one.
Napi::Value BpfObject::Pop(const Napi::CallbackInfo &info) {
    bpf_map *map = Map(info, true);
    Bytes out = BytesArgument(info, 1, "out");
    CheckSize(info.Env(), "value", out.size, bpf_map__value_size(map));
    int error = bpf_map_lookup_and_delete_elem(bpf_map__fd(map), nullptr, out.data);
    if (error && error != -ENOENT)
        throw MakeError(info.Env(), "ERR_MAP", "cannot pop", -error);
    return Napi::Boolean::New(info.Env(), error == 0);
}

// mmap(map): the map's memory itself. It stays mapped until the ArrayBuffer is collected, whatever
// happens to the object. Read-only maps are not offered: a store into them would kill the process.
Napi::Value BpfObject::Mmap(const Napi::CallbackInfo &info) {
    Napi::Env env = info.Env();
    bpf_map *map = Map(info, true);
    if (bpf_map__type(map) != BPF_MAP_TYPE_ARRAY || !(bpf_map__map_flags(map) & BPF_F_MMAPABLE) ||
        (bpf_map__map_flags(map) & BPF_F_RDONLY_PROG))
        throw MakeError(env, "ERR_MAP", "the map cannot be mapped into memory");
    size_t size = RoundUp(bpf_map__value_size(map), 8) * bpf_map__max_entries(map);
    size_t length = RoundUp(size, static_cast<size_t>(sysconf(_SC_PAGESIZE)));
    void *memory = mmap(nullptr, length, PROT_READ | PROT_WRITE, MAP_SHARED, bpf_map__fd(map), 0);
    if (memory == MAP_FAILED)
        throw MakeError(env, "ERR_MAP", "cannot map the map into memory", errno);
    return Napi::ArrayBuffer::New(env, memory, size, [length](Napi::Env, void *at) { munmap(at, length); });
}

namespace {

struct Sink {
    std::string packed;
};

// Records are packed as u32 length, then the bytes, padded to 8.
int Collect(void *context, void *data, size_t size) {
    auto *sink = static_cast<Sink *>(context);
    uint64_t length = size;
    sink->packed.append(reinterpret_cast<const char *>(&length), sizeof(length));
    sink->packed.append(static_cast<const char *>(data), size);
    sink->packed.append(RoundUp(size, 8) - size, '\0');
    return 0;
}

} // namespace

// drain(map): all records of a ring buffer in one Buffer.
Napi::Value BpfObject::Drain(const Napi::CallbackInfo &info) {
    bpf_map *map = Map(info, true);
    if (bpf_map__type(map) != BPF_MAP_TYPE_RINGBUF)
        throw MakeError(info.Env(), "ERR_MAP", "the map is not a ring buffer");
    Sink sink;
    LogCapture log;
    std::unique_ptr<ring_buffer, decltype(&ring_buffer__free)> ring(
        ring_buffer__new(bpf_map__fd(map), Collect, &sink, nullptr), ring_buffer__free);
    if (!ring)
        throw MakeError(info.Env(), "ERR_MAP", "cannot open the ring buffer", errno, log.text());
    ring_buffer__consume(ring.get());
    return Napi::Buffer<uint8_t>::Copy(info.Env(), reinterpret_cast<const uint8_t *>(sink.packed.data()),
                                       sink.packed.size());
}

} // namespace scxts
