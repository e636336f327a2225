// SPDX-License-Identifier: Apache-2.0 OR MIT
#include <napi.h>

#include "errors.h"
#include "object.h"

static Napi::Object Init(Napi::Env env, Napi::Object exports) {
    scxts::InstallLogging();
    scxts::BpfLink::Init(env, exports);
    scxts::BpfObject::Init(env, exports);
    scxts::InitKernel(env, exports);
    return exports;
}

NODE_API_MODULE(scxts_native, Init)
