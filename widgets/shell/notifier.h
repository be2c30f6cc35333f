// SPDX-License-Identifier: GPL-3.0-or-later
// Tells a person who looks elsewhere: a message of the desktop, where there is a place for it.
#pragma once

#include <QString>

#include <memory>

class QSystemTrayIcon;

namespace gradus::shell {

/// The icon comes with the first message. GUI thread.
class Notifier final
{
public:
    Notifier();
    ~Notifier();
    /// Plain text. Does nothing on a desktop without a tray; the window says it anyway.
    void tell(const QString& title, const QString& sentence, bool isWarning);

    static bool isWanted(); ///< as the person chose in the View menu; at first it is
    static void setWanted(bool wanted);

private:
    std::unique_ptr<QSystemTrayIcon> m_icon;
};

} // namespace gradus::shell
