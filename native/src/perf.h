// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include <napi.h>

namespace scxts {

// Counters of the PMU.
void InitPerf(Napi::Env env, Napi::Object exports);

} // namespace scxts
