// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once
#include <napi.h>

#include <atomic>
#include <memory>
#include <thread>

namespace scxts {

// A thread that sleeps until a ring buffer has data, and then calls JavaScript once. It polls only
// while someone waits, so that a ring nobody reads costs nothing.
class RingWaiter {
  public:
    static std::unique_ptr<RingWaiter> Make(int ringFd, int *error);
    ~RingWaiter();
    RingWaiter(const RingWaiter &) = delete;
    RingWaiter &operator=(const RingWaiter &) = delete;

    // False if a wait is under way. The callback is called once.
    bool Start(Napi::Env env, Napi::Function callback, uint32_t pauseMs);

  private:
    RingWaiter(int ringFd, int control) : ring_(ringFd), control_(control) {}
    void Run();
    void Signal();

    int ring_;
    int control_;
    std::thread thread_;
    std::atomic<bool> stop_{false};
    // Written before the thread is signalled, read after: the eventfd orders them.
    std::atomic<bool> waiting_{false};
    std::atomic<uint32_t> pause_{0};
    Napi::ThreadSafeFunction function_;
};

} // namespace scxts
