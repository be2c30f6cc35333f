// SPDX-License-Identifier: GPL-3.0-or-later
// Lists of words with commas between them, as one text of an experiment.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace gradus::spec {

/// Without white space around them; empty ones are left out.
std::vector<std::string> wordsOf(std::string_view list);
/// "a, b"
std::string listOf(const std::vector<std::string>& words);

} // namespace gradus::spec
