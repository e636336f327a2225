// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "link.h"

#include <bpf/bpf.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "addon_data.h"
#include "errors.h"
#include "job.h"

namespace scxts {

int OwnedLink::Destroy() {
    bpf_link *link = std::exchange(link_, nullptr);
    int fd = std::exchange(fd_, -1);
    if (link)
        return bpf_link__destroy(link);
    return fd >= 0 && close(fd) ? -errno : 0;
}

void BpfLink::Init(Napi::Env env) {
    env.GetInstanceData<AddonData>()->link =
        Napi::Persistent(DefineClass(env, "BpfLink",
                                     {
                                         InstanceMethod<&BpfLink::Id>("id"),
                                         InstanceMethod<&BpfLink::Destroy>("destroy"),
                                         InstanceMethod<&BpfLink::DestroyAsync>("destroyAsync"),
                                         InstanceMethod<&BpfLink::Read>("read"),
                                         InstanceMethod<&BpfLink::ReadAsync>("readAsync"),
                                     }));
}

Napi::Value BpfLink::Make(Napi::Env env, OwnedLink link) {
    auto *data = env.GetInstanceData<AddonData>();
    data->pendingLink = &link;
    try {
        Napi::Value made = data->link.New({});
        data->pendingLink = nullptr;
        return made;
    } catch (...) {
        data->pendingLink = nullptr;
        throw;
    }
}

BpfLink::BpfLink(const Napi::CallbackInfo &info) : Napi::ObjectWrap<BpfLink>(info) {
    OwnedLink *pending = info.Env().GetInstanceData<AddonData>()->pendingLink;
    if (pending)
        link_ = std::move(*pending);
    else
        throw MakeError(info.Env(), "ERR_ARGUMENT", "links are made by attaching");
}

// id(): the kernel's id of the link, 0 where the attachment is no link (old perf events).
Napi::Value BpfLink::Id(const Napi::CallbackInfo &info) {
    bpf_link_info about = {};
    uint32_t size = sizeof(about);
    if (!link_ || bpf_link_get_info_by_fd(link_.Descriptor(), &about, &size))
        return Napi::Number::New(info.Env(), 0);
    return Napi::Number::New(info.Env(), about.id);
}

// Detaches; a second call does nothing.
Napi::Value BpfLink::Destroy(const Napi::CallbackInfo &info) {
    int error = link_.Destroy();
    if (error)
        throw MakeError(info.Env(), "ERR_DETACH", "cannot detach", -error);
    return info.Env().Undefined();
}

// The same on another thread: taking a scheduler away moves every task of the machine.
Napi::Value BpfLink::DestroyAsync(const Napi::CallbackInfo &info) {
    auto link = std::make_shared<OwnedLink>(std::move(link_));
    return Job::Start(
        info.This().As<Napi::Object>(),
        [link] {
            Outcome out;
            out.error = -link->Destroy();
            return out;
        },
        [](Napi::Env env, const Outcome &outcome) -> Napi::Value {
            if (outcome.error)
                throw MakeError(env, "ERR_DETACH", "cannot detach", outcome.error);
            return env.Undefined();
        });
}

namespace {

// Walks all objects: the kernel gives text until there are none left.
Outcome ReadAll(int fd, std::string &text) {
    Outcome out;
    std::vector<char> buffer(64 * 1024);
    for (;;) {
        ssize_t got = read(fd, buffer.data(), buffer.size());
        if (got > 0) {
            text.append(buffer.data(), got);
            continue;
        }
        // EAGAIN: many objects and no text yet (bpf_seq_read() in kernel/bpf/bpf_iter.c).
        if (got < 0 && (errno == EAGAIN || errno == EINTR))
            continue;
        out.error = got < 0 ? errno : 0;
        break;
    }
    close(fd);
    return out;
}

Napi::Value WhatWasRead(Napi::Env env, const Outcome &outcome, const std::string &text) {
    if (outcome.error)
        throw MakeError(env, "ERR_READ", "cannot read the iterator", outcome.error);
    return Napi::Buffer<char>::Copy(env, text.data(), text.size());
}

} // namespace

int BpfLink::CreateIterator(const Napi::CallbackInfo &info) {
    if (!link_)
        throw MakeError(info.Env(), "ERR_CLOSED", "the program is detached");
    int fd = bpf_iter_create(link_.Descriptor());
    if (fd < 0)
        throw MakeError(info.Env(), "ERR_READ", "the kernel made no iterator of the program",
                        errno);
    return fd;
}

// read(): runs an iterator over all of its objects; a Buffer of what it wrote.
Napi::Value BpfLink::Read(const Napi::CallbackInfo &info) {
    std::string text;
    Outcome outcome = ReadAll(CreateIterator(info), text);
    return WhatWasRead(info.Env(), outcome, text);
}

// The same on another thread: a walk over every task of the machine takes its time.
Napi::Value BpfLink::ReadAsync(const Napi::CallbackInfo &info) {
    int fd = CreateIterator(info);
    auto text = std::make_shared<std::string>();
    return Job::Start(
        info.This().As<Napi::Object>(), [fd, text] { return ReadAll(fd, *text); },
        [text](Napi::Env env, const Outcome &outcome) { return WhatWasRead(env, outcome, *text); });
}

} // namespace scxts
