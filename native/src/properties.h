// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once
#include <napi.h>

#include <cstdint>
#include <string>

namespace scxts {

// Gives an object a property, as a literal in JavaScript does. Object::Set() would run setters that
// somebody put on Object.prototype or Array.prototype, and those can close what is being described.
inline void Define(napi_env env, napi_value object, napi_property_descriptor property) {
    napi_status status = napi_define_properties(env, object, 1, &property);
    if (status != napi_ok)
        throw Napi::Error::New(env);
}

template <typename Value> void SetOwn(Napi::Object object, const char *name, const Value &value) {
    napi_env env = object.Env();
    Define(env, object,
           {name, nullptr, nullptr, nullptr, nullptr, Napi::Value::From(env, value),
            napi_default_jsproperty, nullptr});
}

template <typename Value> void SetOwn(Napi::Object object, uint32_t index, const Value &value) {
    SetOwn(object, std::to_string(index).c_str(), value);
}

} // namespace scxts
