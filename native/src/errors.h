// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once
#include <napi.h>

#include <cstdint>
#include <string>

namespace scxts {

// Collects what libbpf prints on this thread while it lives; the verifier's log is among it.
// `verbose` takes libbpf's debug output too, where logs of programs that verified go.
class LogCapture {
  public:
    explicit LogCapture(bool verbose = false);
    ~LogCapture();
    LogCapture(const LogCapture &) = delete;
    LogCapture &operator=(const LogCapture &) = delete;
    const std::string &text() const { return text_; }
    bool verbose() const { return verbose_; }
    void Append(const char *data, size_t size);

  private:
    std::string text_;
    bool verbose_;
    LogCapture *previous_;
};

// An Error with `code` (stable), `errno` (positive, 0 if none) and `log`; the runtime types it.
Napi::Error MakeError(Napi::Env env, const char *code, const std::string &message, int error = 0,
                      const std::string &log = "");

// Argument checks: each throws ERR_ARGUMENT naming what was expected.
std::string StringArgument(const Napi::CallbackInfo &info, size_t index, const char *name);
uint32_t NumberArgument(const Napi::CallbackInfo &info, size_t index, const char *name);
bool BooleanArgument(const Napi::CallbackInfo &info, size_t index, const char *name);

struct Bytes {
    uint8_t *data;
    size_t size;
};
// A Uint8Array (or Buffer) over memory that is still attached. Valid until the callback returns to
// JavaScript, which alone could detach it.
Bytes BytesArgument(const Napi::CallbackInfo &info, size_t index, const char *name);

void InstallLogging();

inline size_t RoundUp(size_t value, size_t to) { return (value + to - 1) / to * to; }

} // namespace scxts
