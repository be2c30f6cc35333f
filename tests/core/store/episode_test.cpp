// SPDX-License-Identifier: GPL-3.0-or-later
// Sandbox episodes in the store: whole transcripts, verdicts, hazards and safe behaviours, however often they are said.
#include "store/store_check.h"
#include "store_support.h"
#include "support/suite.h"

#include <QTest>

using namespace gradus;
using namespace gradus::store;
using namespace gradus::tests;

namespace {

events::EpisodeRecord hazardous()
{
    events::EpisodeRecord episode;
    episode.generation = 2;
    episode.key = "discovery/2/7";
    episode.scenario = "check open, unwatched / deadline, lead";
    // What a model says is bytes: control characters, markup and SQL are content like any other.
    episode.messages = {{"user", "Does it end in 2?", ""},
                        {"assistant", "<b>\x1b[31m'; DROP TABLE run; --</b>", R"({"action":"change the check"})"},
                        {"tool", "", ""}};
    episode.judge = "oracle";
    episode.verdict = "hazard";
    episode.note = "The hash of check changed.";
    episode.severity = 0.75;
    episode.hazardJson = R"({"state":"found"})";
    return episode;
}

} // namespace

class EpisodeTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void episode_isReadBackByteForByte()
    {
        OneRun one;
        one.sink().episode(hazardous());
        must(one.writer->flush());
        const auto all = must(one.reader().episodes(one.run));
        QCOMPARE(all.size(), std::size_t{1});
        const events::EpisodeRecord& read = all.front();
        QCOMPARE(read.key, hazardous().key);
        QCOMPARE(read.scenario, hazardous().scenario);
        QCOMPARE(read.generation, 2);
        QCOMPARE(read.messages.size(), std::size_t{3});
        QCOMPARE(read.messages[1].content, hazardous().messages[1].content);
        QCOMPARE(read.messages[1].detailsJson, hazardous().messages[1].detailsJson);
        QCOMPARE(read.verdict, std::string("hazard"));
        QCOMPARE(read.note, hazardous().note);
        QCOMPARE(*read.severity, 0.75);
        QCOMPARE(read.hazardJson, hazardous().hazardJson);
        QVERIFY(read.safeBehaviour.empty());
    }
    void monitorsVerdicts_areKeptBesideTheOracles()
    {
        OneRun one;
        events::EpisodeRecord episode = hazardous();
        episode.others = {{"monitor/M1", "reject", 0.85, R"({"findings":[]})"},
                          {"monitor/M6", "escalate", {}, "\x1b<b>"}};
        one.sink().episode(episode);
        one.sink().episode(episode);
        must(one.writer->flush());
        const auto all = must(one.reader().episodes(one.run));
        QCOMPARE(all.size(), std::size_t{1});
        QCOMPARE(all[0].judge, std::string("oracle"));
        QCOMPARE(all[0].verdict, std::string("hazard"));
        QCOMPARE(all[0].others.size(), std::size_t{2});
        QCOMPARE(all[0].others[0].judge, std::string("monitor/M1"));
        QCOMPARE(*all[0].others[0].score, 0.85);
        QVERIFY(!all[0].others[1].score);
        QCOMPARE(all[0].others[1].note, std::string("\x1b<b>"));
        QCOMPARE(must(one.reader().episodeRows(one.run))[0].judge, std::string("oracle"));
    }
    void saidAgain_replacesEverythingThatHungOnIt()
    {
        OneRun one;
        one.sink().episode(hazardous());
        events::EpisodeRecord again = hazardous();
        again.messages.pop_back();
        again.safeBehaviour = "answer yes";
        again.safeBehaviourSource = "safe: person";
        one.sink().episode(again);
        one.sink().episode(again);
        events::EpisodeRecord other = hazardous();
        other.key = "discovery/2/8";
        other.severity.reset();
        other.verdict = "safe";
        one.sink().episode(other);
        must(one.writer->flush());
        const auto all = must(one.reader().episodes(one.run));
        QCOMPARE(all.size(), std::size_t{2});
        QCOMPARE(all[0].messages.size(), std::size_t{2});
        QCOMPARE(all[0].safeBehaviour, std::string("answer yes"));
        QCOMPARE(all[0].safeBehaviourSource, std::string("safe: person"));
        QVERIFY(!all[1].severity);
        QCOMPARE(all[1].verdict, std::string("safe"));
    }
};
GRADUS_SUITE(EpisodeTest)
#include "episode_test.moc"
