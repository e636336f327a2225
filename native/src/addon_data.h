// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once
#include <napi.h>

#include <cstdint>
#include <memory>

namespace scxts {

class OwnedLink;

// State of one environment (a main or worker thread); nothing is shared between them.
struct AddonData {
    Napi::FunctionReference map;
    Napi::FunctionReference link;
    Napi::FunctionReference ring;
    Napi::FunctionReference userRing;
    // What the next constructor call takes over: handles are made by native code only, so a
    // constructor that finds nothing here was called from JavaScript and refuses.
    int pendingFd = -1;
    OwnedLink *pendingLink = nullptr;
};

// Memory that JavaScript sees as an ArrayBuffer: freed when both the handle and the last ArrayBuffer
// are gone, so that neither a closed handle nor a transferred buffer leaves a dangling pointer.
class SharedMemory {
  public:
    virtual ~SharedMemory() = default;
    uint8_t *data() const { return data_; }
    size_t size() const { return size_; }

  protected:
    uint8_t *data_ = nullptr;
    size_t size_ = 0;
};

// An ArrayBuffer over the memory's first `size` bytes.
Napi::Value ExposeMemory(Napi::Env env, std::shared_ptr<SharedMemory> memory, size_t size);

} // namespace scxts
