// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewmodels/device_check.h"

#include "base/text.h"
#include "viewmodels/draft_question.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>

namespace gradus::viewmodels {

namespace {

constexpr int kGone = 500; // milliseconds in which a killed process is gone
constexpr qsizetype kMostRows = 100;
constexpr std::size_t kLongest = 400;

QString shown(const QJsonValue& text)
{
    return QString::fromStdString(visible(text.toString().toStdString(), kLongest));
}

} // namespace

int DeviceReport::countIn(DeviceRow::State state) const
{
    return static_cast<int>(
        std::count_if(rows.begin(), rows.end(), [&](const DeviceRow& row) { return row.state == state; }));
}

DeviceReport readDeviceReport(const QByteArray& json, const QByteArray& words)
{
    DeviceReport report;
    const QJsonArray all = QJsonDocument::fromJson(json).array();
    for (const QJsonValue& one : all) {
        if (report.rows.size() == kMostRows) break;
        const QString state = one[QStringLiteral("state")].toString();
        report.rows.append({state == QLatin1String("ok")        ? DeviceRow::State::Good
                            : state == QLatin1String("warning") ? DeviceRow::State::Warned
                                                                : DeviceRow::State::Failed,
                            shown(one[QStringLiteral("subject")]), shown(one[QStringLiteral("sentence")])});
    }
    if (report.rows.isEmpty())
        report.problem = DraftQuestion::sentenceOf(words, DeviceCheck::tr("The self-test ended without a word."));
    return report;
}

DeviceCheck::~DeviceCheck()
{
    if (!m_process) return;
    m_process->disconnect(this);
    m_process->kill();
    m_process->waitForFinished(kGone);
}

void DeviceCheck::start(const LaunchPlace& place)
{
    if (m_process) return;
    auto* process = new QProcess(this);
    m_process = process;
    process->setProgram(Launcher(place).programPath());
    process->setArguments({QStringLiteral("doctor"), QStringLiteral("--self-test"), QStringLiteral("--json")});
    const auto end = [this, process](const DeviceReport& report) {
        m_process = nullptr;
        process->deleteLater();
        Q_EMIT answered(report);
    };
    connect(process, &QProcess::finished, this, [process, end] {
        end(readDeviceReport(process->readAllStandardOutput(), process->readAllStandardError()));
    });
    connect(process, &QProcess::errorOccurred, this, [process, end](QProcess::ProcessError error) {
        if (error == QProcess::FailedToStart)
            end({{}, tr("%1 could not be started: %2.").arg(process->program(), process->errorString())});
    });
    process->start();
}

} // namespace gradus::viewmodels
