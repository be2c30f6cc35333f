// SPDX-License-Identifier: GPL-3.0-or-later
// What Compare's table holds against each other besides the baseline: what files ask for, and what a person adds. Pure.
#pragma once

#include "viewmodels/comparison.h"

#include <QString>
#include <QVector>

#include <optional>
#include <string>
#include <vector>

namespace gradus::viewmodels {

struct ContrastEntry
{
    QString label;                             ///< "three kinds minus one", made visible
    std::string typed = {};                    ///< of one that was added: what `--against` takes; empty: a file's
    std::optional<compare::Contrast> contrast; ///< none: it is not among these runs
};

/// Those of the files, then those that were added and no file asks for: the order of `gradus compare`.
QVector<ContrastEntry> contrastEntries(const ComparedData& data, const std::vector<std::string>& added);

/// What the table tests, and what it can only name.
compare::AskedContrasts askedOf(const QVector<ContrastEntry>& entries);
/// --against=… of what was added and is among these runs: the files' contrasts are read by every command.
QStringList againstOptions(const QVector<ContrastEntry>& entries);

} // namespace gradus::viewmodels
