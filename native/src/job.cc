// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "job.h"

#include <cerrno>
#include <new>
#include <utility>

namespace scxts {

Job::Job(Napi::Object receiver, Work work, Done done)
    : Napi::AsyncWorker(receiver.Env(), "scxts"), receiver_(Napi::Persistent(receiver)),
      deferred_(Napi::Promise::Deferred::New(receiver.Env())), work_(std::move(work)),
      done_(std::move(done)) {}

Napi::Value Job::Start(Napi::Object receiver, Work work, Done done) {
    // AsyncWorker deletes itself when it is done.
    Job *job = new Job(receiver, std::move(work), std::move(done));
    Napi::Value promise = job->deferred_.Promise();
    job->Queue();
    return promise;
}

// What the work throws must reach `done` as well, which ends what the caller marked as under way.
void Job::Execute() {
    try {
        outcome_ = work_();
    } catch (const std::bad_alloc &) {
        outcome_ = {ENOMEM, ""};
    }
}

void Job::OnOK() {
    try {
        deferred_.Resolve(done_(Env(), outcome_));
    } catch (const Napi::Error &error) {
        deferred_.Reject(error.Value());
    }
}

} // namespace scxts
