// SPDX-License-Identifier: GPL-3.0-or-later
#include "program.h"

#include <QDirIterator>
#include <QFile>
#include <QProcess>
#include <QTest>

#include <csignal>

namespace gradus::tests {

namespace {

QProcessEnvironment environmentIn(const QString& folder)
{
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert("XDG_DATA_HOME", folder + "/data-home");
    environment.insert("GRADUS", GRADUS_PROGRAM);
    return environment;
}

Outcome finish(QProcess& process)
{
    if (!process.waitForFinished(120'000)) {
        process.kill();
        process.waitForFinished();
    }
    return {process.exitCode(), process.exitStatus() == QProcess::CrashExit, process.readAllStandardOutput(),
            process.readAllStandardError()};
}

} // namespace

void startGradus(QProcess& process, const QString& folder, const QStringList& arguments)
{
    process.setWorkingDirectory(folder);
    process.setProcessEnvironment(environmentIn(folder));
    process.start(GRADUS_PROGRAM, arguments);
}

void signalProgram(const QProcess& process, int signal)
{
    if (process.processId() <= 0) qFatal("the program had ended before it could be sent signal %d", signal);
    ::kill(static_cast<pid_t>(process.processId()), signal);
}

void startWindow(QProcess& process, const QString& folder, const QStringList& arguments)
{
    QProcessEnvironment environment = environmentIn(folder);
    environment.insert("XDG_CONFIG_HOME", folder + "/config-home");
    environment.insert("QT_QPA_PLATFORM", "offscreen");
    process.setWorkingDirectory(folder);
    process.setProcessEnvironment(environment);
#ifdef GRADUS_WINDOW
    process.start(GRADUS_WINDOW, arguments);
#else
    Q_UNUSED(arguments)
#endif
}

Outcome runGradus(const QString& folder, const QStringList& arguments)
{
    QProcess process;
    startGradus(process, folder, arguments);
    return finish(process);
}

Outcome runShell(const QString& folder, const QString& line)
{
    QProcess process;
    process.setWorkingDirectory(folder);
    process.setProcessEnvironment(environmentIn(folder));
    process.start("/bin/sh", {"-c", line});
    return finish(process);
}

void writeText(const QString& path, const QByteArray& text)
{
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    QCOMPARE(file.write(text), text.size());
}

QStringList filesBelow(const QString& folder)
{
    QStringList files;
    QDirIterator it(folder, QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
    while (it.hasNext())
        files.append(it.next().mid(folder.size() + 1));
    files.sort();
    return files;
}

} // namespace gradus::tests
