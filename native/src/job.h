// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once
#include <napi.h>

#include <functional>
#include <string>

namespace scxts {

// What work off the main thread came to: 0 or a positive errno, and libbpf's log.
struct Outcome {
    int error = 0;
    std::string log;
};

// Runs `work` on libuv's pool, then `done` on the JavaScript thread; a promise of what `done` gives.
// The receiver is kept alive meanwhile.
class Job : public Napi::AsyncWorker {
  public:
    using Work = std::function<Outcome()>;
    using Done = std::function<Napi::Value(Napi::Env, const Outcome &)>;
    static Napi::Value Start(Napi::Object receiver, Work work, Done done);

  protected:
    void Execute() override;
    void OnError(const Napi::Error &error) override { deferred_.Reject(error.Value()); }
    void OnOK() override;

  private:
    Job(Napi::Object receiver, Work work, Done done);
    Napi::ObjectReference receiver_;
    Napi::Promise::Deferred deferred_;
    Work work_;
    Done done_;
    Outcome outcome_;
};

} // namespace scxts
