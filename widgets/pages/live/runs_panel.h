// SPDX-License-Identifier: GPL-3.0-or-later
// The Runs dock: filter line, tree of runs by experiment and condition, and what can be done with a run.
#pragma once

#include "common/theme.h"
#include "viewmodels/runs_model.h"

#include <QFrame>
#include <QTimer>

class QLabel;
class QLineEdit;
class QMenu;
class QStackedWidget;
class QToolButton;

namespace gradus::common {
class ElidedLabel;
class EmptyState;
} // namespace gradus::common

namespace gradus::pages {

class RunMarksBar;
class RunsTree;

/// Shows a RunsModel that must outlive it. Says what the user wants by signals and does nothing to a run itself.
class RunsPanel final : public QFrame
{
    Q_OBJECT
public:
    RunsPanel(viewmodels::RunsModel& model, const common::ThemeController& theme, QWidget* parent = nullptr);

    std::int64_t chosenRun() const { return m_chosen; } ///< 0: none
    /// Selects and reveals the run without runChosen; remembered until it arrives when it is not in the model yet.
    void choose(std::int64_t runId);
    /// What the empty dock says, e.g. that there is no store yet or why it cannot be read.
    void setNotice(const QString& sentence);
    /// Nothing may be said of the runs of this store.
    void setReadOnly(bool readOnly);
    QLineEdit* filterField() const { return m_filter; }
    RunMarksBar* marks() const { return m_marks; }
    QMenu* groupingMenu() const { return m_groupingMenu; }

Q_SIGNALS:
    void runChosen(qint64 runId);     ///< selected by the user: watch it
    void openRequested(qint64 runId); ///< Enter, double click or "Open in Live"
    void stopRequested(qint64 runId);
    void branchRequested(qint64 runId);  ///< draw its future anew
    void lineageRequested(qint64 runId); ///< what it branched from, and what branched from it
    void resumeRequested(qint64 runId);
    void copyIdRequested(qint64 runId);
    void copyCommandRequested(qint64 runId);
    void trashRequested(const QVector<qint64>& runs); ///< those that are chosen; of a group all
    void tagsRequested(const QVector<qint64>& runs, const QStringList& add, const QStringList& remove);
    void noteRequested(qint64 run, const QString& note);
    void undoRequested(); ///< what was done to runs last

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void build(const common::ThemeController& theme);
    void applyFilter();
    void modelChanged();
    void restoreSelection();
    void currentChanged(const QModelIndex& index);
    void addKeys();
    QVector<qint64> currentRuns() const;
    void showMenu(const QPoint& at);
    void addTagMenu(QMenu& menu, const QVector<qint64>& runs);
    void refreshMarks();
    void fillGroupingMenu();
    void groupBy(const viewmodels::RunGrouping& grouping);
    void updateTexts();

    viewmodels::RunsModel& m_model;
    RunsTree* m_tree = nullptr;
    QLineEdit* m_filter = nullptr;
    QLabel* m_count = nullptr;
    QLabel* m_filterError = nullptr;
    common::ElidedLabel* m_footer = nullptr;
    QStackedWidget* m_stack = nullptr;
    common::EmptyState* m_empty = nullptr;
    RunMarksBar* m_marks = nullptr;
    QToolButton* m_grouping = nullptr;
    QMenu* m_groupingMenu = nullptr;
    QTimer m_filterDelay;
    QTimer m_textsDelay; ///< many changes of the list, one count of it
    QTimer m_marksDelay; ///< many changes of the list or of what is chosen, one of the bar
    QString m_notice;
    std::int64_t m_chosen = 0;
    bool m_restoring = false;
    bool m_readOnly = false;
    int m_knownGroups = 0;
};

} // namespace gradus::pages
