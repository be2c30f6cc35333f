// SPDX-License-Identifier: GPL-3.0-or-later
// Python's methods of strings, as chat templates use them: internal to the room. Case is changed in ASCII alone.
#pragma once

#include "chat/interpreter.h"

#include <string>
#include <string_view>
#include <vector>

namespace gradus::chat {

Value textMethod(const std::string& text, const std::string& name, const Arguments& arguments, Budget& budget);

/// Without white space (or any of these characters) at its ends.
std::string stripped(std::string_view text, const Value* characters, bool left, bool right);
std::string replaced(std::string_view text, std::string_view from, std::string_view to, std::int64_t most,
                     Budget& budget);
std::string upperCase(std::string_view text);
std::string lowerCase(std::string_view text);
/// Which words begin with a capital.
enum class Words
{
    First,
    AfterNoLetter, ///< str.title()
    AfterOpener,   ///< the filter
};
std::string titleCase(std::string_view text, Words words);

} // namespace gradus::chat
