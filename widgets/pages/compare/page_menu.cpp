// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/compare/page_menu.h"

#include "common/controls.h"
#include "pages/compare/page_dialog.h"

#include <QMenu>

#include <algorithm>

namespace gradus::pages {

PageMenu::PageMenu(std::function<PageSubject()> subject, QWidget* parent)
    : QPushButton(tr("Report"), parent), m_subject(std::move(subject))
{
    setObjectName(QStringLiteral("compareReport"));
    setToolTip(
        tr("A report (Ctrl+Shift+R), a forecast, a judgement beyond the judge or containment studies, as a page of its "
           "own"));
    auto* menu = new QMenu(this);
    menu->setToolTipsVisible(true);
    for (const PageKind& kind : pageKinds()) {
        m_kinds.insert(kind.verb, {.maker = new viewmodels::PageMaker(this)});
        QAction* action = menu->addAction(tr("%1…").arg(kind.title), this, [this, verb = kind.verb] { open(verb); });
        action->setObjectName(kind.verb);
        action->setToolTip(common::plainTooltip(kind.about));
    }
    setMenu(menu);
}

void PageMenu::setPlace(const viewmodels::LaunchPlace& place)
{
    for (const Kind& kind : std::as_const(m_kinds))
        kind.maker->setPlace(place);
}

void PageMenu::open(const QString& verb)
{
    const auto& kinds = pageKinds();
    const auto known = std::find_if(kinds.begin(), kinds.end(), [&](const PageKind& one) { return one.verb == verb; });
    if (known == kinds.end()) return;
    Kind& kind = m_kinds[verb];
    if (!kind.dialog) {
        kind.dialog = new PageDialog(*known, *kind.maker, this);
        connect(kind.dialog, &PageDialog::said, this, &PageMenu::said);
    }
    if (!kind.maker->isRunning()) {
        const PageSubject subject = m_subject();
        if (subject.runs.isEmpty()) {
            Q_EMIT said(tr("Nothing to write about: choose runs at the left first."), true);
            return;
        }
        kind.dialog->setRuns(subject.words, subject.store, subject.runs,
                             verb == QLatin1String("report") ? subject.reportOptions : QStringList());
    }
    kind.dialog->show();
    kind.dialog->raise();
    kind.dialog->activateWindow();
}

} // namespace gradus::pages
