// SPDX-License-Identifier: Apache-2.0 OR MIT
// What the running kernel's BTF says.
#include <bpf/btf.h>

#include <cerrno>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "errors.h"
#include "job.h"
#include "object.h"
#include "properties.h"

namespace scxts {

namespace {

using Strings = std::vector<std::string>;
using Values = std::vector<std::pair<std::string, uint64_t>>;

struct Query {
    Strings structs, enums, functions, typedefs;
};
struct Facts {
    // Nothing: the kernel has no such type.
    std::map<std::string, std::optional<Strings>> structs;
    std::map<std::string, std::optional<Values>> enums;
    Strings names;
};

void CollectNames(const btf *btf, const btf_type *type, Strings &out) {
    const btf_member *members = btf_members(type);
    for (uint32_t i = 0; i < btf_vlen(type); i++) {
        const char *name = btf__name_by_offset(btf, members[i].name_off);
        if (name && *name) {
            out.push_back(name);
            continue;
        }
        // Members of anonymous structs and unions are reached by their own names.
        const btf_type *inner = btf__type_by_id(btf, members[i].type);
        if (inner && btf_is_composite(inner))
            CollectNames(btf, inner, out);
    }
}

std::optional<Strings> StructMembers(const btf *btf, const std::string &name) {
    int id = btf__find_by_name_kind(btf, name.c_str(), BTF_KIND_STRUCT);
    if (id < 0)
        return std::nullopt;
    Strings out;
    CollectNames(btf, btf__type_by_id(btf, static_cast<uint32_t>(id)), out);
    return out;
}

std::optional<Values> EnumValues(const btf *btf, const std::string &name) {
    int id = btf__find_by_name_kind(btf, name.c_str(), BTF_KIND_ENUM);
    if (id < 0)
        id = btf__find_by_name_kind(btf, name.c_str(), BTF_KIND_ENUM64);
    if (id < 0)
        return std::nullopt;
    const btf_type *type = btf__type_by_id(btf, static_cast<uint32_t>(id));
    bool wide = btf_is_enum64(type);
    Values out;
    for (uint32_t i = 0; i < btf_vlen(type); i++) {
        uint32_t offset = wide ? btf_enum64(type)[i].name_off : btf_enum(type)[i].name_off;
        uint64_t value = wide ? btf_enum64_value(&btf_enum64(type)[i])
                              : static_cast<uint32_t>(btf_enum(type)[i].val);
        const char *text = btf__name_by_offset(btf, offset);
        out.emplace_back(text ? text : "", value);
    }
    return out;
}

Outcome Find(const Query &query, Facts &facts) {
    Outcome out;
    LogCapture log;
    std::unique_ptr<btf, decltype(&btf__free)> vmlinux(btf__load_vmlinux_btf(), btf__free);
    if (!vmlinux) {
        out.error = errno;
        out.log = log.text();
        return out;
    }
    for (const auto &name : query.structs)
        facts.structs[name] = StructMembers(vmlinux.get(), name);
    for (const auto &name : query.enums)
        facts.enums[name] = EnumValues(vmlinux.get(), name);
    for (const auto &name : query.functions)
        if (btf__find_by_name_kind(vmlinux.get(), name.c_str(), BTF_KIND_FUNC) >= 0)
            facts.names.push_back(name);
    for (const auto &name : query.typedefs)
        if (btf__find_by_name_kind(vmlinux.get(), name.c_str(), BTF_KIND_TYPEDEF) >= 0)
            facts.names.push_back(name);
    return out;
}

Napi::Value ToValue(Napi::Env env, const Outcome &outcome, const Facts &facts) {
    if (outcome.error)
        throw MakeError(env, "ERR_NO_KERNEL_BTF", "cannot read the kernel's BTF", outcome.error,
                        outcome.log);
    Napi::Object structs = Napi::Object::New(env);
    for (const auto &[name, members] : facts.structs) {
        if (!members) {
            SetOwn(structs, name.c_str(), env.Null());
            continue;
        }
        Napi::Array list = Napi::Array::New(env, members->size());
        for (uint32_t i = 0; i < members->size(); i++)
            SetOwn(list, i, (*members)[i]);
        SetOwn(structs, name.c_str(), list);
    }
    Napi::Object enums = Napi::Object::New(env);
    for (const auto &[name, values] : facts.enums) {
        if (!values) {
            SetOwn(enums, name.c_str(), env.Null());
            continue;
        }
        Napi::Object by = Napi::Object::New(env);
        for (const auto &[key, value] : *values)
            SetOwn(by, key.c_str(), Napi::BigInt::New(env, value));
        SetOwn(enums, name.c_str(), by);
    }
    Napi::Array names = Napi::Array::New(env, facts.names.size());
    for (uint32_t i = 0; i < facts.names.size(); i++)
        SetOwn(names, i, facts.names[i]);
    Napi::Object out = Napi::Object::New(env);
    SetOwn(out, "structs", structs);
    SetOwn(out, "enums", enums);
    SetOwn(out, "names", names);
    return out;
}

Strings Names(const Napi::CallbackInfo &info, size_t index, const char *what) {
    if (!info[index].IsArray())
        throw MakeError(info.Env(), "ERR_ARGUMENT", std::string(what) + " must be an array");
    Napi::Array given = info[index].As<Napi::Array>();
    Strings out;
    for (uint32_t i = 0; i < given.Length(); i++) {
        Napi::Value name = given.Get(i);
        if (!name.IsString())
            throw MakeError(info.Env(), "ERR_ARGUMENT", std::string(what) + " must be strings");
        out.push_back(name.As<Napi::String>());
    }
    return out;
}

Query QueryOf(const Napi::CallbackInfo &info) {
    return {Names(info, 0, "structs"), Names(info, 1, "enums"), Names(info, 2, "functions"),
            Names(info, 3, "typedefs")};
}

// kernelFacts(structs, enums, functions, typedefs): what of these the kernel's BTF has, in one reading
// of it: members by struct, values by enum (null: not there), and the functions and typedefs there.
Napi::Value KernelFacts(const Napi::CallbackInfo &info) {
    Facts facts;
    Outcome outcome = Find(QueryOf(info), facts);
    return ToValue(info.Env(), outcome, facts);
}

// The same on another thread: the kernel's BTF is 5 to 10 MB.
Napi::Value KernelFactsAsync(const Napi::CallbackInfo &info) {
    auto facts = std::make_shared<Facts>();
    return Job::Start(
        Napi::Object::New(info.Env()),
        [query = QueryOf(info), facts] { return Find(query, *facts); },
        [facts](Napi::Env env, const Outcome &outcome) { return ToValue(env, outcome, *facts); });
}

} // namespace

void InitKernelFacts(Napi::Env env, Napi::Object exports) {
    exports.Set("kernelFacts", Napi::Function::New(env, KernelFacts, "kernelFacts"));
    exports.Set("kernelFactsAsync", Napi::Function::New(env, KernelFactsAsync, "kernelFactsAsync"));
}

} // namespace scxts
