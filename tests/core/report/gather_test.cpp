// SPDX-License-Identifier: GPL-3.0-or-later
// A report on an experiment of a store says that there is another one of its name.
#include "report/gather.h"

#include "store/store_writer.h"
#include "support/suite.h"

#include <QTemporaryDir>
#include <QTest>

using namespace gradus;

namespace {

/// An experiment of this name with these settings, run to its end.
void addExperiment(store::StoreWriter& writer, const std::string& name, double gap)
{
    spec::Experiment experiment;
    experiment.experiment.name = name;
    experiment.experiment.seeds = {1, 2};
    experiment.gap.controller = "fixed";
    experiment.gap.value = gap;
    const auto runs = spec::expand(experiment);
    const auto ids = writer.addRuns(experiment, spec::canonicalToml(experiment), *runs);
    if (!ids) qFatal("%s", ids.error().message.c_str());
    for (const std::int64_t id : *ids) {
        if (!writer.claim(id)) qFatal("nobody else works on it");
        events::GenerationRecord record;
        record.lastStep = 10;
        record.utility = Estimate{gap, gap, gap, 100};
        writer.sink(id).generation(record);
        writer.setState(id, store::RunState::Finished);
    }
    if (!writer.flush()) qFatal("cannot write a store");
}

class GatherTest final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void anotherExperimentOfTheName_isToldOf()
    {
        QTemporaryDir folder;
        const std::filesystem::path store = folder.filePath("gradus.db").toStdString();
        {
            auto writer = store::StoreWriter::open(store);
            QVERIFY(writer.ok());
            addExperiment(**writer, "twice", 0.3);
            addExperiment(**writer, "once", 0.4);
            addExperiment(**writer, "twice", 0.5);
        }
        const auto twice = report::gather({.store = store, .names = {"twice"}});
        QVERIFY2(twice.ok(), twice ? "" : twice.error().message.c_str());
        QCOMPARE(twice->remarks, (std::vector<std::string>{
                                     "The store has 1 other experiment called \u201ctwice\u201d, with other settings: "
                                     "none of those 2 runs is in this report."}));
        const auto once = report::gather({.store = store, .names = {"once"}});
        QVERIFY(once.ok() && once->remarks.empty());
    }
};

} // namespace

GRADUS_SUITE(GatherTest)
#include "gather_test.moc"
