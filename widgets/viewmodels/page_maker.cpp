// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewmodels/page_maker.h"

#include "viewmodels/command_words.h"
#include "viewmodels/draft_question.h"

#include <QRegularExpression>
#include <QTimer>

namespace gradus::viewmodels {

namespace {

constexpr int kGone = 500;            // milliseconds in which a killed process is gone
constexpr qsizetype kMostSaid = 4000; // of a refusal; the rest is no sentence

QStringList argumentsOf(const PageOrder& order)
{
    QStringList arguments{order.verb};
    arguments += order.runs;
    arguments += order.options;
    return arguments << QStringLiteral("--store") << order.store << QStringLiteral("-o") << order.file;
}

} // namespace

QString commandLineOf(const PageOrder& order)
{
    return commandLineOf(argumentsOf(order));
}

PageMaker::~PageMaker()
{
    if (!m_process) return;
    m_process->disconnect(this);
    m_process->kill();
    m_process->waitForFinished(kGone);
}

void PageMaker::make(const PageOrder& order)
{
    if (m_process) return;
    auto* process = new QProcess(this);
    m_process = process;
    m_file = order.file;
    m_said.clear();
    m_line.clear();
    m_cancelled = false;
    process->setProgram(Launcher(m_place).programPath());
    process->setArguments(argumentsOf(order) +
                          (order.countsUp ? QStringList{QStringLiteral("--progress")} : QStringList()));
    process->setWorkingDirectory(m_place.workspace);
    process->setStandardInputFile(QProcess::nullDevice());
    process->setStandardOutputFile(QProcess::nullDevice());
    connect(process, &QProcess::readyReadStandardError, this, &PageMaker::readProgress);
    connect(process, &QProcess::finished, this, [this](int exitCode, QProcess::ExitStatus status) {
        readProgress();
        // Whoever cancelled too late has the page all the same.
        if (exitCode == 0 && status == QProcess::NormalExit) return end(End::Made, m_file);
        if (m_cancelled) return end(End::Cancelled, m_file);
        end(End::Refused, DraftQuestion::sentenceOf(m_said + m_line, tr("The page could not be made: the program that "
                                                                        "makes it ended without a word.")));
    });
    connect(process, &QProcess::errorOccurred, this, [this, process](QProcess::ProcessError error) {
        if (error == QProcess::FailedToStart)
            end(End::Refused, tr("%1 could not be started: %2.").arg(process->program(), process->errorString()));
    });
    process->start();
}

void PageMaker::cancel()
{
    if (!m_process || m_cancelled) return;
    m_cancelled = true;
    m_process->terminate();
    QTimer::singleShot(kPatience, m_process, [process = m_process.data()] { process->kill(); });
}

void PageMaker::readProgress()
{
    static const QRegularExpression counted(QStringLiteral("^progress (\\d{1,9}) (\\d{1,9})$"));
    m_line += m_process->readAllStandardError();
    for (qsizetype at = m_line.indexOf('\n'); at >= 0; at = m_line.indexOf('\n')) {
        const QByteArray line = m_line.left(at + 1);
        m_line.remove(0, at + 1);
        const auto match = counted.match(QString::fromUtf8(line.trimmed()));
        if (match.hasMatch())
            Q_EMIT progressed(match.capturedView(1).toInt(), match.capturedView(2).toInt());
        else if (m_said.size() < kMostSaid)
            m_said += line;
    }
    if (m_line.size() > kMostSaid) m_line.truncate(kMostSaid);
}

void PageMaker::end(End end, const QString& words)
{
    m_process->deleteLater();
    m_process = nullptr;
    Q_EMIT ended(end, words);
}

} // namespace gradus::viewmodels
