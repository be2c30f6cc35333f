// SPDX-License-Identifier: GPL-3.0-or-later
// What people say of runs: tags, several a run, and a note. No part of what ran: nothing that computes reads them.
#pragma once

#include "base/result.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace gradus::store {

class Database;

struct RunMarks
{
    std::vector<std::string> tags = {}; ///< in the order of their bytes, each once
    std::string note = {};              ///< plain text of lines; empty: none

    friend bool operator==(const RunMarks&, const RunMarks&) = default;
};

/// What is to change of one run's marks; the other marks stay.
struct MarkChange
{
    std::string uuid;
    std::vector<std::string> add = {};    ///< tags
    std::vector<std::string> remove = {}; ///< tags; one that is not there is no error
    std::optional<std::string> note = {}; ///< in place of the one there is; empty: no note any more

    friend bool operator==(const MarkChange&, const MarkChange&) = default;
};

/// A tag has 1 to 40 characters, no comma, no quotation mark, no control character and no blank at its ends.
Result<void> checkTag(const std::string& tag);
/// A note has at most 8,000 bytes and no control characters but line breaks.
Result<void> checkNote(const std::string& note);

/// Makes all changes or none. Returns what undoes them: only runs and marks that really changed, so that undoing does
/// not touch what somebody else said meanwhile. Bad input: a tag or note as above, a run that is not there, no store.
/// Blocks while another program writes (5 s at most).
Result<std::vector<MarkChange>> changeMarks(const std::filesystem::path& store, const std::vector<MarkChange>& changes);

Result<RunMarks> readMarks(Database& database, std::int64_t runId);

/// What was said of the run elsewhere is said here, too: tags of both, and a note that says anything else below the one
/// that is here. True: it changed something; a second time it does not. Inside a transaction of the caller.
Result<bool> joinMarks(Database& database, std::int64_t runId, const RunMarks& others);

} // namespace gradus::store
