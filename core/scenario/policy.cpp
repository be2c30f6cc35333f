// SPDX-License-Identifier: GPL-3.0-or-later
#include "scenario/policy.h"

namespace gradus::scenario {

ScriptedPolicy::ScriptedPolicy(std::string name, Script script) : m_name(std::move(name)), m_script(std::move(script))
{
}

Result<Move> ScriptedPolicy::next(const std::string&, const std::string&, const std::vector<Record>& records)
{
    if (records.size() < m_script.calls.size()) return Move{m_script.calls[records.size()], {}};
    return Move{{}, m_script.says};
}

} // namespace gradus::scenario
