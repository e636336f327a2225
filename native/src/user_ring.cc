// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "user_ring.h"

#include <cerrno>
#include <cstdint>
#include <cstring>

#include "addon_data.h"
#include "errors.h"

namespace scxts {

void BpfUserRing::Init(Napi::Env env) {
    env.GetInstanceData<AddonData>()->userRing =
        Napi::Persistent(DefineClass(env, "BpfUserRing",
                                     {
                                         InstanceMethod<&BpfUserRing::Send>("send"),
                                         InstanceMethod<&BpfUserRing::Reserve>("reserve"),
                                         InstanceMethod<&BpfUserRing::Submit>("submit"),
                                         InstanceMethod<&BpfUserRing::Discard>("discard"),
                                         InstanceMethod<&BpfUserRing::Close>("close"),
                                     }));
}

Napi::Value BpfUserRing::FromFd(Napi::Env env, int fd) {
    auto *data = env.GetInstanceData<AddonData>();
    data->pendingFd = fd;
    try {
        Napi::Value made = data->userRing.New({});
        data->pendingFd = -1;
        return made;
    } catch (...) {
        data->pendingFd = -1;
        throw;
    }
}

BpfUserRing::BpfUserRing(const Napi::CallbackInfo &info) : Napi::ObjectWrap<BpfUserRing>(info) {
    int fd = info.Env().GetInstanceData<AddonData>()->pendingFd;
    if (fd < 0)
        throw MakeError(info.Env(), "ERR_ARGUMENT", "rings are made from maps");
    LogCapture log;
    ring_ = user_ring_buffer__new(fd, nullptr);
    if (!ring_)
        throw MakeError(info.Env(), "ERR_MAP", "cannot open the user ring buffer", errno, log.text());
}

BpfUserRing::~BpfUserRing() {
    DiscardReserved();
    if (ring_)
        user_ring_buffer__free(ring_);
}

void BpfUserRing::Check(Napi::Env env) const {
    if (!ring_)
        throw MakeError(env, "ERR_CLOSED", "the ring is closed");
}

// A reservation that nobody ends would stop BPF at that record for good.
void BpfUserRing::DiscardReserved() {
    if (ring_ && reserved_)
        user_ring_buffer__discard(ring_, reserved_);
    reserved_ = nullptr;
}

// reserve(size): whether there was room for a record. One reservation at a time.
Napi::Value BpfUserRing::Reserve(const Napi::CallbackInfo &info) {
    Check(info.Env());
    uint32_t size = NumberArgument(info, 0, "size");
    if (reserved_)
        throw MakeError(info.Env(), "ERR_PHASE", "a record is reserved already: submit or discard it");
    reserved_ = user_ring_buffer__reserve(ring_, size);
    reservedSize_ = size;
    if (!reserved_ && errno != ENOSPC)
        throw MakeError(info.Env(), "ERR_MAP", "cannot reserve a record", errno);
    return Napi::Boolean::New(info.Env(), reserved_ != nullptr);
}

// submit(bytes): the reserved record, of exactly its size.
Napi::Value BpfUserRing::Submit(const Napi::CallbackInfo &info) {
    Check(info.Env());
    Bytes bytes = BytesArgument(info, 0, "bytes");
    if (!reserved_)
        throw MakeError(info.Env(), "ERR_PHASE", "no record is reserved");
    if (bytes.size != reservedSize_)
        throw MakeError(info.Env(), "ERR_SIZE", "the record is not of the size that was reserved");
    // An empty array has no memory, and memcpy() takes no null pointer.
    if (bytes.size > 0)
        memcpy(reserved_, bytes.data, bytes.size);
    user_ring_buffer__submit(ring_, reserved_);
    reserved_ = nullptr;
    return info.Env().Undefined();
}

Napi::Value BpfUserRing::Discard(const Napi::CallbackInfo &info) {
    DiscardReserved();
    return info.Env().Undefined();
}

// send(bytes, size): records of `size` bytes each, one after the other; how many of them fitted.
Napi::Value BpfUserRing::Send(const Napi::CallbackInfo &info) {
    Check(info.Env());
    Bytes bytes = BytesArgument(info, 0, "bytes");
    uint32_t size = NumberArgument(info, 1, "size");
    if (size == 0 || bytes.size % size != 0)
        throw MakeError(info.Env(), "ERR_SIZE", "the bytes are not whole records");
    size_t sent = 0;
    for (; sent < bytes.size / size; sent++) {
        void *record = user_ring_buffer__reserve(ring_, size);
        if (!record) {
            if (errno == ENOSPC)
                break;
            throw MakeError(info.Env(), "ERR_MAP", "cannot write to the user ring buffer", errno);
        }
        memcpy(record, bytes.data + sent * size, size);
        user_ring_buffer__submit(ring_, record);
    }
    return Napi::Number::New(info.Env(), static_cast<double>(sent));
}

Napi::Value BpfUserRing::Close(const Napi::CallbackInfo &info) {
    DiscardReserved();
    if (ring_)
        user_ring_buffer__free(ring_);
    ring_ = nullptr;
    return info.Env().Undefined();
}

} // namespace scxts
