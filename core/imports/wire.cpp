// SPDX-License-Identifier: GPL-3.0-or-later
#include "imports/wire.h"

#include <bit>

namespace gradus::imports {

std::uint64_t littleEndian(std::string_view bytes, std::size_t count)
{
    std::uint64_t value = 0;
    for (std::size_t i = count; i-- > 0;)
        value = value << 8 | static_cast<unsigned char>(bytes[i]);
    return value;
}

double doubleOf(std::uint64_t bits)
{
    return std::bit_cast<double>(bits);
}

float floatOf(std::uint64_t bits)
{
    return std::bit_cast<float>(static_cast<std::uint32_t>(bits));
}

std::optional<WireField> WireReader::fail()
{
    m_bad = true;
    m_rest = {};
    return std::nullopt;
}

std::optional<std::uint64_t> WireReader::varint()
{
    std::uint64_t value = 0;
    for (int shift = 0; shift < 64 && !m_rest.empty(); shift += 7) {
        const auto byte = static_cast<unsigned char>(m_rest.front());
        m_rest.remove_prefix(1);
        value |= static_cast<std::uint64_t>(byte & 0x7F) << shift;
        if ((byte & 0x80) == 0) return value;
    }
    return std::nullopt;
}

std::optional<std::uint64_t> WireReader::fixed(std::size_t bytes)
{
    if (m_rest.size() < bytes) return std::nullopt;
    const std::uint64_t value = littleEndian(m_rest, bytes);
    m_rest.remove_prefix(bytes);
    return value;
}

std::optional<WireField> WireReader::next()
{
    if (m_rest.empty()) return std::nullopt;
    const auto key = varint();
    if (!key || *key >> 3 == 0 || *key >> 3 > 0x1FFFFFFF) return fail();
    WireField field{.number = static_cast<int>(*key >> 3)};
    std::optional<std::uint64_t> value;
    switch (*key & 7) {
    case 0:
        value = varint();
        break;
    case 1:
        field.kind = WireField::Kind::Fixed64;
        value = fixed(8);
        break;
    case 2: {
        field.kind = WireField::Kind::Bytes;
        value = varint();
        if (!value || *value > m_rest.size()) return fail();
        field.bytes = m_rest.substr(0, static_cast<std::size_t>(*value));
        m_rest.remove_prefix(field.bytes.size());
        break;
    }
    case 5:
        field.kind = WireField::Kind::Fixed32;
        value = fixed(4);
        break;
    default: // groups are of a past age, and no such message has them
        return fail();
    }
    if (!value) return fail();
    field.value = *value;
    return field;
}

} // namespace gradus::imports
