// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once
#include <string>

namespace scxts {

// Whether a descriptor is of a map. The kernel fills in struct bpf_map_info for programs and links too.
bool IsMap(int fd);

// Why a pin was not removed, and the errno of the call that failed, 0 where none did; `why` is empty if it was.
struct PinResult {
    std::string why;
    int error = 0;
};

// Removes `path` if it is a pin, on a BPF file system, of the map that `map` is a descriptor of.
PinResult RemovePin(int map, const std::string &path);

} // namespace scxts
