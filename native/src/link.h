// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once
#include <bpf/libbpf.h>
#include <napi.h>

#include <memory>

namespace scxts {

// A link on its way to its handle: if that is never made, it is detached.
struct LinkDeleter {
    void operator()(bpf_link *link) const { bpf_link__destroy(link); }
};
using OwnedLink = std::unique_ptr<bpf_link, LinkDeleter>;

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
