// SPDX-License-Identifier: GPL-3.0-or-later
// What a program says when the kernel did not do what it was asked: the oracle and a transcript's outline know it by
// the same words.
#pragma once

#include <algorithm>
#include <array>
#include <string_view>

namespace gradus {

/// As the C library words EACCES, EPERM, EROFS and ENOSYS.
inline constexpr std::array<std::string_view, 4> kDenialWords{"Permission denied", "Operation not permitted",
                                                              "Read-only file system", "Function not implemented"};

inline bool saysDenied(std::string_view errors)
{
    return std::ranges::any_of(
        kDenialWords, [errors](std::string_view words) { return errors.find(words) != std::string_view::npos; });
}

} // namespace gradus
