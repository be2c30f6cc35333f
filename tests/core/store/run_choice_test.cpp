// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/run_choice.h"

#include "store_support.h"
#include "support/suite.h"

#include <QTest>

using namespace gradus;
using namespace gradus::store;
using namespace gradus::tests;

namespace {

/// "ladder" with two seeds, "other" with one, then "ladder" again with other settings.
struct Shelf
{
    QTemporaryDir folder;
    std::filesystem::path path = folder.path().toStdString() + "/gradus.db";
    std::vector<std::int64_t> first, other, second;

    Shelf()
    {
        const auto writer = must(StoreWriter::open(path));
        const auto add = [&](const std::string& name, std::vector<std::int64_t> seeds, int labels) {
            spec::Experiment experiment = smallExperiment(name);
            experiment.experiment.seeds = std::move(seeds);
            experiment.training.labels = labels;
            return must(writer->addRuns(experiment, "source", must(spec::expand(experiment))));
        };
        first = add("ladder", {1, 2}, 100);
        other = add("other", {1}, 100);
        second = add("ladder", {1, 2}, 200);
        must(writer->flush());
    }
    StoreReader reader() const { return must(StoreReader::open(path)); }
};

std::vector<std::int64_t> idsOf(const std::vector<RunRow>& rows)
{
    std::vector<std::int64_t> ids;
    for (const RunRow& row : rows)
        ids.push_back(row.id);
    return ids;
}

class RunChoiceTest final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void noName_isTheNewestExperimentOldestRunFirst()
    {
        const Shelf shelf;
        QCOMPARE(idsOf(must(chosenRuns(shelf.reader(), {}))), shelf.second);
    }

    void names_areRunsOrExperimentsInTheOrderNamedEachOnce()
    {
        const Shelf shelf;
        const StoreReader reader = shelf.reader();
        const std::string run = must(reader.detail(shelf.first[1])).run.uuid;
        QCOMPARE(idsOf(must(chosenRuns(reader, {run.substr(0, 8), "other", run}))),
                 (std::vector<std::int64_t>{shelf.first[1], shelf.other[0]}));
        QCOMPARE(idsOf(must(chosenRuns(reader, {"other", "ladder"}))),
                 (std::vector<std::int64_t>{shelf.other[0], shelf.second[0], shelf.second[1]}));
    }

    void anExperiment_mayBeItsNewestVersionOrAll()
    {
        const Shelf shelf;
        const StoreReader reader = shelf.reader();
        QCOMPARE(idsOf(must(runsOfExperiment(reader, "ladder", Versions::Newest))), shelf.second);
        QCOMPARE(idsOf(must(runsOfExperiment(reader, "ladder", Versions::All))),
                 (std::vector<std::int64_t>{shelf.first[0], shelf.first[1], shelf.second[0], shelf.second[1]}));
        const auto details = must(detailsOf(reader, must(runsOfExperiment(reader, "other", Versions::All))));
        QCOMPARE(details.size(), std::size_t{1});
        QCOMPARE(details[0].run.id, shelf.other[0]);
    }

    void namesThatMeanJustTheseRuns_areExperimentsWhereTheyDo()
    {
        const Shelf shelf;
        const StoreReader reader = shelf.reader();
        const auto rowsOf = [&](const std::vector<std::int64_t>& ids) {
            std::vector<RunRow> rows;
            for (const std::int64_t id : ids)
                rows.push_back(must(reader.detail(id)).run);
            return rows;
        };
        const RunNames newest = must(namesMeaning(reader, rowsOf({shelf.second[0], shelf.second[1], shelf.other[0]})));
        QVERIFY(!newest.areIds);
        QCOMPARE(newest.names, (std::vector<std::string>{"ladder", "other"}));
        // One of its seeds, an older version, another order: whatever the name does not say is said by ids.
        for (const auto& ids : {std::vector<std::int64_t>{shelf.second[1]}, shelf.first,
                                std::vector<std::int64_t>{shelf.second[1], shelf.second[0]},
                                std::vector<std::int64_t>{shelf.first[0], shelf.second[0], shelf.other[0]}}) {
            const RunNames names = must(namesMeaning(reader, rowsOf(ids)));
            QVERIFY(names.areIds);
            QCOMPARE(names.names.front().size(), std::size_t{8});
            QCOMPARE(idsOf(must(chosenRuns(reader, names.names))), ids);
        }
    }

    void whatIsNotThere_isNamedWithAWayOut()
    {
        const Shelf shelf;
        const auto nobody = chosenRuns(shelf.reader(), {"nobody"});
        QVERIFY(!nobody && nobody.error().kind == ErrorKind::BadInput);
        QVERIFY(nobody.error().message.find("No experiment has that name either.") != std::string::npos);
        const auto none = runsOfExperiment(shelf.reader(), "nobody", Versions::All);
        QVERIFY(!none && none.error().message.find("gradus list") != std::string::npos);
        QTemporaryDir folder;
        const std::filesystem::path empty = folder.path().toStdString() + "/gradus.db";
        must(must(StoreWriter::open(empty))->flush());
        const auto runs = chosenRuns(must(StoreReader::open(empty)), {});
        QVERIFY(!runs && runs.error().message.find("gradus run FILE") != std::string::npos);
    }
};

} // namespace

GRADUS_SUITE(RunChoiceTest)

#include "run_choice_test.moc"
