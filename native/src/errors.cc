// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "errors.h"

#include <bpf/libbpf.h>

#include <cerrno>
#include <cstdarg>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <exception>
#include <string>

#include "properties.h"

namespace scxts {

namespace {

// One sink a thread: worker threads load objects side by side, and libbpf has one print function for
// the whole process.
thread_local LogCapture *sink = nullptr;

// A verifier log of level 2 can be huge; what is kept is its end, where the failure is.
constexpr size_t kMaxLog = 32u << 20;

// libbpf is C: no exception may pass through it. Out of memory costs a line of the log.
int Print(enum libbpf_print_level level, const char *format, va_list args) noexcept try {
    if (!sink || (level == LIBBPF_DEBUG && !sink->verbose()))
        return 0;
    va_list again;
    va_copy(again, args);
    int length = vsnprintf(nullptr, 0, format, args);
    if (length > 0) {
        std::string line(static_cast<size_t>(length) + 1, '\0');
        vsnprintf(&line[0], line.size(), format, again);
        sink->Append(line.data(), static_cast<size_t>(length));
    }
    va_end(again);
    return 0;
} catch (const std::exception &) {
    return 0;
}

// strerror, for the kernel's own numbers too that libc does not know.
std::string Describe(int error) {
    if (error == 524)
        return "not supported";
    return strerror(error);
}

} // namespace

void InstallLogging() { libbpf_set_print(Print); }

LogCapture::LogCapture(bool verbose) : verbose_(verbose), previous_(sink) { sink = this; }
LogCapture::~LogCapture() { sink = previous_; }

void LogCapture::Append(const char *data, size_t size) {
    if (text_.size() + size > kMaxLog)
        text_.erase(0, text_.size() / 2);
    text_.append(data, size);
}

Napi::Error MakeError(Napi::Env env, const char *code, const std::string &message, int error,
                      const std::string &log) {
    std::string text = message;
    if (error)
        text += ": " + Describe(error);
    Napi::Error made = Napi::Error::New(env, text);
    SetOwn(made.Value(), "code", code);
    SetOwn(made.Value(), "errno", error);
    SetOwn(made.Value(), "log", log);
    return made;
}

std::string StringArgument(const Napi::CallbackInfo &info, size_t index, const char *name) {
    if (!info[index].IsString())
        throw MakeError(info.Env(), "ERR_ARGUMENT", std::string(name) + " must be a string");
    return info[index].As<Napi::String>();
}

uint32_t NumberArgument(const Napi::CallbackInfo &info, size_t index, const char *name) {
    double value = info[index].IsNumber() ? info[index].As<Napi::Number>().DoubleValue() : -1;
    if (!(value >= 0 && value <= 4294967295.0) ||
        value != static_cast<double>(static_cast<uint32_t>(value)))
        throw MakeError(info.Env(), "ERR_ARGUMENT",
                        std::string(name) + " must be a whole number from 0 to 2^32-1");
    return static_cast<uint32_t>(value);
}

bool BooleanArgument(const Napi::CallbackInfo &info, size_t index, const char *name) {
    if (!info[index].IsBoolean())
        throw MakeError(info.Env(), "ERR_ARGUMENT", std::string(name) + " must be true or false");
    return info[index].As<Napi::Boolean>();
}

Bytes BytesArgument(const Napi::CallbackInfo &info, size_t index, const char *name) {
    if (!info[index].IsTypedArray() ||
        info[index].As<Napi::TypedArray>().TypedArrayType() != napi_uint8_array)
        throw MakeError(info.Env(), "ERR_ARGUMENT", std::string(name) + " must be a Uint8Array");
    Napi::Uint8Array array = info[index].As<Napi::Uint8Array>();
    if (array.ByteLength() > 0 && !array.Data())
        throw MakeError(info.Env(), "ERR_ARGUMENT",
                        std::string(name) + " is over a detached ArrayBuffer");
    return {array.Data(), array.ByteLength()};
}

} // namespace scxts
