// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once
#include <bpf/libbpf.h>
#include <napi.h>

#include <memory>
#include <utility>

namespace scxts {

// A link that libbpf made, or one that the kernel was asked for directly: libbpf knows no options for some.
// Destroying it detaches, also on its way to its handle if that is never made.
class OwnedLink {
  public:
    OwnedLink() = default;
    explicit OwnedLink(bpf_link *link) : link_(link) {}
    static OwnedLink OfDescriptor(int fd) {
        OwnedLink link;
        link.fd_ = fd;
        return link;
    }
    OwnedLink(OwnedLink &&other) noexcept
        : link_(std::exchange(other.link_, nullptr)), fd_(std::exchange(other.fd_, -1)) {}
    OwnedLink &operator=(OwnedLink &&other) noexcept {
        std::swap(link_, other.link_);
        std::swap(fd_, other.fd_);
        return *this;
    }
    ~OwnedLink() { Destroy(); }

    explicit operator bool() const { return link_ || fd_ >= 0; }
    int Descriptor() const { return link_ ? bpf_link__fd(link_) : fd_; }
    // Detaches; 0 or a negative errno. A second call does nothing.
    int Destroy();

  private:
    bpf_link *link_ = nullptr;
    int fd_ = -1;
};

// An attachment; destroying it detaches, and so does collecting it.
class BpfLink : public Napi::ObjectWrap<BpfLink> {
  public:
    static void Init(Napi::Env env);
    static Napi::Value Make(Napi::Env env, OwnedLink link);
    explicit BpfLink(const Napi::CallbackInfo &info);

  private:
    Napi::Value Id(const Napi::CallbackInfo &info);
    Napi::Value Destroy(const Napi::CallbackInfo &info);
    Napi::Value DestroyAsync(const Napi::CallbackInfo &info);
    Napi::Value Read(const Napi::CallbackInfo &info);
    Napi::Value ReadAsync(const Napi::CallbackInfo &info);
    int CreateIterator(const Napi::CallbackInfo &info);
    OwnedLink link_;
};

} // namespace scxts
