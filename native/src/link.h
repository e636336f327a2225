// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once
#include <bpf/libbpf.h>
#include <napi.h>

namespace scxts {

// An attachment; destroying it detaches, and so does collecting it.
class BpfLink : public Napi::ObjectWrap<BpfLink> {
  public:
    static void Init(Napi::Env env);
    static Napi::Value Make(Napi::Env env, bpf_link *link);
    explicit BpfLink(const Napi::CallbackInfo &info);
    ~BpfLink() override;

  private:
    Napi::Value Id(const Napi::CallbackInfo &info);
    Napi::Value Destroy(const Napi::CallbackInfo &info);
    Napi::Value DestroyAsync(const Napi::CallbackInfo &info);
    bpf_link *link_ = nullptr;
};

} // namespace scxts
