// SPDX-License-Identifier: GPL-3.0-or-later
// The filter line over the run list.
#pragma once

#include "store/records.h"
#include "viewmodels/filter_terms.h"

namespace gradus::viewmodels {

/// FilterTerms over runs. Words are looked for in name, condition, task, state, id, tags and note; numbers are seed,
/// generation, progress (per cent), utility and imitation; `tag:healthy` names a tag whole; any key of the experiment
/// file compares with what the run was given (`gap.controller = adaptive`, `learning_rate > 1e-3` where one key ends in
/// that). Copyable, immutable, any thread.
class RunFilter final
{
public:
    static Result<RunFilter> parse(const QString& text);

    bool matches(const store::RunRow& row) const;
    bool isEmpty() const { return m_terms.isEmpty(); }

private:
    FilterTerms m_terms;
};

} // namespace gradus::viewmodels
