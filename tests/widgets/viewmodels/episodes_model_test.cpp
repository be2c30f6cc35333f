// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/suite.h"
#include "viewmodels/episodes_model.h"
#include "viewmodels/hazard_state.h"
#include "viewmodels/hostile_text.h"

#include <QAbstractItemModelTester>
#include <QElapsedTimer>
#include <QTest>
#include <QTextDocument>

using namespace gradus;
using filter::EpisodeFilter;
using viewmodels::EpisodesModel;
using viewmodels::hazardStateOf;
using viewmodels::Verdict;
using viewmodels::VerdictCounts;

namespace {

store::EpisodeRow episode(std::int64_t id, int generation, const char* scenario, const char* verdict,
                          std::optional<double> severity = {})
{
    store::EpisodeRow row;
    row.id = id;
    row.generation = generation;
    row.key = "discovery/" + std::to_string(generation) + "/" + std::to_string(id);
    row.scenario = scenario;
    row.judge = "oracle";
    row.verdict = verdict;
    row.severity = severity;
    row.messages = 5;
    return row;
}

std::vector<store::EpisodeRow> someEpisodes()
{
    return {episode(11, 1, "check open / deadline", "safe"), episode(12, 1, "check locked / praise", "asked"),
            episode(13, 2, "check open / praise", "hazard", 0.8),
            episode(14, 2, "check open / no hurry", "hazard", 0.3), episode(15, 2, "check locked / deadline", "")};
}

EpisodeFilter filterOf(const QString& line)
{
    const auto filter = EpisodeFilter::parse(line.toStdString());
    return filter ? *filter : EpisodeFilter();
}

} // namespace

class EpisodesModelTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void filterTerms_mustAllHold_data()
    {
        QTest::addColumn<QString>("line");
        QTest::addColumn<bool>("expected");
        QTest::newRow("empty") << "" << true;
        QTest::newRow("word of the scenario") << "PRAISE" << true;
        QTest::newRow("word that is not there") << "bandit" << false;
        QTest::newRow("gen") << "gen >= 2" << true;
        QTest::newRow("generation") << "generation = 1" << false;
        QTest::newRow("verdict") << "verdict:hazard" << true;
        QTest::newRow("not verdict") << "verdict != hazard" << false;
        QTest::newRow("severity") << "severity > 0.5" << true;
        QTest::newRow("turns") << "turns < 5" << false;
        QTest::newRow("all of it") << "open gen:2 and severity<=0.8" << true;
        QTest::newRow("quoted") << "\"open / praise\"" << true;
        QTest::newRow("taught") << "safe:ask" << false;
    }
    void filterTerms_mustAllHold()
    {
        QFETCH(QString, line);
        const auto filter = EpisodeFilter::parse(line.toStdString());
        QVERIFY(filter.ok());
        QTEST(filter->matches(someEpisodes()[2]), "expected");
    }

    void hazards_goThroughTheirStates()
    {
        using viewmodels::HazardState;
        store::EpisodeRow row = episode(1, 1, "a / b", "hazard", 0.5);
        QCOMPARE(hazardStateOf(row), HazardState::ToConfirm);
        row.people = {{"Ada", "unclear"}};
        QCOMPARE(hazardStateOf(row), HazardState::ToConfirm);
        row.people = {{"Ada", "hazard"}};
        QCOMPARE(hazardStateOf(row), HazardState::Confirmed);
        row.isTaught = true;
        QCOMPARE(hazardStateOf(row), HazardState::Fixed);
        row.isAudited = true;
        QCOMPARE(hazardStateOf(row), HazardState::ReAudited);
        row.people["Bob"] = "safe";
        QCOMPARE(hazardStateOf(row), HazardState::ToConfirm); // they do not agree
        row.people.erase("Ada");
        QCOMPARE(hazardStateOf(row), HazardState::Dismissed);
        QVERIFY(filterOf(QStringLiteral("state:dismissed by:bob people=1")).matches(row));
        row = episode(2, 1, "a / b", "safe");
        QCOMPARE(hazardStateOf(row), HazardState::None);
        row.people = {{"Ada", "hazard"}};
        QCOMPARE(hazardStateOf(row), HazardState::Confirmed); // the run missed it
    }

    void queue_goesRoundTheEndAndLeavesOutWhatIsJudged()
    {
        std::vector<store::EpisodeRow> rows = someEpisodes();
        rows[2].people = {{"Ada", "hazard"}};
        EpisodesModel model;
        model.setRows(rows);
        model.setJudge(QStringLiteral("Ada"), false);
        QCOMPARE(model.ownVerdicts(), 1);
        QCOMPARE(model.toConfirm(), 1);
        QCOMPARE(model.nextToConfirm(0), std::int64_t{14});
        QCOMPARE(model.nextUnjudged(11), std::int64_t{14}); // 13 is judged
        QCOMPARE(model.nextUnjudged(15), std::int64_t{11}); // round the end
        model.setJudge(QStringLiteral("Bob"), false);
        QCOMPARE(model.nextUnjudged(11), std::int64_t{13});
        model.setGrouping(EpisodesModel::Grouping::State);
        QCOMPARE(model.index(0, 0).data().toString(), QStringLiteral("to confirm"));
        QCOMPARE(model.rowCount(model.index(0, 0)), 1);
    }

    void blind_hidesVerdictsGenerationsAndTheirOrder()
    {
        std::vector<store::EpisodeRow> rows;
        for (int i = 0; i < 40; ++i)
            rows.push_back(episode(i + 1, 1 + i / 20, "a / b", i % 2 == 0 ? "hazard" : "safe"));
        rows[7].people = {{"Ada", "safe"}, {"Bob", "hazard"}};
        rows[8].people = {{"Bob", "hazard"}};
        EpisodesModel model;
        const QAbstractItemModelTester tester(&model);
        model.setRows(rows);
        model.setJudge(QStringLiteral("Ada"), true);
        QCOMPARE(model.counts()[static_cast<std::size_t>(Verdict::NotJudged)], 39);
        QVERIFY(model.isHidden(9) && !model.isHidden(8));
        QCOMPARE(model.firstOf(Verdict::Hazard), std::int64_t{0});
        int inOrder = 0;
        std::int64_t before = 0;
        for (std::int64_t id = model.neighbour(0, 1); id != 0; id = model.neighbour(id, 1)) {
            inOrder += id > before ? 1 : 0;
            before = id;
        }
        QVERIFY2(inOrder < 30, "the order tells the generation");
        model.setFilter(filterOf(QStringLiteral("verdict:hazard")));
        QCOMPARE(model.shownRows(), 0);
        model.setFilter(filterOf(QStringLiteral("gen = 1")));
        QCOMPARE(model.shownRows(), 1); // the one that was judged
    }

    void missingSeverity_neverCompares()
    {
        QVERIFY(!filterOf(QStringLiteral("severity < 1")).matches(someEpisodes()[0]));
        QVERIFY(!filterOf(QStringLiteral("severity >= 0")).matches(someEpisodes()[0]));
    }

    void filterErrors_nameTheCure()
    {
        const auto unknown = EpisodeFilter::parse("colour = 2");
        QVERIFY(!unknown.ok());
        QVERIFY(unknown.error().message.find("a filter may compare: scenario") != std::string::npos);
        QVERIFY(!EpisodeFilter::parse("gen = two").ok());
        QVERIFY(!EpisodeFilter::parse("gen =").ok());
        QVERIFY(!EpisodeFilter::parse("verdict < safe").ok());
    }

    void groups_areFamiliesOrGenerations()
    {
        EpisodesModel model;
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.setRows(someEpisodes());
        QCOMPARE(model.rowCount(), 2);
        const QModelIndex open = model.index(0, EpisodesModel::ScenarioColumn);
        QCOMPARE(open.data().toString(), QStringLiteral("check open"));
        QCOMPARE(model.rowCount(open), 3);
        QCOMPARE(open.data(EpisodesModel::CountsRole).value<VerdictCounts>(), (VerdictCounts{2, 0, 1, 0, 0, 0}));
        QCOMPARE(model.index(1, 0, open).data().toString(), QStringLiteral("praise"));
        QCOMPARE(model.index(1, EpisodesModel::SeverityColumn, open).data().toString(), QStringLiteral("0.80"));
        QCOMPARE(model.index(1, EpisodesModel::VerdictColumn, open).data().toString(), QStringLiteral("hazard"));

        model.setGrouping(EpisodesModel::Grouping::Generation);
        QCOMPARE(model.rowCount(), 2);
        QCOMPARE(model.index(1, 0).data().toString(), QStringLiteral("generation 2"));
        QCOMPARE(model.index(0, 0, model.index(1, 0)).data().toString(), QStringLiteral("check open / praise"));
    }

    void chips_hideButCountOn()
    {
        EpisodesModel model;
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.setRows(someEpisodes());
        QCOMPARE(model.counts(), (VerdictCounts{2, 1, 1, 0, 0, 1}));
        model.setVerdictShown(Verdict::Hazard, false);
        QCOMPARE(model.counts(), (VerdictCounts{2, 1, 1, 0, 0, 1}));
        QCOMPARE(model.shownRows(), 3);
        QVERIFY(!model.indexOf(13).isValid());
        model.setFilter(filterOf(QStringLiteral("gen = 2")));
        QCOMPARE(model.counts(), (VerdictCounts{2, 0, 0, 0, 0, 1}));
        QCOMPARE(model.shownRows(), 1);
        QCOMPARE(model.totalRows(), 5);
    }

    void search_showsHitsAlone()
    {
        EpisodesModel model;
        model.setRows(someEpisodes());
        model.setHits(EpisodesModel::Hits{{13, 4}, {15, 1}, {99, 7}});
        QCOMPARE(model.shownRows(), 2);
        QCOMPARE(model.shownHits(), 5);
        QCOMPARE(model.indexOf(13).siblingAtColumn(EpisodesModel::HitsColumn).data().toString(), QStringLiteral("4"));
        model.setHits({});
        QCOMPARE(model.shownRows(), 5);
    }

    void neighbours_followTheOrderShown()
    {
        EpisodesModel model;
        model.setRows(someEpisodes());
        QCOMPARE(model.neighbour(0, 1), 11);
        QCOMPARE(model.neighbour(11, 1), 13);
        QCOMPARE(model.neighbour(14, 1), 12); // over the end of a group
        QCOMPARE(model.neighbour(15, 1), 0);
        QCOMPARE(model.neighbour(11, -1), 0);
        QCOMPARE(model.neighbour(0, -1), 15);
        QCOMPARE(model.firstOf(Verdict::Hazard), 13);
        model.setVerdictShown(Verdict::Hazard, false);
        QCOMPARE(model.firstOf(Verdict::Hazard), 0);
    }

    void hostileRows_areShownEscaped()
    {
        EpisodesModel model;
        model.setRows({episode(1, 1, "a\x1b[31m\xe2\x80\xae / <b>x</b>", "\xe2\x80\xaesafe")});
        QCOMPARE(model.index(0, 0).data().toString(), QStringLiteral("a\\x1b[31m\\u202e"));
        const QModelIndex row = model.indexOf(1);
        QCOMPARE(row.siblingAtColumn(EpisodesModel::VerdictColumn).data().toString(), QStringLiteral("\\u202esafe"));
        QCOMPARE(row.data(EpisodesModel::VerdictRole).toInt(), static_cast<int>(Verdict::NotJudged));
        const QString tip = row.data(Qt::ToolTipRole).toString();
        QVERIFY(!Qt::mightBeRichText(tip) || !tip.contains(QStringLiteral("<b>")));
    }

    void manyRows_areShownQuickly()
    {
        std::vector<store::EpisodeRow> rows;
        for (int i = 0; i < 50000; ++i)
            rows.push_back(
                episode(i + 1, 1 + i % 5, i % 2 ? "check open / deadline" : "check locked / praise", "safe"));
        EpisodesModel model;
        QElapsedTimer timer;
        timer.start();
        model.setRows(std::move(rows));
        QCOMPARE(model.shownRows(), 50000);
        QVERIFY2(timer.elapsed() < 200 * tests::kPatience, qPrintable(QString::number(timer.elapsed())));
    }
};
GRADUS_SUITE(EpisodesModelTest)

class HostileTextTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void hiddenCharacters_areNamed_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QString>("expected");
        QTest::addColumn<int>("boxes");
        QTest::newRow("plain") << QByteArray("a b\tc\nd") << QStringLiteral("a b\tc\nd") << 0;
        QTest::newRow("escape") << QByteArray("\x1b[31m") << QStringLiteral("ESC[31m") << 1;
        QTest::newRow("word, not the character") << QByteArray("ESC") << QStringLiteral("ESC") << 0;
        QTest::newRow("nul") << QByteArray("a\0b", 3) << QStringLiteral("aNULb") << 1;
        QTest::newRow("carriage return") << QByteArray("a\r\nb") << QStringLiteral("aCR\nb") << 1;
        QTest::newRow("delete") << QByteArray("\x7f") << QStringLiteral("DEL") << 1;
        QTest::newRow("C1") << QByteArray("\xc2\x9b") << QStringLiteral("U+009B") << 1;
        QTest::newRow("bidi override") << QByteArray("\xe2\x80\xae"
                                                     "x")
                                       << QStringLiteral("U+202Ex") << 1;
        QTest::newRow("bidi isolate") << QByteArray("\xe2\x81\xa6") << QStringLiteral("U+2066") << 1;
        QTest::newRow("zero width") << QByteArray("\xe2\x80\x8b\xe2\x80\x8d") << QStringLiteral("U+200BU+200D") << 2;
        QTest::newRow("line separator") << QByteArray("\xe2\x80\xa8") << QStringLiteral("U+2028") << 1;
        QTest::newRow("tag") << QByteArray("\xf3\xa0\x81\x81") << QStringLiteral("U+E0041") << 1;
        QTest::newRow("variation selector") << QByteArray("\xf3\xa0\x84\x80") << QStringLiteral("U+E0100") << 1;
        QTest::newRow("Hangul filler") << QByteArray("\xe3\x85\xa4") << QStringLiteral("U+3164") << 1;
        QTest::newRow("no UTF-8") << QByteArray("a\x9b"
                                                "b")
                                  << QStringLiteral("a0x9Bb") << 1;
        QTest::newRow("overlong") << QByteArray("\xc0\x80") << QStringLiteral("0xC00x80") << 2;
        QTest::newRow("surrogate") << QByteArray("\xed\xa0\x80") << QStringLiteral("0xED0xA00x80") << 3;
        QTest::newRow("cut off") << QByteArray("\xe2\x80") << QStringLiteral("0xE20x80") << 2;
        QTest::newRow("markup stays text") << QByteArray("<b>x</b>") << QStringLiteral("<b>x</b>") << 0;
        QTest::newRow("other plane") << QByteArray("\xf0\x9d\x84\x9e") << QString::fromUtf8("\xf0\x9d\x84\x9e") << 0;
    }
    void hiddenCharacters_areNamed()
    {
        QFETCH(QByteArray, bytes);
        const auto shown = viewmodels::displayText(bytes.toStdString(), 100, 1000);
        QTEST(shown.text, "expected");
        QTEST(int(shown.boxes.size()), "boxes");
        QVERIFY(shown.isWhole());
        for (const viewmodels::NamedRange& box : shown.boxes)
            QVERIFY(box.start >= 0 && box.length >= 2 && box.start + box.length <= shown.text.size());
    }

    void longTexts_areCut()
    {
        const auto lines = viewmodels::displayText("a\nb\nc\nd\n", 2, 1000);
        QCOMPARE(lines.text, QStringLiteral("a\nb"));
        QCOMPARE(lines.moreLines, std::size_t(2));
        QVERIFY(!lines.isWhole());
        const auto last = viewmodels::displayText("a\nb\n", 2, 1000);
        QCOMPARE(last.moreLines, std::size_t(0));
        QVERIFY(last.isWhole());
        const auto bytes = viewmodels::displayText(std::string(5000, 'x'), 2, 1000);
        QCOMPARE(bytes.text.size(), 1000);
        QCOMPARE(bytes.moreBytes, std::size_t(4000));
    }
};
GRADUS_SUITE(HostileTextTest)

#include "episodes_model_test.moc"
