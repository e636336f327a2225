// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once
#include <napi.h>

#include <cstdint>
#include <memory>

namespace scxts {

// The memory of a BPF ring buffer: consumer position, producer position, data twice in a row
// (kernel/bpf/ringbuf.c).
class RingMemory {
  public:
    // Maps the ring of `fd`; `error` is a positive errno if that fails.
    RingMemory(int fd, size_t size, int *error);
    ~RingMemory();
    RingMemory(const RingMemory &) = delete;
    RingMemory &operator=(const RingMemory &) = delete;

    // Copies records to `out` as u32 length, u32 0, bytes padded to 8. `needed` is set if the first
    // record alone does not fit. Gives the bytes written.
    size_t Drain(uint8_t *out, size_t room, uint32_t limit, uint32_t *records, size_t *needed);
    // Bytes that wait, headers and discarded records included.
    size_t Waiting() const;
    size_t size() const { return size_; }

  private:
    uint8_t *consumer_ = nullptr;
    uint8_t *producer_ = nullptr;
    size_t size_;
    size_t page_;
};

class RingWaiter;

// Reads a ring buffer. One reader a ring: the position is shared with the kernel.
class BpfRing : public Napi::ObjectWrap<BpfRing> {
  public:
    static void Init(Napi::Env env);
    static Napi::Value FromFd(Napi::Env env, int fd);
    explicit BpfRing(const Napi::CallbackInfo &info);
    ~BpfRing() override;

  private:
    Napi::Value Drain(const Napi::CallbackInfo &info);
    Napi::Value Waiting(const Napi::CallbackInfo &info);
    Napi::Value Wait(const Napi::CallbackInfo &info);
    Napi::Value WaitSync(const Napi::CallbackInfo &info);
    Napi::Value Close(const Napi::CallbackInfo &info);

    int fd_ = -1;
    std::unique_ptr<RingMemory> memory_;
    std::unique_ptr<RingWaiter> waiter_;
};

} // namespace scxts
