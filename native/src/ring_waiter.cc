// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "ring_waiter.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <memory>
#include <system_error>
#include <thread>
#include <utility>

namespace scxts {

std::unique_ptr<RingWaiter> RingWaiter::Make(Napi::Env env, int ringFd, int *error) {
    int control = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (control < 0) {
        *error = errno;
        return nullptr;
    }
    std::unique_ptr<RingWaiter> made(new RingWaiter(env, ringFd, control));
    // One for all waits: it keeps the process alive only while someone waits.
    made->shared_->function = Napi::ThreadSafeFunction::New(
        env, Napi::Function::New(env, [](const Napi::CallbackInfo &) {}), "scxts ring", 0, 1);
    made->shared_->function.Unref(env);
    // Hooks run in reverse order: the thread ends before Node.js frees the function that it calls.
    napi_add_env_cleanup_hook(env, AtEnvironmentEnd, made.get());
    try {
        made->thread_ = std::thread([raw = made.get()] { raw->Run(); });
    } catch (const std::system_error &failure) {
        *error = failure.code().value();
        return nullptr;
    }
    return made;
}

void RingWaiter::AtEnvironmentEnd(void *self) { static_cast<RingWaiter *>(self)->Stop(); }

RingWaiter::~RingWaiter() {
    napi_remove_env_cleanup_hook(env_, AtEnvironmentEnd, this);
    Stop();
    close(control_);
}

// Ends the thread, lets go of the function. From then on nothing calls JavaScript.
void RingWaiter::Stop() {
    if (shared_->ended)
        return;
    stop_ = true;
    Signal();
    if (thread_.joinable())
        thread_.join();
    if (waiting_)
        CallBack();
    shared_->ended = true;
    shared_->function.Release();
}

void RingWaiter::Signal() {
    uint64_t one = 1;
    // Cannot fail but by overflow, and then the thread is awake anyway.
    (void)!write(control_, &one, sizeof(one));
}

bool RingWaiter::Start(Napi::Env env, Napi::Function callback, uint32_t pauseMs) {
    if (waiting_ || !shared_->callback.IsEmpty())
        return false;
    shared_->callback = Napi::Persistent(callback);
    shared_->function.Ref(env);
    pause_ = pauseMs;
    waiting_ = true;
    Signal();
    return true;
}

// Has JavaScript's thread call whoever waits; nothing happens where the environment is closing.
void RingWaiter::CallBack() {
    waiting_ = false;
    shared_->function.NonBlockingCall([shared = shared_](Napi::Env env, Napi::Function) {
        if (!shared->ended)
            shared->function.Unref(env);
        Napi::FunctionReference callback = std::move(shared->callback);
        shared->callback = Napi::FunctionReference();
        if (!callback.IsEmpty())
            callback.Call({});
    });
}

void RingWaiter::Run() {
    while (!stop_) {
        pollfd fds[2] = {{control_, POLLIN, 0}, {ring_, POLLIN, 0}};
        bool wait = waiting_;
        uint32_t pause = wait ? pause_.exchange(0) : 0;
        // After a wake-up that found a record still being written, do not spin on it.
        if (pause)
            poll(fds, 1, static_cast<int>(pause));
        else
            poll(fds, wait ? 2 : 1, -1);
        if (fds[0].revents & POLLIN) {
            uint64_t count;
            (void)!read(control_, &count, sizeof(count));
        }
        if (wait && !pause && !stop_ && (fds[1].revents & POLLIN))
            CallBack();
    }
}

} // namespace scxts
