// SPDX-License-Identifier: GPL-3.0-or-later
// Imported runs are runs like others: whole, sound, comparable, and the same run again when they come again.
#include "imports/import_runs.h"

#include "compare/read_runs.h"
#include "compare/run_groups.h"
#include "import_support.h"
#include "store/run_choice.h"
#include "store/store_check.h"
#include "support/suite.h"

#include <QTemporaryDir>
#include <QTest>

#include <cmath>

using namespace gradus;
using namespace gradus::imports;
using namespace gradus::tests;

class ImportTest : public QObject
{
    Q_OBJECT
    QTemporaryDir m_dir;
    std::filesystem::path fresh(const std::string& name) const { return m_dir.path().toStdString() + "/" + name; }
    static ImportPlan tensorBoardPlan(const MappingOptions& options = {})
    {
        return must(planImport(must(readSource(kTensorBoardRuns)), "tb", options));
    }

private Q_SLOTS:
    void importedRuns_areWholeAndComparedOverTheirSeeds()
    {
        const auto store = fresh("a.db");
        const ImportPlan plan = tensorBoardPlan();
        QCOMPARE(must(importRuns(store, plan, false)).written.size(), std::size_t{2});
        QVERIFY(must(store::checkStore(store)).sound());
        const auto reader = must(store::StoreReader::open(store));
        const auto rows = must(store::chosenRuns(reader, {"tb"}));
        QCOMPARE(rows.size(), std::size_t{2});
        const auto runs = must(compare::readRuns(reader, rows));
        for (std::size_t i = 0; i < runs.size(); ++i) {
            QVERIFY(runs[i].detail.run.state == store::RunState::Finished);
            QCOMPARE(runs[i].detail.run.procedure, std::string("imported"));
            QVERIFY(!runs[i].spec && runs[i].specError.find("imported") != std::string::npos);
            QVERIFY(runs[i].detail.specToml.find("format = \"TensorBoard events\"") != std::string::npos);
            QCOMPARE(runs[i].detail.events.size(), std::size_t{1});
            for (const store::SeriesPoints& planned : plan.runs[i].series) {
                const store::SeriesPoints* kept = runs[i].find(planned.name);
                QVERIFY(kept != nullptr);
                QCOMPARE(kept->points.size(), planned.points.size());
                for (std::size_t p = 0; p < planned.points.size(); ++p) {
                    QCOMPARE(kept->points[p].step, planned.points[p].step);
                    QCOMPARE(kept->points[p].value, planned.points[p].value);
                }
            }
            QVERIFY(runs[i].find("train/loss") != nullptr && runs[i].find("test/accuracy") != nullptr);
        }
        const compare::Grouping grouping = compare::grouped(runs);
        QCOMPARE(grouping.groups.size(), std::size_t{1});
        QCOMPARE(grouping.groups[0].runs.size(), std::size_t{2});
        QCOMPARE(grouping.groups[0].condition, std::string("small"));
    }
    void settings_areDifferencesLikeOurs()
    {
        ForeignSource source{.format = "MLflow"};
        for (const char* rate : {"0.1", "0.2"})
            source.runs.push_back({.name = rate,
                                   .project = "p",
                                   .key = rate,
                                   .parameters = {{"lr", rate}, {"depth\n[x]", "4"}, {"depth\n[x]", "again"}},
                                   .series = {{.name = "utility/competence", .points = {{3, 0, 0.5}, {9, 0, 0.75}}}}});
        const auto store = fresh("b.db");
        must(importRuns(store, must(planImport(source, "f", {})), false));
        const auto reader = must(store::StoreReader::open(store));
        const auto runs = must(compare::readRuns(reader, must(reader.runs())));
        const compare::Grouping grouping = compare::grouped(runs);
        QCOMPARE(grouping.groups.size(), std::size_t{2});
        QCOMPARE(grouping.differing.size(), std::size_t{1});
        QCOMPARE(grouping.differing[0].key, std::string("parameters.lr"));
        QCOMPARE(grouping.differing[0].values, (std::vector<std::string>{"\"0.2\"", "\"0.1\""}));
        QCOMPARE(grouping.groups[0].label, std::string("lr = 0.2"));
        // Tables show generations: the last utility is that of one.
        QCOMPARE(runs[0].detail.generations.size(), std::size_t{1});
        QCOMPARE(runs[0].detail.generations[0].utility->value, 0.75);
        QCOMPARE(*runs[0].detail.generations[0].lastStep, std::int64_t{9});
    }
    void twice_changesNothing_andReplaceTakesItAgain()
    {
        const auto store = fresh("c.db");
        must(importRuns(store, tensorBoardPlan(), false));
        const auto again = must(importRuns(store, tensorBoardPlan(), false));
        QVERIFY(again.written.empty());
        QCOMPARE(again.here.size(), std::size_t{2});
        QCOMPARE(must(alreadyIn(store, tensorBoardPlan())).size(), std::size_t{2});
        const auto other = must(importRuns(store, tensorBoardPlan({.perStep = 10}), true));
        QCOMPARE(other.replaced.size(), std::size_t{2});
        const auto reader = must(store::StoreReader::open(store));
        QCOMPARE(must(reader.runs()).size(), std::size_t{2});
        store::PointCursor cursor;
        const auto series = must(reader.pointsSince(must(reader.runs()).front().id, cursor));
        QCOMPARE(series.front().points.back().step, std::int64_t{19});
        QVERIFY(must(store::checkStore(store)).sound());
        QVERIFY(must(alreadyIn(fresh("none.db"), tensorBoardPlan())).empty());
    }
};
GRADUS_SUITE(ImportTest)
#include "import_test.moc"
