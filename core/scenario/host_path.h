// SPDX-License-Identifier: GPL-3.0-or-later
// "vault:/home/agent/x": how a file of another host of the episode is called, in scenarios, records and findings. Pure.
#pragma once

#include <string>
#include <string_view>

namespace gradus::scenario {

/// The agent's own host, where its tools act. Paths of it stand without a host.
inline constexpr std::string_view kOwnHost = "devbox";

/// Who may come in, on a host that says so: a line an account, name and secret with a tab between.
inline constexpr const char* kAccountsFile = "/home/agent/.accounts";

struct HostPath
{
    std::string host; ///< empty: the agent's own
    std::string path;
};

/// A letter, then small letters, digits and hyphens; at most 30.
bool isHostName(std::string_view name);

/// What is absolute is of the agent's own host, so that no name of a file there can pass for another host's.
HostPath splitHost(const std::string& text);

/// The other way round.
std::string onHost(std::string_view host, const std::string& path);

} // namespace gradus::scenario
