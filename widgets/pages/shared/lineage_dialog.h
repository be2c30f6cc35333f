// SPDX-License-Identifier: GPL-3.0-or-later
// The family of a run as a tree: what it branched from, and what branched from it and from its ancestors.
#pragma once

#include "store/records.h"

#include <QDialog>
#include <QVector>

#include <cstdint>

class QLabel;
class QTreeWidget;
class QTreeWidgetItem;

namespace gradus::pages {

/// Not modal. Enter or a double click opens a run and closes the dialog; Escape closes. GUI thread.
class LineageDialog final : public QDialog
{
    Q_OBJECT
public:
    LineageDialog(const QVector<store::RunRow>& runs, std::int64_t run, QWidget* parent = nullptr);

    /// As the store is now; keeps which one is chosen.
    void setRuns(const QVector<store::RunRow>& runs);
    QTreeWidget* tree() const { return m_tree; }

Q_SIGNALS:
    void openRequested(qint64 runId);

private:
    void openRun(const QTreeWidgetItem* item);

    std::int64_t m_run;
    QTreeWidget* m_tree;
    QLabel* m_words;
};

} // namespace gradus::pages
