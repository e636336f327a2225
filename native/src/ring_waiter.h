// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once
#include <napi.h>

#include <atomic>
#include <cstdint>
#include <memory>
#include <thread>

namespace scxts {

// A thread that sleeps until a ring buffer has data, and then calls JavaScript once. It polls only
// while someone waits, so that a ring nobody reads costs nothing.
class RingWaiter {
  public:
    static std::unique_ptr<RingWaiter> Make(Napi::Env env, int ringFd, int *error);
    // Calls back whoever waits still.
    ~RingWaiter();
    RingWaiter(const RingWaiter &) = delete;
    RingWaiter &operator=(const RingWaiter &) = delete;

    // False if a wait is under way. The callback is called once.
    bool Start(Napi::Env env, Napi::Function callback, uint32_t pauseMs);

  private:
    // What a call that is on its way to JavaScript needs, even if the ring is closed before.
    struct Shared {
        Napi::ThreadSafeFunction function;
        Napi::FunctionReference callback;
        bool ended = false;
    };
    RingWaiter(Napi::Env env, int ringFd, int control)
        : env_(env), ring_(ringFd), control_(control) {}
    void Run();
    void Stop();
    void Signal();
    void CallBack();
    static void AtEnvironmentEnd(void *self);

    Napi::Env env_;
    int ring_;
    int control_;
    std::thread thread_;
    std::atomic<bool> stop_{false};
    // Written before the thread is signalled, read after: the eventfd orders them.
    std::atomic<bool> waiting_{false};
    std::atomic<uint32_t> pause_{0};
    std::shared_ptr<Shared> shared_ = std::make_shared<Shared>();
};

} // namespace scxts
