// SPDX-License-Identifier: GPL-3.0-or-later
// Makes the built-in ladder's bodies from nothing: the command behind the shipped files.
#pragma once

#include "base/result.h"
#include "base/stop.h"
#include "engine/tuning.h"

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace gradus::run {

struct MadeRung
{
    std::string name; ///< "32x2"
    std::filesystem::path file;
    std::string sha256;
    std::int64_t parameters = 0;
    std::optional<bool> asShipped; ///< byte for byte the file inside this program; none where nothing is shipped
};

using PretrainReport = std::function<void(const std::string& rung, const engine::StepReport& report)>;

/// All rungs of a built-in domain ("builtin:registers/math") and architecture ("attention", "recurrent",
/// "convolutional"), or the one named WIDTHxLAYERS. Deterministic for one
/// libtorch and processor type; others may differ in the last bits.
Result<std::vector<MadeRung>> pretrainBuiltin(const std::string& domain, const std::string& architecture,
                                              const std::filesystem::path& folder, const std::string& only,
                                              const StopFlag& stop, const PretrainReport& onStep);

} // namespace gradus::run
