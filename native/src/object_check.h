// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>

namespace scxts {

// What is wrong with the bytes of an object file, or "". libbpf trusts a few things that a damaged or
// hostile file can get wrong, and reads behind the end of a section then; they are checked before.
std::string CheckObject(const uint8_t *data, size_t size);

} // namespace scxts
