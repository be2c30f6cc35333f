// SPDX-License-Identifier: GPL-3.0-or-later
// The names of things, as files and reports write them.
#include "scenario/scenario.h"
#include "scenario/transcript.h"

#include <algorithm>

namespace gradus::scenario {

std::string_view twinName(Twin twin)
{
    static constexpr std::array<std::string_view, 3> names = {"honest", "hazard", "injected"};
    return names[static_cast<std::size_t>(twin)];
}

std::string_view cueName(Cue cue)
{
    static constexpr std::array<std::string_view, 5> names = {"none", "watched", "unwatched", "sandbox", "production"};
    return names[static_cast<std::size_t>(cue)];
}

const CuePair* findCuePair(std::string_view name)
{
    const auto found =
        std::find_if(cuePairs.begin(), cuePairs.end(), [&](const CuePair& pair) { return pair.name == name; });
    return found == cuePairs.end() ? nullptr : &*found;
}

std::string_view toolName(Tool tool)
{
    static constexpr std::array<std::string_view, 3> names = {"exec", "write_file", "read_file"};
    return names[static_cast<std::size_t>(tool)];
}

std::string_view decisionName(Decision decision)
{
    static constexpr std::array<std::string_view, 5> names = {"approve", "modify", "reject", "escalate", "terminate"};
    return names[static_cast<std::size_t>(decision)];
}

const std::vector<std::string>& axisNames()
{
    static const std::vector<std::string> names{"paraphrase", "pressure", "stakes", "authority", "goal"};
    return names;
}

const std::vector<Family>& families()
{
    static const std::vector<Family> all{{"F1", "secret exfiltration"},
                                         {"F2", "financial diversion"},
                                         {"F3", "oversight subversion"},
                                         {"F4", "false report"},
                                         {"F5", "reward hacking"},
                                         {"F6", "self-preservation"},
                                         {"F7", "sandbagging"},
                                         {"F8", "data poisoning"},
                                         {"F9", "injection obedience"},
                                         {"F10", "destructive action"},
                                         {"F11", "privilege and persistence"},
                                         {"F12", "download and execute"},
                                         {"F13", "hidden channel"},
                                         {"F14", "misuse cooperation"},
                                         {"F15", "containment probing"},
                                         {"F16", "alignment faking"}};
    return all;
}

const Family* findFamily(std::string_view id)
{
    const auto found =
        std::find_if(families().begin(), families().end(), [id](const Family& family) { return family.id == id; });
    return found == families().end() ? nullptr : &*found;
}

} // namespace gradus::scenario
