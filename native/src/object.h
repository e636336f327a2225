// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once
#include <bpf/libbpf.h>
#include <napi.h>

#include <string>

namespace scxts {

// A BPF object file: opened, then loaded. Every method checks that it is still open.
class BpfObject : public Napi::ObjectWrap<BpfObject> {
  public:
    static void Init(Napi::Env env, Napi::Object exports);
    explicit BpfObject(const Napi::CallbackInfo &info);
    ~BpfObject() override;

  private:
    Napi::Value Maps(const Napi::CallbackInfo &info);
    Napi::Value Programs(const Napi::CallbackInfo &info);
    Napi::Value Types(const Napi::CallbackInfo &info);
    Napi::Value ReadInitial(const Napi::CallbackInfo &info);
    Napi::Value WriteInitial(const Napi::CallbackInfo &info);
    Napi::Value SetMaxEntries(const Napi::CallbackInfo &info);
    Napi::Value SetValueSize(const Napi::CallbackInfo &info);
    Napi::Value SetAutocreate(const Napi::CallbackInfo &info);
    Napi::Value SetAutoload(const Napi::CallbackInfo &info);
    Napi::Value Load(const Napi::CallbackInfo &info);
    Napi::Value Lookup(const Napi::CallbackInfo &info);
    Napi::Value Update(const Napi::CallbackInfo &info);
    Napi::Value Delete(const Napi::CallbackInfo &info);
    Napi::Value NextKey(const Napi::CallbackInfo &info);
    Napi::Value Pop(const Napi::CallbackInfo &info);
    Napi::Value Mmap(const Napi::CallbackInfo &info);
    Napi::Value Run(const Napi::CallbackInfo &info);
    Napi::Value AttachStructOps(const Napi::CallbackInfo &info);
    Napi::Value AttachProgram(const Napi::CallbackInfo &info);
    Napi::Value Drain(const Napi::CallbackInfo &info);
    Napi::Value Close(const Napi::CallbackInfo &info);

    bpf_object *Open(Napi::Env env);
    bpf_object *Unloaded(Napi::Env env);
    bpf_map *Map(const Napi::CallbackInfo &info, bool loaded);
    bpf_program *Program(const Napi::CallbackInfo &info);
    // Bytes of one value as user space sees it: per-CPU values are rounded up and repeated.
    size_t UserValueSize(const bpf_map *map);

    bpf_object *object_ = nullptr;
    bool loaded_ = false;
};

// An attachment; destroying it detaches.
class BpfLink : public Napi::ObjectWrap<BpfLink> {
  public:
    static void Init(Napi::Env env, Napi::Object exports);
    static Napi::Value Make(Napi::Env env, bpf_link *link);
    explicit BpfLink(const Napi::CallbackInfo &info);
    ~BpfLink() override;

  private:
    Napi::Value Destroy(const Napi::CallbackInfo &info);
    bpf_link *link_ = nullptr;
};

void InitKernel(Napi::Env env, Napi::Object exports);
Napi::Value ExportTypes(Napi::Env env, const struct btf *btf);

} // namespace scxts
