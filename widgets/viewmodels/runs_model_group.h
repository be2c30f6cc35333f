// SPDX-License-Identifier: GPL-3.0-or-later
// A group of the Runs tree: internal to RunsModel.
#pragma once

#include "viewmodels/runs_model.h"

#include <algorithm>
#include <cmath>
#include <string>

namespace gradus::viewmodels {

struct RunsModel::Group
{
    QString key;        // of the family and within it
    std::string family; // groups of one stand together
    int colour = 0;
    int row = 0;                  // place among the groups
    std::int64_t familyOrder = 0; // first run id of the family
    std::int64_t order = 0;       // first run id of the group
    std::vector<store::RunRow> runs;

    /// Of runs within a group.
    static bool inOrder(const store::RunRow& a, const store::RunRow& b)
    {
        return a.seed != b.seed ? a.seed < b.seed : a.id < b.id;
    }

    /// Whose title is the group's; asked of what is seen alone, as making titles of many thousand groups takes long.
    const store::RunRow& newest() const
    {
        return *std::max_element(runs.begin(), runs.end(), [](const auto& a, const auto& b) { return a.id < b.id; });
    }

    static bool isMeasured(const store::RunRow& run) { return run.lastUtility && std::isfinite(*run.lastUtility); }
    int measured() const { return static_cast<int>(std::count_if(runs.begin(), runs.end(), isMeasured)); }

    std::optional<double> meanUtility() const
    {
        double sum = 0;
        for (const store::RunRow& run : runs)
            if (isMeasured(run)) sum += *run.lastUtility;
        const int n = measured();
        if (n == 0) return std::nullopt;
        return sum / n;
    }

    QVector<double> meanHistory() const
    {
        QVector<double> sums;
        QVector<int> counts;
        for (const store::RunRow& run : runs) {
            const qsizetype length = static_cast<qsizetype>(run.utilityHistory.size());
            if (length > sums.size()) {
                sums.resize(length);
                counts.resize(length);
            }
            for (qsizetype i = 0; i < length; ++i) {
                const double value = run.utilityHistory[static_cast<std::size_t>(i)];
                if (!std::isfinite(value)) continue;
                sums[i] += value;
                ++counts[i];
            }
        }
        for (qsizetype i = 0; i < sums.size(); ++i)
            sums[i] = counts[i] > 0 ? sums[i] / counts[i] : std::nan("");
        return sums;
    }
};

} // namespace gradus::viewmodels
