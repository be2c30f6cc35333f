// SPDX-License-Identifier: GPL-3.0-or-later
#include "run/label_noise_rows.h"

#include "pipeline/label_noise.h"
#include "support/suite.h"

#include <QTest>

#include <cmath>

using namespace gradus;
using namespace gradus::run;

namespace {

store::EventRow eventOf(const std::string& kind, const std::string& details)
{
    store::EventRow event;
    event.kind = kind;
    event.generation = 2;
    event.detailsJson = details;
    return event;
}

store::EventRow said(const std::string& details)
{
    return eventOf(pipeline::kLabelNoiseEvent, details);
}

store::RunDetail runOf(double confident)
{
    store::RunDetail run;
    events::GenerationRecord record;
    record.generation = 2;
    record.weak = Estimate{0.7, 0.68, 0.72, 2000};
    run.generations = {record};
    run.events = {said(R"({"method":"anchors","estimate":0.3,"low":0.25,"high":0.36,"n":200})"),
                  said(R"({"method":"confident","estimate":)" + std::to_string(confident) +
                       R"(,"low":0.01,"high":0.06,"n":500})"),
                  said(R"({"method":"loss-mixture","refusal":"no two modes"})")};
    return run;
}

} // namespace

class LabelNoiseRowsTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void seeds_areMeansWithIntervals()
    {
        std::vector<store::RunDetail> runs{runOf(0.02), runOf(0.04), runOf(0.06)};
        runs[0].events.push_back(eventOf("alert", R"({"rule":"..."})"));
        runs[1].events.push_back(eventOf("alert", "")); // another alarm
        const auto rows = labelNoiseRows(runs);
        QCOMPARE(rows.size(), std::size_t{1});
        QCOMPARE(rows[0].runs, std::size_t{3});
        QCOMPARE(rows[0].alarms, std::size_t{1});
        QVERIFY(std::abs(rows[0].estimates.at("confident").value - 0.04) < 1e-9);
        QVERIFY(std::abs(rows[0].truth->value - 0.3) < 1e-9);
        QVERIFY(!rows[0].estimates.contains("loss-mixture"));
        QCOMPARE(rows[0].refused.at("loss-mixture"), std::size_t{3});
        const std::string table = labelNoiseTable(rows);
        QVERIFY2(table.find("1 of 3") != std::string::npos, table.c_str());
    }
    void anAttemptThatWasMadeAgain_countsOnce()
    {
        store::RunDetail run = runOf(0.02);
        run.events.push_back(said(R"({"method":"confident","estimate":0.5,"low":0.4,"high":0.6,"n":500})"));
        const auto rows = labelNoiseRows({run});
        QCOMPARE(rows[0].estimates.at("confident").value, 0.5);
        QCOMPARE(rows[0].estimates.at("confident").n, 500LL);
    }
    void runsWithoutEstimates_haveNoTable()
    {
        store::RunDetail run = runOf(0.02);
        run.events.clear();
        QVERIFY(labelNoiseRows({run}).empty());
        QVERIFY(labelNoiseTable({}).empty());
        run.events = {said("[1"), said(R"({"method":7})")};
        QVERIFY(labelNoiseRows({run}).empty());
    }
};
GRADUS_SUITE(LabelNoiseRowsTest)
#include "label_noise_rows_test.moc"
