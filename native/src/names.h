// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once
#include <cctype>
#include <cstring>

namespace scxts {

// In ASCII without control characters. Types have spaces in their names: `long int`.
inline bool IsPrintable(const char *name) {
    for (; *name; name++)
        if (*name < ' ' || *name > '~')
            return false;
    return true;
}

// Of what the kernel has names for too: functions, and variables, which maps are. `__proto__` would be no
// property of a JavaScript object.
inline bool IsIdentifier(const char *name) {
    if (!*name || !strcmp(name, "__proto__"))
        return false;
    for (; *name; name++)
        if (!isalnum(static_cast<unsigned char>(*name)) && !strchr("_.$", *name))
            return false;
    return true;
}

} // namespace scxts
