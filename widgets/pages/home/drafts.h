// SPDX-License-Identifier: GPL-3.0-or-later
// The experiment files of a workspace as Home lists them, and what the bundled example holds. Values only, any thread.
#pragma once

#include "schedule/curve.h"
#include "store/records.h"

#include <QString>
#include <QVector>

namespace gradus::pages {

struct DraftRow
{
    QString path;
    QString name;           ///< the experiment's name, made visible; the file's name when it cannot be read
    QString contents;       ///< "progressive, 4 generations, 3 seeds", or the sentence why it cannot be read
    QVector<double> curve;  ///< the gap over the run, evenly spaced samples; empty: no drawn gap
    schedule::Curve gap;    ///< the drawn curve itself; no keys: none
    double editedAt = 0;    ///< wall seconds
    bool isUnsaved = false; ///< the workspace's journals hold edits that the file does not
    bool isBroken = false;

    friend bool operator==(const DraftRow&, const DraftRow&) = default;
};

/// The *.toml files of folder, last edited first, at most `most`. A missing folder has none.
QVector<DraftRow> readDrafts(const QString& folder, int most = 20);

/// Mean utility per generation of one condition over its seeds, with the seeds' range.
struct ConditionCurve
{
    QString name; ///< made visible, one line
    QVector<double> mean, low, high;
    int seeds = 0;
};
struct ExamplePreview
{
    QVector<ConditionCurve> conditions;
    int runs = 0;
    int generations = 0;
    QString error; ///< why there is nothing to show; empty if there is
};
ExamplePreview previewOf(const std::vector<store::RunRow>& runs);
/// Opens the store read-only, reads and closes it.
ExamplePreview readExample(const QString& storePath);

} // namespace gradus::pages
