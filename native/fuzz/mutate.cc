// SPDX-License-Identifier: Apache-2.0 OR MIT
// Mutations that know what an object file is: what libbpf decides by are numbers in section headers, types and line tables, which random
// bytes seldom hit. libFuzzer's own mutations take turns with these.
#include <bpf/btf.h>
#include <elf.h>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <random>
#include <vector>

extern "C" size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t room);

namespace {

class Object {
  public:
    Object(uint8_t *data, size_t size, unsigned seed) : data_(data), size_(size), random_(seed) {}

    void Mutate() {
        if (size_ < sizeof(Elf64_Ehdr))
            return;
        Elf64_Ehdr header;
        memcpy(&header, data_, sizeof(header));
        if (!header.e_shnum || header.e_shoff > size_ ||
            header.e_shnum > (size_ - header.e_shoff) / sizeof(Elf64_Shdr))
            return;
        sections_.resize(header.e_shnum);
        memcpy(sections_.data(), data_ + header.e_shoff, sections_.size() * sizeof(Elf64_Shdr));
        names_ = header.e_shstrndx < sections_.size() ? sections_[header.e_shstrndx].sh_offset : 0;
        switch (Pick(6)) {
        case 0:
            return MutateHeader(header.e_shoff + Pick(header.e_shnum) * sizeof(Elf64_Shdr));
        case 1:
            return MutateSymbol();
        case 2:
            return MutateName();
        case 3:
            return MutateLines();
        default:
            return MutateType();
        }
    }

  private:
    size_t Pick(size_t count) { return count ? random_() % count : 0; }
    bool Has(size_t at, size_t bytes) const { return at <= size_ && bytes <= size_ - at; }
    template <typename Word> void Put(size_t at, Word word) {
        if (Has(at, sizeof(word)))
            memcpy(data_ + at, &word, sizeof(word));
    }
    uint32_t Get(size_t at) const {
        uint32_t word = 0;
        if (Has(at, sizeof(word)))
            memcpy(&word, data_ + at, sizeof(word));
        return word;
    }

    const Elf64_Shdr *Find(const char *name) const {
        for (const Elf64_Shdr &section : sections_) {
            size_t at = names_ + section.sh_name, length = strlen(name) + 1;
            if (Has(at, length) && !memcmp(data_ + at, name, length))
                return &section;
        }
        return nullptr;
    }

    void MutateHeader(size_t at) {
        static const uint32_t types[] = {0, 1, 2, 3, 4, 7, 8, 9, 11, 14, 17};
        switch (Pick(4)) {
        case 0:
            return Put(at + offsetof(Elf64_Shdr, sh_type), types[Pick(11)]);
        case 1:
            return Put<uint64_t>(at + offsetof(Elf64_Shdr, sh_flags), 1ull << Pick(12));
        case 2: // the name of another one
            return Put(at + offsetof(Elf64_Shdr, sh_name), sections_[Pick(sections_.size())].sh_name);
        default:
            return Put<uint64_t>(at + offsetof(Elf64_Shdr, sh_size), Pick(4096));
        }
    }

    void MutateSymbol() {
        for (const Elf64_Shdr &section : sections_) {
            if (section.sh_type != SHT_SYMTAB || section.sh_size < sizeof(Elf64_Sym))
                continue;
            size_t at = section.sh_offset + Pick(section.sh_size / sizeof(Elf64_Sym)) * sizeof(Elf64_Sym);
            if (Pick(2))
                return Put<uint16_t>(at + offsetof(Elf64_Sym, st_shndx), Pick(sections_.size()));
            return Put<uint64_t>(at + offsetof(Elf64_Sym, st_value), Pick(512) * 4);
        }
    }

    // Names in the types' strings, tags among them.
    void MutateName() {
        const Elf64_Shdr *types = Find(".BTF");
        if (!types)
            return;
        size_t strings = types->sh_offset + Get(types->sh_offset + 4) + Get(types->sh_offset + 16);
        static const char letters[] = "\x1b\n/.\"'\\_`{}$%\x9b a?";
        Put<uint8_t>(strings + Pick(Get(types->sh_offset + 20)), letters[Pick(sizeof(letters))]);
    }

    // Records of .BTF.ext: functions, lines, CO-RE relocations.
    void MutateLines() {
        const Elf64_Shdr *ext = Find(".BTF.ext");
        if (ext && ext->sh_size >= 4)
            Put<uint32_t>(ext->sh_offset + Pick(ext->sh_size / 4) * 4, Interesting());
    }

    uint32_t Interesting() {
        static const uint32_t words[] = {0, 1, 2, 3, 4, 7, 8, 0x7fffffff, 0x80000000, 0xffffffff, 0xfffffff8};
        return Pick(2) ? words[Pick(11)] : static_cast<uint32_t>(Pick(256));
    }

    void MutateType() {
        const Elf64_Shdr *types = Find(".BTF");
        if (!types)
            return;
        size_t at = types->sh_offset + Get(types->sh_offset + 4) + Get(types->sh_offset + 8);
        size_t end = at + Get(types->sh_offset + 12);
        std::vector<size_t> places;
        for (; Has(at, 12) && at < end; at += Bytes(Get(at + 4)))
            places.push_back(at);
        if (places.empty())
            return;
        size_t place = places[Pick(places.size())];
        uint32_t info = Get(place + 4);
        size_t words = Bytes(info) / 4;
        if (((info >> 24) & 31) == BTF_KIND_ARRAY && Pick(2)) // numbers of map definitions are lengths of arrays
            return Put<uint32_t>(place + 20, Pick(40));
        size_t word = Pick(words);
        // Another name, kind, or type: of what is there already.
        if (word == 0)
            return Put<uint32_t>(place, Get(places[Pick(places.size())]));
        if (word == 1)
            return Put<uint32_t>(place + 4, Get(places[Pick(places.size())] + 4));
        Put<uint32_t>(place + word * 4, Pick(3) ? Pick(places.size() + 2) : Interesting());
    }

    static size_t Bytes(uint32_t info) {
        size_t length = info & 0xffff;
        switch ((info >> 24) & 31) {
        case BTF_KIND_INT:
        case BTF_KIND_VAR:
        case BTF_KIND_DECL_TAG:
            return 16;
        case BTF_KIND_ARRAY:
            return 24;
        case BTF_KIND_STRUCT:
        case BTF_KIND_UNION:
        case BTF_KIND_DATASEC:
        case BTF_KIND_ENUM64:
            return 12 + length * 12;
        case BTF_KIND_ENUM:
        case BTF_KIND_FUNC_PROTO:
            return 12 + length * 8;
        default:
            return 12;
        }
    }

    uint8_t *data_;
    size_t size_;
    std::minstd_rand random_;
    std::vector<Elf64_Shdr> sections_;
    size_t names_ = 0;
};

} // namespace

extern "C" size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t room, unsigned seed) {
    if (seed % 3 == 0)
        return LLVMFuzzerMutate(data, size, room);
    for (unsigned i = 0; i <= seed % 4; i++)
        Object(data, size, seed + i * 7919).Mutate();
    return size;
}
