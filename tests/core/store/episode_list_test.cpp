// SPDX-License-Identifier: GPL-3.0-or-later
// The list of episodes, one transcript and the search over messages, small and with 100,000 episodes.
#include "store/store_check.h"
#include "store_support.h"
#include "support/suite.h"

#include <QElapsedTimer>
#include <QTest>

using namespace gradus;
using namespace gradus::store;
using namespace gradus::tests;

namespace {

constexpr int kMany = 100000;

events::EpisodeRecord episodeNumber(int number)
{
    events::EpisodeRecord episode;
    episode.generation = 1 + number % 4;
    episode.key = "discovery/" + std::to_string(episode.generation) + "/" + std::to_string(number);
    episode.scenario = "family " + std::to_string(number % 6) + " / variation " + std::to_string(number % 11);
    episode.messages = {{"user", "Question " + std::to_string(number) + ": does it end in 2?", ""},
                        {"assistant", number % 1000 == 7 ? "Assert it, ASSERT it." : "answer yes", ""},
                        {"tool", "recorded", ""}};
    episode.judge = "oracle";
    episode.verdict = number % 3 == 0 ? "hazard" : "safe";
    episode.note = "Why of " + std::to_string(number);
    if (number % 3 == 0) {
        episode.severity = 0.5;
        episode.safeBehaviour = "answer yes";
        episode.safeBehaviourSource = "safe: person";
    }
    return episode;
}

} // namespace

class EpisodeListTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void rows_saySameAsWholeEpisodes()
    {
        OneRun one;
        const std::int64_t other = addRun(*one.writer, "other");
        for (int i = 0; i < 7; ++i)
            one.sink().episode(episodeNumber(i));
        one.writer->sink(other).episode(episodeNumber(0));
        must(one.writer->flush());
        const auto reader = one.reader();
        const auto rows = must(reader.episodeRows(one.run));
        const auto whole = must(reader.episodes(one.run));
        QCOMPARE(rows.size(), whole.size());
        for (std::size_t i = 0; i < rows.size(); ++i) {
            QCOMPARE(rows[i].runId, one.run);
            QCOMPARE(rows[i].generation, whole[i].generation);
            QCOMPARE(rows[i].key, whole[i].key);
            QCOMPARE(rows[i].scenario, whole[i].scenario);
            QCOMPARE(rows[i].judge, whole[i].judge);
            QCOMPARE(rows[i].verdict, whole[i].verdict);
            QCOMPARE(rows[i].severity, whole[i].severity);
            QCOMPARE(rows[i].safeBehaviour, whole[i].safeBehaviour);
            QCOMPARE(rows[i].messages, static_cast<int>(whole[i].messages.size()));
            const auto read = must(reader.episode(rows[i].id));
            QCOMPARE(read.key, whole[i].key);
            QCOMPARE(read.messages.size(), whole[i].messages.size());
            QCOMPARE(read.messages[1].content, whole[i].messages[1].content);
            QCOMPARE(read.note, whole[i].note);
            QCOMPARE(read.safeBehaviourSource, whole[i].safeBehaviourSource);
        }
        const std::map<std::int64_t, std::int64_t> counts{{one.run, 7}, {other, 1}};
        QCOMPARE(must(reader.episodeCounts()), counts);
    }
    void hazard_isReAuditedOnlyWhereItsOwnScenarioWasPlayedAgain()
    {
        OneRun one;
        const auto hazard = [&](const char* key, const char* scenario) {
            events::EpisodeRecord episode = episodeNumber(0);
            episode.generation = 2;
            episode.key = key;
            episode.scenario = scenario;
            one.sink().episode(episode);
        };
        hazard("a", "backup-claim / hazard, unwatched");
        hazard("b", "mail-wipe / injected");
        hazard("c", "check open, unwatched / deadline, lead");
        events::GenerationRecord generation;
        generation.generation = 2;
        generation.rung = "x";
        generation.alignedHash = "h";
        generation.harm = Estimate{.value = 0, .low = 0, .high = 0.1, .n = 40};
        one.sink().generation(generation);
        const auto audit = [&](const char* when, const char* scenarios) {
            one.sink().event(
                {.kind = "conformity.audit",
                 .generation = 2,
                 .step = 1,
                 .sentence = when,
                 .detailsJson = std::string("{\"when\": \"") + when + "\", \"scenarios\": " + scenarios + "}"});
        };
        audit("before alignment", "[\"mail-wipe\"]");
        audit("after alignment", "[\"backup-claim\", \"check open, unwatched / deadline, lead\"]");
        one.sink().event({.kind = "conformity.audit", .generation = 2, .step = 2, .sentence = "x", .detailsJson = "{"});
        must(one.writer->flush());
        const auto rows = must(one.reader().episodeRows(one.run));
        QCOMPARE(rows.size(), std::size_t{3});
        for (const EpisodeRow& row : rows) {
            QVERIFY(row.isTaught);
            QVERIFY2(row.isAudited == (row.key != "b"), row.key.c_str());
        }
    }
    void noSuchEpisode_isBadInput()
    {
        OneRun one;
        const auto read = one.reader().episode(12);
        QVERIFY(!read);
        QCOMPARE(read.error().kind, ErrorKind::BadInput);
        QVERIFY(read.error().message.find("12") != std::string::npos);
    }
    void hits_areCountedWithoutLetterCase()
    {
        OneRun one;
        const std::int64_t other = addRun(*one.writer, "other");
        events::EpisodeRecord episode = episodeNumber(7);
        episode.messages[2].content = std::string("assert\0 assert 100% _x_ \xc3\x84", 26); // bytes, NUL among them
        one.sink().episode(episode);
        one.sink().episode(episodeNumber(8));
        one.writer->sink(other).episode(episodeNumber(7));
        must(one.writer->flush());
        const auto reader = one.reader();
        const std::int64_t id = must(reader.episodeRows(one.run)).front().id;
        const auto hits = must(reader.textHits(one.run, "aSSert"));
        QCOMPARE(hits.byEpisode.size(), std::size_t{1});
        QCOMPARE(hits.byEpisode.at(id), std::int64_t{4});
        QCOMPARE(hits.byRun.at(other), std::int64_t{2});
        QVERIFY(must(reader.textHits(one.run, "")).byRun.empty());
        QVERIFY(must(reader.textHits(one.run, "ssert")).byEpisode.empty()); // words, from their beginning
        QCOMPARE(must(reader.textHits(one.run, "ASSERT it a")).byEpisode.at(id), std::int64_t{1});
        QCOMPARE(must(reader.textHits(one.run, "100% _X")).byEpisode.at(id), std::int64_t{1});
        QCOMPARE(must(reader.textHits(one.run, "\xc3\x84")).byEpisode.at(id), std::int64_t{1});
        QVERIFY(must(reader.textHits(one.run, "a*t")).byEpisode.empty()); // no wildcards, no operators
        QVERIFY(must(reader.textHits(one.run, "does OR recorded")).byEpisode.empty());
        QVERIFY(must(reader.textHits(one.run, "\"does\" NOT end")).byEpisode.empty());
        QVERIFY(must(reader.textHits(one.run, "'; DROP TABLE run; --")).byEpisode.empty());
        QCOMPARE(must(reader.textHits(one.run, "does it end")).byEpisode.size(), std::size_t{2});
        QCOMPARE(must(reader.textHits(one.run, "%")).byEpisode.at(id), std::int64_t{1}); // no word: as it stands
        QCOMPARE(must(reader.messagesWith(id, "assert")), (std::vector<std::int64_t>{1, 2}));
        QCOMPARE(must(reader.messagesWith(id, "%")), (std::vector<std::int64_t>{2}));
    }
    void index_followsEveryChangeOfMessages()
    {
        OneRun one;
        events::EpisodeRecord episode = episodeNumber(7);
        one.sink().episode(episode);
        one.sink().episode(episodeNumber(8));
        episode.messages = {{"user", "Something else.", ""}};
        one.sink().episode(episode);
        must(one.writer->flush());
        const auto reader = one.reader();
        QVERIFY(must(reader.textHits(one.run, "assert")).byEpisode.empty());
        QCOMPARE(must(reader.textHits(one.run, "something else")).byEpisode.size(), std::size_t{1});
        QCOMPARE(must(reader.textHits(one.run, "question")).byEpisode.size(), std::size_t{1});
        QVERIFY(must(checkStore(one.path)).sound());
    }
    void hundredThousand_stayQuick()
    {
        OneRun one;
        for (int i = 0; i < kMany; ++i) {
            one.sink().episode(episodeNumber(i));
            if (i % 4000 == 3999) must(one.writer->flush());
        }
        must(one.writer->flush());
        const auto reader = one.reader();
        QElapsedTimer clock;
        clock.start();
        const auto rows = must(reader.episodeRows(one.run));
        const qint64 listed = clock.restart();
        const auto episode = must(reader.episode(rows[77777].id));
        const qint64 read = clock.restart();
        const auto hits = must(reader.textHits(one.run, "assert"));
        const qint64 searched = clock.restart();
        const auto counts = must(reader.episodeCounts());
        const qint64 counted = clock.elapsed();
        qInfo("100,000 episodes: list %lld ms, one transcript %lld ms, search %lld ms, counts %lld ms", listed, read,
              searched, counted);
        QCOMPARE(rows.size(), std::size_t{kMany});
        QCOMPARE(episode.key, rows[77777].key);
        QCOMPARE(hits.byEpisode.size(), std::size_t{kMany / 1000});
        QCOMPARE(hits.byEpisode.begin()->second, std::int64_t{2});
        QCOMPARE(counts.at(one.run), std::int64_t{kMany});
        QVERIFY(listed < 3000 * kPatience);
        QVERIFY(read < 50 * kPatience);
        QVERIFY(searched < 300 * kPatience);
        QVERIFY(counted < 300 * kPatience);
    }
};
GRADUS_SUITE(EpisodeListTest)
#include "episode_list_test.moc"
