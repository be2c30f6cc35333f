// SPDX-License-Identifier: GPL-3.0-or-later
// Which conditions an experiment's question holds against each other: [report] of its file. No part of what is run, nor
// of the canonical form.
#pragma once

#include "base/result.h"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace gradus::spec {

struct RunSpec;
struct Member;

/// One condition minus another one, by what the sweep calls them: a condition's name, or "gap.value = 0.4". Where other
/// axes are crossed with these, at each of their points.
struct NamedContrast
{
    std::string of;
    std::string minus;
    friend bool operator==(const NamedContrast&, const NamedContrast&) = default;
};

inline constexpr std::size_t kMostContrasts = 64;

/// The condition that this one is held against: the second name stands where the first did, and the point's other axes
/// stay. None where the condition has no part of the first name.
std::optional<std::string> heldAgainst(const std::string& condition, const NamedContrast& contrast);

/// Of an experiment file, which parseExperiment has checked; none where the text is of another kind.
std::vector<NamedContrast> contrastsOf(const std::string& toml);

/// Of the [report] section. Bad input, with key and place: another key, what is no list of pairs of names, a condition
/// against itself, a pair given twice.
Result<std::vector<NamedContrast>> reportSection(const Member& section);
/// Bad input for a name that is none of the runs' conditions (it names these), and for two that stand at no point of
/// the axes beside each other, so that no table could ever hold them against each other.
Result<void> checkContrasts(const std::vector<NamedContrast>& contrasts, const std::vector<RunSpec>& runs);

} // namespace gradus::spec
