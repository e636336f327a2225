// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "pidfd.h"

#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>

#include "errors.h"

namespace scxts {

namespace {
constexpr unsigned kPidfdThread = 0200; // PIDFD_THREAD: any thread, since Linux 6.9
} // namespace

int PidfdOpen(uint32_t pid) {
    if (pid == 0 || pid > INT32_MAX)
        return -ESRCH;
    long fd = syscall(SYS_pidfd_open, static_cast<pid_t>(pid), kPidfdThread);
    if (fd < 0 && errno == EINVAL)
        fd = syscall(SYS_pidfd_open, static_cast<pid_t>(pid), 0);
    return fd < 0 ? -errno : static_cast<int>(fd);
}

Napi::Error NoProcess(Napi::Env env, uint32_t pid, int error) {
    return MakeError(env, "ERR_NO_PROCESS", "there is no process " + std::to_string(pid), error);
}

} // namespace scxts
