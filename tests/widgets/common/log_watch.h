// SPDX-License-Identifier: GPL-3.0-or-later
// Collects what Qt logs as a warning or worse while it lives, so that a test can fail on it.
#pragma once

#include <QStringList>
#include <QtGlobal>

namespace gradus::tests {

/// One at a time. The offscreen platform's remark on size hints is no fault of ours and left out.
class LogWatch final
{
public:
    LogWatch()
    {
        s_before = qInstallMessageHandler(&LogWatch::take);
        s_seen.clear();
    }
    ~LogWatch() { qInstallMessageHandler(s_before); }
    LogWatch(const LogWatch&) = delete;
    LogWatch& operator=(const LogWatch&) = delete;

    QString text() const { return s_seen.join(QLatin1Char('\n')); }
    bool isClean() const { return s_seen.isEmpty(); }

private:
    static void take(QtMsgType type, const QMessageLogContext& context, const QString& message)
    {
        if (type != QtDebugMsg && type != QtInfoMsg && !message.contains(QLatin1String("propagateSizeHints")))
            s_seen << message;
        else if (s_before)
            s_before(type, context, message);
    }
    static inline QtMessageHandler s_before = nullptr;
    static inline QStringList s_seen;
};

} // namespace gradus::tests
