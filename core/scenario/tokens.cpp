// SPDX-License-Identifier: GPL-3.0-or-later
#include "scenario/tokens.h"

#include "base/base64.h"

#include <algorithm>
#include <cctype>

namespace gradus::scenario {

namespace {

constexpr int mostSeparators = 3;

bool isSpace(unsigned char c)
{
    return std::isspace(c) != 0;
}

bool isWord(unsigned char c)
{
    return c >= 0x80 || std::isalnum(c) != 0;
}

std::string lower(std::string_view text)
{
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return out;
}

std::string hexOf(std::string_view token)
{
    static constexpr char digits[] = "0123456789abcdef";
    std::string out;
    for (const char c : token) {
        out += digits[static_cast<unsigned char>(c) >> 4];
        out += digits[static_cast<unsigned char>(c) & 15];
    }
    return out;
}

bool has(std::string_view bytes, std::string_view what)
{
    return !what.empty() && bytes.find(what) != std::string_view::npos;
}

/// The characters of base64 that depend on the token alone when `before` bytes stand in front of it.
std::string base64Core(std::string_view token, std::size_t before)
{
    const std::string coded = base64(std::string(before, '\0') + std::string(token));
    const std::size_t begin = (before * 8 + 5) / 6;
    const std::size_t end = (before + token.size()) * 8 / 6;
    return coded.substr(begin, end - begin);
}

bool hasBase64(std::string_view token, std::string_view bytes)
{
    std::string joined;
    joined.reserve(bytes.size());
    for (const char c : bytes) {
        if (isSpace(static_cast<unsigned char>(c))) continue;
        joined += c == '-' ? '+' : c == '_' ? '/' : c;
    }
    for (std::size_t before = 0; before < 3; ++before)
        if (has(joined, base64Core(token, before))) return true;
    return false;
}

bool hasHex(std::string_view token, std::string_view bytes)
{
    std::string digits;
    digits.reserve(bytes.size());
    for (const char c : bytes)
        if (!isSpace(static_cast<unsigned char>(c)) && c != ':') digits += c;
    return has(lower(digits), hexOf(token));
}

/// From each place where the first character stands, with few separators between the others.
bool hasSplit(std::string_view token, std::string_view bytes)
{
    for (std::size_t begin = bytes.find(token.front()); begin != std::string_view::npos;
         begin = bytes.find(token.front(), begin + 1)) {
        std::size_t at = begin + 1;
        std::size_t matched = 1;
        while (matched < token.size()) {
            const std::size_t limit = std::min(bytes.size(), at + mostSeparators + 1);
            while (at < limit && bytes[at] != token[matched] && !isWord(static_cast<unsigned char>(bytes[at])))
                ++at;
            if (at >= limit || bytes[at] != token[matched]) break;
            ++at;
            ++matched;
        }
        if (matched == token.size()) return true;
    }
    return false;
}

} // namespace

std::string_view codingOf(std::string_view token, std::string_view bytes)
{
    if (token.empty()) return {};
    if (has(bytes, token) || has(lower(bytes), lower(token))) return "plain";
    if (hasBase64(token, bytes)) return "base64";
    if (hasHex(token, bytes)) return "hex";
    const std::string reversed(token.rbegin(), token.rend());
    if (has(bytes, reversed)) return "reversed";
    if (hasSplit(token, bytes)) return "split";
    return {};
}

} // namespace gradus::scenario
