// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/page_action.h"

#include <QAction>
#include <QWidget>

namespace gradus::common {

QAction* addPageAction(QWidget& page, const QString& name, const QKeySequence& keys, std::function<void()> triggered)
{
    auto* action = new QAction(name, &page);
    action->setShortcut(keys);
    action->setShortcutContext(Qt::WidgetWithChildrenShortcut);
    QObject::connect(action, &QAction::triggered, &page, std::move(triggered));
    page.addAction(action);
    return action;
}

} // namespace gradus::common
