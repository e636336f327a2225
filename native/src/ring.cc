// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "ring.h"

#include <bpf/bpf.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstring>
#include <memory>

#include "addon_data.h"
#include "errors.h"
#include "properties.h"
#include "ring_waiter.h"

namespace scxts {

// Longer, and timers and signals of the process would seem to be lost.
static constexpr uint32_t kMaxBlockMs = 1000;

RingMemory::RingMemory(int fd, size_t size, int *error)
    : size_(size), page_(static_cast<size_t>(sysconf(_SC_PAGESIZE))) {
    *error = 0;
    void *consumer = mmap(nullptr, page_, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (consumer == MAP_FAILED) {
        *error = errno;
        return;
    }
    consumer_ = static_cast<uint8_t *>(consumer);
    void *producer = mmap(nullptr, page_ + 2 * size_, PROT_READ, MAP_SHARED, fd,
                          static_cast<off_t>(page_));
    if (producer == MAP_FAILED)
        *error = errno;
    else
        producer_ = static_cast<uint8_t *>(producer);
}

RingMemory::~RingMemory() {
    if (consumer_)
        munmap(consumer_, page_);
    if (producer_)
        munmap(producer_, page_ + 2 * size_);
}

size_t RingMemory::Waiting() const {
    auto *consumer = reinterpret_cast<unsigned long *>(consumer_);
    auto *producer = reinterpret_cast<unsigned long *>(producer_);
    return __atomic_load_n(producer, __ATOMIC_ACQUIRE) - __atomic_load_n(consumer, __ATOMIC_ACQUIRE);
}

size_t RingMemory::Drain(uint8_t *out, size_t room, uint32_t limit, uint32_t *records,
                         size_t *needed) {
    auto *position = reinterpret_cast<unsigned long *>(consumer_);
    auto *producer = reinterpret_cast<unsigned long *>(producer_);
    const uint8_t *data = producer_ + page_;
    unsigned long at = __atomic_load_n(position, __ATOMIC_ACQUIRE);
    unsigned long end = __atomic_load_n(producer, __ATOMIC_ACQUIRE);
    size_t written = 0;
    *records = 0;
    *needed = 0;
    // Another process with this map could move the consumer's position: never trust it.
    if (end - at > size_)
        return 0;
    while (at != end && *records < limit) {
        const uint8_t *header = data + (at & (size_ - 1));
        uint32_t word = __atomic_load_n(reinterpret_cast<const uint32_t *>(header), __ATOMIC_ACQUIRE);
        if (word & BPF_RINGBUF_BUSY_BIT)
            break;
        size_t length = word & ~(BPF_RINGBUF_BUSY_BIT | BPF_RINGBUF_DISCARD_BIT);
        size_t step = RoundUp(length + BPF_RINGBUF_HDR_SZ, 8);
        if (step > end - at)
            break;
        if (!(word & BPF_RINGBUF_DISCARD_BIT)) {
            if (step > room - written) {
                if (!*records)
                    *needed = step;
                break;
            }
            uint32_t head[2] = {static_cast<uint32_t>(length), 0};
            memcpy(out + written, head, sizeof(head));
            // Whole words: what lies behind the record is its own padding.
            memcpy(out + written + 8, header + BPF_RINGBUF_HDR_SZ, step - BPF_RINGBUF_HDR_SZ);
            written += step;
            ++*records;
        }
        at += step;
    }
    __atomic_store_n(position, at, __ATOMIC_RELEASE);
    return written;
}

void BpfRing::Init(Napi::Env env) {
    env.GetInstanceData<AddonData>()->ring =
        Napi::Persistent(DefineClass(env, "BpfRing",
                                     {
                                         InstanceMethod<&BpfRing::Drain>("drain"),
                                         InstanceMethod<&BpfRing::Waiting>("waiting"),
                                         InstanceMethod<&BpfRing::Wait>("wait"),
                                         InstanceMethod<&BpfRing::WaitSync>("waitSync"),
                                         InstanceMethod<&BpfRing::Close>("close"),
                                     }));
}

Napi::Value BpfRing::FromFd(Napi::Env env, int fd) {
    auto *data = env.GetInstanceData<AddonData>();
    data->pendingFd = fd;
    try {
        Napi::Value made = data->ring.New({});
        data->pendingFd = -1;
        return made;
    } catch (...) {
        data->pendingFd = -1;
        throw;
    }
}

BpfRing::BpfRing(const Napi::CallbackInfo &info) : Napi::ObjectWrap<BpfRing>(info) {
    int fd = info.Env().GetInstanceData<AddonData>()->pendingFd;
    bpf_map_info about = {};
    uint32_t length = sizeof(about);
    if (fd < 0 || bpf_map_get_info_by_fd(fd, &about, &length))
        throw MakeError(info.Env(), "ERR_ARGUMENT", "rings are made from maps");
    int error = 0;
    memory_ = std::make_unique<RingMemory>(fd, about.max_entries, &error);
    fd_ = error ? -1 : fcntl(fd, F_DUPFD_CLOEXEC, 3);
    if (fd_ < 0)
        throw MakeError(info.Env(), "ERR_MAP", "cannot open the ring buffer", error ? error : errno);
}

BpfRing::~BpfRing() {
    // Its thread polls the descriptor.
    waiter_.reset();
    if (fd_ >= 0)
        close(fd_);
}

// drain(out, limit): records packed as u32 length, u32 0, bytes padded to 8. Gives the bytes written,
// or -1 - bytes if the first record needs more room than there is.
Napi::Value BpfRing::Drain(const Napi::CallbackInfo &info) {
    if (!memory_)
        throw MakeError(info.Env(), "ERR_CLOSED", "the ring is closed");
    Bytes out = BytesArgument(info, 0, "out");
    uint32_t limit = NumberArgument(info, 1, "limit");
    uint32_t records;
    size_t needed;
    size_t written = memory_->Drain(out.data, out.size, limit, &records, &needed);
    return Napi::Number::New(info.Env(), needed ? -1 - static_cast<double>(needed)
                                                : static_cast<double>(written));
}

// waiting(): bytes in the ring that have not been read, of how many that it holds: [n, size].
Napi::Value BpfRing::Waiting(const Napi::CallbackInfo &info) {
    if (!memory_)
        throw MakeError(info.Env(), "ERR_CLOSED", "the ring is closed");
    Napi::Array out = Napi::Array::New(info.Env(), 2);
    SetOwn(out, 0u, static_cast<double>(memory_->Waiting()));
    SetOwn(out, 1u, static_cast<double>(memory_->size()));
    return out;
}

// wait(pause, callback): calls back once when there is something to read, after `pause` ms at the
// earliest. Only one wait at a time; close() calls back too.
Napi::Value BpfRing::Wait(const Napi::CallbackInfo &info) {
    if (!memory_)
        throw MakeError(info.Env(), "ERR_CLOSED", "the ring is closed");
    uint32_t pause = NumberArgument(info, 0, "pause");
    if (!info[1].IsFunction())
        throw MakeError(info.Env(), "ERR_ARGUMENT", "callback must be a function");
    if (!waiter_) {
        int error = 0;
        waiter_ = RingWaiter::Make(info.Env(), fd_, &error);
        if (!waiter_)
            throw MakeError(info.Env(), "ERR_MAP", "cannot wait for the ring buffer", error);
    }
    if (!waiter_->Start(info.Env(), info[1].As<Napi::Function>(), pause))
        throw MakeError(info.Env(), "ERR_PHASE", "the ring is waited for already");
    return info.Env().Undefined();
}

// waitSync(ms): blocks this thread until there is something to read; false if nothing came, or a signal did.
Napi::Value BpfRing::WaitSync(const Napi::CallbackInfo &info) {
    if (!memory_)
        throw MakeError(info.Env(), "ERR_CLOSED", "the ring is closed");
    uint32_t ms = NumberArgument(info, 0, "ms");
    if (ms > kMaxBlockMs)
        throw MakeError(info.Env(), "ERR_ARGUMENT", "a thread of JavaScript blocks for 1000 ms at most");
    pollfd ring = {fd_, POLLIN, 0};
    int ready = poll(&ring, 1, static_cast<int>(ms));
    return Napi::Boolean::New(info.Env(), ready > 0 && (ring.revents & POLLIN));
}

Napi::Value BpfRing::Close(const Napi::CallbackInfo &info) {
    waiter_.reset();
    memory_.reset();
    if (fd_ >= 0)
        close(fd_);
    fd_ = -1;
    return info.Env().Undefined();
}

} // namespace scxts
