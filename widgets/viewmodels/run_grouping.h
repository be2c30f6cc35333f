// SPDX-License-Identifier: GPL-3.0-or-later
// By what the list of runs is grouped.
#pragma once

#include "store/records.h"

#include <QString>
#include <QStringList>

#include <string>

namespace gradus::viewmodels {

struct RunGrouping
{
    enum class By
    {
        Condition,  ///< a condition of an experiment
        AllButSeed, ///< equal settings, whatever experiment they are from
        Keys,       ///< the values of keys
    };
    By by = By::Condition;
    /// Of Keys: "tag", "state", "name", "task", "procedure", or keys of the experiment file. None: one group.
    QStringList keys = {};

    friend bool operator==(const RunGrouping&, const RunGrouping&) = default;
};

/// Which group a run belongs to: equal keys, one group.
struct GroupPlace
{
    std::string family; ///< groups of a family stand together
    std::string key;    ///< within it
};
GroupPlace groupPlaceOf(const store::RunRow& row, const RunGrouping& grouping);

/// What the group of this run is called, and what stands quietly behind that. Untrusted bytes are made visible.
struct GroupTitle
{
    QString name;
    QString context;
};
GroupTitle groupTitleOf(const store::RunRow& row, const RunGrouping& grouping);
/// "seed 2", with the run's condition before it where groups hold several.
QString runTitleOf(const store::RunRow& row, const RunGrouping& grouping);
/// "by condition", "all but seed", "by tag, gap.controller".
QString groupingText(const RunGrouping& grouping);

/// "fixed, value 0.5" of "gap.controller = fixed, gap.value = 0.5"; made visible and one line.
QString shortCondition(const std::string& condition);

} // namespace gradus::viewmodels
