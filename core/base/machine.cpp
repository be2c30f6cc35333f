// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/machine.h"

#include "base/hash.h"
#include "base/text.h"

#include <cstring>
#include <fstream>

#include <elf.h>
#include <link.h>
#include <sys/utsname.h>

namespace gradus {

namespace {

std::string hexOf(const unsigned char* bytes, std::size_t count)
{
    constexpr const char* kDigits = "0123456789abcdef";
    std::string text;
    for (std::size_t i = 0; i < count; ++i) {
        text += kDigits[bytes[i] >> 4];
        text += kDigits[bytes[i] & 15];
    }
    return text;
}

constexpr std::size_t aligned(std::size_t size)
{
    return (size + 3) & ~std::size_t{3};
}

/// The build identity among a loaded file's notes; empty where there is none.
std::string buildIdIn(const unsigned char* notes, std::size_t size)
{
    for (std::size_t at = 0; at + sizeof(ElfW(Nhdr)) <= size;) {
        ElfW(Nhdr) head;
        std::memcpy(&head, notes + at, sizeof head);
        const std::size_t name = at + sizeof head;
        const std::size_t content = name + aligned(head.n_namesz);
        if (content > size || head.n_descsz > size - content) return {};
        if (head.n_type == NT_GNU_BUILD_ID && head.n_namesz == 4 && std::memcmp(notes + name, "GNU", 4) == 0)
            return hexOf(notes + content, head.n_descsz);
        at = content + aligned(head.n_descsz);
    }
    return {};
}

/// Asked of every loaded file, the program first.
int readProgram(dl_phdr_info* file, std::size_t, void* found)
{
    for (int i = 0; i < file->dlpi_phnum; ++i) {
        const ElfW(Phdr)& part = file->dlpi_phdr[i];
        if (part.p_type != PT_NOTE) continue;
        const auto* notes = reinterpret_cast<const unsigned char*>(file->dlpi_addr + part.p_vaddr);
        if (std::string id = buildIdIn(notes, part.p_memsz); !id.empty()) *static_cast<std::string*>(found) = id;
    }
    return 1; // and of no other
}

std::string hashOfProgram()
{
    std::string id;
    dl_iterate_phdr(readProgram, &id);
    if (!id.empty()) return id;
    auto hash = sha256OfFile("/proc/self/exe");
    return hash ? std::move(*hash) : std::string();
}

} // namespace

const std::string& programHash()
{
    static const std::string hash = hashOfProgram();
    return hash;
}

std::string processorName()
{
    std::ifstream file("/proc/cpuinfo");
    for (std::string line; std::getline(file, line);) {
        const std::size_t colon = line.find(':');
        if (line.compare(0, 10, "model name") != 0 || colon == std::string::npos) continue;
        const std::size_t from = line.find_first_not_of(" \t", colon + 1);
        return from == std::string::npos ? std::string() : visible(line.substr(from), 80);
    }
    return {};
}

std::string systemName()
{
    utsname names = {};
    if (::uname(&names) != 0) return {};
    return visible(std::string(names.sysname) + " " + names.machine, 80);
}

} // namespace gradus
