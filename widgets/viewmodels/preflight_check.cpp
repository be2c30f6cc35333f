// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewmodels/preflight_check.h"

#include "base/text.h"

#include <QDir>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTemporaryFile>

#include <algorithm>

namespace gradus::viewmodels {

namespace {

/// Notes come from data files in part.
QString shown(const QJsonValue& value)
{
    return QString::fromStdString(visible(value.toString().toStdString(), 2000));
}

TickState stateOf(const QString& word)
{
    if (word == QLatin1String("pass")) return TickState::Passed;
    return word == QLatin1String("warn") ? TickState::Warned : TickState::Refused;
}

} // namespace

bool PreflightReport::isRefused() const
{
    return !problem.isEmpty() || std::any_of(ticks.begin(), ticks.end(),
                                             [](const TickRow& tick) { return tick.state == TickState::Refused; });
}

PreflightReport readPreflight(const QByteArray& json, const QByteArray& words)
{
    PreflightReport report;
    const QJsonObject object = QJsonDocument::fromJson(json).object();
    report.runs = object[QLatin1String("runs")].toInt();
    report.conditions = object[QLatin1String("conditions")].toInt();
    report.seconds = object[QLatin1String("seconds")].toDouble();
    report.diskBytes = object[QLatin1String("disk_bytes")].toDouble();
    for (const QJsonValue& value : object[QLatin1String("ticks")].toArray()) {
        const QJsonObject tick = value.toObject();
        report.ticks.append({.id = tick[QLatin1String("id")].toString(),
                             .title = shown(tick[QLatin1String("title")]),
                             .state = stateOf(tick[QLatin1String("state")].toString()),
                             .figure = shown(tick[QLatin1String("figure")]),
                             .sentence = shown(tick[QLatin1String("sentence")]),
                             .cure = shown(tick[QLatin1String("cure")])});
    }
    for (const QJsonValue& note : object[QLatin1String("notes")].toArray())
        report.notes.append(shown(note));
    if (!report.ticks.isEmpty()) return report;
    QString said = QString::fromUtf8(words).trimmed();
    if (said.startsWith(QLatin1String("gradus: "))) said.remove(0, 8);
    report.problem = said.isEmpty() ? PreflightCheck::tr("The draft could not be checked.")
                                    : QString::fromStdString(visible(said.toStdString(), 2000));
    return report;
}

PreflightCheck::PreflightCheck(LaunchPlace place, QObject* parent) : QObject(parent), m_place(std::move(place))
{
    m_quiet.setSingleShot(true);
    m_quiet.setInterval(kQuiet);
    connect(&m_quiet, &QTimer::timeout, this, &PreflightCheck::start);
}

PreflightCheck::~PreflightCheck()
{
    if (!m_process) return;
    // Killed and gone at once; its copy of the draft goes with it.
    m_process->disconnect(this);
    m_process->kill();
    m_process->waitForFinished(500);
}

void PreflightCheck::setDraft(const std::string& toml)
{
    if (toml == m_toml) return;
    m_toml = toml;
    abandon();
    m_quiet.start();
    Q_EMIT began();
}

/// Nothing is written by a check, so that it may end anywhere.
void PreflightCheck::abandon()
{
    m_quiet.stop();
    if (!m_process) return;
    m_process->disconnect(this);
    m_process->kill();
    // Waited for by nobody: it deletes itself once it has ended.
    m_process->setParent(nullptr);
    connect(m_process, &QProcess::finished, m_process, &QObject::deleteLater);
    m_process = nullptr;
}

void PreflightCheck::start()
{
    const Launcher launcher(m_place);
    m_process = new QProcess(this);
    QProcess* process = m_process;
    auto* file = new QTemporaryFile(QDir::tempPath() + QStringLiteral("/gradus-draft-XXXXXX.toml"), process);
    if (!file->open() || file->write(QByteArray::fromStdString(m_toml)) < 0 || !file->flush()) {
        const QString why = file->errorString();
        m_process = nullptr;
        process->deleteLater();
        Q_EMIT answered(readPreflight({}, tr("The draft could not be written to be checked: %1.").arg(why).toUtf8()));
        return;
    }
    process->setProgram(launcher.programPath());
    process->setArguments({QStringLiteral("check"), file->fileName(), QStringLiteral("--json"),
                           QStringLiteral("--store"), launcher.storePath()});
    process->setWorkingDirectory(m_place.workspace);
    const QByteArray name = file->fileName().toUtf8();
    connect(process, &QProcess::finished, this, [this, process, name] {
        m_process = nullptr;
        process->deleteLater();
        // The draft has a name of its own; that of the copy tells nobody anything.
        const QByteArray json = process->readAllStandardOutput().replace(name, "the draft");
        const QByteArray words = process->readAllStandardError().replace(name, "the draft");
        Q_EMIT answered(readPreflight(json, words));
    });
    connect(process, &QProcess::errorOccurred, this, [this, process](QProcess::ProcessError error) {
        if (error != QProcess::FailedToStart) return;
        m_process = nullptr;
        process->deleteLater();
        Q_EMIT answered(readPreflight(
            {}, tr("%1 could not be started: %2.").arg(process->program(), process->errorString()).toUtf8()));
    });
    process->start();
}

} // namespace gradus::viewmodels
