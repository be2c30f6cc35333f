// SPDX-License-Identifier: GPL-3.0-or-later
#include "shell/notifier.h"

#include <QApplication>
#include <QSystemTrayIcon>

namespace gradus::shell {

Notifier::Notifier() = default;
Notifier::~Notifier() = default;

void Notifier::tell(const QString& title, const QString& sentence)
{
    if (!m_icon) {
        if (!QSystemTrayIcon::isSystemTrayAvailable() || !QSystemTrayIcon::supportsMessages()) return;
        m_icon = std::make_unique<QSystemTrayIcon>(QApplication::windowIcon());
        m_icon->show();
    }
    // Some desktops read the text as markup.
    m_icon->showMessage(title, sentence.toHtmlEscaped(), QSystemTrayIcon::Warning);
}

} // namespace gradus::shell
