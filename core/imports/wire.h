// SPDX-License-Identifier: GPL-3.0-or-later
// Protocol buffers' wire format, read field by field: enough for the few messages an event file has. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace gradus::imports {

/// One field of a message. number is that of the .proto file.
struct WireField
{
    enum class Kind
    {
        Varint,
        Fixed64,
        Bytes, ///< a text, a message, or packed numbers
        Fixed32,
    };
    int number = 0;
    Kind kind = Kind::Varint;
    std::uint64_t value = 0;     ///< of a number, as its bits
    std::string_view bytes = {}; ///< of Bytes; lies in the message
};

/// Reads a message from its first field to its last. No length is believed before it is compared with what is there.
class WireReader final
{
public:
    explicit WireReader(std::string_view message) : m_rest(message) {}

    /// The next field; nothing at the end, and nothing when the message is malformed: bad() tells which.
    std::optional<WireField> next();
    bool bad() const { return m_bad; }

private:
    std::optional<std::uint64_t> varint();
    std::optional<std::uint64_t> fixed(std::size_t bytes);
    std::optional<WireField> fail();

    std::string_view m_rest;
    bool m_bad = false;
};

double doubleOf(std::uint64_t bits);
float floatOf(std::uint64_t bits); ///< of the low 32 bits
/// A number that stands there in little-endian order; bytes must be long enough.
std::uint64_t littleEndian(std::string_view bytes, std::size_t count);

} // namespace gradus::imports
