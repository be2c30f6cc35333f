// SPDX-License-Identifier: GPL-3.0-or-later
// What the tests of imports share.
#pragma once

#include "base/files.h"
#include "base/result.h"
#include "imports/plan.h"
#include "imports/read_source.h"
#include "support/must.h"
#include "support/source_dir.h"

#include <filesystem>
#include <stdexcept>
#include <string>

namespace gradus::tests {

inline const std::filesystem::path kTensorBoardRuns = tests::sourceDir() / "tests/data/imports/tb";

/// Writes a text and gives its path.
inline std::filesystem::path written(const std::filesystem::path& path, const std::string& text)
{
    std::filesystem::create_directories(path.parent_path());
    must(writeFileAtomically(path, text));
    return path;
}

inline const imports::ForeignSeries& seriesOf(const imports::ForeignRun& run, const std::string& name)
{
    for (const imports::ForeignSeries& series : run.series)
        if (series.name == name) return series;
    throw std::runtime_error("no series " + name);
}

} // namespace gradus::tests
