// SPDX-License-Identifier: GPL-3.0-or-later
// When a rule fires, when it is quiet, and what stands in the run's history for it.
#include "run/alert_desk.h"

#include "events/alert_events.h"
#include "support/suite.h"

#include <QTest>

#include <cmath>
#include <limits>

using namespace gradus;
using namespace gradus::run;

namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

struct Heard final : events::EventSink
{
    std::vector<events::RunEvent> said;
    int points = 0;
    void point(const events::MetricPoint&) override { ++points; }
    void stage(const events::StageEvent&) override {}
    void generation(const events::GenerationRecord&) override {}
    void event(const events::RunEvent& event) override { said.push_back(event); }
    void progress(const events::Progress&) override {}
};

/// Steps (from 1) at which the rule fires on these values.
std::vector<int> firedAt(const char* words, const std::vector<double>& values)
{
    AlertWatch watch(spec::alertRuleFrom(words).value(), 0);
    std::vector<int> steps;
    for (std::size_t i = 0; i < values.size(); ++i)
        if (watch.point(static_cast<std::int64_t>(i) + 1, values[i], 0)) steps.push_back(static_cast<int>(i) + 1);
    return steps;
}

using Steps = std::vector<int>;

} // namespace

class AlertDeskTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void thresholds_fireOnceAndAgainAfterTheyWereQuiet()
    {
        std::vector<double> values{1, 2, 2.1, 3, 1, 5}; // noise about the threshold is told once
        QVERIFY((firedAt("a above 2", values) == Steps{3}));
        values.insert(values.end(), kQuietPoints - 1, 0.0);
        values.push_back(5);
        QVERIFY((firedAt("a above 2", values) == Steps{3}));
        values.insert(values.end(), kQuietPoints, 0.0);
        values.push_back(5);
        QVERIFY((firedAt("a above 2", values) == Steps{3, static_cast<int>(values.size())}));
        QVERIFY((firedAt("a below 2 for 3", {1, 1, 3, 1, 1, 1, 1, 4, 0, 0, 0}) == Steps{6}));
        QVERIFY((firedAt("a above 2", {kNan, 1, kNan}) == Steps{})); // what is no number is not above
        QVERIFY((firedAt("a above 2 for 2", {3, kNan, 3, 3}) == Steps{4}));
        QVERIFY((firedAt("a above 2", {std::numeric_limits<double>::infinity()}) == Steps{1}));
    }

    void change_isAgainstSoManyPointsBefore()
    {
        QVERIFY((firedAt("a changes-by 1", {0, 0.9, 2, 2, 0.5}) == Steps{3}));
        QVERIFY((firedAt("a changes-by 1 for 2", {0, 0.6, 1.2, 1.3}) == Steps{3}));
        QVERIFY((firedAt("a changes-by 1", {0, kNan, 5, 7}) == Steps{4})); // nothing is known across a gap
    }

    void plateau_isARangeOfTheNewestPoints()
    {
        QVERIFY((firedAt("a plateau 0.1 for 3", {0, 1, 1.05, 1.02, 1.01, 3}) == Steps{4}));
        QVERIFY((firedAt("a plateau 0.1 for 3", {1, kNan, 1, 1, 1}) == Steps{5}));     // counted anew across a gap
        QVERIFY((firedAt("a plateau 0.5 for 3", {0, 0.25, 0.5, 0.75, 1}) == Steps{})); // exactly the range is not less
    }

    void spike_isAgainstTheMeanBefore_andAStandingSeriesHasNone()
    {
        // Mean 2.5 and sigma sqrt(3/5) = .775 of the six before: 4 lies 1.94 of them away.
        QVERIFY((firedAt("a spike 1.9 for 6", {2, 3, 1.5, 3.5, 2, 3, 4}) == Steps{7}));
        QVERIFY((firedAt("a spike 2 for 6", {2, 3, 1.5, 3.5, 2, 3, 4}) == Steps{}));
        std::vector<double> still(20, 0.1);
        QVERIFY((firedAt("a spike 3 for 5", still) == Steps{}));
        still.push_back(0.1 + 1e-12); // rounding is none either
        QVERIFY((firedAt("a spike 3 for 5", still) == Steps{}));
        still.push_back(0.2);
        QVERIFY((firedAt("a spike 3 for 5", still) == Steps{22}));
    }

    void ruleWithAnAct_asksTheRunForIt()
    {
        Heard heard;
        std::vector<std::string> asked;
        AlertDesk desk(heard,
                       {spec::alertRuleFrom("a above 2 then pause").value(), spec::alertRuleFrom("a above 1").value(),
                        spec::alertRuleFrom("a no-number then stop").value()},
                       [&](std::string_view verb) { asked.emplace_back(verb); });
        desk.point({"a", 1, 1.5});
        QVERIFY(asked.empty()); // told only
        desk.point({"a", 2, 3});
        desk.point({"a", 3, kNan});
        QVERIFY((asked == std::vector<std::string>{"pause", "stop"}));
        QCOMPARE(heard.said.size(), std::size_t{3});
        QCOMPARE(heard.said.back().sentence, std::string("Alert: a no-number then stop: NaN at step 3."));
    }

    void noNumber_meansNanAndInfinities()
    {
        QVERIFY((firedAt("a no-number", {1, kNan, kNan, 2, -std::numeric_limits<double>::infinity()}) == Steps{2}));
        QVERIFY((firedAt("a no-number for 2", {kNan, 1, kNan, kNan}) == Steps{4}));
    }

    void silence_isTimeWithoutAPoint_andAPauseIsNone()
    {
        AlertWatch watch(spec::alertRuleFrom("a silent 30").value(), 100);
        QVERIFY(!watch.tick(129));
        QVERIFY(watch.tick(130));
        QVERIFY(!watch.tick(200)); // said once
        QVERIFY(!watch.point(1, 5, 210));
        QVERIFY(!watch.tick(239));
        watch.hold(239);
        QVERIFY(!watch.tick(268));
        QVERIFY(watch.tick(269));
    }

    void firedRule_isAnEventWithItsWords()
    {
        Heard heard;
        AlertDesk desk(heard, {spec::alertRuleFrom("train/loss above 2").value()});
        events::EventSink& sink = desk;
        sink.progress({.generation = 3, .activity = {}});
        sink.point({"other", 7, 9});
        sink.point({"train/loss", 8, 2.5});
        QCOMPARE(heard.points, 2);
        QCOMPARE(heard.said.size(), std::size_t{1});
        const events::RunEvent& event = heard.said.front();
        QCOMPARE(event.kind, std::string("alert"));
        QVERIFY(event.generation == 3 && event.step == 8);
        QCOMPARE(event.sentence, std::string("Alert: train/loss above 2: 2.5 at step 8."));
        QCOMPARE(*events::firedRuleOf(event.detailsJson), std::string("train/loss above 2"));
    }

    void otherRules_keepWhatTheyHaveCounted()
    {
        Heard heard;
        const auto kept = spec::alertRuleFrom("a above 2 for 2").value();
        AlertDesk desk(heard, {kept});
        desk.point({"a", 1, 3});
        desk.setRules({spec::alertRuleFrom("b above 0").value(), kept});
        desk.point({"a", 2, 3});
        QCOMPARE(heard.said.size(), std::size_t{1});
        desk.setRules({});
        desk.point({"b", 3, 9});
        QCOMPARE(heard.said.size(), std::size_t{1});
        QVERIFY(desk.rules().empty());
    }

    void rulesInTheHistory_areReadBack()
    {
        const auto event = events::alertRulesEvent("a above 2\nb no-number", "request 7", 1, 5);
        QCOMPARE(event.sentence, std::string("Alert rules by request 7: a above 2; b no-number."));
        QCOMPARE(*events::alertLinesOf(event.detailsJson), std::string("a above 2\nb no-number"));
        for (const char* hostile : {"", "[", "[]", R"({"lines":3})", R"({"rule":"a"})"})
            QVERIFY(!events::alertLinesOf(hostile));
    }
};
GRADUS_SUITE(AlertDeskTest)
#include "alert_desk_test.moc"
