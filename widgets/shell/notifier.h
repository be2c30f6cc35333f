// SPDX-License-Identifier: GPL-3.0-or-later
// Tells a person who looks elsewhere: a message of the desktop, where there is a place for it.
#pragma once

#include <QString>

#include <memory>

class QSystemTrayIcon;

namespace gradus::shell {

/// The icon comes with the first message: who sets no alert rule never sees it. GUI thread.
class Notifier final
{
public:
    Notifier();
    ~Notifier();
    /// Plain text. Does nothing on a desktop without a tray; the window says it anyway.
    void tell(const QString& title, const QString& sentence);

private:
    std::unique_ptr<QSystemTrayIcon> m_icon;
};

} // namespace gradus::shell
