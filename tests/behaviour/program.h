// SPDX-License-Identifier: GPL-3.0-or-later
// Starts the real `gradus` in a folder of its own.
#pragma once

#include <QByteArray>
#include <QString>
#include <QStringList>

class QProcess;

namespace gradus::tests {

struct Outcome
{
    int exitCode = -1;
    bool crashed = false;
    QByteArray out;
    QByteArray err;
};

/// Runs to its end (120 s at most).
Outcome runGradus(const QString& folder, const QStringList& arguments);
/// Runs a shell line in which $GRADUS is the program.
Outcome runShell(const QString& folder, const QString& line);
/// Prepares without waiting.
void startGradus(QProcess& process, const QString& folder, const QStringList& arguments);

/// Sends a signal to a program that still runs; ends the tests where it does not, since 0 would be their own group.
void signalProgram(const QProcess& process, int signal);

/// The window's program, without a display and with settings of its own; only where it is built.
void startWindow(QProcess& process, const QString& folder, const QStringList& arguments);

void writeText(const QString& path, const QByteArray& text);
/// Every file below folder, relative, sorted.
QStringList filesBelow(const QString& folder);

} // namespace gradus::tests
