// SPDX-License-Identifier: GPL-3.0-or-later
// A report names its data by their bytes, what of them was left out, and what worked on the runs.
#include "events/data_event.h"
#include "events/run_origin.h"

#include "report_text.h"
#include "support/compared_runs.h"
#include "support/suite.h"

#include <QTest>

using namespace gradus;
using namespace gradus::report;
using tests::contains;
using tests::textOf;

namespace {

const std::string kHash(64, 'a');

std::vector<events::DataFile> files()
{
    return {{.role = "task.teacher_data",
             .file = "train.jsonl",
             .sha256 = kHash,
             .rows = 1200,
             .used = 1180,
             .leftOut = {{20, "row", "their two texts or scores are equal"}},
             .cutShare = 0.031},
            {.role = "task.test_data", .file = "test.jsonl", .sha256 = std::string(64, 'b'), .rows = 300, .used = 300}};
}

std::vector<compare::ComparedRun> runs(const std::vector<events::RunEvent>& told)
{
    std::vector<compare::ComparedRun> made;
    for (const std::int64_t seed : {1, 2, 3})
        for (const char* controller : {"fixed", "schedule"}) {
            made.push_back(tests::comparedRun(controller, seed, 0.6 + 0.01 * static_cast<double>(seed), 0.5));
            for (const events::RunEvent& event : told)
                made.back().detail.events.push_back(
                    {.kind = event.kind, .sentence = event.sentence, .detailsJson = event.detailsJson});
        }
    return made;
}

class DataUsedTest final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void theEvent_readsBackAndIsHostileJson()
    {
        const events::RunEvent event = events::dataReadEvent(files());
        QCOMPARE(event.kind, std::string("data.read"));
        QVERIFY(events::dataFilesOf(event.detailsJson) == files());
        QVERIFY2(contains(event.sentence, "train.jsonl, 1180 items of 1200 rows"), event.sentence.c_str());
        for (const char* text : {"", "[]", "{", "{\"files\": 3}", "{\"files\": [1]}"})
            QVERIFY(events::dataFilesOf(text).empty());
        const auto odd =
            events::dataFilesOf("{\"files\": [{\"rows\": \"x\", \"left_out\": [7, {}], \"cut_share\": []}]}");
        QCOMPARE(odd.size(), 1U);
        QCOMPARE(odd[0].rows, std::int64_t{0});
        QVERIFY(!odd[0].cutShare);
    }
    void aReport_namesItsDataAndWhatIsNotInThem()
    {
        const Report report = tests::reportOn(runs({events::dataReadEvent(files())}));
        const std::string data = textOf(report, "Data and machine");
        QVERIFY2(contains(data, "task.teacher_data\ntrain.jsonl\n1200\n1180\n3.1 %\n6\n" + kHash), data.c_str());
        QVERIFY2(contains(data, "test.jsonl\n300\n300\nnot known here\n6\n"), data.c_str());
        const std::string left = textOf(report, "What was left out");
        QVERIFY2(contains(left, "20 rows of train.jsonl (task.teacher_data, 1200 rows): their two texts or scores are "
                                "equal."),
                 left.c_str());
        QVERIFY(!contains(left, "Nothing"));
        QCOMPARE(left.find("20 rows"), left.rfind("20 rows")); // of six runs, once
    }
    void aReport_namesWhatWorkedOnTheRuns()
    {
        const events::RunOrigin origin{"1.0", "abc", "libtorch 2, CPU", "cpu", "Some processor", "Linux x86_64"};
        const std::string told = textOf(tests::reportOn(runs({events::originEvent(origin)})), "Data and machine");
        QVERIFY2(contains(told, "6 runs: Gradus 1.0, build abc; libtorch 2, CPU; cpu; Some processor; Linux x86_64."),
                 told.c_str());
    }
    void ofOldRuns_nothingIsMadeUp()
    {
        const Report report = tests::reportOn(runs({}));
        for (const Section& section : report.sections)
            QVERIFY(section.heading != "Data and machine");
        QVERIFY(contains(textOf(report, "What was left out"), "Nothing"));
    }
};

} // namespace

GRADUS_SUITE(DataUsedTest)
#include "data_used_test.moc"
