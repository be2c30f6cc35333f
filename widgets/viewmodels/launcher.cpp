// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewmodels/launcher.h"

#include "base/files.h"
#include "base/hash.h"
#include "events/run_commands.h"
#include "spec/experiment.h"
#include "viewmodels/command_words.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QProcess>

#include <algorithm>

namespace gradus::viewmodels {

namespace {

constexpr int kLongestName = 48;
constexpr int kHashDigits = 8;

std::filesystem::path nativePath(const QString& path)
{
    return std::filesystem::path(QFile::encodeName(path).toStdString());
}

} // namespace

Launcher::Launcher(LaunchPlace place) : m_place(std::move(place)) {}

QString Launcher::storePath() const
{
    return QDir(m_place.workspace).filePath(QStringLiteral("gradus.db"));
}

QString Launcher::programPath() const
{
    if (!m_place.program.isEmpty()) return m_place.program;
    return QDir(QCoreApplication::applicationDirPath()).filePath(QStringLiteral("gradus"));
}

Result<QString> Launcher::freeze(const std::string& toml) const
{
    const auto experiment = spec::parseExperiment(toml, "the draft");
    if (!experiment) return experiment.error();
    const QString folder = QDir(m_place.workspace).filePath(QStringLiteral("experiments"));
    if (auto made = makeFolder(nativePath(folder)); !made) return made.error();
    const QString name = fileNameOf(QString::fromStdString(experiment->experiment.name));
    // Of the bytes, not of the canonical form: two drafts that differ in a comment are two files.
    const QString hash = QString::fromStdString(sha256(toml).substr(0, kHashDigits));
    const QString path = QDir(folder).filePath(name + '-' + hash + QStringLiteral(".toml"));
    if (const auto present = readFile(nativePath(path)); present && *present == toml) return path;
    if (auto written = writeFileAtomically(nativePath(path), toml); !written) return written.error();
    return path;
}

Result<Launched> Launcher::launch(const std::string& toml) const
{
    const auto file = freeze(toml);
    if (!file) return file.error();
    Launched launched{.file = *file, .log = *file + QStringLiteral(".log")};
    launched.logWas = QFileInfo(launched.log).size();
    const auto started = start({QStringLiteral("run"), launched.file, QStringLiteral("--store"), storePath(),
                                QStringLiteral("--detach-log"), launched.log},
                               launched.log);
    if (!started) return started.error();
    launched.processId = *started;
    return launched;
}

Result<void> Launcher::startQueueWorker() const
{
    const auto started =
        start({QStringLiteral("queue"), QStringLiteral("work"), QStringLiteral("--store"), storePath()});
    if (!started) return started.error();
    return {};
}

Result<qint64> Launcher::resume(const QString& runUuid) const
{
    return start({QStringLiteral("resume"), runUuid, QStringLiteral("--store"), storePath()});
}

QStringList Launcher::argumentsOf(const Branch& branch) const
{
    QStringList arguments{QStringLiteral("branch"), branch.run, QStringLiteral("--from-generation"),
                          QString::number(branch.generation)};
    for (const QString& assignment : branch.assignments)
        arguments << QStringLiteral("--set") << assignment;
    return arguments << QStringLiteral("--store") << storePath();
}

QString branchLogName(const QString& parent)
{
    return QStringLiteral("branch-%1.log").arg(parent.left(8));
}

Result<Launched> Launcher::branch(const Branch& branch) const
{
    const QDir folder(QDir(m_place.workspace).filePath(QStringLiteral("experiments")));
    if (auto made = makeFolder(nativePath(folder.path())); !made) return made.error();
    Launched launched{.file = {}, .log = folder.filePath(branchLogName(branch.run))};
    launched.logWas = QFileInfo(launched.log).size();
    const auto started = start(argumentsOf(branch), launched.log);
    if (!started) return started.error();
    launched.processId = *started;
    return launched;
}

QString Launcher::commandLine(const Branch& branch) const
{
    return commandLineOf(argumentsOf(branch));
}

Result<void> Launcher::ask(const QString& runUuid, const QString& verb) const
{
    // As a person would type it: what a run was paused by, `resume` ends.
    const std::string asked = verb.toStdString();
    QStringList arguments{verb};
    if (asked == events::kContinueVerb) arguments = {QStringLiteral("resume")};
    if (asked == events::kStopNowVerb) arguments = {QStringLiteral("stop"), QStringLiteral("--now")};
    arguments << runUuid << QStringLiteral("--store") << storePath();
    if (const auto started = start(arguments); !started) return started.error();
    return {};
}

Result<void> Launcher::watchAlerts(const QString& runUuid, const QStringList& rules) const
{
    QStringList arguments{QStringLiteral("alerts"), runUuid, QStringLiteral("--store"), storePath()};
    for (const QString& rule : rules)
        arguments << QStringLiteral("--set") << rule;
    if (rules.isEmpty()) arguments << QStringLiteral("--clear");
    if (const auto started = start(arguments); !started) return started.error();
    return {};
}

Result<qint64> Launcher::start(const QStringList& arguments, const QString& log) const
{
    const QString program = programPath();
    const QFileInfo info(program);
    if (!info.exists() || !info.isExecutable())
        return failed("The program " + program.toStdString() +
                      " is missing, so nothing can be started; build it or install it beside the workbench.");
    QProcess process;
    process.setProgram(program);
    process.setArguments(arguments);
    process.setWorkingDirectory(m_place.workspace);
    // What it says goes to its log and its store; the window's terminal stays quiet.
    process.setStandardInputFile(QProcess::nullDevice());
    process.setStandardOutputFile(QProcess::nullDevice());
    if (log.isEmpty())
        process.setStandardErrorFile(QProcess::nullDevice());
    else
        process.setStandardErrorFile(log, QIODevice::Append);
    qint64 processId = 0;
    if (!process.startDetached(&processId))
        return failed("The program " + program.toStdString() + " could not be started: " +
                      process.errorString().toStdString() + "; check that it may be executed.");
    return processId;
}

QString Launcher::commandLine(const QString& file) const
{
    return commandLineOf({QStringLiteral("run"), file, QStringLiteral("--store"), storePath()});
}

QString fileNameOf(const QString& experimentName)
{
    QString name;
    for (const QChar c : experimentName.toLower()) {
        if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
            name += c;
        else if (!name.isEmpty() && !name.endsWith('-'))
            name += '-';
    }
    name.truncate(kLongestName);
    while (name.endsWith('-'))
        name.chop(1);
    return name.isEmpty() ? QStringLiteral("untitled") : name;
}

} // namespace gradus::viewmodels
