// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once
#include <napi.h>

#include <string>

namespace scxts {

// Collects what libbpf prints on this thread while it lives; the verifier's log is among it.
class LogCapture {
  public:
    LogCapture();
    ~LogCapture();
    LogCapture(const LogCapture &) = delete;
    LogCapture &operator=(const LogCapture &) = delete;
    const std::string &text() const { return text_; }

  private:
    std::string text_;
    std::string *previous_;
};

// An Error with `code` (stable), `errno` (positive, 0 if none) and `log`; the runtime makes it typed.
Napi::Error MakeError(Napi::Env env, const char *code, const std::string &message, int error = 0,
                      const std::string &log = "");

// Argument checks: each throws ERR_ARGUMENT naming what was expected.
std::string StringArgument(const Napi::CallbackInfo &info, size_t index, const char *name);
uint32_t NumberArgument(const Napi::CallbackInfo &info, size_t index, const char *name);

struct Bytes {
    uint8_t *data;
    size_t size;
};
// A Uint8Array (or Buffer) over memory that is still attached.
Bytes BytesArgument(const Napi::CallbackInfo &info, size_t index, const char *name);

void InstallLogging();

} // namespace scxts
