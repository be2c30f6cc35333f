// SPDX-License-Identifier: GPL-3.0-or-later
// Where libtorch's exceptions end: at the edge of this room they become an Error.
#pragma once

#include "base/result.h"

#include <exception>
#include <string>

namespace gradus::engine {

/// What takes less memory, where nothing better is known.
inline constexpr const char* kLessMemory = "use a smaller batch, a shorter text limit or a smaller rung";

/// One sentence for an exception of libtorch or the allocator; lack of memory is named with its cure.
Error errorOf(const std::string& what, const std::exception& exception, const std::string& lessMemory);

/// Calls work, which returns a Result, and turns anything thrown into an Error that starts with what.
template <typename Work>
auto caught(const std::string& what, Work&& work, const std::string& lessMemory = kLessMemory) -> decltype(work())
{
    try {
        return work();
    } catch (const std::exception& exception) {
        return errorOf(what, exception, lessMemory);
    }
}

} // namespace gradus::engine
