// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/safetensors.h"

#include "base/files.h"
#include "base/text.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cerrno>
#include <utility>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

namespace gradus::models {

Result<SafetensorsFile> SafetensorsFile::open(const std::filesystem::path& path)
{
    // O_NONBLOCK: a named pipe in the file's place must not hang the program.
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (descriptor < 0) {
        const std::string cause = errno == ENOENT ? "there is no such file; check the path." : causeOf(errno);
        return badInput("Cannot read " + visible(path.string(), 400) + ": " + cause);
    }
    struct stat info = {};
    const bool regular = ::fstat(descriptor, &info) == 0 && S_ISREG(info.st_mode);
    const std::size_t size = regular ? static_cast<std::size_t>(info.st_size) : 0;
    void* mapping = size > 0 ? ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, descriptor, 0) : MAP_FAILED;
    ::close(descriptor);
    if (!regular)
        return badInput("Cannot read " + visible(path.string(), 400) + ": it is not a regular file; check the path.");
    if (mapping == MAP_FAILED)
        return badInput("Cannot read " + visible(path.string(), 400) +
                        ": it is empty or cannot be mapped; fetch or write it again.");

    SafetensorsFile file;
    file.m_path = path;
    file.m_mapping = static_cast<const std::byte*>(mapping);
    file.m_size = size;
    const std::string_view all(static_cast<const char*>(mapping), size);
    auto header = parseSafetensorsHeader(all, size, path.string());
    if (!header) return header.error();
    if (header->dataStart % 4 != 0)
        return badInput(visible(path.string(), 400) +
                        " is not a usable safetensors file: its data are not aligned to 4 bytes; write "
                        "it again with a padded header.");
    file.m_header = std::move(*header);
    return file;
}

SafetensorsFile::~SafetensorsFile()
{
    if (m_mapping) ::munmap(const_cast<std::byte*>(m_mapping), m_size);
}

SafetensorsFile::SafetensorsFile(SafetensorsFile&& other) noexcept
    : m_path(std::move(other.m_path)), m_header(std::move(other.m_header)),
      m_mapping(std::exchange(other.m_mapping, nullptr)), m_size(std::exchange(other.m_size, 0))
{
}

SafetensorsFile& SafetensorsFile::operator=(SafetensorsFile&& other) noexcept
{
    std::swap(m_path, other.m_path);
    std::swap(m_header, other.m_header);
    std::swap(m_mapping, other.m_mapping);
    std::swap(m_size, other.m_size);
    return *this;
}

const TensorEntry* SafetensorsFile::find(std::string_view name) const
{
    const auto found = std::ranges::find(m_header.tensors, name, &TensorEntry::name);
    return found == m_header.tensors.end() ? nullptr : &*found;
}

std::span<const std::byte> SafetensorsFile::bytes(const TensorEntry& entry) const
{
    return data().subspan(entry.begin, entry.end - entry.begin);
}

void SafetensorsFile::release(const TensorEntry& entry) const
{
    const auto page = static_cast<std::uintptr_t>(::sysconf(_SC_PAGESIZE));
    const auto begin = reinterpret_cast<std::uintptr_t>(bytes(entry).data());
    const std::uintptr_t first = (begin + page - 1) / page * page; // pages shared with a neighbour stay
    const std::uintptr_t last = (begin + (entry.end - entry.begin)) / page * page;
    if (last > first) ::madvise(reinterpret_cast<void*>(first), last - first, MADV_DONTNEED);
}

std::span<const std::byte> SafetensorsFile::data() const
{
    return {m_mapping + m_header.dataStart, m_size - m_header.dataStart};
}

namespace {

/// Brings the tensors into the file's order and returns what comes before their bytes.
std::string headOf(std::vector<TensorBytes>& tensors, const Metadata& metadata)
{
    std::ranges::sort(tensors, [](const TensorBytes& a, const TensorBytes& b) {
        return std::pair(bytesOf(b.type), std::string_view(a.name)) <
               std::pair(bytesOf(a.type), std::string_view(b.name));
    });
    nlohmann::json header = nlohmann::json::object();
    if (!metadata.empty()) header["__metadata__"] = metadata;
    std::size_t offset = 0;
    for (const TensorBytes& tensor : tensors) {
        header[tensor.name] = {{"dtype", nameOf(tensor.type)},
                               {"shape", tensor.shape},
                               {"data_offsets", {offset, offset + tensor.bytes.size()}}};
        offset += tensor.bytes.size();
    }
    std::string json = header.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
    json.append((8 - json.size() % 8) % 8, ' ');
    std::string head;
    for (int shift = 0; shift < 64; shift += 8)
        head += static_cast<char>((json.size() >> shift) & 0xff);
    return head + json;
}

} // namespace

Parts partsOf(const std::vector<TensorBytes>& tensors)
{
    Parts parts;
    for (const TensorBytes& tensor : tensors)
        parts.emplace_back(reinterpret_cast<const char*>(tensor.bytes.data()), tensor.bytes.size());
    return parts;
}

std::string encodeSafetensors(std::vector<TensorBytes> tensors, const Metadata& metadata)
{
    std::string file = headOf(tensors, metadata);
    for (const std::string_view part : partsOf(tensors))
        file += part;
    return file;
}

Result<std::string> writeSafetensors(const std::filesystem::path& path, std::vector<TensorBytes> tensors,
                                     const Metadata& metadata)
{
    const std::string head = headOf(tensors, metadata);
    Parts parts = partsOf(tensors);
    parts.insert(parts.begin(), head);
    if (auto written = writePartsAtomically(path, parts); !written) return written.error();
    return sha256OfParts(parts);
}

} // namespace gradus::models
