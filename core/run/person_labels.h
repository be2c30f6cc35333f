// SPDX-License-Identifier: GPL-3.0-or-later
// What people said of a run's episodes as a file that later runs are taught by.
#pragma once

#include "base/result.h"
#include "store/store_reader.h"

#include <cstddef>
#include <string>
#include <vector>

namespace gradus::run {

struct PersonLabels
{
    /// CSV with the columns item, label, annotator, verdict, severity, behaviour, episode, generation, run, changed_at,
    /// note. item, label and annotator are what a source of kind "human" reads; item, annotator, verdict and behaviour
    /// what [conformity] person_file reads. label is the behaviour's class where it is an answer, else empty.
    std::string csv;
    std::size_t rows = 0;
    std::size_t withBehaviour = 0;         ///< rows whose behaviour stage 3 can teach
    std::size_t withoutItem = 0;           ///< verdicts left out: their episode names no item
    std::vector<std::string> unknown = {}; ///< behaviours that are no action of the run's domain, each once
};

/// Of a run with sandbox episodes; person: only this one's verdicts, empty: everybody's. Bad input where there is no
/// such verdict.
Result<PersonLabels> personLabels(const store::StoreReader& reader, const store::RunRow& run,
                                  const std::string& person);

} // namespace gradus::run
