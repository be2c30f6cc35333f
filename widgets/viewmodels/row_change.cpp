// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewmodels/row_change.h"

#include <algorithm>
#include <cmath>

namespace gradus::viewmodels {

namespace {

bool isSame(double a, double b)
{
    return a == b || (std::isnan(a) && std::isnan(b));
}

bool isSame(const std::optional<double>& a, const std::optional<double>& b)
{
    return a.has_value() == b.has_value() && (!a || isSame(*a, *b));
}

bool isSame(const std::vector<double>& a, const std::vector<double>& b)
{
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](double x, double y) { return isSame(x, y); });
}

bool isSame(const std::optional<store::Lineage>& a, const std::optional<store::Lineage>& b)
{
    if (!a || !b) return a.has_value() == b.has_value();
    return a->parent == b->parent && a->generation == b->generation && a->superseded == b->superseded;
}

} // namespace

bool isSameRow(const store::RunRow& a, const store::RunRow& b)
{
    return a.id == b.id && a.state == b.state && isSame(a.progress, b.progress) &&
           isSame(a.secondsLeft, b.secondsLeft) && a.generation == b.generation && a.generations == b.generations &&
           isSame(a.heartbeatAt, b.heartbeatAt) && isSame(a.startedAt, b.startedAt) && isSame(a.endedAt, b.endedAt) &&
           isSame(a.lastUtility, b.lastUtility) && isSame(a.lastImitation, b.lastImitation) &&
           isSame(a.utilityHistory, b.utilityHistory) && a.seed == b.seed && a.settings == b.settings &&
           a.activity == b.activity && a.failure == b.failure && a.uuid == b.uuid && a.condition == b.condition &&
           a.experimentName == b.experimentName && a.experimentHash == b.experimentHash && a.procedure == b.procedure &&
           a.taskName == b.taskName && isSame(a.createdAt, b.createdAt) && a.tags == b.tags && a.note == b.note &&
           isSame(a.lineage, b.lineage);
}

} // namespace gradus::viewmodels
