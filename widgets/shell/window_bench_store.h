// SPDX-License-Identifier: GPL-3.0-or-later
// What the window needs for a store of very many runs and for the example: the part of the bench that opens real files.
#pragma once

#include "shell/window_bench.h"
#include "store/records.h"

#include <QTemporaryDir>
#include <QVector>

namespace gradus::shell {

/// A workspace whose store holds that many runs, made once and removed with this.
class BenchWorkspace final
{
public:
    explicit BenchWorkspace(int runs);

    bool isThere() const { return m_isThere; }
    QString folder() const { return m_folder.path(); }
    /// As a list of runs gets them, with their settings; empty where there are none.
    QVector<store::RunRow> rows() const;
    QString store() const { return m_folder.filePath(QStringLiteral("gradus.db")); }

private:
    QTemporaryDir m_folder;
    bool m_isThere;
};

/// From the start of the program to its first paint, in that folder.
BenchFigure startIn(const QString& folder, const QString& program, const QString& name);
/// From a commit of a run's points to the pixels, with 10,000 points a second, in a store of many runs.
BenchFigure commitToPixel(common::ThemeController& theme, const BenchWorkspace& place);
/// From the act in a window that stands to the example's run drawn on Live.
BenchFigure exampleOpened(common::ThemeController& theme);
/// From the act to the list of the runs of such a store in the Runs dock.
BenchFigure manyRunsListed(common::ThemeController& theme, const BenchWorkspace& place);

} // namespace gradus::shell
