// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/queue/queue_lines.h"

#include "pages/shared/run_look.h"
#include "store/queue_order.h"
#include "viewmodels/command_words.h"

#include <QCoreApplication>

#include <algorithm>

namespace gradus::pages {

namespace {

QString words(const char* text)
{
    return QCoreApplication::translate("gradus::pages::QueueLines", text);
}

/// Collects lines on one store.
class Lines final
{
public:
    explicit Lines(QString store) : m_store(std::move(store)) {}

    void add(const QString& act, QStringList arguments)
    {
        m_lines.append({act, viewmodels::commandLineOf(arguments << QStringLiteral("--store") << m_store)});
    }
    void queue(const QString& act, const QStringList& arguments) { add(act, QStringList{"queue"} + arguments); }
    QVector<QueueLine> taken() { return std::move(m_lines); }

private:
    QString m_store;
    QVector<QueueLine> m_lines;
};

void addMoves(Lines& lines, const QueueModel& model, const QString& run, qint64 id)
{
    const int place = model.placeOf(id);
    const int last = model.waiting() - 1;
    const auto move = [&](const QString& act, int by) { lines.queue(act, {"move", run, "--by", QString::number(by)}); };
    if (place > 0) move(words("Earlier"), -1);
    if (place >= 0 && place < last) move(words("Later"), 1);
    if (place > 0) move(words("First"), -place);
    if (place >= 0 && place < last) move(words("Last"), last - place);
}

void addAfter(Lines& lines, const QueueModel& model, const store::QueueRow& row, const QString& run)
{
    lines.queue(words("Run after nothing"), {"after", run});
    for (const store::QueueRow& other : model.queue().rows)
        if (other.run.id != row.run.id && other.run.state != store::RunState::Finished)
            lines.queue(words("Run after %1").arg(nameOf(other.run)),
                        {"after", run, "--run", QString::fromStdString(other.run.uuid)});
}

} // namespace

QVector<QueueLine> queueLines(const QueueModel& model, qint64 chosen, const QString& storePath)
{
    Lines lines(storePath);
    if (const store::QueueRow* row = model.find(chosen)) {
        const QString run = QString::fromStdString(row->run.uuid);
        addMoves(lines, model, run, chosen);
        if (store::isWaiting(*row)) addAfter(lines, model, *row, run);
        if (store::isUnderWay(*row)) lines.add(words("Stop"), {"stop", run});
        if (store::canRetry(*row)) lines.queue(words("Retry"), {"retry", run, "--start"});
        if (!store::isUnderWay(*row)) lines.queue(words("Remove"), {"remove", run});
    }
    if (model.queue().pausedAt)
        lines.queue(words("Go on"), {"resume", "--start"});
    else
        lines.queue(words("Pause queue"), {"pause"});
    lines.queue(words("Start a worker"), {"work"});
    const auto& rows = model.queue().rows;
    if (std::any_of(rows.begin(), rows.end(),
                    [](const store::QueueRow& row) { return row.run.state == store::RunState::Finished; }))
        lines.queue(words("Remove finished"), {"clear"});
    return lines.taken();
}

} // namespace gradus::pages
