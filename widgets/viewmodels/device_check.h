// SPDX-License-Identifier: GPL-3.0-or-later
// Asks `gradus doctor --self-test` whether runs work on this machine, for the window to say in words.
#pragma once

#include "viewmodels/launcher.h"

#include <QObject>
#include <QPointer>
#include <QProcess>
#include <QString>
#include <QVector>

namespace gradus::viewmodels {

struct DeviceRow
{
    enum class State
    {
        Good,
        Warned, ///< works, with less
        Failed,
    };
    State state = State::Good;
    QString subject;  ///< "resume", made visible
    QString sentence; ///< likewise
};

struct DeviceReport
{
    QVector<DeviceRow> rows; ///< in the order of the command line
    QString problem;         ///< why there are none; empty where there are some

    int countIn(DeviceRow::State state) const;
};

/// From the JSON of `gradus doctor --json`, which is read as hostile; words is what was said besides.
DeviceReport readDeviceReport(const QByteArray& json, const QByteArray& words);

/// One test at a time. It writes nothing but a scratch folder of its own. GUI thread; nothing waits.
class DeviceCheck final : public QObject
{
    Q_OBJECT
public:
    explicit DeviceCheck(QObject* parent = nullptr) : QObject(parent) {}
    ~DeviceCheck() override;

    void start(const LaunchPlace& place); ///< nothing while one runs
    bool isRunning() const { return m_process != nullptr; }

Q_SIGNALS:
    void answered(const gradus::viewmodels::DeviceReport& report);

private:
    QPointer<QProcess> m_process;
};

} // namespace gradus::viewmodels
