// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once
#include <bpf/libbpf.h>

#include <string>

namespace scxts {

// What is wrong with where the object's arenas want to lie (map_extra), or "". libbpf maps them to that address
// over whatever the process has there.
std::string CheckArenaAddresses(const bpf_object *object);

} // namespace scxts
