// SPDX-License-Identifier: GPL-3.0-or-later
// Runs of one configuration with different seeds are one group: the unit that is compared. Pure; any thread.
#pragma once

#include "base/result.h"
#include "spec/experiment.h"
#include "store/records.h"

#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace gradus::compare {

/// A run with what it measured, as it was read from the store.
struct ComparedRun
{
    store::RunDetail detail;
    std::vector<store::SeriesPoints> series;
    std::optional<spec::Experiment> spec; ///< none when the frozen text cannot be parsed
    std::string specError;                ///< then: why
    /// Settings of a run that another program made (see imports), as TOML text, "parameters.lr" first; else none.
    std::vector<std::pair<std::string, std::string>> parameters = {};

    const store::SeriesPoints* find(const std::string& name) const; ///< nullptr: it has no such series
};

/// Parses detail.specToml.
ComparedRun comparedRun(store::RunDetail detail, std::vector<store::SeriesPoints> series);

/// The canonical configuration without its seeds: equal for runs that differ in nothing else.
std::string seedlessText(const spec::Experiment& experiment);

struct RunGroup
{
    std::string key;               ///< seedlessText; without a readable spec: experiment and condition
    std::string condition;         ///< as the store calls it; empty without a sweep
    std::string label;             ///< what tells it from the other groups, see labelGroups
    std::vector<std::size_t> runs; ///< indices into the runs given, by seed
    /// Runs left out because a newer run of the same configuration and seed is there: their values are no second
    /// observation (equal seeds give equal bits).
    std::vector<std::size_t> repeats;
};

/// A configuration key whose values are not the same in all groups.
struct DifferingKey
{
    std::string key;                 ///< dotted: "gap.controller"
    std::vector<std::string> values; ///< one a group, as TOML text; "–" where there is no spec
};

struct Grouping
{
    std::vector<RunGroup> groups;        ///< in the order in which the runs are given
    std::vector<DifferingKey> differing; ///< in the canonical order
};

/// Among runs of one configuration and seed the newest that got furthest counts. Labels are the conditions' names where
/// these tell the groups apart (of names that hold whole TOML tables what they do not all share), else the values of the
/// fewest differing keys that do, else the experiments' names.
Grouping grouped(const std::vector<ComparedRun>& runs);

/// The group that a user means by its label or its condition's whole name; without one the first. Bad input names the labels there are.
Result<std::size_t> groupLabelled(const Grouping& grouping, const std::string& label);

} // namespace gradus::compare
