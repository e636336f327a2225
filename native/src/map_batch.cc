// SPDX-License-Identifier: Apache-2.0 OR MIT
// Many entries in one system call, and the memory of array maps.
#include <bpf/bpf.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <memory>

#include "errors.h"
#include "map.h"
#include "ring.h"
#include "user_ring.h"

namespace scxts {

namespace {

class MappedMemory : public SharedMemory {
  public:
    MappedMemory(void *data, size_t size) {
        data_ = static_cast<uint8_t *>(data);
        size_ = size;
    }
    ~MappedMemory() override { munmap(data_, size_); }
};

} // namespace

// How many entries the buffers in arguments 0 (keys) and 1 (values) have room for.
size_t BpfMap::BatchCount(const Napi::CallbackInfo &info, const uint8_t **keys,
                          const uint8_t **values) {
    Bytes keyBytes = BytesArgument(info, 0, "keys");
    Bytes valueBytes = BytesArgument(info, 1, "values");
    if (!keySize_ || !userValueSize_)
        throw MakeError(info.Env(), "ERR_MAP", "the map has no keys and values");
    *keys = keyBytes.data;
    *values = valueBytes.data;
    size_t count = std::min(keyBytes.size / keySize_, valueBytes.size / userValueSize_);
    return std::min<size_t>(count, UINT32_MAX);
}

// readBatch(keys, values, cursor, first): fills the buffers from where the cursor stands and moves
// it on. Gives the number of entries, or -1 - number at the end of the map. ENOSPC: more room needed.
Napi::Value BpfMap::ReadBatch(const Napi::CallbackInfo &info) {
    int fd = Use(info.Env());
    const uint8_t *keys, *values;
    uint32_t count = static_cast<uint32_t>(BatchCount(info, &keys, &values));
    Bytes cursor = BytesArgument(info, 2, "cursor");
    bool first = BooleanArgument(info, 3, "first");
    // Hash maps keep a bucket number there, tries and arrays a key.
    if (cursor.size < std::max<size_t>(keySize_, 8))
        throw MakeError(info.Env(), "ERR_SIZE", "the cursor is too small");
    LIBBPF_OPTS(bpf_map_batch_opts, options);
    int error = bpf_map_lookup_batch(fd, first ? nullptr : cursor.data, cursor.data,
                                     const_cast<uint8_t *>(keys), const_cast<uint8_t *>(values),
                                     &count, &options);
    if (error && error != -ENOENT)
        throw MakeError(info.Env(), "ERR_MAP", "cannot read the map", -error);
    double number = static_cast<double>(count);
    return Napi::Number::New(info.Env(), error ? -1 - number : number);
}

// writeBatch(keys, values, count, flags): the number of entries stored.
Napi::Value BpfMap::WriteBatch(const Napi::CallbackInfo &info) {
    int fd = Use(info.Env());
    const uint8_t *keys, *values;
    size_t room = BatchCount(info, &keys, &values);
    uint32_t count = NumberArgument(info, 2, "count");
    uint32_t flags = NumberArgument(info, 3, "flags");
    if (count > room)
        throw MakeError(info.Env(), "ERR_SIZE", "the buffers hold fewer entries");
    LIBBPF_OPTS(bpf_map_batch_opts, options, .elem_flags = flags);
    int error = count ? bpf_map_update_batch(fd, keys, values, &count, &options) : 0;
    if (error)
        throw MakeError(info.Env(), "ERR_MAP", "cannot store", -error);
    return Napi::Number::New(info.Env(), count);
}

// removeBatch(keys, values, count): values only says how many; the number of entries removed.
Napi::Value BpfMap::RemoveBatch(const Napi::CallbackInfo &info) {
    int fd = Use(info.Env());
    Bytes keys = BytesArgument(info, 0, "keys");
    uint32_t count = NumberArgument(info, 1, "count");
    if (!keySize_ || count > keys.size / keySize_)
        throw MakeError(info.Env(), "ERR_SIZE", "the buffer holds fewer keys");
    LIBBPF_OPTS(bpf_map_batch_opts, options);
    int error = count ? bpf_map_delete_batch(fd, keys.data, &count, &options) : 0;
    if (error && error != -ENOENT)
        throw MakeError(info.Env(), "ERR_MAP", "cannot delete", -error);
    return Napi::Number::New(info.Env(), count);
}

// mmap(): the map's memory itself, writable. It stays mapped until the ArrayBuffer is collected,
// whatever happens to the map. The kernel refuses frozen maps, so that no store can hit a read-only
// page and kill the process.
Napi::Value BpfMap::Mmap(const Napi::CallbackInfo &info) {
    Napi::Env env = info.Env();
    int fd = Use(env);
    if (type_ != BPF_MAP_TYPE_ARRAY)
        throw MakeError(env, "ERR_MAP", "only array maps can be mapped into memory");
    size_t size = RoundUp(valueSize_, 8) * maxEntries_;
    size_t length = RoundUp(size, static_cast<size_t>(sysconf(_SC_PAGESIZE)));
    void *memory = mmap(nullptr, length, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (memory == MAP_FAILED)
        throw MakeError(env, "ERR_MAP", "cannot map the map into memory", errno);
    return ExposeMemory(env, std::make_shared<MappedMemory>(memory, length), size);
}

Napi::Value BpfMap::Ring(const Napi::CallbackInfo &info) {
    int fd = Use(info.Env());
    if (type_ != BPF_MAP_TYPE_RINGBUF)
        throw MakeError(info.Env(), "ERR_MAP", "the map is not a ring buffer");
    return BpfRing::FromFd(info.Env(), fd);
}

Napi::Value BpfMap::UserRing(const Napi::CallbackInfo &info) {
    int fd = Use(info.Env());
    if (type_ != BPF_MAP_TYPE_USER_RINGBUF)
        throw MakeError(info.Env(), "ERR_MAP", "the map is not a user ring buffer");
    return BpfUserRing::FromFd(info.Env(), fd);
}

} // namespace scxts
