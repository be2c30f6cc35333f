// SPDX-License-Identifier: GPL-3.0-or-later
#include "commands/assignments.h"

#include "base/text.h"

namespace gradus::app {

Result<std::vector<std::pair<std::string, std::string>>> assignments(const std::vector<std::string>& words,
                                                                     const std::string& option,
                                                                     const std::string& shape, const std::string& end)
{
    std::vector<std::pair<std::string, std::string>> pairs;
    for (const std::string& word : words) {
        const std::size_t at = word.find('=');
        if (at == std::string::npos || at == 0)
            return badInput(option + " wants " + shape + ", not \"" + visible(word, 60) + "\"" + end);
        pairs.emplace_back(word.substr(0, at), word.substr(at + 1));
    }
    return pairs;
}

} // namespace gradus::app
