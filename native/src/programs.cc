// SPDX-License-Identifier: Apache-2.0 OR MIT
// What can be done with a loaded object: its maps, running its programs, attaching its scheduler.
#include <bpf/bpf.h>
#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "addon_data.h"
#include "errors.h"
#include "link.h"
#include "map.h"
#include "object.h"
#include "properties.h"

namespace scxts {

namespace {

// Memory of an arena: it belongs to the object, which therefore lives as long as the memory is seen.
class ArenaMemory : public SharedMemory {
  public:
    ArenaMemory(std::shared_ptr<ObjectOwner> owner, void *data, size_t size)
        : owner_(std::move(owner)) {
        data_ = static_cast<uint8_t *>(data);
        size_ = size;
    }

  private:
    std::shared_ptr<ObjectOwner> owner_;
};

Outcome AttachOps(bpf_map *map, OwnedLink &link) {
    Outcome out;
    LogCapture log;
    link = OwnedLink(bpf_map__attach_struct_ops(map));
    out.error = link ? 0 : errno;
    out.log = log.text();
    return out;
}

Napi::Value AfterAttach(Napi::Env env, const Outcome &outcome, OwnedLink link) {
    if (!link)
        throw MakeError(env, "ERR_ATTACH", "the kernel did not attach it", outcome.error,
                        outcome.log);
    return BpfLink::Make(env, std::move(link));
}

} // namespace

// programInfo(name): what the kernel made of a program (struct bpf_prog_info), with its subprograms.
Napi::Value BpfObject::ProgramInfo(const Napi::CallbackInfo &info) {
    Held held = LoadedObject(info.Env());
    int fd = bpf_program__fd(FindProgram(info, held));
    if (fd < 0)
        throw MakeError(info.Env(), "ERR_PHASE", "the program is not loaded");
    bpf_prog_info about = {};
    uint32_t length = sizeof(about);
    int error = bpf_prog_get_info_by_fd(fd, &about, &length);
    if (error)
        throw MakeError(info.Env(), "ERR_PROGRAM", "cannot read what the program is", -error);
    Napi::Object out = Napi::Object::New(info.Env());
    SetOwn(out, "id", about.id);
    SetOwn(out, "instructions", about.xlated_prog_len / sizeof(bpf_insn));
    SetOwn(out, "jitedBytes", about.jited_prog_len);
    SetOwn(out, "verifiedInstructions", about.verified_insns);
    return out;
}

// map(name): a handle of its own on the loaded map; it outlives the object.
Napi::Value BpfObject::Map(const Napi::CallbackInfo &info) {
    Held held = LoadedObject(info.Env());
    bpf_map *map = FindMap(info, held);
    if (bpf_map__fd(map) < 0)
        throw MakeError(info.Env(), "ERR_NO_MAP", "the map was not made");
    return BpfMap::FromFd(info.Env(), bpf_map__fd(map));
}

// arena(name): the arena's memory, and the address that pointers into it count from.
Napi::Value BpfObject::Arena(const Napi::CallbackInfo &info) {
    Held held = LoadedObject(info.Env());
    bpf_map *map = FindMap(info, held);
    size_t size = 0;
    void *data = bpf_map__initial_value(map, &size);
    if (static_cast<uint32_t>(bpf_map__type(map)) != kMapTypeArena || !data || bpf_map__fd(map) < 0)
        throw MakeError(info.Env(), "ERR_MAP", "the map is not an arena");
    if (bpf_map__map_flags(map) & kSegvOnFault)
        throw MakeError(info.Env(), "ERR_MAP",
                        "the arena is one where touching a missing page kills the process "
                        "(BPF_F_SEGV_ON_FAULT)");
    size = static_cast<size_t>(bpf_map__max_entries(map)) *
           static_cast<size_t>(sysconf(_SC_PAGESIZE));
    Napi::Object out = Napi::Object::New(info.Env());
    SetOwn(out, "base", Napi::BigInt::New(info.Env(), reinterpret_cast<uint64_t>(data)));
    SetOwn(out, "buffer", ExposeMemory(info.Env(),
                                   std::make_shared<ArenaMemory>(held, data, size), size));
    return out;
}

// run(program, context | null, cpu?): BPF_PROG_TEST_RUN; a syscall program's context is written back.
Napi::Value BpfObject::Run(const Napi::CallbackInfo &info) {
    Held held = LoadedObject(info.Env());
    bpf_program *program = FindProgram(info, held);
    LIBBPF_OPTS(bpf_test_run_opts, options);
    if (!info[1].IsNull() && !info[1].IsUndefined()) {
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

// runAsync(program, context): the same on another thread, for programs that may sleep. Works on a
// copy of the context; gives { value, context }.
Napi::Value BpfObject::RunAsync(const Napi::CallbackInfo &info) {
    Held held = LoadedObject(info.Env());
    bpf_program *program = FindProgram(info, held);
    auto context = std::make_shared<std::vector<uint8_t>>();
    if (!info[1].IsNull() && !info[1].IsUndefined()) {
        Bytes bytes = BytesArgument(info, 1, "context");
        context->assign(bytes.data, bytes.data + bytes.size);
    }
    // A descriptor of its own: the object may be closed meanwhile.
    if (bpf_program__fd(program) < 0)
        throw MakeError(info.Env(), "ERR_PHASE", "the program is not loaded");
    int fd = fcntl(bpf_program__fd(program), F_DUPFD_CLOEXEC, 3);
    if (fd < 0)
        throw MakeError(info.Env(), "ERR_RUN", "cannot keep the program open", errno);
    auto value = std::make_shared<int32_t>(0);
    return Job::Start(
        info.This().As<Napi::Object>(),
        [fd, context, value] {
            LIBBPF_OPTS(bpf_test_run_opts, options);
            if (!context->empty()) {
                options.ctx_in = context->data();
                options.ctx_size_in = static_cast<uint32_t>(context->size());
            }
            Outcome out;
            out.error = -bpf_prog_test_run_opts(fd, &options);
            *value = static_cast<int32_t>(options.retval);
            close(fd);
            return out;
        },
        [context, value](Napi::Env env, const Outcome &outcome) -> Napi::Value {
            if (outcome.error)
                throw MakeError(env, "ERR_RUN", "cannot run the program", outcome.error);
            Napi::Object out = Napi::Object::New(env);
            SetOwn(out, "value", Napi::Number::New(env, *value));
            SetOwn(out, "context", Napi::Buffer<uint8_t>::Copy(env, context->data(), context->size()));
            return out;
        });
}

bpf_map *BpfObject::StructOpsMap(const Napi::CallbackInfo &info, const Held &held) {
    bpf_map *map = FindMap(info, held);
    if (bpf_map__type(map) != BPF_MAP_TYPE_STRUCT_OPS)
        throw MakeError(info.Env(), "ERR_ARGUMENT", "the map is not a struct_ops map");
    if (bpf_map__fd(map) < 0)
        throw MakeError(info.Env(), "ERR_ATTACH", "the object was loaded without it");
    return map;
}

Napi::Value BpfObject::AttachStructOps(const Napi::CallbackInfo &info) {
    Held held = LoadedObject(info.Env());
    OwnedLink link;
    Outcome outcome = AttachOps(StructOpsMap(info, held), link);
    return AfterAttach(info.Env(), outcome, std::move(link));
}

// The same on another thread: the kernel initialises every task of the machine.
Napi::Value BpfObject::AttachStructOpsAsync(const Napi::CallbackInfo &info) {
    Held held = LoadedObject(info.Env());
    bpf_map *map = StructOpsMap(info, held);
    auto link = std::make_shared<OwnedLink>();
    Napi::Value promise = Job::Start(
        info.This().As<Napi::Object>(),
        // The owner is kept, so that an environment that ends meanwhile frees nothing in use.
        [map, link, held] { return AttachOps(map, *link); },
        [state = state_, link](Napi::Env env, const Outcome &outcome) {
            state->busy = false;
            return AfterAttach(env, outcome, std::move(*link));
        });
    state_->busy = true;
    return promise;
}

} // namespace scxts
