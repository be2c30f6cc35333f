// SPDX-License-Identifier: GPL-3.0-or-later
// A key of a page as an action, so that the sheet of keys and the command palette know it.
#pragma once

#include <QKeySequence>
#include <QString>

#include <functional>

class QAction;
class QWidget;

namespace gradus::common {

/// Works while the page or anything on it has the focus. name: "Live: back to the range before"; the page owns it.
QAction* addPageAction(QWidget& page, const QString& name, const QKeySequence& keys, std::function<void()> triggered);

} // namespace gradus::common
