// SPDX-License-Identifier: Apache-2.0 OR MIT
#include <bpf/btf.h>

#include <cstdint>

#include "object.h"
#include "properties.h"

namespace scxts {

namespace {

const char *KindName(const btf_type *type) {
    static const char *const names[] = {
        "void",    "int",      "ptr",   "array",    "struct",   "union",      "enum",
        "fwd",     "typedef",  "volatile", "const", "restrict", "func",       "func_proto",
        "var",     "datasec",  "float", "decl_tag", "type_tag", "enum64"};
    uint16_t kind = btf_kind(type);
    return kind < sizeof(names) / sizeof(names[0]) ? names[kind] : "unknown";
}

// Names that are not there (or, in a broken object, not valid) are empty.
const char *Name(const btf *btf, uint32_t offset) {
    const char *name = btf__name_by_offset(btf, offset);
    return name ? name : "";
}

Napi::Array Members(Napi::Env env, const btf *btf, const btf_type *type) {
    Napi::Array out = Napi::Array::New(env);
    const btf_member *members = btf_members(type);
    for (uint32_t i = 0; i < btf_vlen(type); i++) {
        Napi::Object entry = Napi::Object::New(env);
        SetOwn(entry, "name", Name(btf, members[i].name_off));
        SetOwn(entry, "type", members[i].type);
        SetOwn(entry, "offset", btf_member_bit_offset(type, i));
        SetOwn(entry, "bits", btf_member_bitfield_size(type, i));
        SetOwn(out, i, entry);
    }
    return out;
}

Napi::Object Values(Napi::Env env, const btf *btf, const btf_type *type) {
    Napi::Object out = Napi::Object::New(env);
    bool wide = btf_is_enum64(type);
    for (uint32_t i = 0; i < btf_vlen(type); i++) {
        uint32_t name = wide ? btf_enum64(type)[i].name_off : btf_enum(type)[i].name_off;
        uint64_t value = wide ? btf_enum64_value(&btf_enum64(type)[i])
                              : static_cast<uint64_t>(static_cast<int64_t>(btf_enum(type)[i].val));
        SetOwn(out, Name(btf, name), btf_kflag(type)
                                     ? Napi::BigInt::New(env, static_cast<int64_t>(value))
                                     : Napi::BigInt::New(env, wide ? value : value & 0xffffffff));
    }
    return out;
}

Napi::Array Variables(Napi::Env env, const btf_type *type) {
    Napi::Array out = Napi::Array::New(env);
    const btf_var_secinfo *vars = btf_var_secinfos(type);
    for (uint32_t i = 0; i < btf_vlen(type); i++) {
        Napi::Object entry = Napi::Object::New(env);
        SetOwn(entry, "type", vars[i].type);
        SetOwn(entry, "offset", vars[i].offset);
        SetOwn(entry, "size", vars[i].size);
        SetOwn(out, i, entry);
    }
    return out;
}

} // namespace

// All types as plain data, the index being the BTF type id; the runtime works out layouts from it.
Napi::Value ExportTypes(Napi::Env env, const struct btf *btf) {
    Napi::Array out = Napi::Array::New(env);
    for (uint32_t id = 0; id < btf__type_cnt(btf); id++) {
        const btf_type *type = btf__type_by_id(btf, id);
        Napi::Object entry = Napi::Object::New(env);
        SetOwn(entry, "kind", KindName(type));
        SetOwn(entry, "name", Name(btf, type->name_off));
        SetOwn(entry, "size", type->size);
        SetOwn(entry, "type", type->type);
        if (btf_is_int(type)) {
            SetOwn(entry, "signed", (btf_int_encoding(type) & BTF_INT_SIGNED) != 0);
            SetOwn(entry, "bool", (btf_int_encoding(type) & BTF_INT_BOOL) != 0);
        } else if (btf_is_any_enum(type)) {
            SetOwn(entry, "signed", btf_kflag(type));
            SetOwn(entry, "values", Values(env, btf, type));
        } else if (btf_is_array(type)) {
            SetOwn(entry, "type", btf_array(type)->type);
            SetOwn(entry, "count", btf_array(type)->nelems);
        } else if (btf_is_composite(type)) {
            SetOwn(entry, "members", Members(env, btf, type));
        } else if (btf_is_func_proto(type)) {
            Napi::Array params = Napi::Array::New(env);
            for (uint32_t i = 0; i < btf_vlen(type); i++) {
                Napi::Object param = Napi::Object::New(env);
                SetOwn(param, "name", Name(btf, btf_params(type)[i].name_off));
                SetOwn(param, "type", btf_params(type)[i].type);
                SetOwn(params, i, param);
            }
            SetOwn(entry, "params", params);
        } else if (btf_is_datasec(type)) {
            SetOwn(entry, "variables", Variables(env, type));
        } else if (btf_is_decl_tag(type)) {
            SetOwn(entry, "component", static_cast<double>(btf_decl_tag(type)->component_idx));
        }
        SetOwn(out, id, entry);
    }
    return out;
}

} // namespace scxts
