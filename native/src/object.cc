// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "object.h"

#include <bpf/bpf.h>
#include <bpf/btf.h>

#include <cerrno>
#include <cstring>

#include "errors.h"

namespace scxts {

void BpfObject::Init(Napi::Env env, Napi::Object exports) {
    exports.Set("BpfObject", DefineClass(env, "BpfObject",
                                         {
                                             InstanceMethod<&BpfObject::Maps>("maps"),
                                             InstanceMethod<&BpfObject::Programs>("programs"),
                                             InstanceMethod<&BpfObject::Types>("types"),
                                             InstanceMethod<&BpfObject::ReadInitial>("readInitial"),
                                             InstanceMethod<&BpfObject::WriteInitial>("writeInitial"),
                                             InstanceMethod<&BpfObject::SetMaxEntries>("setMaxEntries"),
                                             InstanceMethod<&BpfObject::SetValueSize>("setValueSize"),
                                             InstanceMethod<&BpfObject::SetAutoload>("setAutoload"),
                                             InstanceMethod<&BpfObject::SetAutocreate>("setAutocreate"),
                                             InstanceMethod<&BpfObject::Load>("load"),
                                             InstanceMethod<&BpfObject::Lookup>("lookup"),
                                             InstanceMethod<&BpfObject::Update>("update"),
                                             InstanceMethod<&BpfObject::Delete>("delete"),
                                             InstanceMethod<&BpfObject::NextKey>("nextKey"),
                                             InstanceMethod<&BpfObject::Pop>("pop"),
                                             InstanceMethod<&BpfObject::Mmap>("mmap"),
                                             InstanceMethod<&BpfObject::Run>("run"),
                                             InstanceMethod<&BpfObject::AttachStructOps>("attachStructOps"),
                                             InstanceMethod<&BpfObject::AttachProgram>("attachProgram"),
                                             InstanceMethod<&BpfObject::Drain>("drain"),
                                             InstanceMethod<&BpfObject::Close>("close"),
                                         }));
}

// new BpfObject(path | Uint8Array)
BpfObject::BpfObject(const Napi::CallbackInfo &info) : Napi::ObjectWrap<BpfObject>(info) {
    LogCapture log;
    if (info[0].IsString()) {
        std::string path = info[0].As<Napi::String>();
        object_ = bpf_object__open_file(path.c_str(), nullptr);
    } else {
        Bytes bytes = BytesArgument(info, 0, "object");
        LIBBPF_OPTS(bpf_object_open_opts, options, .object_name = "object");
        object_ = bpf_object__open_mem(bytes.data, bytes.size, &options);
    }
    if (!object_)
        throw MakeError(info.Env(), "ERR_OPEN", "cannot open the BPF object", errno, log.text());
}

BpfObject::~BpfObject() {
    if (object_)
        bpf_object__close(object_);
}

bpf_object *BpfObject::Open(Napi::Env env) {
    if (!object_)
        throw MakeError(env, "ERR_CLOSED", "the object is closed");
    return object_;
}

bpf_object *BpfObject::Unloaded(Napi::Env env) {
    Open(env);
    if (loaded_)
        throw MakeError(env, "ERR_PHASE", "the object is loaded already; this is possible before load() only");
    return object_;
}

bpf_map *BpfObject::Map(const Napi::CallbackInfo &info, bool loaded) {
    bpf_object *object = Open(info.Env());
    std::string name = StringArgument(info, 0, "map");
    if (loaded && !loaded_)
        throw MakeError(info.Env(), "ERR_PHASE", "the object is not loaded yet; call load() first");
    bpf_map *map = bpf_object__find_map_by_name(object, name.c_str());
    if (!map)
        throw MakeError(info.Env(), "ERR_NO_MAP", "the object has no map '" + name + "'");
    return map;
}

bpf_program *BpfObject::Program(const Napi::CallbackInfo &info) {
    std::string name = StringArgument(info, 0, "program");
    bpf_program *program = bpf_object__find_program_by_name(Open(info.Env()), name.c_str());
    if (!program)
        throw MakeError(info.Env(), "ERR_NO_PROGRAM", "the object has no program '" + name + "'");
    return program;
}

Napi::Value BpfObject::Maps(const Napi::CallbackInfo &info) {
    Napi::Env env = info.Env();
    Napi::Array out = Napi::Array::New(env);
    bpf_map *map;
    bpf_object__for_each_map(map, Open(env)) {
        Napi::Object entry = Napi::Object::New(env);
        entry.Set("name", bpf_map__name(map));
        entry.Set("type", static_cast<double>(bpf_map__type(map)));
        entry.Set("keySize", bpf_map__key_size(map));
        entry.Set("valueSize", bpf_map__value_size(map));
        entry.Set("maxEntries", bpf_map__max_entries(map));
        entry.Set("flags", bpf_map__map_flags(map));
        entry.Set("keyType", bpf_map__btf_key_type_id(map));
        entry.Set("valueType", bpf_map__btf_value_type_id(map));
        out.Set(out.Length(), entry);
    }
    return out;
}

Napi::Value BpfObject::Programs(const Napi::CallbackInfo &info) {
    Napi::Env env = info.Env();
    Napi::Array out = Napi::Array::New(env);
    bpf_program *program;
    bpf_object__for_each_program(program, Open(env)) {
        Napi::Object entry = Napi::Object::New(env);
        entry.Set("name", bpf_program__name(program));
        entry.Set("section", bpf_program__section_name(program));
        entry.Set("autoload", bpf_program__autoload(program));
        entry.Set("instructions", static_cast<double>(bpf_program__insn_cnt(program)));
        out.Set(out.Length(), entry);
    }
    return out;
}

Napi::Value BpfObject::Types(const Napi::CallbackInfo &info) {
    const struct btf *btf = bpf_object__btf(Open(info.Env()));
    if (!btf)
        throw MakeError(info.Env(), "ERR_NO_BTF", "the object has no BTF; compile it with -g");
    return ExportTypes(info.Env(), btf);
}

Napi::Value BpfObject::ReadInitial(const Napi::CallbackInfo &info) {
    bpf_map *map = Map(info, false);
    size_t size = 0;
    void *data = bpf_map__initial_value(map, &size);
    if (!data)
        return info.Env().Null();
    return Napi::Buffer<uint8_t>::Copy(info.Env(), static_cast<uint8_t *>(data), size);
}

// writeInitial(map, offset, bytes)
Napi::Value BpfObject::WriteInitial(const Napi::CallbackInfo &info) {
    Unloaded(info.Env());
    bpf_map *map = Map(info, false);
    uint32_t offset = NumberArgument(info, 1, "offset");
    Bytes bytes = BytesArgument(info, 2, "bytes");
    size_t size = 0;
    uint8_t *data = static_cast<uint8_t *>(bpf_map__initial_value(map, &size));
    if (!data || offset > size || bytes.size > size - offset)
        throw MakeError(info.Env(), "ERR_RANGE", "the value does not lie inside the map's initial data");
    memcpy(data + offset, bytes.data, bytes.size);
    return info.Env().Undefined();
}

Napi::Value BpfObject::SetMaxEntries(const Napi::CallbackInfo &info) {
    Unloaded(info.Env());
    int error = bpf_map__set_max_entries(Map(info, false), NumberArgument(info, 1, "maxEntries"));
    if (error)
        throw MakeError(info.Env(), "ERR_MAP", "cannot set max_entries", -error);
    return info.Env().Undefined();
}

Napi::Value BpfObject::SetValueSize(const Napi::CallbackInfo &info) {
    Unloaded(info.Env());
    LogCapture log;
    int error = bpf_map__set_value_size(Map(info, false), NumberArgument(info, 1, "valueSize"));
    if (error)
        throw MakeError(info.Env(), "ERR_MAP", "cannot resize the map's value", -error, log.text());
    return info.Env().Undefined();
}

Napi::Value BpfObject::SetAutoload(const Napi::CallbackInfo &info) {
    Unloaded(info.Env());
    int error = bpf_program__set_autoload(Program(info), info[1].ToBoolean());
    if (error)
        throw MakeError(info.Env(), "ERR_PROGRAM", "cannot set autoload", -error);
    return info.Env().Undefined();
}

// setAutocreate(map, create): whether load() makes the map; a struct_ops map that is not made lets the
// other programs of an object load on a kernel without that struct.
Napi::Value BpfObject::SetAutocreate(const Napi::CallbackInfo &info) {
    Unloaded(info.Env());
    int error = bpf_map__set_autocreate(Map(info, false), info[1].ToBoolean());
    if (error)
        throw MakeError(info.Env(), "ERR_MAP", "cannot set autocreate", -error);
    return info.Env().Undefined();
}

// Returns what libbpf said: warnings of a load that worked.
Napi::Value BpfObject::Load(const Napi::CallbackInfo &info) {
    LogCapture log;
    int error = bpf_object__load(Unloaded(info.Env()));
    if (error)
        throw MakeError(info.Env(), "ERR_LOAD", "the kernel did not load the object", -error, log.text());
    loaded_ = true;
    return Napi::String::New(info.Env(), log.text());
}

// run(program, context): BPF_PROG_TEST_RUN of a syscall program; the context is written back.
Napi::Value BpfObject::Run(const Napi::CallbackInfo &info) {
    bpf_program *program = Program(info);
    LIBBPF_OPTS(bpf_test_run_opts, options);
    if (!info[1].IsUndefined()) {
        Bytes context = BytesArgument(info, 1, "context");
        options.ctx_in = context.data;
        options.ctx_size_in = static_cast<uint32_t>(context.size);
    }
    int fd = bpf_program__fd(program);
    if (fd < 0)
        throw MakeError(info.Env(), "ERR_PHASE", "the program is not loaded");
    int error = bpf_prog_test_run_opts(fd, &options);
    if (error)
        throw MakeError(info.Env(), "ERR_RUN", "cannot run the program", -error);
    return Napi::Number::New(info.Env(), static_cast<int32_t>(options.retval));
}

Napi::Value BpfObject::AttachStructOps(const Napi::CallbackInfo &info) {
    bpf_map *map = Map(info, true);
    if (bpf_map__type(map) != BPF_MAP_TYPE_STRUCT_OPS)
        throw MakeError(info.Env(), "ERR_ARGUMENT", "the map is not a struct_ops map");
    LogCapture log;
    bpf_link *link = bpf_map__attach_struct_ops(map);
    if (!link)
        throw MakeError(info.Env(), "ERR_ATTACH", "the kernel did not attach the scheduler", errno, log.text());
    return BpfLink::Make(info.Env(), link);
}

Napi::Value BpfObject::AttachProgram(const Napi::CallbackInfo &info) {
    bpf_program *program = Program(info);
    LogCapture log;
    bpf_link *link = bpf_program__attach(program);
    if (!link)
        throw MakeError(info.Env(), "ERR_ATTACH", "the kernel did not attach the program", errno, log.text());
    return BpfLink::Make(info.Env(), link);
}

Napi::Value BpfObject::Close(const Napi::CallbackInfo &info) {
    if (object_)
        bpf_object__close(object_);
    object_ = nullptr;
    return info.Env().Undefined();
}

} // namespace scxts
