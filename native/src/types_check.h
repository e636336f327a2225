// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once
#include <bpf/btf.h>

#include <string>

namespace scxts {

// What is wrong with the types of an object, or "": libbpf follows them, and writes by them, without a look
// at where they lead. BTF of which btf__new() has checked ids and offsets of names.
std::string CheckTypes(const btf *btf);

} // namespace scxts
