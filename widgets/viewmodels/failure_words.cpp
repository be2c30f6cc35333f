// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewmodels/failure_words.h"

#include "base/text.h"
#include "store/queue_order.h"

#include <QCoreApplication>

#include <array>

namespace gradus::viewmodels {

namespace {

QString tr(const char* text)
{
    return QCoreApplication::translate("FailureWords", text);
}

struct Pattern
{
    const char* marks; ///< what the system, libtorch or SQLite say, parted by |, in small letters
    const char* cause;
    const char* cure;
};

/// The first that is found counts.
const std::array<Pattern, 7> kPatterns{{
    {"out of memory|bad_alloc|cannot allocate|not enough memory",
     QT_TRANSLATE_NOOP("FailureWords", "The machine ran out of memory."),
     QT_TRANSLATE_NOOP("FailureWords", "Use a smaller training.batch or smaller rungs, or run fewer at a time.")},
    {"no space left|disk is full|database or disk is full|disk quota",
     QT_TRANSLATE_NOOP("FailureWords", "The disk is full."),
     QT_TRANSLATE_NOOP("FailureWords", "Free some space, then retry.")},
    {" nan|not a number|not finite|infinite loss",
     QT_TRANSLATE_NOOP("FailureWords", "The loss was no longer a number."),
     QT_TRANSLATE_NOOP("FailureWords", "Lower training.learning_rate; a retry alone would end the same way.")},
    {"no such file|does not exist|cannot be read",
     QT_TRANSLATE_NOOP("FailureWords", "A file that it needs cannot be read."),
     QT_TRANSLATE_NOOP("FailureWords", "Put the file back, then retry.")},
    {"ended by signal 9",
     QT_TRANSLATE_NOOP("FailureWords", "Its process was killed, as the system does where memory runs out."),
     QT_TRANSLATE_NOOP("FailureWords", "Run fewer at a time, or use smaller rungs; then retry.")},
    {"ended by signal 11|ended by signal 6", QT_TRANSLATE_NOOP("FailureWords", "The program itself broke off."),
     QT_TRANSLATE_NOOP("FailureWords", "Retry it; a fault that comes again is one to report, with the log.")},
    {"cuda error|driver", QT_TRANSLATE_NOOP("FailureWords", "The device's driver refused."),
     QT_TRANSLATE_NOOP("FailureWords", "Look at the driver, then retry.")},
}};

const Pattern* patternIn(const QString& text)
{
    const QString small = text.toLower();
    for (const Pattern& pattern : kPatterns)
        for (const QString& mark : QString::fromLatin1(pattern.marks).split(QLatin1Char('|')))
            if (small.contains(mark)) return &pattern;
    return nullptr;
}

QString keptOf(const store::RunRow& run)
{
    if (run.progress <= 0) return tr("It had not begun; nothing is lost.");
    return tr("It was %1 % done; what its last checkpoint holds is kept.").arg(static_cast<int>(run.progress * 100));
}

} // namespace

FailureWords failureWords(const store::QueueRow& row, const QStringList& lastLines)
{
    const store::RunRow& run = row.run;
    const bool crashed = run.state == store::RunState::Crashed;
    if (!crashed && run.state != store::RunState::Failed) return {};
    FailureWords words;
    words.kept = keptOf(run);
    const QString failure = QString::fromStdString(visible(run.failure, 1000));
    const Pattern* pattern = patternIn(failure);
    if (!pattern && crashed) pattern = patternIn(lastLines.join(QLatin1Char('\n')));
    if (pattern) {
        // The program's own sentence says the same, and more: it stands for both.
        const QString known = QString::fromLatin1(pattern->cause).chopped(1); // without its full stop
        const bool says = failure.startsWith(known, Qt::CaseInsensitive);
        words.cause = says ? failure : tr(pattern->cause);
        if (!says && !failure.isEmpty()) words.cause += QLatin1Char(' ') + failure;
        if (!says || failure.size() <= known.size() + 1) words.cure = tr(pattern->cure);
        return words;
    }
    if (!crashed) {
        words.cause = failure;
        return words;
    }
    if (!failure.isEmpty()) {
        words.cause = failure;
    } else {
        words.cause = tr("Its process ended without a word: it was killed, or the machine went down.");
        for (auto line = lastLines.crbegin(); line != lastLines.crend(); ++line)
            if (!line->trimmed().isEmpty()) {
                words.cause +=
                    QLatin1Char(' ') + tr("The last it said was: %1")
                                           .arg(QString::fromStdString(visible(line->trimmed().toStdString(), 200)));
                break;
            }
    }
    words.cure = store::isWaiting(row) ? tr("It waits to be tried again by itself.")
                                       : tr("Retry it; where it ends so again, run fewer at a time.");
    return words;
}

} // namespace gradus::viewmodels
