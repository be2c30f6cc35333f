// SPDX-License-Identifier: GPL-3.0-or-later
// The menus of the Runs dock: what can be done with runs, and by what they are grouped.
#include "base/text.h"
#include "pages/live/run_marks_bar.h"
#include "pages/live/runs_panel.h"
#include "pages/shared/runs_tree.h"

#include <QAction>
#include <QLineEdit>
#include <QMenu>
#include <QPlainTextEdit>

#include <algorithm>
#include <utility>

namespace gradus::pages {

namespace {
constexpr int kMostKeys = 40; // of the experiment, in the menu
}

void RunsPanel::showMenu(const QPoint& at)
{
    const store::RunRow* run = m_model.runAt(m_tree->indexAt(at));
    if (run == nullptr) return;
    using store::RunState;
    const qint64 id = run->id;
    QVector<qint64> chosen = currentRuns(); // what is done to many is done to those that are chosen
    if (!chosen.contains(id)) chosen = {id};
    const bool alive = run->state == RunState::Running || run->state == RunState::Preparing;
    const bool resumable =
        run->state == RunState::Stopped || run->state == RunState::Crashed || run->state == RunState::Failed;
    auto* menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->setObjectName(QStringLiteral("runMenu"));
    menu->addAction(tr("Open in Live"), this, [this, id] { Q_EMIT openRequested(id); });
    menu->addSeparator();
    menu->addAction(tr("Stop and save"), this, [this, id] { Q_EMIT stopRequested(id); })->setEnabled(alive);
    menu->addAction(tr("Resume"), this, [this, id] { Q_EMIT resumeRequested(id); })->setEnabled(resumable);
    menu->addAction(tr("Branch from here…"), this, [this, id] { Q_EMIT branchRequested(id); })
        ->setEnabled(!run->utilityHistory.empty()); // something has finished
    menu->addAction(tr("Lineage…"), this, [this, id] { Q_EMIT lineageRequested(id); });
    menu->addSeparator();
    menu->addAction(tr("Copy id"), this, [this, id] { Q_EMIT copyIdRequested(id); });
    menu->addAction(tr("Copy command"), this, [this, id] { Q_EMIT copyCommandRequested(id); });
    menu->addSeparator();
    addTagMenu(*menu, chosen);
    menu->addSeparator();
    menu->addAction(tr("Put into the trash"), this, [this, chosen] { Q_EMIT trashRequested(chosen); })
        ->setEnabled(!alive);
    menu->popup(m_tree->viewport()->mapToGlobal(at));
}

void RunsPanel::addTagMenu(QMenu& menu, const QVector<qint64>& runs)
{
    QMenu* tags = menu.addMenu(tr("Tags"));
    tags->setObjectName(QStringLiteral("runTagMenu"));
    tags->setEnabled(!m_readOnly);
    for (const QString& tag : m_model.knownTags()) {
        const bool onAll = std::all_of(runs.begin(), runs.end(), [&](qint64 id) {
            const store::RunRow* run = m_model.findRun(id);
            const std::string name = tag.toStdString();
            return run && std::find(run->tags.begin(), run->tags.end(), name) != run->tags.end();
        });
        QString name = QString::fromStdString(visible(tag.toStdString()));
        QAction* action = tags->addAction(name.replace(QLatin1Char('&'), QStringLiteral("&&")));
        action->setCheckable(true);
        action->setChecked(onAll);
        connect(action, &QAction::triggered, this, [this, runs, tag, onAll] {
            if (onAll)
                Q_EMIT tagsRequested(runs, {}, {tag});
            else
                Q_EMIT tagsRequested(runs, {tag}, {});
        });
    }
    if (!tags->isEmpty()) tags->addSeparator();
    tags->addAction(tr("Add a tag…"), this, [this] { m_marks->tagField()->setFocus(Qt::OtherFocusReason); });
    menu.addAction(tr("Write a note…"), this, [this] { m_marks->noteField()->setFocus(Qt::OtherFocusReason); })
        ->setEnabled(!m_readOnly && runs.size() == 1);
}

void RunsPanel::fillGroupingMenu()
{
    using By = viewmodels::RunGrouping::By;
    const viewmodels::RunGrouping now = m_model.grouping();
    m_groupingMenu->clear();
    const auto add = [this](const QString& text, bool isOn, const viewmodels::RunGrouping& grouping) {
        QAction* action = m_groupingMenu->addAction(text, this, [this, grouping] { groupBy(grouping); });
        action->setCheckable(true);
        action->setChecked(isOn);
        return action;
    };
    add(tr("By condition"), now.by == By::Condition, {});
    add(tr("All but seed"), now.by == By::AllButSeed, {.by = By::AllButSeed});
    add(tr("Not grouped"), now.by == By::Keys && now.keys.isEmpty(), {.by = By::Keys});
    const auto addKey = [&](const QString& text, const QString& key) {
        viewmodels::RunGrouping with = now;
        const bool isOn = with.by == By::Keys && with.keys.contains(key);
        with.by = By::Keys;
        if (isOn)
            with.keys.removeAll(key);
        else
            with.keys.append(key);
        if (with.keys.isEmpty()) with = {};
        add(text, isOn, with)->setData(key);
    };
    m_groupingMenu->addSection(tr("By one or several of"));
    addKey(tr("Tag"), QStringLiteral("tag"));
    addKey(tr("State"), QStringLiteral("state"));
    addKey(tr("Experiment"), QStringLiteral("name"));
    addKey(tr("Task"), QStringLiteral("task"));
    addKey(tr("Procedure"), QStringLiteral("procedure"));
    QStringList settings = m_model.differingSettings().mid(0, kMostKeys);
    for (const QString& key : now.keys) // may be the same everywhere by now
        if (key.contains(QLatin1Char('.')) && !settings.contains(key)) settings.prepend(key);
    if (!settings.isEmpty()) m_groupingMenu->addSection(tr("Settings that differ"));
    for (const QString& key : std::as_const(settings))
        addKey(key, key);
}

void RunsPanel::groupBy(const viewmodels::RunGrouping& grouping)
{
    m_model.setGrouping(grouping);
    restoreSelection();
}

} // namespace gradus::pages
