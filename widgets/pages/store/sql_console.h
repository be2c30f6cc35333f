// SPDX-License-Identifier: GPL-3.0-or-later
// The console: a statement, its result, and how long it took.
#pragma once

#include "common/theme.h"
#include "viewmodels/sql_result_model.h"
#include "viewmodels/store_acts.h"

#include <QStringList>
#include <QTimer>
#include <QWidget>

class QLabel;
class QMenu;
class QPushButton;
class QStackedWidget;
class QTableView;
class QToolButton;

namespace gradus::common {
class ElidedLabel;
class EmptyState;
} // namespace gradus::common

namespace gradus::pages {

class QueryPlot;
class SqlEditor;

/// Reads and nothing else; statements run off the GUI thread and can be stopped. acts must outlive it. GUI thread only.
class SqlConsole final : public QWidget
{
    Q_OBJECT
public:
    SqlConsole(viewmodels::StoreActs& acts, common::ThemeController& theme, QWidget* parent = nullptr);

    SqlEditor& editor() { return *m_editor; }
    QTableView* table() const { return m_table; }
    QueryPlot& picture() { return *m_picture; }
    QMenu* queryMenu() const { return m_queryMenu; }
    viewmodels::SqlResultModel& model() { return m_model; }
    QString statusText() const;
    void insertName(const QString& name);
    void run();
    /// Forgets the result: another store was opened.
    void clear();

Q_SIGNALS:
    void said(const QString& sentence, bool isFailure);

private:
    QWidget* buildToolbar();
    QWidget* buildStatus();
    void buildTable();
    void fillQueries();
    void fillSaved();
    void saveStatement();
    void showPicture(bool on);
    void showResult();
    void show(const std::shared_ptr<const store::QueryResult>& result);
    void fail(const QString& sentence, bool stopped);
    void setRunning(bool running);
    void copyCsv();
    void saveCsv();
    void copyCommand();

    viewmodels::StoreActs& m_acts;
    common::ThemeController& m_theme;
    viewmodels::SqlResultModel m_model;
    std::shared_ptr<const store::QueryResult> m_shown; ///< what table and picture show
    QTimer m_slow;                                     ///< words appear only when a statement takes longer
    QStringList m_recent;
    QString m_ran;
    int m_sortColumn = -1; ///< none
    Qt::SortOrder m_sortOrder = Qt::AscendingOrder;
    SqlEditor* m_editor;
    QTableView* m_table = nullptr;
    QStackedWidget* m_stack = nullptr;
    QueryPlot* m_picture = nullptr;
    QToolButton* m_asPicture = nullptr;
    common::EmptyState* m_empty = nullptr;
    QPushButton* m_run = nullptr;
    QPushButton* m_cancel = nullptr;
    QPushButton* m_queries = nullptr;
    QPushButton* m_export = nullptr;
    QMenu* m_queryMenu = nullptr;
    common::ElidedLabel* m_status = nullptr;
};

} // namespace gradus::pages
