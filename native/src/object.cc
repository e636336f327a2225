// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "object.h"

#include <bpf/btf.h>

#include <cerrno>
#include <memory>
#include <new>
#include <string>

#include "arena_address.h"
#include "errors.h"
#include "object_check.h"
#include "properties.h"

namespace scxts {

void BpfObject::Init(Napi::Env env, Napi::Object exports) {
    exports.Set(
        "BpfObject",
        DefineClass(env, "BpfObject",
                    {
                        InstanceMethod<&BpfObject::Maps>("maps"),
                        InstanceMethod<&BpfObject::Programs>("programs"),
                        InstanceMethod<&BpfObject::Types>("types"),
                        InstanceMethod<&BpfObject::ReadInitial>("readInitial"),
                        InstanceMethod<&BpfObject::WriteInitial>("writeInitial"),
                        InstanceMethod<&BpfObject::SetMaxEntries>("setMaxEntries"),
                        InstanceMethod<&BpfObject::SetValueSize>("setValueSize"),
                        InstanceMethod<&BpfObject::SetPinPath>("setPinPath"),
                        InstanceMethod<&BpfObject::ReuseMap>("reuseMap"),
                        InstanceMethod<&BpfObject::SetAutoload>("setAutoload"),
                        InstanceMethod<&BpfObject::SetAutocreate>("setAutocreate"),
                        InstanceMethod<&BpfObject::SetLogLevel>("setLogLevel"),
                        InstanceMethod<&BpfObject::Load>("load"),
                        InstanceMethod<&BpfObject::LoadAsync>("loadAsync"),
                        InstanceMethod<&BpfObject::ProgramInfo>("programInfo"),
                        InstanceMethod<&BpfObject::Map>("map"),
                        InstanceMethod<&BpfObject::Arena>("arena"),
                        InstanceMethod<&BpfObject::Run>("run"),
                        InstanceMethod<&BpfObject::RunAsync>("runAsync"),
                        InstanceMethod<&BpfObject::AttachStructOps>("attachStructOps"),
                        InstanceMethod<&BpfObject::AttachStructOpsAsync>("attachStructOpsAsync"),
                        InstanceMethod<&BpfObject::AttachProgram>("attachProgram"),
                        InstanceMethod<&BpfObject::AttachProgramAsync>("attachProgramAsync"),
                        InstanceMethod<&BpfObject::AttachPerfEvent>("attachPerfEvent"),
                        InstanceMethod<&BpfObject::Close>("close"),
                    }));
}

// new BpfObject(bytes, name, kconfig): the bytes of an object file; libbpf copies what it needs of them. A
// file is read by the runtime: one that is cut short while libelf has it mapped would be SIGBUS.
BpfObject::BpfObject(const Napi::CallbackInfo &info) : Napi::ObjectWrap<BpfObject>(info) {
    Bytes bytes = BytesArgument(info, 0, "object");
    std::string name = StringArgument(info, 1, "name");
    // What libbpf takes of the kernel's configuration before it looks for the file.
    std::string kconfig = info.Length() > 2 && info[2].IsString()
                              ? info[2].As<Napi::String>().Utf8Value()
                              : std::string();
    LogCapture log;
    std::string wrong = CheckObject(bytes.data, bytes.size);
    if (!wrong.empty())
        throw MakeError(info.Env(), "ERR_OPEN", "cannot open the BPF object: " + wrong);
    LIBBPF_OPTS(bpf_object_open_opts, options, .object_name = name.c_str(),
                .kconfig = kconfig.empty() ? nullptr : kconfig.c_str());
    bpf_object *object = bpf_object__open_mem(bytes.data, bytes.size, &options);
    if (!object)
        throw MakeError(info.Env(), "ERR_OPEN", "cannot open the BPF object", errno, log.text());
    state_->owner = std::make_shared<ObjectOwner>(object);
    state_->phase = Phase::Open;
}

BpfObject::Held BpfObject::Opened(Napi::Env env) {
    if (state_->busy)
        throw MakeError(env, "ERR_PHASE", "the object is being loaded; await that first");
    if (state_->phase == Phase::Closed)
        throw MakeError(env, "ERR_CLOSED", "the object is closed");
    return state_->owner;
}

BpfObject::Held BpfObject::Unloaded(Napi::Env env) {
    Held held = Opened(env);
    if (state_->phase != Phase::Open)
        throw MakeError(env, "ERR_PHASE",
                        "the object is loaded already; this is possible before load() only");
    return held;
}

BpfObject::Held BpfObject::LoadedObject(Napi::Env env) {
    Held held = Opened(env);
    if (state_->phase == Phase::Open)
        throw MakeError(env, "ERR_PHASE", "the object is not loaded yet; call load() first");
    if (state_->phase == Phase::Failed)
        throw MakeError(env, "ERR_PHASE", "the object did not load; open it anew");
    return held;
}

bpf_map *BpfObject::FindMap(const Napi::CallbackInfo &info, const Held &held) {
    std::string name = StringArgument(info, 0, "map");
    bpf_map *map = bpf_object__find_map_by_name(held->object, name.c_str());
    if (!map)
        throw MakeError(info.Env(), "ERR_NO_MAP", "the object has no map '" + name + "'");
    return map;
}

bpf_program *BpfObject::FindProgram(const Napi::CallbackInfo &info, const Held &held) {
    std::string name = StringArgument(info, 0, "program");
    bpf_program *program = bpf_object__find_program_by_name(held->object, name.c_str());
    if (!program)
        throw MakeError(info.Env(), "ERR_NO_PROGRAM", "the object has no program '" + name + "'");
    return program;
}

namespace {

// A map as the object file describes it, with that of its inner maps.
Napi::Object Describe(Napi::Env env, const bpf_map *map) {
    Napi::Object entry = Napi::Object::New(env);
    const char *pin = bpf_map__pin_path(map);
    SetOwn(entry, "name", bpf_map__name(map));
    SetOwn(entry, "type", static_cast<double>(bpf_map__type(map)));
    SetOwn(entry, "keySize", bpf_map__key_size(map));
    SetOwn(entry, "valueSize", bpf_map__value_size(map));
    SetOwn(entry, "maxEntries", bpf_map__max_entries(map));
    SetOwn(entry, "flags", bpf_map__map_flags(map));
    SetOwn(entry, "keyType", bpf_map__btf_key_type_id(map));
    SetOwn(entry, "valueType", bpf_map__btf_value_type_id(map));
    SetOwn(entry, "internal", bpf_map__is_internal(map));
    SetOwn(entry, "pinPath", pin ? Napi::Value::From(env, pin) : env.Null());
    const bpf_map *inner = bpf_map__inner_map(const_cast<bpf_map *>(map));
    SetOwn(entry, "inner", inner ? Describe(env, inner) : env.Null());
    return entry;
}

} // namespace

Napi::Value BpfObject::Maps(const Napi::CallbackInfo &info) {
    Napi::Env env = info.Env();
    Held held = Opened(env);
    Napi::Array out = Napi::Array::New(env);
    bpf_map *map;
    bpf_object__for_each_map(map, held->object) SetOwn(out, out.Length(), Describe(env, map));
    return out;
}

Napi::Value BpfObject::Programs(const Napi::CallbackInfo &info) {
    Napi::Env env = info.Env();
    Held held = Opened(env);
    Napi::Array out = Napi::Array::New(env);
    bpf_program *program;
    bpf_object__for_each_program(program, held->object) {
        Napi::Object entry = Napi::Object::New(env);
        SetOwn(entry, "name", bpf_program__name(program));
        SetOwn(entry, "section", bpf_program__section_name(program));
        SetOwn(entry, "type", static_cast<double>(bpf_program__type(program)));
        SetOwn(entry, "autoload", bpf_program__autoload(program));
        SetOwn(entry, "instructions", static_cast<double>(bpf_program__insn_cnt(program)));
        SetOwn(out, out.Length(), entry);
    }
    return out;
}

Napi::Value BpfObject::Types(const Napi::CallbackInfo &info) {
    Held held = Opened(info.Env());
    const struct btf *btf = bpf_object__btf(held->object);
    if (!btf)
        throw MakeError(info.Env(), "ERR_NO_BTF", "the object has no BTF; compile it with -g");
    return ExportTypes(info.Env(), btf);
}

Outcome BpfObject::LoadNow(ObjectOwner &owner, bool verbose) {
    Outcome out;
    out.log = CheckArenaAddresses(owner.object);
    out.error = EADDRINUSE;
    if (!out.log.empty())
        return out;
    LogCapture log(verbose);
    out.error = -bpf_object__load(owner.object);
    out.log = log.text();
    return out;
}

// Gives what libbpf said: warnings of a load that worked, and logs if a log level is set.
Napi::Value BpfObject::AfterLoad(Napi::Env env, State &state, const Outcome &outcome) {
    state.busy = false;
    state.phase = outcome.error ? Phase::Failed : Phase::Loaded;
    if (outcome.error)
        throw MakeError(env, "ERR_LOAD", "the kernel did not load the object", outcome.error,
                        outcome.log);
    return Napi::String::New(env, outcome.log);
}

Napi::Value BpfObject::Load(const Napi::CallbackInfo &info) {
    Held held = Unloaded(info.Env());
    return AfterLoad(info.Env(), *state_, LoadNow(*held, state_->verbose));
}

// The same on another thread: a large scheduler is verified for hundreds of milliseconds.
Napi::Value BpfObject::LoadAsync(const Napi::CallbackInfo &info) {
    Napi::Value promise = Job::Start(
        info.This().As<Napi::Object>(),
        [held = Unloaded(info.Env()), verbose = state_->verbose] { return LoadNow(*held, verbose); },
        [state = state_](Napi::Env env, const Outcome &outcome) {
            return AfterLoad(env, *state, outcome);
        });
    state_->busy = true;
    return promise;
}

Napi::Value BpfObject::Close(const Napi::CallbackInfo &info) {
    if (state_->busy)
        throw MakeError(info.Env(), "ERR_PHASE", "the object is being loaded; await that first");
    state_->owner.reset();
    state_->phase = Phase::Closed;
    return info.Env().Undefined();
}

} // namespace scxts
