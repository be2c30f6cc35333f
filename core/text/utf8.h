// SPDX-License-Identifier: GPL-3.0-or-later
// The little of UTF-8 that tokenizers ask for. Pure functions.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace gradus::text {

bool isAscii(std::string_view text);
bool isUtf8(std::string_view text);
/// Every ill-formed sequence (its longest well-formed beginning, as Unicode recommends) becomes one U+FFFD.
std::string repairedUtf8(std::string_view text);
/// Where each byte of the repaired text came from, an offset into the text, and last the text's size; the three bytes
/// of a U+FFFD come from where the ill-formed sequence begins.
std::vector<std::uint32_t> repairedOrigins(std::string_view text);
/// Bytes of the character that begins with this byte, 1 to 4; 1 for a byte that begins none.
std::size_t characterLength(char lead);
/// White space as Unicode defines it, for the character at the start of text; 0 if there is none, else its bytes.
std::size_t leadingSpace(std::string_view text);
/// As above, for the character at the end.
std::size_t trailingSpace(std::string_view text);
/// Whether the character at the start is a letter, number or underscore.
bool beginsWord(std::string_view text);
bool endsWord(std::string_view text);

} // namespace gradus::text
