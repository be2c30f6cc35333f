// SPDX-License-Identifier: GPL-3.0-or-later
// Safetensors: tensors tile the data, the mapped file says what the header says, and what is written reads back equal.
// An input that begins with { is the header's text, with the data behind a separator; any other is a whole file.
#include "fuzz.h"

#include "models/safetensors.h"

#include <cstring>

using namespace gradus;
using namespace gradus::models;

namespace {

std::string fileOf(std::string_view input)
{
    if (!input.starts_with('{')) return std::string(input);
    const auto parts = fuzz::partsOf(input, 2);
    std::string length;
    for (int i = 0; i < 8; ++i)
        length += static_cast<char>(static_cast<std::uint64_t>(parts[0].size()) >> (8 * i));
    return length + std::string(parts[0]) + std::string(parts[1]);
}

void expectTiles(const SafetensorsHeader& header, std::size_t fileSize)
{
    std::size_t next = 0;
    for (const TensorEntry& entry : header.tensors) {
        fuzz::expect(entry.begin == next && entry.end >= entry.begin, "tensors lie side by side", entry.name);
        next = entry.end;
    }
    fuzz::expect(header.dataStart + next == fileSize, "tensors cover the data");
}

bool isEqual(const TensorEntry& a, const TensorEntry& b)
{
    return a.name == b.name && a.type == b.type && a.shape == b.shape && a.end - a.begin == b.end - b.begin;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string bytes = fileOf(fuzz::textOf(data, size));
    const auto header = parseSafetensorsHeader(bytes, bytes.size(), "m.safetensors");
    const auto file = SafetensorsFile::open(fuzz::written("m.safetensors", bytes));
    // The mapped file asks one thing more: data that can be read where they lie.
    const bool isUsable = header.ok() && header->dataStart % 4 == 0;
    fuzz::expect(isUsable == file.ok(), "a file is what its header is",
                 !file.ok()    ? file.error().message
                 : header.ok() ? "not aligned"
                               : header.error().message);
    if (!fuzz::isRead(header) || !fuzz::isRead(file)) return 0;
    expectTiles(*header, bytes.size());

    std::vector<TensorBytes> tensors;
    for (const TensorEntry& entry : header->tensors) {
        const TensorEntry* found = file->find(entry.name);
        fuzz::expect(found != nullptr && isEqual(*found, entry), "a tensor is found by its name", entry.name);
        const auto span = file->bytes(*found);
        fuzz::expect(span.size() == entry.end - entry.begin, "a tensor has its bytes", entry.name);
        fuzz::expect(span.empty() ||
                         std::memcmp(span.data(), bytes.data() + header->dataStart + entry.begin, span.size()) == 0,
                     "a tensor's bytes are those of the file", entry.name);
        file->release(*found);
        tensors.push_back({entry.name, entry.type, entry.shape, span});
    }
    const std::string written = encodeSafetensors(tensors, header->metadata);
    const auto again = parseSafetensorsHeader(written, written.size(), "again.safetensors");
    fuzz::expect(again.ok(), "what is written can be read", again ? "" : again.error().message);
    fuzz::expect(again->tensors.size() == tensors.size() && again->metadata == header->metadata,
                 "what is written has the same tensors and metadata");
    for (const TensorEntry& entry : again->tensors) {
        const TensorEntry* old = file->find(entry.name);
        fuzz::expect(old != nullptr && isEqual(*old, entry), "a written tensor is the same", entry.name);
        const auto span = file->bytes(*old);
        fuzz::expect(span.empty() ||
                         std::memcmp(span.data(), written.data() + again->dataStart + entry.begin, span.size()) == 0,
                     "a written tensor has the same bytes", entry.name);
    }
    return 0;
}
