// SPDX-License-Identifier: Apache-2.0 OR MIT
#include <napi.h>

#include <mutex>

#include "addon_data.h"
#include "errors.h"
#include "link.h"
#include "map.h"
#include "object.h"
#include "perf.h"
#include "ring.h"
#include "user_ring.h"

static Napi::Object Init(Napi::Env env, Napi::Object exports) {
    // Once a process: each worker thread that loads the addon comes through here.
    static std::once_flag once;
    std::call_once(once, scxts::InstallLogging);
    env.SetInstanceData(new scxts::AddonData);
    scxts::BpfLink::Init(env);
    scxts::BpfRing::Init(env);
    scxts::BpfUserRing::Init(env);
    scxts::BpfMap::Init(env, exports);
    scxts::BpfObject::Init(env, exports);
    scxts::InitPerf(env, exports);
    scxts::InitKernel(env, exports);
    scxts::InitKernelFacts(env, exports);
    return exports;
}

NODE_API_MODULE(scxts_native, Init)
