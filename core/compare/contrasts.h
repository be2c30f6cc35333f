// SPDX-License-Identifier: GPL-3.0-or-later
// Groups that are held against each other because somebody asked, besides each against the baseline. Pure.
#pragma once

#include "compare/run_groups.h"
#include "spec/contrasts.h"

#include <cstddef>
#include <string>
#include <vector>

namespace gradus::compare {

/// One group minus another one: indices into the groups.
struct Contrast
{
    std::size_t group = 0;
    std::size_t minus = 0;
    friend bool operator==(const Contrast&, const Contrast&) = default;
};

/// "three kinds minus one".
std::string nameOf(const Contrast& contrast, const Grouping& grouping);

/// Contrasts as they are typed: "A=B" is A minus B, by the groups' labels or their conditions' whole names, which may
/// hold equals signs. Bad input: no such pair, and it names the labels that there are; a group against itself.
Result<std::vector<Contrast>> contrastsFrom(const std::vector<std::string>& asked, const Grouping& grouping);

/// As it is typed, see contrastsFrom.
std::string typedText(const Contrast& contrast, const Grouping& grouping);

/// Those that files name, each once, by what their sweeps call the conditions (labels may be shorter); at every point
/// of the axes. Where several experiments have a condition of the name, its own is meant. What is not among the groups
/// is put into absent, as "A minus B".
std::vector<Contrast> contrastsAmong(const std::vector<spec::NamedContrast>& named,
                                     const std::vector<ComparedRun>& runs, const Grouping& grouping,
                                     std::vector<std::string>& absent);

/// Of experiment files (their texts) and as typed, each once.
struct AskedContrasts
{
    std::vector<Contrast> contrasts;
    std::vector<std::string> absent;
};
Result<AskedContrasts> askedContrasts(const std::vector<std::pair<std::string, std::string>>& files,
                                      const std::vector<std::string>& typed, const std::vector<ComparedRun>& runs,
                                      const Grouping& grouping);

} // namespace gradus::compare
