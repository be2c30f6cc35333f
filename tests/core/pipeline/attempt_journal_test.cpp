// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/attempt_journal.h"

#include "support/suite.h"

#include <QTest>

using namespace gradus;
using namespace gradus::pipeline;

namespace {

JournalEntry fullEntry()
{
    JournalEntry entry;
    entry.attempt.generation = 3;
    entry.attempt.rung = 4;
    entry.attempt.accepted = false;
    entry.attempt.flops = 2.5e11;
    entry.attempt.noise = 0.27;
    entry.attempt.noiseUpper = 0.31;
    entry.attempt.utility = Estimate{.value = 0.7, .low = 0.64, .high = 0.76, .n = 200};
    entry.attempt.gap = 0.42;
    entry.attempt.gain = Estimate{.value = -0.02, .low = -0.05, .high = 0.01, .n = 200};
    entry.attempt.imitation = Estimate{.value = 0.5, .low = 0.4, .high = 0.6, .n = 60};
    entry.lastStep = 1234;
    return entry;
}

} // namespace

class AttemptJournalTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void attempt_isReadBackExactly()
    {
        const JournalEntry entry = fullEntry();
        const events::RunEvent event = journalEvent(entry, "A_3 is rolled back.");
        QCOMPARE(event.kind, std::string(kAttemptEvent));
        QCOMPARE(event.step, std::int64_t{1234});
        const auto back = fromJournal(event.detailsJson);
        QVERIFY(back.has_value());
        QCOMPARE(back->lastStep, entry.lastStep);
        QCOMPARE(back->attempt.rung, 4);
        QVERIFY(!back->attempt.accepted);
        QVERIFY(back->attempt.utility == entry.attempt.utility);
        QVERIFY(back->attempt.gap == entry.attempt.gap);
        QVERIFY(back->attempt.noise == entry.attempt.noise);
        QVERIFY(back->attempt.noiseUpper == entry.attempt.noiseUpper);
        QCOMPARE(back->attempt.flops, entry.attempt.flops);
        QVERIFY(!back->attempt.predicted.has_value() && !back->attempt.diversity.has_value());
        QCOMPARE(journalEvent(*back, "A_3 is rolled back.").detailsJson, event.detailsJson);
    }
    void brokenDetails_areNoAttempt()
    {
        const std::string whole = journalEvent(fullEntry(), "").detailsJson;
        QVERIFY(fromJournal(whole).has_value());
        for (std::size_t cut = 0; cut < whole.size(); ++cut)
            QVERIFY2(!fromJournal(whole.substr(0, cut)), qPrintable(QString::number(cut)));
        for (const std::string& other : {std::string("null"), std::string("[1, 2]"), std::string("3"),
                                         std::string("\"text\""), std::string(3, '\0'), std::string("{\"rung\": 1}")})
            QVERIFY(!fromJournal(other));
        std::string wrongType = whole;
        wrongType.replace(wrongType.find("false"), 5, "\"no\"");
        QVERIFY(!fromJournal(wrongType));
    }
};

GRADUS_SUITE(AttemptJournalTest)
#include "attempt_journal_test.moc"
