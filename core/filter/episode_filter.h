// SPDX-License-Identifier: GPL-3.0-or-later
// The filter line over a run's episodes: of the Transcripts page and of `gradus transcript --filter`.
#pragma once

#include "filter/filter_terms.h"
#include "store/records.h"

namespace gradus::filter {

/// FilterTerms over episodes: words are looked for in scenario, key, verdict and judge; also safe, state and by (people
/// who judged); numbers are generation (or gen), severity, messages (or turns) and people. Copyable, immutable.
class EpisodeFilter final
{
public:
    static Result<EpisodeFilter> parse(std::string_view line);

    bool matches(const store::EpisodeRow& row) const;
    bool isEmpty() const { return m_terms.isEmpty(); }

private:
    FilterTerms m_terms;
};

} // namespace gradus::filter
