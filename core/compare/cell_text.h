// SPDX-License-Identifier: GPL-3.0-or-later
// Names from experiment files as cells of Markdown and LaTeX tables: nothing in them is markup. Pure.
#pragma once

#include <string>

namespace gradus::compare {

std::string markdownName(const std::string& name); ///< a backslash before whatever Markdown would read as markup
std::string latexName(const std::string& name);    ///< no command and no special character is left

} // namespace gradus::compare
