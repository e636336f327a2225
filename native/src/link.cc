// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "errors.h"
#include "object.h"

namespace scxts {

namespace {
struct AddonData {
    Napi::FunctionReference link;
};
} // namespace

void BpfLink::Init(Napi::Env env, Napi::Object exports) {
    auto *data = new AddonData;
    data->link = Napi::Persistent(DefineClass(env, "BpfLink", {InstanceMethod<&BpfLink::Destroy>("destroy")}));
    env.SetInstanceData(data);
}

Napi::Value BpfLink::Make(Napi::Env env, bpf_link *link) {
    auto *data = env.GetInstanceData<AddonData>();
    return data->link.New({Napi::External<bpf_link>::New(env, link)});
}

BpfLink::BpfLink(const Napi::CallbackInfo &info) : Napi::ObjectWrap<BpfLink>(info) {
    if (!info[0].IsExternal())
        throw MakeError(info.Env(), "ERR_ARGUMENT", "links are made by attaching");
    link_ = info[0].As<Napi::External<bpf_link>>().Data();
}

BpfLink::~BpfLink() {
    if (link_)
        bpf_link__destroy(link_);
}

// Detaches; a second call does nothing.
Napi::Value BpfLink::Destroy(const Napi::CallbackInfo &info) {
    bpf_link *link = link_;
    link_ = nullptr;
    int error = link ? bpf_link__destroy(link) : 0;
    if (error)
        throw MakeError(info.Env(), "ERR_DETACH", "cannot detach", -error);
    return info.Env().Undefined();
}

} // namespace scxts
