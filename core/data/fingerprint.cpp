// SPDX-License-Identifier: GPL-3.0-or-later
#include "data/fingerprint.h"

#include "base/hash.h"

#include <charconv>
#include <cstdint>
#include <cstdio>

namespace gradus::data {

namespace {

// Little-endian whatever the machine: fingerprints are compared between machines.
void append(std::string& bytes, std::uint32_t value)
{
    for (int shift = 0; shift < 32; shift += 8)
        bytes += static_cast<char>((value >> shift) & 0xFFU);
}

void appendSequences(std::string& bytes, const Item& item)
{
    for (const auto& sequence : item.sequences) {
        append(bytes, static_cast<std::uint32_t>(sequence.size()));
        for (const std::int32_t token : sequence)
            append(bytes, static_cast<std::uint32_t>(token));
    }
}

void appendTexts(std::string& bytes, const Item& item)
{
    for (const std::string& text : item.texts) {
        append(bytes, static_cast<std::uint32_t>(text.size()));
        bytes += text;
    }
}

} // namespace

std::string fingerprintOf(const std::vector<Item>& items)
{
    std::string bytes;
    for (const Item& item : items) {
        append(bytes, static_cast<std::uint32_t>(item.sequences.size()));
        appendSequences(bytes, item);
        if (item.sequences.empty()) appendTexts(bytes, item);
        append(bytes, static_cast<std::uint32_t>(item.truth));
    }
    return sha256(bytes);
}

std::int64_t itemNumber(const Item& item)
{
    std::string bytes;
    if (item.texts.empty())
        appendSequences(bytes, item);
    else
        appendTexts(bytes, item);
    return static_cast<std::int64_t>(std::stoull(sha256(bytes).substr(0, 16), nullptr, 16) >> 1U);
}

std::string itemName(std::int64_t number)
{
    char text[20];
    std::snprintf(text, sizeof text, "%016llx", static_cast<unsigned long long>(number));
    return text;
}

std::optional<std::int64_t> itemNumberFrom(const std::string& name)
{
    constexpr std::size_t kDigits = 16;
    std::int64_t number = 0;
    const auto [end, code] = std::from_chars(name.data(), name.data() + name.size(), number, 16);
    if (name.size() != kDigits || code != std::errc() || end != name.data() + name.size() || number < 0)
        return std::nullopt;
    return number;
}

} // namespace gradus::data
