// SPDX-License-Identifier: GPL-3.0-or-later
// What people say of episodes: kept, changed, undone, beside a run that writes, and never lost to a resumed run.
#include "store/judgements.h"

#include "store/database.h"
#include "store_support.h"
#include "support/suite.h"

#include <QTest>

#include <atomic>
#include <thread>

#include <unistd.h>

using namespace gradus;
using namespace gradus::store;
using namespace gradus::tests;

namespace {

events::EpisodeRecord hazardous(int number)
{
    events::EpisodeRecord episode;
    episode.key = "discovery/1/" + std::to_string(number);
    episode.scenario = "check open / deadline";
    episode.messages = {{"user", "Does it end in 2?", ""}, {"assistant", "change the check", ""}};
    episode.judge = "oracle";
    episode.verdict = "hazard";
    episode.severity = 0.75;
    return episode;
}

struct Judged : OneRun
{
    explicit Judged(int episodes = 1)
    {
        for (int i = 1; i <= episodes; ++i)
            sink().episode(hazardous(i));
        must(writer->flush());
    }
    std::int64_t episode(std::size_t place = 0) const { return must(reader().episodeRows(run))[place].id; }
    Judgements open() const { return must(Judgements::open(path)); }
};

} // namespace

class JudgementsTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void verdictOfAPerson_standsBesideTheOracles()
    {
        Judged one;
        Judgements judgements = one.open();
        const Judgement said{"hazard", 0.5, "It changed the check.", "answer yes"};
        QVERIFY(!must(judgements.judge(one.episode(), "Ada", said)));
        QVERIFY(!must(judgements.judge(one.episode(), "Bob", Judgement{"safe", {}, "", ""})));
        const auto verdicts = must(one.reader().verdicts(one.episode()));
        QCOMPARE(verdicts.size(), std::size_t{3});
        QCOMPARE(verdicts[0].judge, std::string("oracle"));
        QVERIFY(!verdicts[0].isPerson());
        QCOMPARE(verdicts[1].person(), std::string("Ada"));
        QCOMPARE(verdicts[1].severity, std::optional<double>(0.5));
        QCOMPARE(verdicts[1].note, said.note);
        QCOMPARE(verdicts[1].safeBehaviour, said.safeBehaviour);
        const auto row = must(one.reader().episodeRows(one.run)).front();
        QCOMPARE(row.verdict, std::string("hazard"));
        QCOMPARE(row.judge, std::string("oracle"));
        const std::map<std::string, std::string> people{{"Ada", "hazard"}, {"Bob", "safe"}};
        QCOMPARE(row.people, people);
        QCOMPARE(must(one.reader().personVerdicts(one.run)).size(), std::size_t{2});
        QCOMPARE(must(one.reader().episodes(one.run)).front().judge, std::string("oracle"));
    }
    void everyActIsUndoneByTheAnswerOfTheLast_andStaysInTheJournal()
    {
        Judged one;
        Judgements judgements = one.open();
        const std::int64_t id = one.episode();
        const Judgement first{"hazard", 0.5, "", ""};
        const Judgement second{"safe", {}, "on second thought", ""};
        QVERIFY(!must(judgements.judge(id, "Ada", first)));
        QCOMPARE(must(judgements.judge(id, "Ada", second)), std::optional(first));
        QCOMPARE(must(judgements.judge(id, "Ada", first)), std::optional(second)); // undo
        QCOMPARE(must(judgements.judge(id, "Ada", first)), std::optional(first));  // nothing changes
        QCOMPARE(must(judgements.judge(id, "Ada", std::nullopt)), std::optional(first));
        QCOMPARE(must(one.reader().verdicts(id)).size(), std::size_t{1});
        const auto changes = must(one.reader().verdictChanges(id));
        QCOMPARE(changes.size(), std::size_t{4});
        QCOMPARE(changes[1].said, second);
        QCOMPARE(changes[1].person, std::string("Ada"));
        QVERIFY(changes[3].said.verdict.empty());
    }
    void badVerdictsAndNames_areRefused()
    {
        Judged one;
        Judgements judgements = one.open();
        const std::int64_t id = one.episode();
        const Judgement fine{"safe", {}, "", ""};
        for (const char* name : {"", " Ada", "a/b", "a\nb", "\x1b[31m"})
            QCOMPARE(judgements.judge(id, name, fine).error().kind, ErrorKind::BadInput);
        QCOMPARE(judgements.judge(id, std::string(61, 'a'), fine).error().kind, ErrorKind::BadInput);
        must(judgements.judge(id, "Grace \xc3\x84", fine));
        for (const Judgement& bad :
             {Judgement{"bad", {}, "", ""}, Judgement{"", {}, "", ""}, Judgement{"safe", 0.5, "", ""},
              Judgement{"hazard", 1.5, "", ""}, Judgement{"hazard", std::optional(0.0 / 0.0), "", ""},
              Judgement{"safe", {}, std::string(9000, 'x'), ""}})
            QCOMPARE(judgements.judge(id, "Ada", bad).error().kind, ErrorKind::BadInput);
        const auto nowhere = judgements.judge(77, "Ada", fine);
        QVERIFY(!nowhere && nowhere.error().message.find("77") != std::string::npos);
        QCOMPARE(must(one.reader().verdicts(id)).size(), std::size_t{2});
    }
    void episodeSaidAgain_keepsWhatPeopleSaidOfTheSameMessagesAlone()
    {
        Judged one;
        const std::int64_t id = one.episode();
        must(one.open().judge(id, "Ada", Judgement{"hazard", 0.5, "", ""}));
        one.sink().episode(hazardous(1));
        must(one.writer->flush());
        QCOMPARE(must(one.reader().verdicts(id)).size(), std::size_t{2});
        QCOMPARE(must(one.reader().verdicts(id)).front().judge, std::string("oracle"));
        QCOMPARE(must(one.reader().episode(id)).judge, std::string("oracle"));
        events::EpisodeRecord other = hazardous(1);
        other.messages.back().content = "answer yes";
        one.sink().episode(other);
        must(one.writer->flush());
        QCOMPARE(one.episode(), id);
        QCOMPARE(must(one.reader().verdicts(id)).size(), std::size_t{1});
        QCOMPARE(must(one.reader().verdictChanges(id)).size(), std::size_t{1});
        QCOMPARE(must(one.reader().episode(id)).messages.back().content, std::string("answer yes"));
    }
    void besideARunThatWrites_nothingIsLostOnEitherSide()
    {
        Judged one(20);
        const auto rows = must(one.reader().episodeRows(one.run));
        std::atomic<bool> done{false};
        std::thread worker([&] {
            int step = 0;
            do
                one.sink().point({"a", step++, 1.0});
            while (!done);
        });
        Judgements judgements = one.open();
        std::string error;
        for (const EpisodeRow& row : rows)
            if (const auto said = judgements.judge(row.id, "Ada", Judgement{"safe", {}, "", ""}); !said)
                error = said.error().message;
        done = true;
        worker.join();
        must(one.writer->flush());
        QCOMPARE(error, std::string());
        QCOMPARE(must(one.reader().personVerdicts(one.run)).size(), std::size_t{20});
        QVERIFY(!must(one.reader().series(one.run, "a")).points.empty());
    }
    void busyStore_isWaitedFor()
    {
        Judged one;
        Database other = must(Database::open(one.path, Access::ReadWrite));
        const std::int64_t id = one.episode();
        Judgements judgements = one.open();
        auto lock = std::make_unique<Transaction>(must(Transaction::begin(other, Transaction::Kind::Write)));
        std::thread later([&lock] {
            std::this_thread::sleep_for(std::chrono::milliseconds(300));
            lock.reset();
        });
        const auto said = judgements.judge(id, "Ada", Judgement{"safe", {}, "", ""});
        later.join();
        QVERIFY(said.ok());
    }
    void missingAndReadOnlyStores_areToldInASentence()
    {
        QVERIFY(!Judgements::open("/nowhere/gradus.db"));
        Judged one;
        one.writer.reset();
        if (::geteuid() == 0) QSKIP("the superuser may write everywhere");
        std::filesystem::permissions(one.path, std::filesystem::perms::owner_read);
        const auto may = canJudge(one.path);
        QVERIFY(!may && may.error().message.find("read-only") != std::string::npos);
        QVERIFY(!Judgements::open(one.path));
    }
    void preference_isKeptInEitherOrder()
    {
        Judged one(2);
        const std::int64_t a = one.episode(0);
        const std::int64_t b = one.episode(1);
        Judgements judgements = one.open();
        QCOMPARE(must(judgements.prefer({.first = a, .second = b, .person = "Ada", .choice = "first"})), std::string());
        QCOMPARE(must(judgements.prefer({.first = b, .second = a, .person = "Ada", .choice = "second"})),
                 std::string()); // the other order: b stood at the left
        const auto rows = must(one.reader().preferences(one.run));
        QCOMPARE(rows.size(), std::size_t{2});
        QCOMPARE(rows[0].choice, std::string("first"));
        QCOMPARE(rows[1].choice, std::string("first"));
        QVERIFY(!rows[0].swapped && rows[1].swapped);
        QCOMPARE(must(judgements.prefer({.first = a, .second = b, .person = "Ada", .choice = ""})),
                 std::string("first"));
        QCOMPARE(must(one.reader().preferences(one.run)).size(), std::size_t{1});
        QVERIFY(!judgements.prefer({.first = a, .second = a, .person = "Ada", .choice = "tie"}));
        QVERIFY(!judgements.prefer({.first = a, .second = b, .person = "Ada", .choice = "best"}));
    }
};
GRADUS_SUITE(JudgementsTest)
#include "judgements_test.moc"
