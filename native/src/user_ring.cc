// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "user_ring.h"

#include <cerrno>
#include <cstring>

#include "addon_data.h"
#include "errors.h"

namespace scxts {

void BpfUserRing::Init(Napi::Env env) {
    env.GetInstanceData<AddonData>()->userRing =
        Napi::Persistent(DefineClass(env, "BpfUserRing",
                                     {
                                         InstanceMethod<&BpfUserRing::Send>("send"),
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
    if (ring_)
        user_ring_buffer__free(ring_);
}

// send(bytes, size): records of `size` bytes each, one after the other; how many of them fitted.
Napi::Value BpfUserRing::Send(const Napi::CallbackInfo &info) {
    if (!ring_)
        throw MakeError(info.Env(), "ERR_CLOSED", "the ring is closed");
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
    if (ring_)
        user_ring_buffer__free(ring_);
    ring_ = nullptr;
    return info.Env().Undefined();
}

} // namespace scxts
