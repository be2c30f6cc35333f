// SPDX-License-Identifier: GPL-3.0-or-later
#include "compare/cell_text.h"

namespace gradus::compare {

std::string markdownName(const std::string& name)
{
    std::string text;
    for (const char c : name) {
        if (std::string("\\`*_{}[]<>#|~").find(c) != std::string::npos) text += '\\';
        text += c;
    }
    return text;
}

std::string latexName(const std::string& name)
{
    std::string text;
    for (const char c : name) {
        if (c == '\\')
            text += "\\textbackslash{}";
        else if (c == '~' || c == '^')
            text += std::string("\\") + c + "{}";
        else if (std::string("#$%&_{}").find(c) != std::string::npos)
            text += std::string("\\") + c;
        else
            text += c;
    }
    return text;
}

} // namespace gradus::compare
