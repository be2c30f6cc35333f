// SPDX-License-Identifier: GPL-3.0-or-later
// Scenario files: TOML in, Scenario out, or one sentence with file, line and column. The format: resources/docs.
#pragma once

#include "base/result.h"
#include "scenario/scenario.h"

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace gradus::scenario {

/// Gives the text of a file named by `from`: a plain name or folder/name, never absolute and without "..".
using Companion = std::function<Result<std::string>(const std::string& name)>;

/// `file` stands in messages. Unknown keys, unknown placeholders, twins that do not differ, and conditions that name
/// what is not there are bad input.
Result<Scenario> parseScenario(const std::string& toml, const std::string& file, const Companion& companion);

/// At most 1 MiB; `from` is looked up beside the file.
Result<Scenario> loadScenario(const std::filesystem::path& path);

/// The scenarios that come with the program, by family and id. An error is a fault of the release.
Result<std::vector<Scenario>> shippedScenarios();

} // namespace gradus::scenario
