// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once
#include <bpf/libbpf.h>
#include <napi.h>

#include <cstdint>
#include <memory>
#include <string>

#include "job.h"

namespace scxts {

// Of linux/bpf.h, whose installed copy may be older than the kernel.
constexpr uint32_t kMapTypeArena = 33;
constexpr uint32_t kSegvOnFault = 1u << 17;

// Owns libbpf's object. Shared with ArrayBuffers over memory that belongs to the object (arenas).
struct ObjectOwner {
    explicit ObjectOwner(bpf_object *opened) : object(opened) {}
    ~ObjectOwner() { bpf_object__close(object); }
    ObjectOwner(const ObjectOwner &) = delete;
    ObjectOwner &operator=(const ObjectOwner &) = delete;
    bpf_object *const object;
};

// A BPF object file: opened, then loaded. Every method checks that it is in the right phase.
class BpfObject : public Napi::ObjectWrap<BpfObject> {
  public:
    static void Init(Napi::Env env, Napi::Object exports);
    explicit BpfObject(const Napi::CallbackInfo &info);

  private:
    enum class Phase { Open, Loaded, Failed, Closed };

    // Open phase: object.cc describes, configure.cc sets.
    Napi::Value Maps(const Napi::CallbackInfo &info);
    Napi::Value Programs(const Napi::CallbackInfo &info);
    Napi::Value Types(const Napi::CallbackInfo &info);
    Napi::Value ReadInitial(const Napi::CallbackInfo &info);
    Napi::Value WriteInitial(const Napi::CallbackInfo &info);
    Napi::Value SetMaxEntries(const Napi::CallbackInfo &info);
    Napi::Value SetValueSize(const Napi::CallbackInfo &info);
    Napi::Value SetPinPath(const Napi::CallbackInfo &info);
    Napi::Value ReuseMap(const Napi::CallbackInfo &info);
    Napi::Value SetAutocreate(const Napi::CallbackInfo &info);
    Napi::Value SetAutoload(const Napi::CallbackInfo &info);
    Napi::Value SetLogLevel(const Napi::CallbackInfo &info);
    Napi::Value Load(const Napi::CallbackInfo &info);
    Napi::Value LoadAsync(const Napi::CallbackInfo &info);

    // Loaded phase: programs.cc.
    Napi::Value ProgramInfo(const Napi::CallbackInfo &info);
    Napi::Value Map(const Napi::CallbackInfo &info);
    Napi::Value Arena(const Napi::CallbackInfo &info);
    Napi::Value Run(const Napi::CallbackInfo &info);
    Napi::Value RunAsync(const Napi::CallbackInfo &info);
    Napi::Value AttachStructOps(const Napi::CallbackInfo &info);
    Napi::Value AttachStructOpsAsync(const Napi::CallbackInfo &info);
    Napi::Value Close(const Napi::CallbackInfo &info);

    // Loaded phase: tracing.cc.
    Napi::Value AttachProgram(const Napi::CallbackInfo &info);
    Napi::Value AttachProgramAsync(const Napi::CallbackInfo &info);
    Napi::Value AttachPerfEvent(const Napi::CallbackInfo &info);

    // The object for the length of a call: what the call itself leads to may close the handle. Maps and
    // programs point into it.
    using Held = std::shared_ptr<ObjectOwner>;
    Held Opened(Napi::Env env);
    Held Unloaded(Napi::Env env);
    Held LoadedObject(Napi::Env env);
    static bpf_map *FindMap(const Napi::CallbackInfo &info, const Held &held);
    static bpf_program *FindProgram(const Napi::CallbackInfo &info, const Held &held);
    static bpf_program *LoadedProgram(const Napi::CallbackInfo &info, const Held &held);
    static bpf_map *StructOpsMap(const Napi::CallbackInfo &info, const Held &held);

    // Apart from the handle, because work on another thread may outlive that.
    struct State {
        std::shared_ptr<ObjectOwner> owner;
        Phase phase = Phase::Closed;
        bool verbose = false;
        // Work on another thread is using the object; until it is done nothing else may.
        bool busy = false;
    };
    static Outcome LoadNow(ObjectOwner &owner, bool verbose);
    static Napi::Value AfterLoad(Napi::Env env, State &state, const Outcome &outcome);

    std::shared_ptr<State> state_ = std::make_shared<State>();
};

void InitKernel(Napi::Env env, Napi::Object exports);
void InitKernelFacts(Napi::Env env, Napi::Object exports);
Napi::Value ExportTypes(Napi::Env env, const struct btf *btf);

} // namespace scxts
