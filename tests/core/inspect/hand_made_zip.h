// SPDX-License-Identifier: GPL-3.0-or-later
// ZIP archives byte by byte, so that they can lie.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include <zstd.h>

namespace gradus::tests {

struct ZipMember
{
    std::string name;
    std::string bytes;        ///< as they are packed
    std::uint16_t method = 0; ///< 0 stored, 93 zstd
    std::uint32_t size = 0;   ///< that the header claims
    std::uint32_t crc = 0;
};

inline std::uint32_t crc32Of(const std::string& bytes)
{
    std::uint32_t crc = ~0U;
    for (const char c : bytes) {
        crc ^= static_cast<unsigned char>(c);
        for (int bit = 0; bit < 8; ++bit)
            crc = crc >> 1 ^ (0xEDB88320U & (0U - (crc & 1U)));
    }
    return ~crc;
}

inline ZipMember stored(const std::string& name, const std::string& text)
{
    return {name, text, 0, static_cast<std::uint32_t>(text.size()), crc32Of(text)};
}

inline ZipMember zstandard(const std::string& name, const std::string& text)
{
    std::string out(ZSTD_compressBound(text.size()), '\0');
    out.resize(ZSTD_compress(out.data(), out.size(), text.data(), text.size(), 3));
    return {name, out, 93, static_cast<std::uint32_t>(text.size()), crc32Of(text)};
}

inline std::string zipOf(const std::vector<ZipMember>& members)
{
    const auto number = [](std::uint64_t value, int width) {
        std::string out;
        for (int i = 0; i < width; ++i)
            out += static_cast<char>(value >> (8 * i));
        return out;
    };
    std::string all;
    std::string directory;
    for (const ZipMember& member : members) {
        const std::string common = number(20, 2) + number(0, 2) + number(member.method, 2) + number(0, 2) +
                                   number(0x21, 2) + number(member.crc, 4) + number(member.bytes.size(), 4) +
                                   number(member.size, 4) + number(member.name.size(), 2) + number(0, 2);
        directory += "PK\1\2" + number(20, 2) + common + number(0, 2) + number(0, 2) + number(0, 2) + number(0, 4) +
                     number(all.size(), 4) + member.name;
        all += "PK\3\4" + common + member.name + member.bytes;
    }
    const std::size_t begin = all.size();
    return all + directory + "PK\5\6" + number(0, 4) + number(members.size(), 2) + number(members.size(), 2) +
           number(directory.size(), 4) + number(begin, 4) + number(0, 2);
}

} // namespace gradus::tests
