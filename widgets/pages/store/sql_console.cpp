// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/store/sql_console.h"

#include "base/text.h"
#include "common/controls.h"
#include "pages/shared/copy_cells.h"
#include "pages/store/query_plot.h"
#include "pages/store/sql_editor.h"

#include <QAction>
#include <QClipboard>
#include <QFileDialog>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QInputDialog>
#include <QMenu>
#include <QRegularExpression>
#include <QSaveFile>
#include <QSplitter>
#include <QStackedWidget>
#include <QTableView>
#include <QToolButton>

namespace gradus::pages {

namespace {

constexpr int kToolbarHeight = 40;
constexpr int kStatusHeight = 28;
constexpr int kRowHeight = 26;
constexpr int kWidestColumn = 320;
constexpr qsizetype kRecentKept = 10;

struct Example
{
    const char* title;
    const char* sql;
};
constexpr Example kExamples[] = {
    {QT_TRANSLATE_NOOP("SqlConsole", "Utility at the end of each generation"),
     "-- utility and imitation at the end of each generation, over the runs of a condition\n"
     "SELECT e.name AS experiment, r.condition, g.number AS generation, count(*) AS n,\n"
     "       avg(coalesce(g.aligned_utility, g.utility)) AS utility, avg(g.imitation) AS imitation, avg(g.gap) AS gap\n"
     "FROM run r JOIN experiment e ON e.id = r.experiment_id\n"
     "           JOIN generation g ON g.run_id = r.id\n"
     "WHERE g.last_step IS NOT NULL AND g.rolled_back = 0\n"
     "GROUP BY 1, 2, 3 ORDER BY 1, 2, 3;"},
    {QT_TRANSLATE_NOOP("SqlConsole", "Hazards by scenario"),
     "SELECT scenario, count(*) AS hazards, avg(severity) AS severity\nFROM hazard GROUP BY 1 ORDER BY 2 DESC;"},
    {QT_TRANSLATE_NOOP("SqlConsole", "Runs that failed, and why"),
     "SELECT r.uuid, e.name, r.condition, r.seed, r.failure\nFROM run r JOIN experiment e ON e.id = r.experiment_id\n"
     "WHERE r.state = 'failed' ORDER BY r.ended_at DESC;"},
};

} // namespace

SqlConsole::SqlConsole(viewmodels::StoreActs& acts, common::ThemeController& theme, QWidget* parent)
    : QWidget(parent), m_acts(acts), m_theme(theme), m_editor(new SqlEditor(theme))
{
    setMinimumWidth(440);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(buildToolbar());
    column->addWidget(common::makeLine(Qt::Horizontal));
    buildTable();
    auto* body = new QSplitter(Qt::Vertical);
    body->addWidget(m_editor);
    body->addWidget(m_stack);
    body->setStretchFactor(1, 1);
    body->setSizes({150, 400});
    column->addWidget(body, 1);
    column->addWidget(common::makeLine(Qt::Horizontal));
    column->addWidget(buildStatus());
    m_editor->setPlainText(QString::fromLatin1(kExamples[0].sql));
    m_slow.setSingleShot(true);
    m_slow.setInterval(300);
    connect(&m_slow, &QTimer::timeout, this, [this] { m_status->setFullText(tr("Running…")); });
    connect(&acts, &viewmodels::StoreActs::queryDone, this, &SqlConsole::show);
    connect(&acts, &viewmodels::StoreActs::queryFailed, this, &SqlConsole::fail);
    connect(&acts, &viewmodels::StoreActs::savedQueriesSaid, this, &SqlConsole::said);
    setRunning(false);
}

QWidget* SqlConsole::buildToolbar()
{
    auto* bar = new QFrame;
    bar->setProperty("panel", true);
    bar->setFixedHeight(kToolbarHeight);
    auto* row = new QHBoxLayout(bar);
    row->setContentsMargins(12, 0, 12, 0);
    row->setSpacing(6);
    const auto button = [&](const QString& text, const QString& role, const char* name) {
        QPushButton* made = common::makeButton(text, role);
        made->setObjectName(QLatin1String(name));
        row->addWidget(made);
        return made;
    };
    const auto action = [&](const QString& text, const QKeySequence& key, const char* name, auto slot) {
        auto* made = new QAction(text, this);
        made->setObjectName(QLatin1String(name));
        made->setShortcut(key);
        made->setShortcutContext(Qt::WidgetWithChildrenShortcut);
        connect(made, &QAction::triggered, this, slot);
        addAction(made);
    };
    action(tr("Run the statement"), QKeySequence(Qt::CTRL | Qt::Key_Return), "store.run", &SqlConsole::run);
    action(tr("Stop the statement"), QKeySequence(Qt::Key_Escape), "store.cancel", [this] { m_acts.cancelQuery(); });
    m_run = button(tr("Run"), QStringLiteral("primary"), "runSql");
    m_cancel = button(tr("Cancel"), {}, "cancelSql");
    m_queries = button(tr("Queries"), QStringLiteral("quiet"), "queries");
    m_queryMenu = new QMenu(m_queries);
    m_queries->setMenu(m_queryMenu);
    // Not null: a neutral chip.
    auto* chip = new common::ChipLabel(tr("read only, 10 s limit"), QStringLiteral(""));
    row->addWidget(chip);
    row->addStretch();
    m_asPicture = new QToolButton;
    m_asPicture->setObjectName(QStringLiteral("sqlPicture"));
    m_asPicture->setText(tr("Plot"));
    m_asPicture->setProperty("role", "button");
    m_asPicture->setCheckable(true);
    m_asPicture->setToolTip(tr("The result's numbers as a picture, a line for each text beside them"));
    connect(m_asPicture, &QToolButton::toggled, this, &SqlConsole::showPicture);
    row->addWidget(m_asPicture);
    m_export = button(tr("Export"), QStringLiteral("quiet"), "exportSql");
    auto* menu = new QMenu(m_export);
    menu->addAction(tr("Copy as CSV"), this, &SqlConsole::copyCsv)->setObjectName(QStringLiteral("store.copyCsv"));
    menu->addAction(tr("Save as CSV…"), this, &SqlConsole::saveCsv);
    menu->addAction(tr("Copy the command"), this, &SqlConsole::copyCommand)
        ->setObjectName(QStringLiteral("store.copySqlCommand"));
    m_export->setMenu(menu);
    m_run->setToolTip(tr("Runs the statement at the cursor (Ctrl+Enter)"));
    m_cancel->setToolTip(tr("Stops it (Esc)"));
    connect(m_run, &QPushButton::clicked, this, &SqlConsole::run);
    connect(m_cancel, &QPushButton::clicked, this, [this] { m_acts.cancelQuery(); });
    connect(m_queryMenu, &QMenu::aboutToShow, this, &SqlConsole::fillQueries);
    return bar;
}

void SqlConsole::buildTable()
{
    m_table = new QTableView;
    m_table->setObjectName(QStringLiteral("sqlResult"));
    m_table->setAccessibleName(tr("Result"));
    m_table->setModel(&m_model);
    m_table->setFrameShape(QFrame::NoFrame);
    m_table->setShowGrid(false);
    m_table->setWordWrap(false);
    m_table->setSortingEnabled(false);
    m_table->setFont(common::numericFont(common::Type::Body));
    m_table->verticalHeader()->setDefaultSectionSize(kRowHeight);
    m_table->verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    m_table->horizontalHeader()->setFixedHeight(kRowHeight);
    m_table->horizontalHeader()->setSectionsClickable(true);
    m_table->setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    connect(m_table->horizontalHeader(), &QHeaderView::sectionClicked, this, [this](int section) {
        // Kept here: the header turns its indicator round by itself before it tells of a click.
        const bool again = m_sortColumn == section && m_sortOrder == Qt::AscendingOrder;
        m_sortColumn = section;
        m_sortOrder = again ? Qt::DescendingOrder : Qt::AscendingOrder;
        m_table->horizontalHeader()->setSortIndicatorShown(true);
        m_table->horizontalHeader()->setSortIndicator(section, m_sortOrder);
        m_model.sort(section, m_sortOrder);
    });
    auto* copy = new QAction(tr("Copy cells"), m_table);
    copy->setShortcut(QKeySequence::Copy);
    copy->setShortcutContext(Qt::WidgetShortcut);
    connect(copy, &QAction::triggered, this, [this] { copySelectedCells(*m_table); });
    m_table->addAction(copy);
    m_empty = new common::EmptyState(tr("The rows of a statement appear here."));
    m_stack = new QStackedWidget;
    m_stack->addWidget(m_empty);
    m_stack->addWidget(m_table);
    m_picture = new QueryPlot(m_theme);
    m_stack->addWidget(m_picture);
}

QWidget* SqlConsole::buildStatus()
{
    auto* bar = new QFrame;
    bar->setProperty("panel", true);
    bar->setFixedHeight(kStatusHeight);
    auto* row = new QHBoxLayout(bar);
    row->setContentsMargins(12, 0, 12, 0);
    m_status = new common::ElidedLabel;
    m_status->setObjectName(QStringLiteral("sqlStatus"));
    row->addWidget(m_status, 1);
    row->addWidget(common::makeLabel(tr("Ctrl+Enter runs the statement at the cursor"), common::Type::Small,
                                     QStringLiteral("quiet")));
    return bar;
}

void SqlConsole::fillQueries()
{
    m_queryMenu->clear();
    for (const Example& example : kExamples)
        m_queryMenu->addAction(tr(example.title), this,
                               [this, &example] { m_editor->setPlainText(QString::fromLatin1(example.sql)); });
    fillSaved();
    if (!m_recent.isEmpty()) m_queryMenu->addSection(tr("Recent"));
    for (const QString& sql : m_recent) {
        const QString brief = fontMetrics().elidedText(sql.simplified(), Qt::ElideRight, 320);
        m_queryMenu->addAction(QString(brief).replace(QLatin1Char('&'), QStringLiteral("&&")), this,
                               [this, sql] { m_editor->setPlainText(sql); });
    }
}

void SqlConsole::fillSaved()
{
    const auto& saved = m_acts.savedQueries();
    m_queryMenu->addSection(tr("Saved beside the store"));
    const auto labelOf = [](const store::SavedQuery& query) {
        return QString::fromStdString(visible(query.name, store::kLongestQueryName))
            .replace(QLatin1Char('&'), QStringLiteral("&&"));
    };
    for (const store::SavedQuery& query : saved)
        m_queryMenu->addAction(labelOf(query), this,
                               [this, sql = QString::fromStdString(query.sql)] { m_editor->setPlainText(sql); });
    m_queryMenu->addAction(tr("Save this statement…"), this, &SqlConsole::saveStatement)
        ->setObjectName(QStringLiteral("store.saveQuery"));
    if (saved.empty()) return;
    QMenu* remove = m_queryMenu->addMenu(tr("Remove"));
    remove->setObjectName(QStringLiteral("store.removeQuery"));
    for (const store::SavedQuery& query : saved)
        remove->addAction(labelOf(query), this,
                          [this, name = QString::fromStdString(query.name)] { m_acts.removeQuery(name); });
}

void SqlConsole::saveStatement()
{
    const QString statement = m_editor->statementAtCursor();
    if (statement.isEmpty()) {
        Q_EMIT said(tr("There is no statement at the cursor to save."), true);
        return;
    }
    const QString name =
        QInputDialog::getText(this, tr("Save this statement"), tr("Name (an earlier one of that name is replaced)"));
    if (!name.trimmed().isEmpty()) m_acts.saveQuery(name.trimmed(), statement);
}

void SqlConsole::showPicture(bool on)
{
    if (on) m_picture->setResult(m_shown);
    showResult();
}

void SqlConsole::showResult()
{
    const bool hasRows = m_shown && !m_shown->rows.empty();
    m_stack->setCurrentWidget(!hasRows                   ? static_cast<QWidget*>(m_empty)
                              : m_asPicture->isChecked() ? static_cast<QWidget*>(m_picture)
                                                         : m_table);
}

void SqlConsole::run()
{
    const QString statement = m_editor->statementAtCursor();
    if (statement.isEmpty()) {
        m_status->setFullText(tr("There is no statement at the cursor."));
        return;
    }
    m_ran = statement;
    m_recent.removeAll(statement);
    m_recent.prepend(statement);
    m_recent.resize(std::min(m_recent.size(), kRecentKept));
    m_editor->markError(0, 0);
    setRunning(true);
    m_acts.query(statement);
}

void SqlConsole::setRunning(bool running)
{
    m_run->setEnabled(!running);
    m_cancel->setEnabled(running);
    m_export->setEnabled(!running && m_model.columnCount() > 0);
    if (running)
        m_slow.start();
    else
        m_slow.stop();
}

void SqlConsole::show(const std::shared_ptr<const store::QueryResult>& result)
{
    m_model.setResult(result);
    m_shown = result;
    if (m_asPicture->isChecked()) m_picture->setResult(result);
    m_table->horizontalHeader()->setSortIndicatorShown(false);
    m_sortColumn = -1;
    m_table->setEnabled(true);
    m_picture->setEnabled(true);
    m_table->resizeColumnsToContents();
    for (int column = 0; column < m_model.columnCount(); ++column)
        m_table->setColumnWidth(column, std::min(m_table->columnWidth(column) + 16, kWidestColumn));
    m_empty->setLine(tr("No rows: nothing in this store fits the statement."));
    showResult();
    const QLocale locale;
    QString text = tr("%1 rows in %2 ms, %3 rows visited in scans")
                       .arg(locale.toString(static_cast<qlonglong>(result->rows.size())))
                       .arg(qRound(result->seconds * 1000))
                       .arg(locale.toString(static_cast<qlonglong>(result->visited)));
    if (result->cut) text = tr("The first %1; there are more, and sorting orders only these").arg(text);
    common::setStyleProperty(*m_status, "tone", result->cut ? "warn" : "ok");
    m_status->setFullText(text);
    setRunning(false);
}

void SqlConsole::fail(const QString& sentence, bool stopped)
{
    // The old result stays, greyed: it is not that of this statement.
    m_table->setEnabled(false);
    m_picture->setEnabled(false);
    common::setStyleProperty(*m_status, "tone", stopped ? "quiet" : "danger");
    m_status->setFullText(sentence);
    static const QRegularExpression place(QStringLiteral("line ([0-9]+), column ([0-9]+)"));
    if (const auto match = place.match(sentence); match.hasMatch())
        m_editor->markError(match.captured(1).toInt(), match.captured(2).toInt());
    setRunning(false);
}

QString SqlConsole::statusText() const
{
    return m_status->fullText();
}

void SqlConsole::insertName(const QString& name)
{
    m_editor->insertPlainText(name);
    m_editor->setFocus(Qt::OtherFocusReason);
}

void SqlConsole::clear()
{
    m_model.setResult(nullptr);
    m_shown.reset();
    m_picture->setResult(nullptr);
    showResult();
    m_empty->setLine(tr("The rows of a statement appear here."));
    m_status->setFullText({});
    setRunning(false);
}

void SqlConsole::copyCsv()
{
    QGuiApplication::clipboard()->setText(QString::fromUtf8(m_model.csv()));
    Q_EMIT said(tr("Copied %n row(s) as CSV.", nullptr, m_model.rowCount()), false);
}

void SqlConsole::saveCsv()
{
    const QString path = QFileDialog::getSaveFileName(this, tr("Save as CSV"), {}, tr("CSV (*.csv)"));
    if (path.isEmpty()) return;
    QSaveFile file(path);
    const QByteArray text = m_model.csv();
    const bool saved = file.open(QIODevice::WriteOnly) && file.write(text) == text.size() && file.commit();
    Q_EMIT said(saved ? tr("Saved %1.").arg(path) : tr("Cannot write %1: %2").arg(path, file.errorString()), !saved);
}

void SqlConsole::copyCommand()
{
    QGuiApplication::clipboard()->setText(m_acts.command(
        {QStringLiteral("store"), QStringLiteral("sql"), m_ran.isEmpty() ? m_editor->statementAtCursor() : m_ran}));
    Q_EMIT said(tr("Copied the command."), false);
}

} // namespace gradus::pages
