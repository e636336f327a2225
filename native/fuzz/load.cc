// SPDX-License-Identifier: Apache-2.0 OR MIT
// libFuzzer's way into the load path: relocations, line information, maps and their initial values, with a kernel that takes everything.
// libbpf is compiled with its system calls going to PretendedSyscall(). native/fuzz/run builds and runs it.
#include <bpf/libbpf.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstdarg>
#include <cstdint>
#include <cstring>

#include "../src/object_check.h"

namespace {

int Silent(enum libbpf_print_level, const char *, va_list) { return 0; }

// A descriptor that can be mapped, as those of maps can.
int AnyDescriptor() { return open("/dev/zero", O_RDWR | O_CLOEXEC); }

long PretendedBpf(int command) {
    switch (command) {
    case BPF_MAP_CREATE:
    case BPF_PROG_LOAD:
    case BPF_BTF_LOAD:
    case BPF_LINK_CREATE:
        return AnyDescriptor();
    case BPF_OBJ_GET:
        errno = ENOENT;
        return -1;
    default:
        return 0;
    }
}

} // namespace

extern "C" long PretendedSyscall(long number, ...) {
    va_list list;
    va_start(list, number);
    long a = va_arg(list, long), b = va_arg(list, long), c = va_arg(list, long), d = va_arg(list, long),
         e = va_arg(list, long);
    va_end(list);
    return number == SYS_bpf ? PretendedBpf(static_cast<int>(a)) : syscall(number, a, b, c, d, e);
}

extern "C" int LLVMFuzzerInitialize(int *, char ***) {
    libbpf_set_print(Silent);
    return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (!scxts::CheckObject(data, size).empty())
        return 0;
    // The types of a kernel, small enough to be read each time: what relocations are looked up in.
    LIBBPF_OPTS(bpf_object_open_opts, options, .object_name = "object", .kconfig = "CONFIG_HZ=250\n",
                .btf_custom_path = "kernel.btf");
    bpf_object *object = bpf_object__open_mem(data, size, &options);
    if (!object)
        return 0;
    bpf_map *map;
    bpf_object__for_each_map(map, object) {
        // These need the kernel's own types, which take a hundred times as long to read; and memory is the machine's.
        if (bpf_map__type(map) == BPF_MAP_TYPE_STRUCT_OPS || bpf_map__type(map) == 33)
            bpf_map__set_autocreate(map, false);
        if (bpf_map__is_internal(map) && bpf_map__value_size(map) > 1 << 20) {
            bpf_object__close(object);
            return 0;
        }
    }
    bpf_program *program;
    bpf_object__for_each_program(program, object) {
        int type = bpf_program__type(program);
        if (type != BPF_PROG_TYPE_SYSCALL && type != BPF_PROG_TYPE_KPROBE)
            bpf_program__set_autoload(program, false);
    }
    bpf_object__load(object);
    bpf_object__close(object);
    return 0;
}
