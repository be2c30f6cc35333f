// SPDX-License-Identifier: GPL-3.0-or-later
// A model folder whose hidden states a probe reads.
#pragma once

#include "base/result.h"
#include "monitors/probe.h"

#include <filesystem>
#include <memory>

namespace gradus::run {

/// The residual stream after the middle layer at a text's last token, of its last 512 tokens or what the model takes.
/// Bad input: what is wrong with the folder.
Result<std::unique_ptr<monitors::StateReader>> openStateReader(const std::filesystem::path& folder);

} // namespace gradus::run
