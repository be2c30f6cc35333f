// SPDX-License-Identifier: GPL-3.0-or-later
#include "text/utf8.h"

#include <unicode/uchar.h>
#include <unicode/utf.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <cstdint>
#include <cstring>

namespace gradus::text {

namespace {

UChar32 firstCharacter(std::string_view text, std::size_t& bytes)
{
    std::int32_t at = 0;
    UChar32 character = U_SENTINEL;
    U8_NEXT(text.data(), at, static_cast<std::int32_t>(std::min<std::size_t>(text.size(), 8)), character);
    bytes = static_cast<std::size_t>(at);
    return character;
}

UChar32 lastCharacter(std::string_view text, std::size_t& bytes)
{
    std::size_t begin = text.size() - 1;
    while (begin > 0 && text.size() - begin < 4 && (static_cast<unsigned char>(text[begin]) & 0xC0U) == 0x80U)
        --begin;
    const UChar32 character = firstCharacter(text.substr(begin), bytes);
    if (begin + bytes == text.size()) return character;
    bytes = 1;
    return U_SENTINEL;
}

bool isWord(UChar32 character)
{
    return character >= 0 && (u_isalnum(character) || character == '_' || u_charType(character) == U_NON_SPACING_MARK);
}

} // namespace

bool isAscii(std::string_view text)
{
    std::size_t at = 0;
    for (; at + 8 <= text.size(); at += 8) {
        std::uint64_t eight = 0;
        std::memcpy(&eight, text.data() + at, 8);
        if ((eight & 0x8080808080808080U) != 0) return false;
    }
    return std::all_of(text.begin() + static_cast<std::ptrdiff_t>(at), text.end(),
                       [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

bool isUtf8(std::string_view text)
{
    std::size_t at = 0;
    while (at < text.size()) {
        if (static_cast<unsigned char>(text[at]) < 0x80) {
            ++at;
            continue;
        }
        std::size_t bytes = 0;
        if (firstCharacter(text.substr(at), bytes) < 0) return false;
        at += bytes;
    }
    return true;
}

std::string repairedUtf8(std::string_view text)
{
    std::string repaired;
    repaired.reserve(text.size());
    while (!text.empty()) {
        std::size_t bytes = 0;
        if (firstCharacter(text, bytes) < 0)
            repaired += "\xEF\xBF\xBD";
        else
            repaired += text.substr(0, bytes);
        text.remove_prefix(bytes);
    }
    return repaired;
}

std::vector<std::uint32_t> repairedOrigins(std::string_view text)
{
    std::vector<std::uint32_t> origins;
    origins.reserve(text.size() + 1);
    for (std::size_t at = 0; at < text.size();) {
        std::size_t bytes = 0;
        if (firstCharacter(text.substr(at), bytes) < 0)
            origins.insert(origins.end(), 3, static_cast<std::uint32_t>(at));
        else
            for (std::size_t i = 0; i < bytes; ++i)
                origins.push_back(static_cast<std::uint32_t>(at + i));
        at += bytes;
    }
    origins.push_back(static_cast<std::uint32_t>(text.size()));
    return origins;
}

std::size_t characterLength(char lead)
{
    const auto byte = static_cast<unsigned char>(lead);
    return byte < 0xC2 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : byte < 0xF5 ? 4 : 1;
}

std::size_t leadingSpace(std::string_view text)
{
    std::size_t bytes = 0;
    return !text.empty() && u_isUWhiteSpace(firstCharacter(text, bytes)) ? bytes : 0;
}

std::size_t trailingSpace(std::string_view text)
{
    std::size_t bytes = 0;
    return !text.empty() && u_isUWhiteSpace(lastCharacter(text, bytes)) ? bytes : 0;
}

bool beginsWord(std::string_view text)
{
    std::size_t bytes = 0;
    return !text.empty() && isWord(firstCharacter(text, bytes));
}

bool endsWord(std::string_view text)
{
    std::size_t bytes = 0;
    return !text.empty() && isWord(lastCharacter(text, bytes));
}

} // namespace gradus::text
