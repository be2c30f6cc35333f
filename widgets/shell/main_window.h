// SPDX-License-Identifier: GPL-3.0-or-later
// The frame: rail, page stack, menu bar, Runs dock, status bar. Pages come from the desk's table.
#pragma once

#include "common/theme.h"
#include "shell/desk.h"
#include "shell/session.h"

#include <QMainWindow>

class QActionGroup;
class QDockWidget;
class QStackedWidget;
class QToolBar;

namespace gradus::shell {

class StatusLine;

/// GUI thread. Geometry and theme are kept in QSettings (XDG) unless told not to be.
class MainWindow final : public QMainWindow
{
    Q_OBJECT
public:
    /// remember false: neither reads nor writes window state (screenshots, tests).
    MainWindow(common::ThemeController& theme, const Workspace& workspace, bool remember, QWidget* parent = nullptr);
    ~MainWindow() override;

    void showPage(const QString& place); ///< "home", "live", "compare/table", ...; others are ignored
    QString currentPage() const;
    Desk& desk() { return *m_desk; }
    Session& session() { return m_session; }
    static QStringList pageNames()
    {
        return {QStringLiteral("home"), QStringLiteral("design"),  QStringLiteral("queue"),
                QStringLiteral("live"), QStringLiteral("compare"), QStringLiteral("transcripts"),
                QStringLiteral("store")};
    }

protected:
    void closeEvent(QCloseEvent* event) override;
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;

private:
    void buildRail();
    void fitRail(); ///< to its longest word; under the style sheet, which adds to a width
    void buildDock();
    void buildMenus();
    void buildFileMenu();
    void buildEditAndRunMenus();
    void buildViewMenu();
    void buildHelpMenu();
    QAction* draftAction(const char* name) const;
    void refreshDock();
    void showKeys();
    void showPalette();
    QString pageOf(const QAction& action) const; ///< id of the page that it belongs to; empty: none
    void showAbout();
    void restoreWindow();
    void saveWindow() const;

    common::ThemeController& m_theme;
    Session m_session;
    Desk* m_desk;
    QStackedWidget* m_stack;
    QToolBar* m_rail = nullptr;
    QActionGroup* m_pageActions = nullptr;
    QDockWidget* m_runsDock = nullptr;
    QAction* m_runsAction = nullptr;
    StatusLine* m_status;
    bool m_remember;
};

} // namespace gradus::shell
