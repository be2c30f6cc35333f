// SPDX-License-Identifier: GPL-3.0-or-later
// Words of a command line that a POSIX shell takes as they are meant.
#pragma once

#include <string>

namespace gradus {

/// The word, in single quotes where the shell would take it for something else.
std::string shellWord(const std::string& word);

} // namespace gradus
