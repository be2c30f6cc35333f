// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewmodels/queue_commands.h"

#include "store/run_queue.h"

#include <QCoreApplication>
#include <QFile>
#include <QPointer>
#include <QProcess>

namespace gradus::viewmodels {

QueueCommands::QueueCommands(LaunchPlace place, QObject* parent) : QObject(parent), m_place(std::move(place))
{
    m_thread.setMaxThreadCount(1);
}

QueueCommands::~QueueCommands()
{
    m_thread.waitForDone();
}

void QueueCommands::apply(Act act, bool startsWorker, const QString& sentence)
{
    ++m_waiting;
    const std::filesystem::path path = QFile::encodeName(Launcher(m_place).storePath()).toStdString();
    m_thread.start([act = std::move(act), path, startsWorker, sentence, self = QPointer<QueueCommands>(this)] {
        const auto result = [&]() -> Result<void> {
            auto queue = store::RunQueue::open(path);
            if (!queue) return queue.error();
            return act(*queue);
        }();
        // Queued to the application: only the GUI thread may ask whether this object still lives.
        QMetaObject::invokeMethod(
            QCoreApplication::instance(),
            [self, result, startsWorker, sentence] {
                if (self) self->answered(result, startsWorker, sentence);
            },
            Qt::QueuedConnection);
    });
}

void QueueCommands::answered(const Result<void>& result, bool startsWorker, const QString& sentence)
{
    --m_waiting;
    if (!result) {
        Q_EMIT said(QString::fromStdString(result.error().message), true);
        return;
    }
    Q_EMIT done();
    if (!sentence.isEmpty()) Q_EMIT said(sentence, false);
    if (startsWorker) startWorker();
}

void QueueCommands::startWorker()
{
    const auto started = Launcher(m_place).startQueueWorker();
    if (!started) Q_EMIT said(QString::fromStdString(started.error().message), true);
}

void QueueCommands::add(const std::string& toml)
{
    const Launcher launcher(m_place);
    const auto file = launcher.freeze(toml);
    if (!file) {
        Q_EMIT said(QString::fromStdString(file.error().message), true);
        return;
    }
    startProgram({QStringLiteral("queue"), QStringLiteral("add"), *file, QStringLiteral("--store"),
                  launcher.storePath(), QStringLiteral("--start")},
                 tr("The experiment could not be queued."), false);
}

void QueueCommands::addBranch(const Launcher::Branch& branch)
{
    startProgram(Launcher(m_place).argumentsOf(branch) << QStringLiteral("--queue"),
                 tr("The branch could not be queued."), true);
}

/// Runs the program to its end and says what it said; otherwise: where it said nothing.
void QueueCommands::startProgram(const QStringList& arguments, const QString& otherwise, bool startsWorker)
{
    ++m_waiting;
    auto* process = new QProcess(this);
    process->setProgram(Launcher(m_place).programPath());
    process->setArguments(arguments);
    process->setWorkingDirectory(m_place.workspace);
    const auto finish = [this, process, startsWorker](const QString& sentence, bool isFailure) {
        --m_waiting;
        process->deleteLater();
        if (!isFailure) Q_EMIT done();
        Q_EMIT said(sentence, isFailure);
        if (startsWorker && !isFailure) startWorker();
    };
    connect(process, &QProcess::finished, this,
            [process, finish, otherwise](int exitCode, QProcess::ExitStatus status) {
                const bool isFailure = exitCode != 0 || status == QProcess::CrashExit;
                QString words =
                    QString::fromUtf8(isFailure ? process->readAllStandardError() : process->readAllStandardOutput())
                        .trimmed();
                if (words.startsWith(QLatin1String("gradus: "))) words.remove(0, 8);
                finish(words.isEmpty() ? otherwise : words, isFailure);
            });
    connect(process, &QProcess::errorOccurred, this, [process, finish](QProcess::ProcessError error) {
        if (error == QProcess::FailedToStart)
            finish(tr("%1 could not be started: %2.").arg(process->program(), process->errorString()), true);
    });
    process->start();
}

void QueueCommands::move(std::int64_t run, int places)
{
    apply([run, places](store::RunQueue& queue) { return queue.move(run, places); });
}

void QueueCommands::move(std::int64_t run, int places, const std::shared_ptr<int>& moved)
{
    apply([run, places, moved](store::RunQueue& queue) {
        *moved = 0;
        return queue.move(run, places, moved.get());
    });
}

void QueueCommands::moveBack(std::int64_t run, const std::shared_ptr<int>& moved)
{
    apply([run, moved](store::RunQueue& queue) { return queue.move(run, -*moved); });
}

void QueueCommands::setAfter(std::int64_t run, std::optional<std::int64_t> after)
{
    apply([run, after](store::RunQueue& queue) { return queue.setAfter(run, after); });
}

void QueueCommands::setPaused(bool paused)
{
    apply([paused](store::RunQueue& queue) { return queue.setPaused(paused); }, !paused);
}

void QueueCommands::retry(std::int64_t run)
{
    apply([run](store::RunQueue& queue) { return queue.retry(run); }, true,
          tr("It waits again and goes on from its last checkpoint."));
}

void QueueCommands::remove(std::int64_t run)
{
    apply([run](store::RunQueue& queue) { return queue.remove(run); }, false,
          tr("Taken out of the queue; the run stays in the store."));
}

void QueueCommands::removeFinished()
{
    apply([](store::RunQueue& queue) -> Result<void> {
        const auto removed = queue.removeFinished();
        if (!removed) return removed.error();
        return {};
    });
}

} // namespace gradus::viewmodels
