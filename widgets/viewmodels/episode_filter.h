// SPDX-License-Identifier: GPL-3.0-or-later
// The filter line over episodes.
#pragma once

#include "store/records.h"
#include "viewmodels/filter_terms.h"

namespace gradus::viewmodels {

/// FilterTerms over episodes. Words are looked for in scenario, key, verdict and judge; safe (what is taught), state
/// (of a hazard) and by (people who judged) are texts, too; numbers are generation (or gen), severity, messages (or
/// turns) and people (how many judged). Copyable, immutable, any thread.
class EpisodeFilter final
{
public:
    static Result<EpisodeFilter> parse(const QString& text);

    bool matches(const store::EpisodeRow& row) const;
    bool isEmpty() const { return m_terms.isEmpty(); }

private:
    FilterTerms m_terms;
};

} // namespace gradus::viewmodels
