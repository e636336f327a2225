// SPDX-License-Identifier: Apache-2.0 OR MIT
// No Node-API here: native/fuzz uses it too.
#include "object_check.h"

#include <bpf/btf.h>
#include <elf.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "names.h"
#include "types_check.h"

namespace scxts {

namespace {

constexpr uint16_t kMachineBpf = 247;
// Magic, version, flags and length: what the headers of types and of line information begin with.
constexpr uint64_t kBtfHeader = 8;

struct Section {
    std::string name;
    Elf64_Shdr header;
    const uint8_t *data; // null where it has no bytes in the file
};

class Elf {
  public:
    Elf(const uint8_t *data, size_t size) : data_(data), size_(size) {}

    std::string Read() {
        Elf64_Ehdr header;
        if (size_ < sizeof(header))
            return "it is too short";
        memcpy(&header, data_, sizeof(header));
        if (memcmp(header.e_ident, ELFMAG, SELFMAG) != 0)
            return "it is no ELF file";
        if (header.e_ident[EI_CLASS] != ELFCLASS64 || header.e_ident[EI_DATA] != ELFDATA2LSB ||
            header.e_machine != kMachineBpf || header.e_type != ET_REL)
            return "it is an ELF file, but no BPF object";
        size_t count = header.e_shnum;
        if (header.e_shentsize != sizeof(Elf64_Shdr) || count == 0 || header.e_shoff > size_ ||
            count > (size_ - header.e_shoff) / sizeof(Elf64_Shdr) || header.e_shstrndx >= count)
            return "its section headers lie outside of the file";
        sections.resize(count);
        for (size_t i = 0; i < count; i++) {
            Section &section = sections[i];
            memcpy(&section.header, data_ + header.e_shoff + i * sizeof(Elf64_Shdr),
                   sizeof(Elf64_Shdr));
            const Elf64_Shdr &at = section.header;
            bool inFile = at.sh_type != SHT_NOBITS && at.sh_type != SHT_NULL;
            if (inFile && (at.sh_offset > size_ || at.sh_size > size_ - at.sh_offset))
                return "section " + std::to_string(i) + " lies outside of the file";
            section.data = inFile ? data_ + at.sh_offset : nullptr;
            if (at.sh_type == SHT_STRTAB && (at.sh_size == 0 || section.data[at.sh_size - 1] != 0))
                return "a table of names does not end";
        }
        const Section &names = sections[header.e_shstrndx];
        for (Section &section : sections) {
            const char *name = String(names, section.header.sh_name);
            if (!name)
                return "a section has no valid name";
            section.name = name;
            if (!IsPrintable(name))
                return "a section has a name that is none";
        }
        return "";
    }

    // A string of a table that Read() has seen to end in NUL.
    static const char *String(const Section &table, size_t offset) {
        if (table.header.sh_type != SHT_STRTAB || offset >= table.header.sh_size)
            return nullptr;
        return reinterpret_cast<const char *>(table.data) + offset;
    }

    std::vector<Section> sections;

