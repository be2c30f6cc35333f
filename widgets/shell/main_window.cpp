// SPDX-License-Identifier: GPL-3.0-or-later
#include "shell/main_window.h"

#include "pages/live/runs_panel.h"
#include "shell/key_sheet.h"
#include "shell/notifier.h"
#include "shell/status_line.h"
#include "spec/templates.h"

#include <QActionGroup>
#include <QApplication>
#include <QCloseEvent>
#include <QDockWidget>
#include <QDragEnterEvent>
#include <QMenuBar>
#include <QMessageBox>
#include <QMimeData>
#include <QSettings>
#include <QStackedWidget>
#include <QToolBar>
#include <QToolButton>

#include <algorithm>

namespace gradus::shell {

namespace {

constexpr int kRailWidth = 72;
constexpr int kRailAround = 10; ///< at least, beside the longest word
constexpr int kRailFont = 11;   ///< as in the style sheet
constexpr int kRailIcon = 22;
constexpr int kDockWidth = 272;
constexpr int kStateVersion = 1;

} // namespace

MainWindow::MainWindow(common::ThemeController& theme, const Workspace& workspace, bool remember, QWidget* parent)
    : QMainWindow(parent), m_theme(theme), m_session(nullptr), m_desk(nullptr), m_stack(new QStackedWidget(this)),
      m_status(new StatusLine(theme, this)), m_remember(remember)
{
    setObjectName(QStringLiteral("mainWindow"));
    setAcceptDrops(true);
    setContextMenuPolicy(Qt::NoContextMenu); // the rail is not to be hidden by accident
    setCorner(Qt::BottomLeftCorner, Qt::LeftDockWidgetArea);
    setCorner(Qt::BottomRightCorner, Qt::RightDockWidgetArea);
    resize(1440, 900);
    setMinimumSize(900, 600);
    m_session.setWorkspace(workspace);
    {
        const common::SheetPause pause(*qApp); // two thirds of the time to the first paint went into styling
        m_desk = new Desk(m_session, theme, *this);
        setCentralWidget(m_stack);
        setStatusBar(m_status);
        buildRail();
        buildDock();
        buildMenus();
    }
    fitRail();

    connect(m_desk, &Desk::pageWanted, this, &MainWindow::showPage);
    connect(m_desk, &Desk::titleChanged, this, [this] { setWindowTitle(m_desk->title()); });
    connect(m_desk, &Desk::said, m_status, &StatusLine::say);
    connect(m_desk, &Desk::latencyMeasured, m_status, &StatusLine::setLatency);
    connect(&m_session, &Session::runsChanged, this, [this] { m_status->setRuns(m_session.runs()); });
    connect(&m_session, &Session::storeSizeChanged, m_status, &StatusLine::setStoreSize);
    connect(&m_session, &Session::workspaceChanged, this, [this] { m_status->setStore(m_session.workspace().store); });
    m_status->setStore(workspace.store);
    Q_EMIT m_session.workspaceChanged(); // the pages were made after it
    setWindowTitle(m_desk->title());
    if (m_remember) restoreWindow();
    showPage(m_desk->table().first().id);
    if (!workspace.draft.isEmpty()) (void)m_desk->openPath(workspace.draft);
}

MainWindow::~MainWindow() = default;

void MainWindow::buildRail()
{
    m_rail = new QToolBar(tr("Pages"), this);
    m_rail->setObjectName(QStringLiteral("rail"));
    m_rail->setMovable(false);
    m_rail->setFloatable(false);
    m_rail->setToolButtonStyle(Qt::ToolButtonTextUnderIcon);
    m_rail->setIconSize({kRailIcon, kRailIcon});
    m_pageActions = new QActionGroup(this);
    int number = 1;
    for (const PageEntry& entry : m_desk->table()) {
        m_stack->addWidget(entry.page);
        QAction* action = m_rail->addAction(common::makeIcon(entry.icon), entry.title);
        action->setObjectName(QStringLiteral("page.") + entry.id);
        action->setCheckable(true);
        action->setShortcut(QKeySequence(QStringLiteral("Ctrl+%1").arg(number++)));
        action->setToolTip(
            QStringLiteral("%1 (%2)").arg(entry.title, action->shortcut().toString(QKeySequence::NativeText)));
        m_pageActions->addAction(action);
        connect(action, &QAction::triggered, this, [this, id = entry.id] { showPage(id); });
        if (QWidget* button = m_rail->widgetForAction(action)) button->setFocusPolicy(Qt::TabFocus);
    }
    addToolBar(isRightToLeft() ? Qt::RightToolBarArea : Qt::LeftToolBarArea, m_rail);
}

void MainWindow::fitRail()
{
    int width = kRailWidth;
    QFont small = font();
    small.setPixelSize(kRailFont);
    for (const QAction* action : m_pageActions->actions())
        width = std::max(width, QFontMetrics(small).horizontalAdvance(action->text()) + kRailAround);
    m_rail->setFixedWidth(width);
    // The style sheet knows the usual width.
    if (width > kRailWidth)
        m_rail->setStyleSheet(QStringLiteral("QToolButton { min-width: %1px; max-width: %1px; }").arg(width - 4));
}

void MainWindow::buildDock()
{
    m_runsDock = new QDockWidget(tr("Runs"), this);
    m_runsDock->setObjectName(QStringLiteral("runsDock"));
    m_runsDock->setFeatures(QDockWidget::NoDockWidgetFeatures);
    m_runsDock->setTitleBarWidget(new QWidget(m_runsDock)); // the panel has its own title row
    m_runsDock->setWidget(m_desk->runsPanel());
    m_runsDock->setMinimumWidth(240);
    addDockWidget(isRightToLeft() ? Qt::RightDockWidgetArea : Qt::LeftDockWidgetArea, m_runsDock);
    resizeDocks({m_runsDock}, {kDockWidth}, Qt::Horizontal);
    m_runsAction = new QAction(tr("Runs dock"), this);
    m_runsAction->setCheckable(true);
    m_runsAction->setChecked(true);
    m_runsAction->setShortcut(QKeySequence(QStringLiteral("Ctrl+Shift+L")));
    connect(m_runsAction, &QAction::toggled, this, &MainWindow::refreshDock);
}

void MainWindow::refreshDock()
{
    // The list of runs belongs to the page that shows one; Home has its own short one.
    m_runsDock->setVisible(m_runsAction->isChecked() && currentPage() == QLatin1String("live"));
}

QAction* MainWindow::draftAction(const char* name) const
{
    for (QAction* action : m_desk->draftActions())
        if (action->objectName() == QLatin1String(name)) return action;
    return nullptr;
}

void MainWindow::buildMenus()
{
    buildFileMenu();
    buildEditAndRunMenus();
    buildViewMenu();
    buildHelpMenu();
}

void MainWindow::buildFileMenu()
{
    QMenu* menu = menuBar()->addMenu(tr("&File"));
    menu->addAction(tr("New schedule"), QKeySequence(QStringLiteral("Ctrl+N")), m_desk, &Desk::newSchedule);
    QMenu* templates = menu->addMenu(tr("New from template"));
    templates->setToolTipsVisible(true);
    for (const spec::Template& one : spec::templates()) {
        const std::string name(one.name);
        QAction* action = templates->addAction(QString::fromStdString(name));
        action->setToolTip(QString::fromUtf8(one.summary.data(), static_cast<qsizetype>(one.summary.size())));
        connect(action, &QAction::triggered, m_desk, [this, name] { m_desk->newFromTemplate(name); });
    }
    menu->addAction(tr("Open…"), QKeySequence(QStringLiteral("Ctrl+O")), m_desk, &Desk::chooseFile);
    menu->addAction(tr("Open the example"), QKeySequence(QStringLiteral("Ctrl+E")), m_desk, &Desk::openExample);
    menu->addAction(tr("Open the workspace's own store"), m_desk, &Desk::openOwnStore);
    menu->addAction(tr("Switch workspace…"), m_desk, &Desk::chooseWorkspace);
    menu->addSeparator();
    if (QAction* save = draftAction("design.save")) menu->addAction(save);
    menu->addAction(tr("Save as…"), QKeySequence(QStringLiteral("Ctrl+Shift+S")), m_desk, &Desk::saveDraftAs);
    menu->addSeparator();
    menu->addAction(tr("Quit"), QKeySequence(QStringLiteral("Ctrl+Q")), this, &QWidget::close);
}

void MainWindow::buildEditAndRunMenus()
{
    QMenu* edit = menuBar()->addMenu(tr("&Edit"));
    for (const char* name : {"design.undo", "design.redo"})
        if (QAction* action = draftAction(name)) edit->addAction(action);
    QMenu* run = menuBar()->addMenu(tr("&Run"));
    for (const char* name : {"design.launch", "design.queue", "design.copyCommand"})
        if (QAction* action = draftAction(name)) run->addAction(action);
    run->addAction(tr("Launch the demo run"), m_desk, &Desk::launchDemo);
    run->addSeparator();
    QAction* stop =
        run->addAction(common::makeIcon(common::Icon::Stop), tr("Stop the shown run"), m_desk, &Desk::stopShownRun);
    connect(run, &QMenu::aboutToShow, this,
            [this, stop] { stop->setEnabled(m_session.launchBlocked().isEmpty() && !m_session.runs().isEmpty()); });
}

void MainWindow::buildViewMenu()
{
    QMenu* menu = menuBar()->addMenu(tr("&View"));
    menu->addActions(m_pageActions->actions());
    menu->addSeparator();
    menu->addAction(m_runsAction);
    menu->addSeparator();
    QMenu* themes = menu->addMenu(tr("Theme"));
    auto* group = new QActionGroup(themes);
    for (const auto& [theme, title] :
         {std::pair(common::Theme::System, tr("Follow the system")), std::pair(common::Theme::Light, tr("Light")),
          std::pair(common::Theme::Dark, tr("Dark"))}) {
        QAction* action = themes->addAction(title);
        action->setCheckable(true);
        action->setChecked(m_theme.theme() == theme);
        group->addAction(action);
        connect(action, &QAction::triggered, this, [this, chosen = theme] {
            m_theme.setTheme(chosen);
            if (m_remember) QSettings().setValue(QStringLiteral("theme"), QLatin1String(common::nameOf(chosen)));
        });
    }
    menu->addSeparator();
    QAction* messages = menu->addAction(tr("Messages of the desktop"));
    messages->setObjectName(QStringLiteral("desktopMessages"));
    messages->setCheckable(true);
    messages->setChecked(Notifier::isWanted());
    messages->setToolTip(tr("Runs that end and alerts, while the window is not in front"));
    connect(messages, &QAction::toggled, this, &Notifier::setWanted);
    QAction* full = menu->addAction(tr("Full screen"));
    full->setShortcut(QKeySequence(Qt::Key_F11));
    full->setCheckable(true);
    connect(full, &QAction::toggled, this, [this](bool on) {
        setWindowState(on ? windowState() | Qt::WindowFullScreen : windowState() & ~Qt::WindowFullScreen);
    });
}

void MainWindow::buildHelpMenu()
{
    QMenu* menu = menuBar()->addMenu(tr("&Help"));
    menu->addAction(tr("First steps"), m_desk, &Desk::restoreFirstSteps);
    menu->addAction(tr("Do or open…"), QKeySequence(QStringLiteral("Ctrl+K")), this, &MainWindow::showPalette);
    menu->addAction(tr("Keys"), QKeySequence(QStringLiteral("Ctrl+/")), this, &MainWindow::showKeys);
    menu->addSeparator();
    menu->addAction(tr("About Gradus"), this, &MainWindow::showAbout);
}

void MainWindow::showPage(const QString& place)
{
    const QString id = place.section(QLatin1Char('/'), 0, 0);
    if (place != id) m_desk->showTab(id, place.section(QLatin1Char('/'), 1));
    const QVector<PageEntry>& table = m_desk->table();
    for (qsizetype i = 0; i < table.size(); ++i) {
        if (table[i].id != id) continue;
        m_stack->setCurrentWidget(table[i].page);
        m_pageActions->actions()[i]->setChecked(true);
        refreshDock();
        // The page itself takes the keys: a ring around whichever control happens to come first would say nothing.
        table[i].page->setFocus(Qt::OtherFocusReason);
        return;
    }
}

QString MainWindow::currentPage() const
{
    for (const PageEntry& entry : m_desk->table())
        if (entry.page == m_stack->currentWidget()) return entry.id;
    return {};
}

void MainWindow::showKeys()
{
    KeySheet sheet(*this);
    sheet.exec();
}

void MainWindow::showAbout()
{
    QMessageBox::about(
        this, tr("About Gradus"),
        tr("Gradus %1: a workbench for superalignment experiments.\n\nFree software under the GNU General "
           "Public License, version 3 or later. Charts by QCustomPlot, window by Qt %2.")
            .arg(QCoreApplication::applicationVersion(), QLatin1String(qVersion())));
}

void MainWindow::restoreWindow()
{
    const QSettings settings;
    restoreGeometry(settings.value(QStringLiteral("window/geometry")).toByteArray());
    restoreState(settings.value(QStringLiteral("window/state")).toByteArray(), kStateVersion);
    m_runsAction->setChecked(settings.value(QStringLiteral("window/runsDock"), true).toBool());
}

void MainWindow::saveWindow() const
{
    QSettings settings;
    settings.setValue(QStringLiteral("window/geometry"), saveGeometry());
    settings.setValue(QStringLiteral("window/state"), saveState(kStateVersion));
    settings.setValue(QStringLiteral("window/runsDock"), m_runsAction->isChecked());
}

void MainWindow::closeEvent(QCloseEvent* event)
{
    if (!m_desk->mayLeaveDraft()) return event->ignore();
    if (m_remember) saveWindow();
    event->accept();
}

void MainWindow::dragEnterEvent(QDragEnterEvent* event)
{
    if (event->mimeData()->hasUrls() && event->mimeData()->urls().size() == 1) event->acceptProposedAction();
}

void MainWindow::dropEvent(QDropEvent* event)
{
    const QString path = event->mimeData()->urls().value(0).toLocalFile();
    if (!path.isEmpty()) (void)m_desk->openPath(path);
}

} // namespace gradus::shell
