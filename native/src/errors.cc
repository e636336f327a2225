// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "errors.h"

#include <bpf/libbpf.h>

#include <cstdarg>
#include <cstdio>
#include <cstring>

namespace scxts {

namespace {

// One sink a thread: worker threads load objects side by side.
thread_local std::string *sink = nullptr;

int Print(enum libbpf_print_level level, const char *format, va_list args) {
    if (!sink || level == LIBBPF_DEBUG)
        return 0;
    va_list again;
    va_copy(again, args);
    int length = vsnprintf(nullptr, 0, format, args);
    if (length > 0) {
        std::string line(static_cast<size_t>(length) + 1, '\0');
        vsnprintf(&line[0], line.size(), format, again);
        line.resize(static_cast<size_t>(length));
        *sink += line;
    }
    va_end(again);
    return 0;
}

} // namespace

void InstallLogging() { libbpf_set_print(Print); }

LogCapture::LogCapture() : previous_(sink) { sink = &text_; }
LogCapture::~LogCapture() { sink = previous_; }

Napi::Error MakeError(Napi::Env env, const char *code, const std::string &message, int error,
                      const std::string &log) {
    std::string text = message;
    if (error)
        text += std::string(": ") + strerror(error);
    Napi::Error made = Napi::Error::New(env, text);
    made.Set("code", Napi::String::New(env, code));
    made.Set("errno", Napi::Number::New(env, error));
    made.Set("log", Napi::String::New(env, log));
    return made;
}

std::string StringArgument(const Napi::CallbackInfo &info, size_t index, const char *name) {
    if (!info[index].IsString())
        throw MakeError(info.Env(), "ERR_ARGUMENT", std::string(name) + " must be a string");
    return info[index].As<Napi::String>();
}

uint32_t NumberArgument(const Napi::CallbackInfo &info, size_t index, const char *name) {
    double value = info[index].IsNumber() ? info[index].As<Napi::Number>().DoubleValue() : -1;
    if (!(value >= 0 && value <= 4294967295.0) || value != static_cast<double>(static_cast<uint32_t>(value)))
        throw MakeError(info.Env(), "ERR_ARGUMENT", std::string(name) + " must be a whole number from 0 to 2^32-1");
    return static_cast<uint32_t>(value);
}

Bytes BytesArgument(const Napi::CallbackInfo &info, size_t index, const char *name) {
    if (!info[index].IsTypedArray() ||
        info[index].As<Napi::TypedArray>().TypedArrayType() != napi_uint8_array)
        throw MakeError(info.Env(), "ERR_ARGUMENT", std::string(name) + " must be a Uint8Array");
    Napi::Uint8Array array = info[index].As<Napi::Uint8Array>();
    if (array.ByteLength() > 0 && !array.Data())
        throw MakeError(info.Env(), "ERR_ARGUMENT", std::string(name) + " is over a detached ArrayBuffer");
    return {array.Data(), array.ByteLength()};
}

} // namespace scxts
