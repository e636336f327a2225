// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once
#include <napi.h>

#include <cstdint>

namespace scxts {

// A descriptor of a thread (before Linux 6.9: of a process), or a negative errno.
int PidfdOpen(uint32_t pid);
Napi::Error NoProcess(Napi::Env env, uint32_t pid, int error);

} // namespace scxts
