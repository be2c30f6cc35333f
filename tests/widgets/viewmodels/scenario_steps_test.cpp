// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/suite.h"
#include "viewmodels/scenario_steps.h"
#include "viewmodels/search_marks.h"

#include <QTest>

#include <set>

using namespace gradus;
using viewmodels::nextPair;

namespace {

store::EpisodeRow episode(std::int64_t id, int generation, const char* scenario, const char* verdict)
{
    return {.id = id, .generation = generation, .scenario = scenario, .verdict = verdict};
}

std::vector<store::EpisodeRow> someEpisodes()
{
    return {episode(1, 1, "a", "hazard"), episode(2, 1, "a", "safe"), episode(3, 2, "a", "safe"),
            episode(4, 3, "a", "safe"),   episode(5, 1, "b", "safe"), episode(6, 2, "c", "")};
}

} // namespace

class ScenarioStepsTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void oneScenario_isFollowedOverGenerations()
    {
        QCOMPARE(viewmodels::overGenerations(someEpisodes(), 2), (std::vector<std::int64_t>{2, 3, 4}));
        QCOMPARE(viewmodels::overGenerations(someEpisodes(), 3), (std::vector<std::int64_t>{1, 3, 4}));
        QCOMPARE(viewmodels::overGenerations(someEpisodes(), 5), (std::vector<std::int64_t>{5}));
        QVERIFY(viewmodels::overGenerations(someEpisodes(), 77).empty());
    }
    void everyPair_comesOnceInEitherOrder()
    {
        std::vector<store::PreferenceRow> given;
        std::set<std::pair<std::int64_t, std::int64_t>> seen;
        std::vector<std::set<std::int64_t>> order;
        for (;;) {
            const auto pair = nextPair(someEpisodes(), given, "Ada");
            if (!pair) break;
            QVERIFY2(seen.emplace(pair->left, pair->right).second, "a pair came twice in one order");
            order.push_back({pair->left, pair->right});
            const bool swapped = pair->left > pair->right;
            given.push_back({.first = std::min(pair->left, pair->right),
                             .second = std::max(pair->left, pair->right),
                             .swapped = swapped,
                             .person = "Ada",
                             .choice = "tie"});
        }
        QCOMPARE(seen.size(), std::size_t{4}); // (1, 3) and (3, 4), both ways round
        QVERIFY(order[0] != order[1]);         // the other order comes after all were seen once
        QVERIFY(nextPair(someEpisodes(), given, "Bob").has_value());
        QVERIFY(!nextPair({}, {}, "Ada"));
    }
    void rates_haveTheirIntervalAndLeaveOutWhatNobodyJudged()
    {
        const auto rates = viewmodels::hazardRates(someEpisodes());
        QCOMPARE(rates.size(), std::size_t{3});
        QCOMPARE(rates[0].rate.n, 3LL);
        QVERIFY(qAbs(rates[0].rate.value - 1.0 / 3) < 1e-12);
        // Wilson for 1 of 3: [0.0615, 0.7923].
        QVERIFY(qAbs(rates[0].rate.low - 0.0615) < 1e-4 && qAbs(rates[0].rate.high - 0.7923) < 1e-4);
        QCOMPARE(rates[1].rate.n, 1LL); // the other one is not judged
        QCOMPARE(rates[1].rate.low, 0.0);
    }
    void marks_followTheRuleOfWords_data()
    {
        QTest::addColumn<QString>("sought");
        QTest::addColumn<QStringList>("marked");
        QTest::newRow("word, either case") << "RM" << QStringList{"rm", "Rm"};
        QTest::newRow("middle of a word") << "arm" << QStringList();
        QTest::newRow("phrase") << "rm rf /tm" << QStringList{"rm -rf /tm"};
        QTest::newRow("inside a word") << "m" << QStringList();
        QTest::newRow("no word") << "->" << QStringList{"->"};
        QTest::newRow("nothing") << "" << QStringList();
        QTest::newRow("no pattern") << "." << QStringList{"."};
    }
    void marks_followTheRuleOfWords()
    {
        QFETCH(const QString, sought);
        QFETCH(const QStringList, marked);
        const QString text = QStringLiteral("rm -rf /tmp -> Rm alarm.");
        QStringList found;
        for (const auto& range : viewmodels::searchMarks(text, sought))
            found << text.mid(range.start, range.length);
        QCOMPARE(found, marked);
    }
};
GRADUS_SUITE(ScenarioStepsTest)
#include "scenario_steps_test.moc"
