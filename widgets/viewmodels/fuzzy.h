// SPDX-License-Identifier: GPL-3.0-or-later
// How well a few typed letters fit a name: what the command palette ranks by. Pure.
#pragma once

#include <QString>

#include <optional>

namespace gradus::viewmodels {

/// Nothing where the letters of `typed` do not all stand in `name` in their order; case does not matter, spaces
/// separate words that are looked for each by itself. Higher fits better: letters side by side, beginnings of words,
/// short names. Nothing typed fits everything equally.
std::optional<int> fuzzyScore(const QString& typed, const QString& name);

} // namespace gradus::viewmodels
