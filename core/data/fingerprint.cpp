// SPDX-License-Identifier: GPL-3.0-or-later
#include "data/fingerprint.h"

#include "base/hash.h"

#include <cstdint>

namespace gradus::data {

namespace {

// Little-endian whatever the machine: fingerprints are compared between machines.
void append(std::string& bytes, std::uint32_t value)
{
    for (int shift = 0; shift < 32; shift += 8)
        bytes += static_cast<char>((value >> shift) & 0xFFU);
}

} // namespace

std::string fingerprintOf(const std::vector<Item>& items)
{
    std::string bytes;
    for (const Item& item : items) {
        append(bytes, static_cast<std::uint32_t>(item.sequences.size()));
        for (const auto& sequence : item.sequences) {
            append(bytes, static_cast<std::uint32_t>(sequence.size()));
            for (const std::int32_t token : sequence)
                append(bytes, static_cast<std::uint32_t>(token));
        }
        if (item.sequences.empty())
            for (const std::string& text : item.texts) {
                append(bytes, static_cast<std::uint32_t>(text.size()));
                bytes += text;
            }
        append(bytes, static_cast<std::uint32_t>(item.truth));
    }
    return sha256(bytes);
}

} // namespace gradus::data
