// SPDX-License-Identifier: GPL-3.0-or-later
// What a page about runs rests on: which runs, where they come from, and how they and the page are made again.
#pragma once

#include "report/rerun.h"

#include <string>
#include <vector>

namespace gradus::app {

struct PageGround
{
    std::vector<std::string> origins; ///< a sentence an experiment and task: conditions, seeds and runs
    report::Rerun again;
    report::Table runs; ///< every run, where it was made and its last weights
};

/// runs: of the reader's store, in the page's order.
Result<PageGround> groundOf(const store::StoreReader& reader, const std::vector<store::RunDetail>& runs,
                            const report::PageCommand& command);

} // namespace gradus::app
