// SPDX-License-Identifier: Apache-2.0 OR MIT
// What can be set between opening and loading.
#include <bpf/bpf.h>
#include <bpf/btf.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <string>

#include "errors.h"
#include "map.h"
#include "object.h"

namespace scxts {

namespace {

// libbpf reads the function pointers of a struct_ops map as its own program handles: from here they
// may be zeroed and nothing else. Whole pointers only.
void CheckStructOpsWrite(Napi::Env env, const btf *btf, const bpf_map *map, size_t offset,
                         const Bytes &bytes) {
    const btf_type *type = btf ? btf__type_by_id(btf, bpf_map__btf_value_type_id(map)) : nullptr;
    if (!type || !btf_is_struct(type))
        throw MakeError(env, "ERR_RANGE", "the struct_ops map has no type");
    const btf_member *members = btf_members(type);
    size_t end = offset + bytes.size;
    for (uint32_t i = 0; i < btf_vlen(type); i++) {
        size_t at = btf_member_bit_offset(type, i) / 8;
        int id = btf__resolve_type(btf, members[i].type);
        const btf_type *member = id < 0 ? nullptr : btf__type_by_id(btf, static_cast<uint32_t>(id));
        bool pointer = !member || btf_is_ptr(member);
        if (!pointer || at + 8 <= offset || at >= end)
            continue;
        bool whole = offset <= at && at + 8 <= end;
        if (!whole || std::any_of(bytes.data + (at - offset), bytes.data + (at - offset) + 8,
                                  [](uint8_t b) { return b != 0; }))
            throw MakeError(env, "ERR_RANGE", "a callback of a struct_ops map can only be cleared");
    }
}

} // namespace

// readInitial(map, offset, size): a piece of the initial bytes of a data section or struct_ops map; null
// for other maps, and outside of them. Sections can be huge: never the whole.
Napi::Value BpfObject::ReadInitial(const Napi::CallbackInfo &info) {
    Held held = Opened(info.Env());
    bpf_map *map = FindMap(info, held);
    uint32_t offset = NumberArgument(info, 1, "offset");
    uint32_t length = NumberArgument(info, 2, "size");
    size_t size = 0;
    auto *data = static_cast<uint8_t *>(bpf_map__initial_value(map, &size));
    if (!data || static_cast<uint32_t>(bpf_map__type(map)) == kMapTypeArena || offset > size ||
        length > size - offset)
        return info.Env().Null();
    return Napi::Buffer<uint8_t>::Copy(info.Env(), data + offset, length);
}

// writeInitial(map, offset, bytes)
Napi::Value BpfObject::WriteInitial(const Napi::CallbackInfo &info) {
    Held held = Unloaded(info.Env());
    bpf_map *map = FindMap(info, held);
    uint32_t offset = NumberArgument(info, 1, "offset");
    Bytes bytes = BytesArgument(info, 2, "bytes");
    size_t size = 0;
    uint8_t *data = static_cast<uint8_t *>(bpf_map__initial_value(map, &size));
    if (!data || offset > size || bytes.size > size - offset)
        throw MakeError(info.Env(), "ERR_RANGE",
                        "the value does not lie inside the map's initial data");
    if (bpf_map__type(map) == BPF_MAP_TYPE_STRUCT_OPS)
        CheckStructOpsWrite(info.Env(), bpf_object__btf(held->object), map, offset, bytes);
    if (bytes.size > 0)
        memcpy(data + offset, bytes.data, bytes.size);
    return info.Env().Undefined();
}

// setMaxEntries(map, entries). Data sections keep their one entry. Value sizes cannot be set at all:
// libbpf 1.4 moves the BTF when a section is resized, and the names of struct_ops types with it.
Napi::Value BpfObject::SetMaxEntries(const Napi::CallbackInfo &info) {
    Held held = Unloaded(info.Env());
    bpf_map *map = FindMap(info, held);
    uint32_t entries = NumberArgument(info, 1, "maxEntries");
    if (bpf_map__is_internal(map) || bpf_map__type(map) == BPF_MAP_TYPE_STRUCT_OPS)
        throw MakeError(info.Env(), "ERR_MAP", "a map of this kind has one entry");
    int error = bpf_map__set_max_entries(map, entries);
    if (error)
        throw MakeError(info.Env(), "ERR_MAP", "cannot set max_entries", -error);
    return info.Env().Undefined();
}

// setValueSize(map, bytes): of a data section that ends in an array, so that the array has more elements.
Napi::Value BpfObject::SetValueSize(const Napi::CallbackInfo &info) {
    Held held = Unloaded(info.Env());
    bpf_map *map = FindMap(info, held);
    if (!bpf_map__is_internal(map))
        throw MakeError(info.Env(), "ERR_MAP", "only a data section can be given another size");
    uint32_t bytes = NumberArgument(info, 1, "bytes");
    if (bytes < bpf_map__value_size(map))
        throw MakeError(info.Env(), "ERR_SIZE", "a data section can only be given more room");
    int error = bpf_map__set_value_size(map, bytes);
    if (error)
        throw MakeError(info.Env(), "ERR_MAP", "cannot set the size of the section", -error);
    return info.Env().Undefined();
}

// setPinPath(map, path | null): where load() pins the map, or finds it if it is pinned there already.
Napi::Value BpfObject::SetPinPath(const Napi::CallbackInfo &info) {
    Held held = Unloaded(info.Env());
    bpf_map *map = FindMap(info, held);
    std::string path = info[1].IsNull() ? "" : StringArgument(info, 1, "path");
    // Of one that is pinned already libbpf keeps the initial data as its memory, which is smaller.
    if (static_cast<uint32_t>(bpf_map__type(map)) == kMapTypeArena)
        throw MakeError(info.Env(), "ERR_MAP", "an arena cannot be pinned");
    int error = bpf_map__set_pin_path(map, path.empty() ? nullptr : path.c_str());
    if (error)
        throw MakeError(info.Env(), "ERR_MAP", "cannot set the pin path", -error);
    return info.Env().Undefined();
}

// reuseMap(name, map): load() takes this existing map instead of making one.
Napi::Value BpfObject::ReuseMap(const Napi::CallbackInfo &info) {
    Held held = Unloaded(info.Env());
    bpf_map *map = FindMap(info, held);
    int fd = BpfMap::FdOf(info, 1);
    if (bpf_map__type(map) == BPF_MAP_TYPE_STRUCT_OPS || bpf_map__is_internal(map) ||
        static_cast<uint32_t>(bpf_map__type(map)) == kMapTypeArena)
        throw MakeError(info.Env(), "ERR_MAP", "a map of this kind cannot be replaced");
    bpf_map_info about = {};
    uint32_t length = sizeof(about);
    int error = bpf_map_get_info_by_fd(fd, &about, &length);
    // libbpf takes over whatever it is given: what a program relies on is checked here.
    if (!error && (about.type != bpf_map__type(map) || about.key_size != bpf_map__key_size(map) ||
                   about.value_size != bpf_map__value_size(map)))
        throw MakeError(info.Env(), "ERR_MAP",
                        "the map to be reused is of another type or has other sizes");
    if (!error)
        error = bpf_map__reuse_fd(map, fd);
    if (error)
        throw MakeError(info.Env(), "ERR_MAP", "cannot reuse the map", -error);
    return info.Env().Undefined();
}

Napi::Value BpfObject::SetAutoload(const Napi::CallbackInfo &info) {
    Held held = Unloaded(info.Env());
    bpf_program *program = FindProgram(info, held);
    int error = bpf_program__set_autoload(program, BooleanArgument(info, 1, "autoload"));
    if (error)
        throw MakeError(info.Env(), "ERR_PROGRAM", "cannot set autoload", -error);
    return info.Env().Undefined();
}

// setAutocreate(map, create): whether load() makes the map; a struct_ops map that is not made lets
// the other programs of an object load on a kernel without that struct.
Napi::Value BpfObject::SetAutocreate(const Napi::CallbackInfo &info) {
    Held held = Unloaded(info.Env());
    bpf_map *map = FindMap(info, held);
    int error = bpf_map__set_autocreate(map, BooleanArgument(info, 1, "autocreate"));
    if (error)
        throw MakeError(info.Env(), "ERR_MAP", "cannot set autocreate", -error);
    return info.Env().Undefined();
}

// setLogLevel(level, program?): of one program or of all; 0 logs failures only, 1 and 2 what was
// verified, 4 adds statistics.
Napi::Value BpfObject::SetLogLevel(const Napi::CallbackInfo &info) {
    Held held = Unloaded(info.Env());
    uint32_t level = NumberArgument(info, 0, "level");
    if (level > 7)
        throw MakeError(info.Env(), "ERR_ARGUMENT", "the log level is 0 to 7");
    std::string name = info[1].IsUndefined() ? "" : StringArgument(info, 1, "program");
    bool found = name.empty();
    bpf_program *program;
    bpf_object__for_each_program(program, held->object) {
        if (!name.empty() && name != bpf_program__name(program))
            continue;
        found = true;
        bpf_program__set_log_level(program, level);
    }
    if (!found)
        throw MakeError(info.Env(), "ERR_NO_PROGRAM", "the object has no program '" + name + "'");
    state_->verbose = level > 0 || (state_->verbose && !name.empty());
    return info.Env().Undefined();
}

} // namespace scxts
