// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "perf.h"

#include <linux/perf_event.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>

#include "errors.h"

namespace scxts {

// openPerfEvent(type, config, cpu): a counter of one CPU, which counts at once; a descriptor for the caller to close.
static Napi::Value OpenPerfEvent(const Napi::CallbackInfo &info) {
    Napi::Env env = info.Env();
    if (info.Length() < 3 || !info[0].IsNumber() || !info[1].IsBigInt() || !info[2].IsNumber())
        throw MakeError(env, "ERR_ARGUMENT", "openPerfEvent takes a type, a bigint and a CPU");
    bool lossless = false;
    perf_event_attr attr = {};
    attr.size = sizeof(attr);
    attr.type = info[0].As<Napi::Number>().Uint32Value();
    attr.config = info[1].As<Napi::BigInt>().Uint64Value(&lossless);
    int cpu = info[2].As<Napi::Number>().Int32Value();
    int fd = static_cast<int>(
        syscall(SYS_perf_event_open, &attr, -1, cpu, -1, PERF_FLAG_FD_CLOEXEC));
    if (fd < 0)
        throw MakeError(env, "ERR_PERF", "the kernel opens no such counter", errno);
    return Napi::Number::New(env, fd);
}

void InitPerf(Napi::Env env, Napi::Object exports) {
    exports.Set("openPerfEvent", Napi::Function::New(env, OpenPerfEvent, "openPerfEvent"));
}

} // namespace scxts
