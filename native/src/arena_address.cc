// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "arena_address.h"

#include <unistd.h>

#include <cinttypes>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>

#include "object.h"

namespace scxts {

namespace {

// Whether the process has memory anywhere from `begin` up to `end`; if that cannot be told, it has.
bool InUse(uint64_t begin, uint64_t end) {
    std::unique_ptr<FILE, int (*)(FILE *)> maps(fopen("/proc/self/maps", "re"), fclose);
    if (!maps)
        return true;
    char line[4096];
    while (fgets(line, sizeof(line), maps.get())) {
        uint64_t from = 0, to = 0;
        if (sscanf(line, "%" SCNx64 "-%" SCNx64, &from, &to) == 2 && from < end && begin < to)
            return true;
    }
    return false;
}

} // namespace

std::string CheckArenaAddresses(const bpf_object *object) {
    auto page = static_cast<uint64_t>(sysconf(_SC_PAGESIZE));
    bpf_map *map;
    bpf_object__for_each_map(map, object) {
        uint64_t address = bpf_map__map_extra(map);
        if (static_cast<uint32_t>(bpf_map__type(map)) != kMapTypeArena || !address)
            continue;
        uint64_t size = bpf_map__max_entries(map) * page;
        if (address + size < address || InUse(address, address + size))
            return std::string("arena '") + bpf_map__name(map) +
                   "' is declared at an address (map_extra) where this process has other memory";
    }
    return "";
}

} // namespace scxts
