// SPDX-License-Identifier: GPL-3.0-or-later
// What the store's series are called on screen, and which colour and dash of the cycle is theirs on every page.
#pragma once

#include <QString>

#include <span>
#include <string>

namespace gradus::viewmodels {

struct SeriesInfo
{
    const char* name;  ///< as in the store
    const char* label; ///< English, translated by seriesLabel
    const char* brief; ///< English, translated by shortLabel
    int style;         ///< place in the colour cycle, 0..7
    int decimals;
};

/// In the order in which tables list them.
std::span<const SeriesInfo> seriesCatalogue();
/// Null for a series that is not in the catalogue.
const SeriesInfo* findSeries(const std::string& name);
QString seriesLabel(const SeriesInfo& info);
/// For legends, where the card says the rest: "noisy" for "accuracy, noisy".
QString shortLabel(const SeriesInfo& info);

} // namespace gradus::viewmodels
