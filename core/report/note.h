// SPDX-License-Identifier: GPL-3.0-or-later
// The author's own conclusion on a page: a text file, set before what was computed.
#pragma once

#include "base/result.h"
#include "report/report.h"

#include <filesystem>
#include <string>
#include <vector>

namespace gradus::report {

/// The text; empty without a file. Bad input: a file that is not there, no regular one, or longer than 1 MiB.
Result<std::string> readNote(const std::filesystem::path& file);

/// The section "Answer": the note's paragraphs, parted by empty lines, then the computed sentences.
Section answerSection(const std::string& note, std::vector<std::string> computed);

} // namespace gradus::report
