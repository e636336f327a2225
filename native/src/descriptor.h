// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once
#include <unistd.h>

namespace scxts {

// A descriptor that is closed at the end of its scope.
struct Descriptor {
    explicit Descriptor(int opened) : fd(opened) {}
    ~Descriptor() {
        if (fd >= 0)
            close(fd);
    }
    Descriptor(const Descriptor &) = delete;
    Descriptor &operator=(const Descriptor &) = delete;
    const int fd;
};

} // namespace scxts
