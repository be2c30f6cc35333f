// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewmodels/draft_question.h"

#include "base/text.h"

#include <QDir>
#include <QTemporaryFile>

namespace gradus::viewmodels {

namespace {

constexpr int kGone = 500; // milliseconds in which a killed process is gone
constexpr std::size_t kLongest = 2000;

} // namespace

DraftQuestion::~DraftQuestion()
{
    if (!m_process) return;
    // Killed and gone at once; its copy of the draft goes with it.
    m_process->disconnect(this);
    m_process->kill();
    m_process->waitForFinished(kGone);
}

void DraftQuestion::abandon()
{
    if (!m_process) return;
    m_process->disconnect(this);
    m_process->kill();
    // Waited for by nobody: it deletes itself once it has ended.
    m_process->setParent(nullptr);
    connect(m_process, &QProcess::finished, m_process, &QObject::deleteLater);
    m_process = nullptr;
}

void DraftQuestion::ask(const LaunchPlace& place, const std::string& toml, const QStringList& verb,
                        const QStringList& options, const Answer& answer)
{
    abandon();
    const Launcher launcher(place);
    auto* process = new QProcess(this);
    auto* file = new QTemporaryFile(QDir::tempPath() + QStringLiteral("/gradus-draft-XXXXXX.toml"), process);
    if (!file->open() || file->write(QByteArray::fromStdString(toml)) < 0 || !file->flush()) {
        const QString why = file->errorString();
        process->deleteLater();
        return answer({}, tr("The draft could not be written to ask about it: %1.").arg(why).toUtf8());
    }
    m_process = process;
    process->setProgram(launcher.programPath());
    process->setArguments(verb + QStringList{file->fileName()} + options +
                          QStringList{QStringLiteral("--store"), launcher.storePath(), QStringLiteral("--json")});
    process->setWorkingDirectory(place.workspace);
    const QByteArray name = file->fileName().toUtf8();
    connect(process, &QProcess::finished, this, [this, process, name, answer] {
        m_process = nullptr;
        process->deleteLater();
        // The draft has a name of its own; that of the copy tells nobody anything.
        const QByteArray json = process->readAllStandardOutput().replace(name, "the draft");
        const QByteArray words = process->readAllStandardError().replace(name, "the draft");
        answer(json, words);
    });
    connect(process, &QProcess::errorOccurred, this, [this, process, answer](QProcess::ProcessError error) {
        if (error != QProcess::FailedToStart) return;
        m_process = nullptr;
        process->deleteLater();
        answer({}, tr("%1 could not be started: %2.").arg(process->program(), process->errorString()).toUtf8());
    });
    process->start();
}

QString DraftQuestion::sentenceOf(const QByteArray& words, const QString& otherwise)
{
    QString said = QString::fromUtf8(words).trimmed();
    if (said.startsWith(QLatin1String("gradus: "))) said.remove(0, 8);
    return said.isEmpty() ? otherwise : QString::fromStdString(visible(said.toStdString(), kLongest));
}

} // namespace gradus::viewmodels
