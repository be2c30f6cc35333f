// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/store/store_page.h"

#include "pages/store/health_panel.h"
#include "pages/store/import_panel.h"
#include "pages/store/schema_panel.h"
#include "pages/store/sql_console.h"
#include "viewmodels/store_watcher.h"

#include <QFileDialog>
#include <QMenu>
#include <QSplitter>
#include <QVBoxLayout>

namespace gradus::pages {

namespace {

constexpr int kRefreshAfter = 5000;
constexpr int kNarrow = 1000; ///< below, the console needs the schema's room

} // namespace

StorePage::StorePage(viewmodels::StoreWatcher& watcher, common::ThemeController& theme, QWidget* parent)
    : QWidget(parent), m_schema(new SchemaPanel), m_console(new SqlConsole(m_acts, theme)),
      m_import(new ImportPanel(m_acts, theme)), m_health(new HealthPanel(m_acts, theme))
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    auto* centre = new QSplitter(Qt::Vertical);
    centre->addWidget(m_console);
    centre->addWidget(m_import);
    centre->setStretchFactor(0, 1);
    centre->setSizes({500, 306});
    centre->setCollapsible(0, false);
    m_import->hide();
    auto* body = new QSplitter(Qt::Horizontal);
    body->setObjectName(QStringLiteral("storeSplitter"));
    body->addWidget(m_schema);
    body->addWidget(centre);
    body->addWidget(m_health);
    body->setStretchFactor(1, 1);
    body->setSizes({248, 764, 356});
    body->setCollapsible(1, false);
    column->addWidget(body);

    using viewmodels::StoreActs;
    connect(&m_acts, &StoreActs::stateArrived, this, [this](const viewmodels::StoreState& state) {
        m_ready = true;
        m_unreadable.clear();
        m_schema->setFacts(state.facts);
        m_health->setState(state);
        refreshBlocked();
    });
    connect(&m_acts, &StoreActs::stateFailed, this, [this](const QString& sentence) {
        m_ready = true;
        m_unreadable = sentence;
        m_schema->clear();
        m_health->clear();
        refreshBlocked();
    });
    connect(&m_acts, &StoreActs::actBegun, this, [this](const QString& what) { Q_EMIT said(what, false); });
    connect(&m_acts, &StoreActs::actDone, this, &StorePage::said);
    connect(&m_acts, &StoreActs::actDone, &watcher, &viewmodels::StoreWatcher::refresh);
    connect(&watcher, &viewmodels::StoreWatcher::runsChanged, this, [this] {
        m_stale = true;
        if (isVisible() && !m_again.isActive()) m_again.start();
    });
    m_again.setSingleShot(true);
    m_again.setInterval(kRefreshAfter);
    connect(&m_again, &QTimer::timeout, this, &StorePage::refreshIfStale);
    connect(m_schema, &SchemaPanel::nameChosen, m_console, &SqlConsole::insertName);
    connect(m_console, &SqlConsole::said, this, &StorePage::said);
    connect(m_health, &HealthPanel::said, this, &StorePage::said);
    connect(m_health, &HealthPanel::importRequested, this, &StorePage::chooseImport);
    connect(m_import, &ImportPanel::closed, m_import, &QWidget::hide);
}

void StorePage::openStore(const QString& path)
{
    if (path == m_acts.store()) return;
    m_acts.setStore(path);
    m_ready = false;
    m_stale = true;
    m_schema->clear();
    m_console->clear();
    m_health->clear();
    m_import->hide();
    refreshIfStale();
}

void StorePage::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    refreshIfStale();
}

void StorePage::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    m_schema->setVisible(width() >= kNarrow);
}

void StorePage::refreshIfStale()
{
    if (!m_stale || !isVisible() || m_acts.store().isEmpty()) return;
    m_stale = false;
    m_acts.refresh();
}

void StorePage::setBlocked(const QString& reason)
{
    m_blocked = reason;
    refreshBlocked();
}

void StorePage::refreshBlocked()
{
    m_health->setBlocked(m_unreadable.isEmpty() ? m_blocked : m_unreadable);
}

void StorePage::importFile(const QString& path)
{
    m_import->show();
    m_import->open(path);
}

void StorePage::chooseImport()
{
    QMenu menu(this);
    const QAction* file = menu.addAction(tr("A file: events, CSV or database…"));
    const QAction* folder = menu.addAction(tr("A folder: TensorBoard or MLflow…"));
    const QAction* chosen = menu.exec(QCursor::pos());
    QString path;
    if (chosen == file)
        path = QFileDialog::getOpenFileName(this, tr("Import"), {},
                                            tr("Files of trackers (*.csv *.db *tfevents*);;All (*)"));
    else if (chosen == folder)
        path = QFileDialog::getExistingDirectory(this, tr("Import"));
    if (!path.isEmpty()) importFile(path);
}

} // namespace gradus::pages
