// SPDX-License-Identifier: GPL-3.0-or-later
// The filter line over runs: of the run list, of Compare's choice and of `gradus list --filter`.
#pragma once

#include "filter/filter_terms.h"
#include "store/records.h"

namespace gradus::filter {

/// FilterTerms over runs. Words are looked for in name, condition, task, state, id, tags and note; numbers are seed,
/// generation, progress (per cent), utility and imitation; `tag:healthy` names a tag whole; any key of the experiment
/// file compares with what the run was given (`gap.controller = adaptive`, `learning_rate > 1e-3` where one key ends in
/// that): these need the row's settings (StoreReader::addSettings). Copyable, immutable, any thread.
class RunFilter final
{
public:
    static Result<RunFilter> parse(std::string_view line);

    bool matches(const store::RunRow& row) const;
    bool isEmpty() const { return m_terms.isEmpty(); }

private:
    FilterTerms m_terms;
};

} // namespace gradus::filter
