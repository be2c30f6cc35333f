// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/json_depth.h"

namespace gradus {

bool isJsonDeeper(std::string_view json, std::size_t most)
{
    std::size_t depth = 0;
    bool quoted = false;
    for (std::size_t i = 0; i < json.size(); ++i) {
        const char c = json[i];
        if (quoted && c == '\\')
            ++i;
        else if (c == '"')
            quoted = !quoted;
        else if (!quoted && (c == '{' || c == '['))
            ++depth;
        else if (!quoted && depth > 0 && (c == '}' || c == ']'))
            --depth;
        if (depth > most) return true;
    }
    return false;
}

} // namespace gradus
