// SPDX-License-Identifier: Apache-2.0 OR MIT
// libFuzzer's way into the open path: what BpfObject does with the bytes of an object before any of it
// reaches the kernel. native/fuzz/run builds and runs it.
#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstdarg>
#include <cstdint>
#include <cstdlib>
#include <cstring>

#include "../src/object_check.h"

namespace {

int Silent(enum libbpf_print_level, const char *, va_list) { return 0; }

volatile size_t sink;

// The input that is being tried, in the file `last-input`: libFuzzer cannot write it any more where a
// crash destroys the stack.
uint8_t *last;
constexpr size_t kLast = 1 << 20;

void Keep(const uint8_t *data, size_t size) {
    if (!last || size + sizeof(size) > kLast)
        return;
    memcpy(last, &size, sizeof(size));
    memcpy(last + sizeof(size), data, size);
}

// As types.cc: everything that a type says.
void Walk(const struct btf *btf) {
    for (uint32_t id = 0; id < btf__type_cnt(btf); id++) {
        const btf_type *type = btf__type_by_id(btf, id);
        const char *name = btf__name_by_offset(btf, type->name_off);
        sink = sink + (name ? strlen(name) : 0) + type->size;
        if (btf_is_composite(type)) {
            const btf_member *members = btf_members(type);
            for (uint32_t i = 0; i < btf_vlen(type); i++) {
                name = btf__name_by_offset(btf, members[i].name_off);
                sink = sink + (name ? strlen(name) : 0) + btf_member_bit_offset(type, i);
            }
        } else if (btf_is_enum(type)) {
            for (uint32_t i = 0; i < btf_vlen(type); i++) {
                name = btf__name_by_offset(btf, btf_enum(type)[i].name_off);
                sink = sink + (name ? strlen(name) : 0);
            }
        } else if (btf_is_enum64(type)) {
            for (uint32_t i = 0; i < btf_vlen(type); i++)
                sink = sink + btf_enum64_value(&btf_enum64(type)[i]);
        } else if (btf_is_array(type)) {
            sink = sink + btf_array(type)->nelems;
        } else if (btf_is_func_proto(type)) {
            for (uint32_t i = 0; i < btf_vlen(type); i++)
                sink = sink + btf_params(type)[i].type;
        } else if (btf_is_datasec(type)) {
            for (uint32_t i = 0; i < btf_vlen(type); i++)
                sink = sink + btf_var_secinfos(type)[i].offset;
        } else if (btf_is_decl_tag(type)) {
            sink = sink + static_cast<size_t>(btf_decl_tag(type)->component_idx);
        } else if (btf_is_int(type)) {
            sink = sink + btf_int_encoding(type);
        }
    }
}

} // namespace

extern "C" int LLVMFuzzerInitialize(int *, char ***) {
    libbpf_set_print(Silent);
    int fd = open("last-input", O_RDWR | O_CREAT, 0644);
    if (fd >= 0 && ftruncate(fd, kLast) == 0) {
        void *memory = mmap(nullptr, kLast, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
        last = memory == MAP_FAILED ? nullptr : static_cast<uint8_t *>(memory);
    }
    return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    Keep(data, size);
    if (!scxts::CheckObject(data, size).empty())
        return 0;
    LIBBPF_OPTS(bpf_object_open_opts, options, .object_name = "object");
    bpf_object *object = bpf_object__open_mem(data, size, &options);
    if (!object)
        return 0;
    bpf_map *map;
    bpf_object__for_each_map(map, object) {
        size_t bytes = 0;
        auto *initial = static_cast<uint8_t *>(bpf_map__initial_value(map, &bytes));
        // Not all of it: a section of zeros can say that it has 4 GiB.
        if (initial && bytes && bpf_map__type(map) != 33)
            sink = sink + initial[0] + initial[bytes - 1] + initial[bytes / 2];
        sink = sink + strlen(bpf_map__name(map)) + (bpf_map__inner_map(map) ? 1 : 0);
        // As configure.cc does: more room for a section, and none for what is to be an arena.
        if (bpf_map__is_internal(map) && bpf_map__value_size(map) < 1 << 20)
            bpf_map__set_value_size(map, bpf_map__value_size(map) * 2);
        bpf_map__set_pin_path(map, "/sys/fs/bpf/x");
        sink = sink + (bpf_map__pin_path(map) ? 1 : 0);
        // Of a data section it would have libbpf unmap what is behind it.
        if (!bpf_map__is_internal(map) && bpf_map__type(map) != BPF_MAP_TYPE_STRUCT_OPS)
            bpf_map__set_max_entries(map, 7);
    }
    bpf_program *program;
    bpf_object__for_each_program(program, object) {
        sink = sink + strlen(bpf_program__name(program)) +
               strlen(bpf_program__section_name(program)) + bpf_program__insn_cnt(program);
        bpf_program__set_autoload(program, false);
    }
    if (const struct btf *btf = bpf_object__btf(object))
        Walk(btf);
    bpf_object__close(object);
    return 0;
}
