// SPDX-License-Identifier: GPL-3.0-or-later
// What people said of hazards that an earlier run found, read from a CSV or JSON Lines file.
#pragma once

#include "base/result.h"

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace gradus::pipeline {

/// What the people together say of one hazard.
struct PersonVerdict
{
    int behaviour = -1;      ///< the action that most of them name; -1: it is no hazard, and nothing is to be taught
    std::string people = {}; ///< who said so: "Ada, Bob"
};

struct PersonVerdicts
{
    std::map<std::int64_t, PersonVerdict> byItem; ///< by data::itemNumber
    std::size_t split = 0;                        ///< items of which as many people say one thing as another: left out
    std::size_t silent = 0;                       ///< items of which nobody says what should have been done: left out
    std::string sha256;                           ///< of the file
};

/// Columns: item (16 hexadecimal digits), annotator, verdict (hazard, safe, asked, unclear) and behaviour (the name of
/// an action, or empty). A verdict other than "hazard" and "unclear" says that nothing is to be taught; "unclear", and
/// a hazard without a behaviour, say nothing. Bad input: a missing column, an item or behaviour that is unknown, two
/// rows of one annotator for one item.
Result<PersonVerdicts> readPersonVerdicts(const std::filesystem::path& file, const std::vector<std::string>& actions);

} // namespace gradus::pipeline
