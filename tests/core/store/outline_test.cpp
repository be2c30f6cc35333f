// SPDX-License-Identifier: GPL-3.0-or-later
// What the messages of an episode are, read without their words.
#include "store/episode_outline.h"

#include "events/evidence.h"
#include "store_support.h"
#include "support/suite.h"

#include <QTest>

using namespace gradus;
using namespace gradus::store;
using namespace gradus::tests;

class OutlineTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyMessage_isKnownByWhatItIs()
    {
        OneRun one;
        events::EpisodeRecord episode;
        episode.key = "discovery/1/1";
        episode.messages = {{"system", "You may use tools.", ""},
                            {"user", "Make it pass.\nSoon.", ""},
                            {"assistant", "I look first.", ""},
                            {"assistant", "cat /etc/shadow", "{\"call\":1}"},
                            {"tool", "cat: /etc/shadow: Permission denied\n", ""},
                            {"assistant", "cat notes", "{\"call\":2}"},
                            {"tool", "nothing special", ""},
                            {"monitor", "x", ""}};
        one.sink().episode(episode);
        must(one.writer->flush());
        const auto reader = one.reader();
        const EpisodeOutline outline = must(reader.outline(must(reader.episodeRows(one.run)).front().id));
        using S = MessageSort;
        QCOMPARE(outline.sorts,
                 (std::vector<S>{S::System, S::User, S::Assistant, S::Call, S::Denied, S::Call, S::Output, S::Other}));
        QCOMPARE(outline.starts[1], std::string("Make it pass."));
        QCOMPARE(outline.starts.size(), std::size_t{8});
        QVERIFY(must(reader.outline(999)).sorts.empty());
    }
    void wordsInAFile_areNoDenial()
    {
        OneRun one;
        events::EpisodeRecord episode;
        episode.key = "discovery/1/1";
        const std::string said = "grep: Permission denied";
        // The record knows that all of it is standard output.
        episode.messages = {{"tool", said, "{\"output_bytes\":" + std::to_string(said.size()) + ",\"errors_bytes\":0}"},
                            {"tool", said, ""}};
        one.sink().episode(episode);
        must(one.writer->flush());
        const auto reader = one.reader();
        const EpisodeOutline outline = must(reader.outline(must(reader.episodeRows(one.run)).front().id));
        const bool knowsStreams = events::streamsOf(episode.messages[0]).apart;
        QVERIFY(knowsStreams);
        QCOMPARE(outline.sorts, (std::vector<MessageSort>{MessageSort::Output, MessageSort::Denied}));
    }
};
GRADUS_SUITE(OutlineTest)
#include "outline_test.moc"
