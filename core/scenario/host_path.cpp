// SPDX-License-Identifier: GPL-3.0-or-later
#include "scenario/host_path.h"

#include <algorithm>

namespace gradus::scenario {

bool isHostName(std::string_view name)
{
    const auto isLetter = [](char c) { return c >= 'a' && c <= 'z'; };
    return !name.empty() && name.size() <= 30 && isLetter(name.front()) &&
           std::all_of(name.begin(), name.end(),
                       [&](char c) { return isLetter(c) || (c >= '0' && c <= '9') || c == '-'; });
}

HostPath splitHost(const std::string& text)
{
    const std::size_t colon = text.find(':');
    if (colon == std::string::npos || !isHostName(std::string_view(text).substr(0, colon))) return {{}, text};
    return {text.substr(0, colon), text.substr(colon + 1)};
}

std::string onHost(std::string_view host, const std::string& path)
{
    return host.empty() || host == kOwnHost ? path : std::string(host) + ":" + path;
}

} // namespace gradus::scenario
