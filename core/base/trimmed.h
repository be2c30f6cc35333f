// SPDX-License-Identifier: GPL-3.0-or-later
// Text without what stands around it.
#pragma once

#include <string_view>

namespace gradus {

/// A part of the same bytes, without those of blanks at either end; empty where there is nothing else. Any thread.
inline std::string_view trimmed(std::string_view text, std::string_view blanks = " \t\r\n")
{
    const std::size_t begin = text.find_first_not_of(blanks);
    if (begin == std::string_view::npos) return {};
    return text.substr(begin, text.find_last_not_of(blanks) - begin + 1);
}

} // namespace gradus
