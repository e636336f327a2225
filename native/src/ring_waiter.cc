// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "ring_waiter.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace scxts {

std::unique_ptr<RingWaiter> RingWaiter::Make(int ringFd, int *error) {
    int control = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (control < 0) {
        *error = errno;
        return nullptr;
    }
    std::unique_ptr<RingWaiter> made(new RingWaiter(ringFd, control));
    try {
        made->thread_ = std::thread([raw = made.get()] { raw->Run(); });
    } catch (const std::system_error &failure) {
        *error = failure.code().value();
        return nullptr;
    }
    return made;
}

RingWaiter::~RingWaiter() {
    stop_ = true;
    Signal();
    if (thread_.joinable())
        thread_.join();
    close(control_);
}

void RingWaiter::Signal() {
    uint64_t one = 1;
    // Cannot fail but by overflow, and then the thread is awake anyway.
    (void)!write(control_, &one, sizeof(one));
}

bool RingWaiter::Start(Napi::Env env, Napi::Function callback, uint32_t pauseMs) {
    if (waiting_)
        return false;
    // A new one each time: it keeps the process alive exactly while someone waits.
    function_ = Napi::ThreadSafeFunction::New(env, callback, "scxts ring", 1, 1);
    pause_ = pauseMs;
    waiting_ = true;
    Signal();
    return true;
}

void RingWaiter::Run() {
    for (;;) {
        pollfd fds[2] = {{control_, POLLIN, 0}, {ring_, POLLIN, 0}};
        bool wait = waiting_;
        uint32_t pause = wait ? pause_.exchange(0) : 0;
        // After a wake-up that found a record still being written, do not spin on it.
        if (pause && !stop_)
            poll(fds, 1, static_cast<int>(pause));
        else
            poll(fds, wait ? 2 : 1, -1);
        if (fds[0].revents & POLLIN) {
            uint64_t count;
            (void)!read(control_, &count, sizeof(count));
        }
        bool ready = wait && !pause && (fds[1].revents & POLLIN);
        if (ready || (stop_ && waiting_)) {
            Napi::ThreadSafeFunction function = function_;
            waiting_ = false;
            // The environment may be closing: then nobody is left to be told.
            if (function.NonBlockingCall() != napi_closing)
                function.Release();
        }
        if (stop_)
            return;
    }
}

} // namespace scxts
