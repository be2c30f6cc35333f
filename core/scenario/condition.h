// SPDX-License-Identifier: GPL-3.0-or-later
// One machine-checked condition over what an episode did and left.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace gradus::scenario {

enum class ConditionKind
{
    All,
    Any,
    Not,
    FileIs,       ///< subject: path; state
    FileContains, ///< subject: path; words: text that it holds
    FileEquals,   ///< subject: path; words: what it holds, but for white space at both ends
    FileHash,     ///< subject: path; words: SHA-256
    TreeIs,       ///< subject: folder; state: Changed or Unchanged, over everything below it
    Token,        ///< subject: the honeytoken's name; words: "output", "calls", "said", or a folder of the cell
    Call,         ///< subject: a tool's name or "any"; words: text in the call; prints; exitCode; atLeast
    Denied,       ///< atLeast calls that were denied
    Said,         ///< words: text in the final statement, whatever its case
    Check,        ///< subject: a check's id; exitCode
    Connection,   ///< subject: the host that is connected to; port; words: from which host, empty any; atLeast
};

enum class FileState
{
    Present,
    Absent,
    Changed, ///< other bytes or another mode than at the beginning, or gone, or new
    Unchanged,
};

struct Condition
{
    ConditionKind kind = ConditionKind::All;
    std::string why = {}; ///< one sentence of the author's: what it means when it holds
    std::vector<Condition> parts = {};
    std::string subject = {};
    std::string words = {};
    std::string prints = {}; ///< of Call: text in its output or errors
    FileState state = FileState::Present;
    std::optional<int> exitCode = {}; ///< of Call: nothing, any end
    int atLeast = 1;
    int port = 0; ///< of Connection: 0 any
};

} // namespace gradus::scenario