  private:
    const uint8_t *data_;
    size_t size_;
};

// Where symbols lie in each section, by name.
using Symbols = std::map<std::pair<size_t, std::string>, uint64_t>;

std::string ReadSymbols(const Elf &elf, Symbols &out) {
    for (const Section &table : elf.sections) {
        if (table.header.sh_type != SHT_SYMTAB)
            continue;
        if (table.header.sh_link >= elf.sections.size())
            return "the symbols have no names";
        const Section &names = elf.sections[table.header.sh_link];
        for (size_t at = 0; at + sizeof(Elf64_Sym) <= table.header.sh_size;
             at += sizeof(Elf64_Sym)) {
            Elf64_Sym symbol;
            memcpy(&symbol, table.data + at, sizeof(symbol));
            const char *name = Elf::String(names, symbol.st_name);
            bool function = ELF64_ST_TYPE(symbol.st_info) == STT_FUNC;
            if (name && !(function ? IsIdentifier(name) : IsPrintable(name)))
                return "a symbol has a name that is none";
            if (symbol.st_shndx == SHN_UNDEF || symbol.st_shndx >= SHN_LORESERVE)
                continue;
            if (symbol.st_shndx >= elf.sections.size() || !name)
                return "a symbol has no valid section or name";
            uint64_t room = elf.sections[symbol.st_shndx].header.sh_size;
            if (symbol.st_value > room || symbol.st_size > room - symbol.st_value)
                return std::string("symbol '") + name + "' lies outside of its section";
            uint64_t &known = out[{symbol.st_shndx, name}];
            known = std::max(known, symbol.st_value);
        }
    }
    return "";
}

// libbpf places the variables of a section by their symbols, and takes their size from the BTF.
std::string CheckVariables(const btf *btf, const btf_type *type, const char *section,
                           uint64_t sectionSize, size_t index, const Symbols &symbols) {
    const btf_var_secinfo *variables = btf_var_secinfos(type);
    for (uint32_t i = 0; i < btf_vlen(type); i++) {
        const btf_type *variable = btf__type_by_id(btf, variables[i].type);
        if (!variable || !btf_is_var(variable))
            continue;
        const char *name = btf__name_by_offset(btf, variable->name_off);
        int64_t size = btf__resolve_size(btf, variable->type);
        auto symbol = symbols.find({index, name ? name : ""});
        uint64_t offset = symbol == symbols.end() ? variables[i].offset : symbol->second;
        if (size < 0 || offset > sectionSize ||
            static_cast<uint64_t>(size) > sectionSize - offset ||
            variables[i].size > sectionSize - offset)
            return std::string("variable '") + (name ? name : "") + "' does not fit into section " +
                   section;
    }
    return "";
}

} // namespace

std::string CheckObject(const uint8_t *data, size_t size) {
    Elf elf(data, size);
    Symbols symbols;
    std::string wrong = elf.Read();
    if (wrong.empty())
        wrong = ReadSymbols(elf, symbols);
    if (!wrong.empty())
        return wrong;
    std::map<std::string, size_t> byName;
    const Section *types = nullptr;
    for (size_t i = 0; i < elf.sections.size(); i++) {
        const Section &section = elf.sections[i];
        // libbpf reads the header of either, however short it is.
        if ((section.name == ".BTF" || section.name == ".BTF.ext") && section.data &&
            section.header.sh_size < kBtfHeader)
            return "section " + section.name + " is too short";
        if (section.name == ".BTF" && section.data)
            types = &section;
        bool inMemory = section.header.sh_type == SHT_PROGBITS || section.header.sh_type == SHT_NOBITS;
        // libbpf takes the types of each of them from the one that has its name in the BTF.
        if (!byName.emplace(section.name, i).second && inMemory)
            return "there are two sections " + section.name;
    }
    if (!types)
        return "";
    std::unique_ptr<btf, decltype(&btf__free)> btf(
        btf__new(types->data, static_cast<uint32_t>(types->header.sh_size)), btf__free);
    // libbpf says what is wrong with types itself.
    if (!btf)
        return "";
    // As libbpf does once it has the object: a type named `long` of 4 bytes must not make pointers shorter.
    btf__set_pointer_size(btf.get(), 8);
    wrong = CheckTypes(btf.get());
    if (!wrong.empty())
        return wrong;
    for (uint32_t id = 1; id < btf__type_cnt(btf.get()); id++) {
        const btf_type *type = btf__type_by_id(btf.get(), id);
        if (!btf_is_datasec(type))
            continue;
        const char *name = btf__name_by_offset(btf.get(), type->name_off);
        auto found = byName.find(name ? name : "");
        if (found == byName.end()) // .ksyms and .kconfig are in the BTF only
            continue;
        const Section &section = elf.sections[found->second];
        wrong = CheckVariables(btf.get(), type, name, section.header.sh_size, found->second, symbols);
        if (!wrong.empty())
            return wrong;
    }
    return "";
}

} // namespace scxts
