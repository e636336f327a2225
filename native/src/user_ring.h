// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once
#include <bpf/libbpf.h>
#include <napi.h>

namespace scxts {

// Writes a user ring buffer: records from user space that BPF reads with bpf_user_ringbuf_drain().
class BpfUserRing : public Napi::ObjectWrap<BpfUserRing> {
  public:
    static void Init(Napi::Env env);
    static Napi::Value FromFd(Napi::Env env, int fd);
    explicit BpfUserRing(const Napi::CallbackInfo &info);
    ~BpfUserRing() override;

  private:
    Napi::Value Send(const Napi::CallbackInfo &info);
    Napi::Value Reserve(const Napi::CallbackInfo &info);
    Napi::Value Submit(const Napi::CallbackInfo &info);
    Napi::Value Discard(const Napi::CallbackInfo &info);
    Napi::Value Close(const Napi::CallbackInfo &info);
    void Check(Napi::Env env) const;
    void DiscardReserved();
    user_ring_buffer *ring_ = nullptr;
    // A record that is reserved and not submitted yet. JavaScript fills memory of its own, which
    // submit() copies: what it keeps a hold of is never the ring's.
    void *reserved_ = nullptr;
    size_t reservedSize_ = 0;
};

} // namespace scxts
