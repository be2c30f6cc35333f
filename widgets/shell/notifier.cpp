// SPDX-License-Identifier: GPL-3.0-or-later
#include "shell/notifier.h"

#include <QApplication>
#include <QSettings>
#include <QSystemTrayIcon>

namespace gradus::shell {

namespace {

const QString kWanted = QStringLiteral("desktopMessages");

} // namespace

Notifier::Notifier() = default;
Notifier::~Notifier() = default;

void Notifier::tell(const QString& title, const QString& sentence, bool isWarning)
{
    if (!m_icon) {
        if (!QSystemTrayIcon::isSystemTrayAvailable() || !QSystemTrayIcon::supportsMessages()) return;
        m_icon = std::make_unique<QSystemTrayIcon>(QApplication::windowIcon());
        m_icon->show();
    }
    // Some desktops read the text as markup.
    m_icon->showMessage(title.toHtmlEscaped(), sentence.toHtmlEscaped(),
                        isWarning ? QSystemTrayIcon::Warning : QSystemTrayIcon::Information);
}

bool Notifier::isWanted()
{
    return QSettings().value(kWanted, true).toBool();
}

void Notifier::setWanted(bool wanted)
{
    QSettings().setValue(kWanted, wanted);
}

} // namespace gradus::shell
