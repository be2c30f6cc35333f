// SPDX-License-Identifier: GPL-3.0-or-later
// A report on an experiment of a store says that there is another one of its name, and prints the command and the files
// that give it again.
#include "report/gather.h"

#include "base/files.h"

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

/// Texts of the last section's listings, those of files after their names.
std::vector<std::string> listings(const report::Report& page)
{
    std::vector<std::string> texts;
    for (const report::Block& block : page.sections.back().blocks)
        if (const auto* listing = std::get_if<report::Listing>(&block)) texts.push_back(listing->title + listing->text);
    return texts;
}

std::string paragraphs(const report::Report& page)
{
    std::string text;
    for (const report::Block& block : page.sections.back().blocks)
        if (const auto* paragraph = std::get_if<report::Paragraph>(&block)) text += paragraph->text + "\n";
    return text;
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
    /// Two experiments, another baseline, a contrast, another test and a note: without them the command gave another
    /// page.
    void theCommandOfAPage_asksForWhatThePageWasAsked()
    {
        QTemporaryDir folder;
        const std::filesystem::path store = folder.filePath("gradus.db").toStdString();
        const std::filesystem::path note = folder.filePath("mine.txt").toStdString();
        {
            auto writer = store::StoreWriter::open(store);
            QVERIFY(writer.ok() && writeFileAtomically(note, "Nothing is shown.").ok());
            addExperiment(**writer, "it's small", 0.3);
            addExperiment(**writer, "large", 0.5);
        }
        const auto page = report::gather({.store = store,
                                          .names = {"it's small", "large"},
                                          .baseline = "large",
                                          .against = {"it's small=large"},
                                          .test = compare::TestKind::Permutation,
                                          .noteFile = note});
        QVERIFY2(page.ok(), page ? "" : page.error().message.c_str());
        const auto texts = listings(*page);
        QCOMPARE(texts.size(), std::size_t(4));
        QCOMPARE(texts[0], std::string("gradus run it-s-small.toml\ngradus run large.toml\n"
                                       "gradus report 'it'\\''s small' large --baseline large --against 'it'\\''s "
                                       "small=large' --test permutation --note note.txt -o report.html\n"));
        QVERIFY(texts[1].starts_with("it-s-small.toml") && texts[2].starts_with("large.toml"));
        QCOMPARE(texts[3], std::string("note.txtNothing is shown."));
    }
    /// Runs that a name does not mean are named by ids, and the page says what that means for runs made anew.
    void aPartOfAnExperiment_isNamedByIds()
    {
        QTemporaryDir folder;
        const std::filesystem::path store = folder.filePath("gradus.db").toStdString();
        std::string id;
        {
            auto writer = store::StoreWriter::open(store);
            QVERIFY(writer.ok());
            addExperiment(**writer, "whole", 0.3);
        }
        {
            const auto reader = store::StoreReader::open(store);
            QVERIFY(reader.ok());
            id = reader->runs()->front().uuid.substr(0, 8);
        }
        const auto page = report::gather({.store = store, .names = {id}});
        QVERIFY2(page.ok(), page ? "" : page.error().message.c_str());
        QCOMPARE(listings(*page)[0], std::string("gradus run whole.toml\n"));
        QCOMPARE(listings(*page)[1], "gradus report " + id + " -o report.html\n");
        QVERIFY(paragraphs(*page).find("by the ids of the store") != std::string::npos);
    }
};

} // namespace

GRADUS_SUITE(GatherTest)
#include "gather_test.moc"
