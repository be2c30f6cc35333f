// SPDX-License-Identifier: GPL-3.0-or-later
// The status bar: what the workers do, the device, the store's place and size, how fresh the picture is.
#pragma once

#include "common/controls.h"
#include "common/theme.h"
#include "store/records.h"

#include <QStatusBar>
#include <QTimer>

namespace gradus::shell {

class StatusLine final : public QStatusBar
{
    Q_OBJECT
public:
    explicit StatusLine(const common::ThemeController& theme, QWidget* parent = nullptr);

    void setRuns(const QVector<store::RunRow>& runs);
    void setStore(const QString& path);
    void setStoreSize(qint64 bytes);
    void setLatency(double milliseconds);
    /// A sentence over everything for some seconds: what was done, or why not.
    void say(const QString& sentence, bool isFailure = false);
    QString workerText() const { return m_worker->text(); }

private:
    void paintDot();
    void refreshStore();

    const common::ThemeController& m_theme;
    QLabel* m_dot;
    QLabel* m_worker;
    QLabel* m_device;
    common::ElidedLabel* m_message;
    QLabel* m_store;
    QLabel* m_latency;
    QTimer m_messageTime;
    QString m_path;
    qint64 m_bytes = 0;
    bool m_running = false;
    bool m_failed = false;
};

} // namespace gradus::shell
