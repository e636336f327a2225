// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once
#include <napi.h>

#include <cstdint>
#include <memory>

#include "addon_data.h"

namespace scxts {

// A map of the kernel by its own file descriptor. Single entries go through scratch memory that
// JavaScript sees as one ArrayBuffer (the key at 0, the value at `valueOffset`), so that a lookup
// takes no arguments, allocates nothing and has no sizes to get wrong.
class BpfMap : public Napi::ObjectWrap<BpfMap> {
  public:
    static void Init(Napi::Env env, Napi::Object exports);
    // A handle with a descriptor of its own; `fd` stays the caller's.
    static Napi::Value FromFd(Napi::Env env, int fd);
    // The descriptor of the BpfMap in an argument.
    static int FdOf(const Napi::CallbackInfo &info, size_t index);
    explicit BpfMap(const Napi::CallbackInfo &info);
    ~BpfMap() override;

  private:
    Napi::Value Info(const Napi::CallbackInfo &info);
    Napi::Value Fd(const Napi::CallbackInfo &info);
    Napi::Value ScratchBuffer(const Napi::CallbackInfo &info);
    Napi::Value Get(const Napi::CallbackInfo &info);
    Napi::Value GetOfTask(const Napi::CallbackInfo &info);
    Napi::Value Put(const Napi::CallbackInfo &info);
    Napi::Value Remove(const Napi::CallbackInfo &info);
    Napi::Value Next(const Napi::CallbackInfo &info);
    Napi::Value Take(const Napi::CallbackInfo &info);
    Napi::Value ReadBatch(const Napi::CallbackInfo &info);
    Napi::Value WriteBatch(const Napi::CallbackInfo &info);
    Napi::Value RemoveBatch(const Napi::CallbackInfo &info);
    Napi::Value Mmap(const Napi::CallbackInfo &info);
    Napi::Value Pin(const Napi::CallbackInfo &info);
    Napi::Value Unpin(const Napi::CallbackInfo &info);
    Napi::Value Freeze(const Napi::CallbackInfo &info);
    Napi::Value Ring(const Napi::CallbackInfo &info);
    Napi::Value UserRing(const Napi::CallbackInfo &info);
    Napi::Value Close(const Napi::CallbackInfo &info);

    int Use(Napi::Env env);
    int UseScratch(Napi::Env env);
    size_t ValueOffset() const;
    size_t BatchCount(const Napi::CallbackInfo &info, const uint8_t **keys, const uint8_t **values);

    int fd_ = -1;
    uint32_t type_ = 0;
    uint32_t keySize_ = 0;
    uint32_t valueSize_ = 0;
    uint32_t maxEntries_ = 0;
    // Bytes of a value as user space sees it: per-CPU values are rounded up to 8 and repeated.
    size_t userValueSize_ = 0;
    std::shared_ptr<SharedMemory> scratch_;
};

} // namespace scxts
