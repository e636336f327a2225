// SPDX-License-Identifier: Apache-2.0 OR MIT
// No Node-API here: native/fuzz uses it too.
#include "types_check.h"

#include <linux/bpf.h>

#include <cstdint>
#include <cstring>
#include <string>

#include "names.h"

namespace scxts {

namespace {

// Typedefs and qualifiers in a row; libbpf stops at 32 where it counts, and nowhere else.
constexpr int kMaxModifiers = 32;
// Of all .kconfig variables: libbpf adds their sizes up in an int. Real ones have a few bytes each.
constexpr uint64_t kMaxKconfig = 1 << 20;

std::string Named(const char *what, const char *name) { return std::string(what) + " '" + name + "'"; }

// btf__new() has checked that there is a name.
const char *NameAt(const btf *btf, uint32_t offset) {
    const char *name = btf__name_by_offset(btf, offset);
    return name ? name : "";
}

// The type behind typedefs and qualifiers; null where they go in circles.
const btf_type *Behind(const btf *btf, uint32_t id) {
    const btf_type *type = btf__type_by_id(btf, id);
    for (int i = 0; type && (btf_is_mod(type) || btf_is_typedef(type)); i++) {
        if (i == kMaxModifiers)
            return nullptr;
        type = btf__type_by_id(btf, type->type);
    }
    return type;
}

// Whether all types that a type refers to are there: libbpf looks only from 1.3 on, and not at results of functions.
bool RefersToTypes(const btf *btf, const btf_type *type) {
    uint32_t count = btf__type_cnt(btf);
    uint32_t vlen = btf_vlen(type);
    auto all = [&](const auto *list) {
        for (uint32_t i = 0; i < vlen; i++)
            if (static_cast<uint32_t>(list[i].type) >= count)
                return false;
        return true;
    };
    switch (btf_kind(type)) {
    case BTF_KIND_PTR:
    case BTF_KIND_TYPEDEF:
    case BTF_KIND_VOLATILE:
    case BTF_KIND_CONST:
    case BTF_KIND_RESTRICT:
    case BTF_KIND_FUNC:
    case BTF_KIND_VAR:
    case BTF_KIND_DECL_TAG:
    case BTF_KIND_TYPE_TAG:
        return type->type < count;
    case BTF_KIND_ARRAY:
        return btf_array(type)->type < count && btf_array(type)->index_type < count;
    case BTF_KIND_STRUCT:
    case BTF_KIND_UNION:
        return all(btf_members(type));
    case BTF_KIND_FUNC_PROTO:
        return type->type < count && all(btf_params(type));
    case BTF_KIND_DATASEC:
        return all(btf_var_secinfos(type));
    default:
        return true;
    }
}

std::string CheckMembers(const btf *btf, const btf_type *type) {
    const btf_member *members = btf_members(type);
    uint64_t room = static_cast<uint64_t>(type->size) * 8;
    for (uint32_t i = 0; i < btf_vlen(type); i++) {
        const char *name = NameAt(btf, members[i].name_off);
        if (!IsPrintable(name))
            return "a member of a struct has a name that is none";
        uint64_t bits = btf_member_bitfield_size(type, i);
        if (!bits) {
            int64_t bytes = btf__resolve_size(btf, members[i].type);
            if (bytes < 0)
                return Named("member", name) + " of a struct has no size";
            bits = static_cast<uint64_t>(bytes) * 8;
        }
        if (btf_member_bit_offset(type, i) + bits > room)
            return Named("member", name) + " lies outside of its struct";
    }
    return "";
}

std::string CheckEnum(const btf *btf, const btf_type *type) {
    for (uint32_t i = 0; i < btf_vlen(type); i++) {
        uint32_t name = btf_is_enum64(type) ? btf_enum64(type)[i].name_off : btf_enum(type)[i].name_off;
        if (!IsPrintable(NameAt(btf, name)))
            return "a value of an enum has a name that is none";
    }
    return "";
}

// The number that a member of a map's definition stands for: how long an array is that it points to, as libbpf reads it.
bool DefinedNumber(const btf *btf, const btf_member &member, uint32_t *out) {
    const btf_type *pointer = Behind(btf, member.type);
    const btf_type *array = pointer && btf_is_ptr(pointer) ? btf__type_by_id(btf, pointer->type) : nullptr;
    if (!array || !btf_is_array(array))
        return false;
    *out = btf_array(array)->nelems;
    return true;
}

// A map of .maps. `outer` is false for what a map of maps holds.
std::string CheckMap(const btf *btf, const char *map, const btf_type *definition, bool outer) {
    const btf_member *members = btf_members(definition);
    uint32_t type = 0, pinning = 0, number = 0;
    for (uint32_t i = 0; i < btf_vlen(definition); i++) {
        const char *name = NameAt(btf, members[i].name_off);
        if (!strcmp(name, "type") && DefinedNumber(btf, members[i], &number))
            type = number;
        else if (!strcmp(name, "pinning") && DefinedNumber(btf, members[i], &number))
            pinning = number;
        if (strcmp(name, "values") != 0 || !outer)
            continue;
        const btf_type *list = btf__type_by_id(btf, members[i].type);
        const btf_type *pointer = list && btf_is_array(list) ? Behind(btf, btf_array(list)->type) : nullptr;
        const btf_type *inner = pointer && btf_is_ptr(pointer) ? Behind(btf, pointer->type) : nullptr;
        std::string wrong = inner && btf_is_struct(inner) ? CheckMap(btf, map, inner, false) : "";
        if (!wrong.empty())
            return wrong;
    }
    // libbpf makes these of variables in .struct_ops, and takes any map of the type for one of them.
    if (type == BPF_MAP_TYPE_STRUCT_OPS)
        return Named("map", map) + " is declared as struct_ops, which only variables of .struct_ops can be";
    // It maps one that it makes itself; of one that is pinned it keeps the initial data, which is smaller.
    if (type == 33 /* BPF_MAP_TYPE_ARENA */ && pinning)
        return Named("arena", map) + " is declared as pinned, which arenas cannot be";
    return "";
}

std::string CheckSection(const btf *btf, const btf_type *section) {
    const char *name = NameAt(btf, section->name_off);
    if (!IsPrintable(name))
        return "a section has a name that is none";
    const btf_var_secinfo *variables = btf_var_secinfos(section);
    uint64_t sum = 0;
    for (uint32_t i = 0; i < btf_vlen(section); i++) {
        const btf_type *variable = btf__type_by_id(btf, variables[i].type);
        if (!btf_is_var(variable) && !(btf_is_func(variable) && !strcmp(name, ".ksyms")))
            return Named("section", name) + " holds what is no variable";
        if (!strcmp(name, ".kconfig")) {
            int64_t size = btf__resolve_size(btf, variable->type);
            sum += size < 0 ? kMaxKconfig : static_cast<uint64_t>(size) + 8;
        }
        const btf_type *type = Behind(btf, variable->type);
        if (strcmp(name, ".maps") != 0 || !btf_is_struct(type))
            continue;
        std::string wrong = CheckMap(btf, NameAt(btf, variable->name_off), type, true);
        if (!wrong.empty())
            return wrong;
    }
    return sum > kMaxKconfig ? "the variables of .kconfig are too large" : "";
}

std::string CheckType(const btf *btf, uint32_t id, const btf_type *type) {
    const char *name = NameAt(btf, type->name_off);
    if (!Behind(btf, id))
        return "type " + std::to_string(id) + " stands for itself";
    if ((btf_is_var(type) || btf_is_func(type)) && !IsIdentifier(name))
        return "a variable or function has a name that is none";
    // Texts of tags are shown to people, and are whatever somebody wrote.
    if (!btf_is_decl_tag(type) && !btf_is_type_tag(type) && !IsPrintable(name))
        return "a type has a name that is none";
    if (btf_is_composite(type))
        return CheckMembers(btf, type);
    return btf_is_any_enum(type) ? CheckEnum(btf, type) : "";
}

} // namespace

std::string CheckTypes(const btf *btf) {
    uint32_t count = btf__type_cnt(btf);
    for (uint32_t id = 1; id < count; id++)
        if (!RefersToTypes(btf, btf__type_by_id(btf, id)))
            return "type " + std::to_string(id) + " refers to one that is not there";
    // Sections last: what their variables are has been looked at by then.
    for (uint32_t id = 1; id < count; id++) {
        std::string wrong = CheckType(btf, id, btf__type_by_id(btf, id));
        if (!wrong.empty())
            return wrong;
    }
    for (uint32_t id = 1; id < count; id++) {
        const btf_type *type = btf__type_by_id(btf, id);
        std::string wrong = btf_is_datasec(type) ? CheckSection(btf, type) : "";
        if (!wrong.empty())
            return wrong;
    }
    return "";
}

} // namespace scxts
