// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "addon_data.h"

#include <memory>
#include <utility>
#include "errors.h"

namespace scxts {

Napi::Value ExposeMemory(Napi::Env env, std::shared_ptr<SharedMemory> memory, size_t size) {
    auto *owner = new std::shared_ptr<SharedMemory>(std::move(memory));
    napi_value out;
    napi_status status = napi_create_external_arraybuffer(
        env, (*owner)->data(), size,
        [](napi_env, void *, void *hint) { delete static_cast<std::shared_ptr<SharedMemory> *>(hint); },
        owner, &out);
    if (status != napi_ok) {
        // With an exception pending napi may still run the finalizer; only this status is sure not to.
        if (status == napi_no_external_buffers_allowed)
            delete owner;
        throw MakeError(env, "ERR_NO_EXTERNAL_MEMORY",
                        "this JavaScript engine does not let native memory be seen as an ArrayBuffer");
    }
    return Napi::Value(env, out);
}

} // namespace scxts
