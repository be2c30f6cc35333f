// SPDX-License-Identifier: GPL-3.0-or-later
// The part of the main window that fills the command palette: what there is to do and to open.
#include "base/text.h"
#include "pages/shared/run_look.h"
#include "shell/command_palette.h"
#include "shell/main_window.h"

#include <QAction>
#include <QMenu>
#include <QMenuBar>
#include <QPointer>
#include <QSet>

namespace gradus::shell {

namespace {

/// A command by itself: menus of buttons on a page say "CSV" and mean something only there.
bool isCommand(const QAction& action, const QMenuBar& bar)
{
    if (action.isSeparator() || action.menu() != nullptr || !action.isEnabled()) return false;
    const auto* menu = qobject_cast<const QMenu*>(action.parent());
    return menu == nullptr || bar.isAncestorOf(menu);
}

} // namespace

QString MainWindow::pageOf(const QAction& action) const
{
    for (const QObject* at = action.parent(); at != nullptr; at = at->parent())
        for (const PageEntry& entry : m_desk->table())
            if (entry.page == at) return entry.id;
    return {};
}

void MainWindow::showPalette()
{
    QVector<PaletteEntry> entries;
    QSet<QString> names;
    for (QAction* action : findChildren<QAction*>()) {
        const QString name = action->text().remove(QLatin1Char('&'));
        if (name.isEmpty() || names.contains(name) || !isCommand(*action, *menuBar())) continue;
        names.insert(name);
        entries.append(
            {name, action->shortcut().toString(QKeySequence::NativeText), [this, action = QPointer<QAction>(action)] {
                 if (!action) return;
                 if (const QString page = pageOf(*action); !page.isEmpty()) showPage(page);
                 action->trigger();
             }});
    }
    for (const store::RunRow& run : m_session.runs())
        entries.append({tr("%1 (%2)").arg(pages::nameOf(run), QString::fromStdString(visible(run.experimentName, 80))),
                        tr("run %1").arg(QString::fromStdString(run.uuid).left(8)),
                        [this, id = run.id] { m_desk->showRun(id); }});
    (new CommandPalette(std::move(entries), this))->open();
}

} // namespace gradus::shell
