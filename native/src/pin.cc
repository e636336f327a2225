// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "pin.h"

#include <bpf/bpf.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <string>

#include "descriptor.h"

namespace scxts {

namespace {

constexpr long kBpfFileSystem = 0xcafe4a11; // BPF_FS_MAGIC of linux/magic.h

uint32_t IdOf(int map) {
    bpf_map_info about = {};
    uint32_t length = sizeof(about);
    return bpf_map_get_info_by_fd(map, &about, &length) ? 0 : about.id;
}

} // namespace

bool IsMap(int fd) {
    char name[64] = {};
    std::string link = "/proc/self/fd/" + std::to_string(fd);
    ssize_t length = readlink(link.c_str(), name, sizeof(name) - 1);
    return length > 0 && std::string(name) == "anon_inode:bpf-map";
}

PinResult RemovePin(int map, const std::string &path) {
    size_t slash = path.rfind('/');
    std::string name = slash == std::string::npos ? path : path.substr(slash + 1);
    std::string parent = slash == std::string::npos ? "." : path.substr(0, slash + 1);
    if (name.empty() || name == "." || name == "..")
        return {"it names no file"};
    // From here on the folder is the same, whatever is renamed meanwhile.
    Descriptor folder(open(parent.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
    if (folder.fd < 0)
        return {"its folder cannot be opened", errno};
    struct statfs system = {};
    if (fstatfs(folder.fd, &system))
        return {"its folder cannot be looked at", errno};
    if (static_cast<unsigned int>(system.f_type) != static_cast<unsigned int>(kBpfFileSystem))
        return {"it is not on a BPF file system"};
    struct stat about = {};
    if (fstatat(folder.fd, name.c_str(), &about, AT_SYMLINK_NOFOLLOW))
        return {"it cannot be looked at", errno};
    if (!S_ISREG(about.st_mode))
        return {"it is no pin, but a folder or a link"};
    std::string pinned = "/proc/self/fd/" + std::to_string(folder.fd) + "/" + name;
    Descriptor there(bpf_obj_get(pinned.c_str()));
    if (there.fd < 0)
        return {"what is pinned there cannot be opened", errno};
    if (!IsMap(there.fd) || IdOf(there.fd) != IdOf(map))
        return {"another thing is pinned there"};
    if (unlinkat(folder.fd, name.c_str(), 0))
        return {"it cannot be removed", errno};
    return {};
}

} // namespace scxts
