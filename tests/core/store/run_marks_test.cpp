// SPDX-License-Identifier: GPL-3.0-or-later
// What people say of runs: changed at once, undone, merged, copied, and brought to stores of older formats.
#include "store/run_marks.h"

#include "store/database.h"
#include "store/merge.h"
#include "store/migrations.h"
#include "store/run_fork.h"
#include "store/store_check.h"
#include "store/store_facts.h"
#include "store/trash.h"
#include "store_support.h"
#include "support/suite.h"

#include <QTest>

using namespace gradus;
using namespace gradus::store;
using namespace gradus::tests;

namespace {

using Tags = std::vector<std::string>;

std::string uuidOf(const OneRun& one, std::int64_t run)
{
    return must(one.reader().detail(run)).run.uuid;
}

RunRow rowOf(const OneRun& one, std::int64_t run)
{
    return must(one.reader().detail(run)).run;
}

} // namespace

class RunMarksTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void tagsOfManyRuns_changeAtOnceAndAreUndone()
    {
        OneRun one;
        const std::int64_t other = addRun(*one.writer, "other");
        must(one.writer->flush());
        const std::string first = uuidOf(one, one.run);
        const std::string second = uuidOf(one, other);
        must(changeMarks(one.path, {{.uuid = first, .add = {"odd"}}}));
        const auto undo =
            must(changeMarks(one.path, {{.uuid = first, .add = {"healthy", "odd"}},
                                        {.uuid = second, .add = {"healthy", "odd"}, .remove = {"none"}}}));
        const auto rows = must(one.reader().runs()); // newest first
        QCOMPARE(rows[0].tags, (Tags{"healthy", "odd"}));
        QCOMPARE(rows[1].tags, (Tags{"healthy", "odd"}));
        QCOMPARE(rowOf(one, one.run).tags, rows[1].tags);
        // The first one was odd before: undoing leaves that.
        const auto redo = must(changeMarks(one.path, undo));
        QCOMPARE(rowOf(one, one.run).tags, Tags{"odd"});
        QCOMPARE(rowOf(one, other).tags, Tags{});
        must(changeMarks(one.path, redo));
        QCOMPARE(rowOf(one, other).tags, (Tags{"healthy", "odd"}));
        QVERIFY(must(changeMarks(one.path, {{.uuid = first, .add = {"odd"}}})).empty());
        QVERIFY(must(checkStore(one.path)).sound());
    }
    void aNote_isReplacedAndComesBack()
    {
        OneRun one;
        must(one.writer->flush());
        const std::string uuid = uuidOf(one, one.run);
        QVERIFY(must(changeMarks(one.path, {{.uuid = uuid, .note = "first\nof two lines"}})).front().note == "");
        const auto undo = must(changeMarks(one.path, {{.uuid = uuid, .note = "second"}}));
        QCOMPARE(rowOf(one, one.run).note, std::string("second"));
        must(changeMarks(one.path, undo));
        QCOMPARE(must(one.reader().runs()).front().note, std::string("first\nof two lines"));
        must(changeMarks(one.path, {{.uuid = uuid, .note = ""}}));
        QCOMPARE(rowOf(one, one.run).note, std::string());
    }
    void badMarks_areRefusedAndNothingIsWritten_data()
    {
        QTest::addColumn<QString>("tag");
        QTest::addColumn<QString>("note");
        QTest::newRow("empty") << ""
                               << "";
        QTest::newRow("long") << QString(41, 'x') << "";
        QTest::newRow("comma") << "a,b"
                               << "";
        QTest::newRow("quote") << "a\"b"
                               << "";
        QTest::newRow("control") << "a\x1b[2J"
                                 << "";
        QTest::newRow("bidi") << QString("a\u202e") << "";
        QTest::newRow("blank at the end") << "a "
                                          << "";
        QTest::newRow("long note") << "fine" << QString(8001, 'x');
        QTest::newRow("control in a note") << "fine"
                                           << "a\x07";
    }
    void badMarks_areRefusedAndNothingIsWritten()
    {
        QFETCH(QString, tag);
        QFETCH(QString, note);
        OneRun one;
        must(one.writer->flush());
        const std::string uuid = uuidOf(one, one.run);
        const auto refused =
            changeMarks(one.path, {{.uuid = uuid, .add = {"good"}},
                                   {.uuid = uuid, .add = {tag.toStdString()}, .note = note.toStdString()}});
        QVERIFY(!refused);
        QCOMPARE(refused.error().kind, ErrorKind::BadInput);
        QVERIFY(rowOf(one, one.run).tags.empty());
    }
    void aRunThatIsNotThere_leavesTheOthersAsTheyWere()
    {
        OneRun one;
        must(one.writer->flush());
        const auto refused =
            changeMarks(one.path, {{.uuid = uuidOf(one, one.run), .add = {"good"}}, {.uuid = "nobody", .add = {"x"}}});
        QVERIFY(!refused && refused.error().message.find("nobody") != std::string::npos);
        QVERIFY(rowOf(one, one.run).tags.empty());
        QVERIFY(!changeMarks(one.path.string() + ".none", {}));
        QVERIFY(!std::filesystem::exists(one.path.string() + ".none"));
    }
    void aMerge_joinsWhatWasSaidInBothStores()
    {
        OneRun mine;
        OneRun other;
        other.writer->setState(other.run, RunState::Finished);
        must(other.writer->flush());
        const std::string uuid = uuidOf(other, other.run);
        must(changeMarks(other.path, {{.uuid = uuid, .add = {"theirs"}, .note = "looks fine"}}));
        must(mergeStore(mine.path, other.path));
        const std::int64_t here = must(mine.reader().findRun(uuid)).id;
        QCOMPARE(rowOf(mine, here).tags, Tags{"theirs"});
        QCOMPARE(rowOf(mine, here).note, std::string("looks fine"));
        must(changeMarks(mine.path, {{.uuid = uuid, .add = {"ours"}}}));
        must(changeMarks(other.path, {{.uuid = uuid, .add = {"later"}, .note = "but slow"}}));
        const auto joined = must(mergeStore(mine.path, other.path));
        QCOMPARE(joined.marked, std::int64_t{1});
        QCOMPARE(joined.alreadyHere, std::int64_t{1});
        QCOMPARE(rowOf(mine, here).tags, (Tags{"later", "ours", "theirs"}));
        QCOMPARE(rowOf(mine, here).note, std::string("looks fine\nbut slow"));
        QCOMPARE(must(mergeStore(mine.path, other.path)).marked, std::int64_t{0});
        // One that went further takes the place of ours and keeps what we said.
        other.sink().progress({.fraction = 1, .activity = "", .step = 500});
        must(other.writer->flush());
        QCOMPARE(must(mergeStore(mine.path, other.path, {.replace = true})).replaced.size(), std::size_t{1});
        const RunRow replaced = must(mine.reader().findRun(uuid));
        QCOMPARE(replaced.tags, (Tags{"later", "ours", "theirs"}));
        QVERIFY(must(checkStore(mine.path)).sound());
    }
    void theTrash_keepsMarks()
    {
        OneRun one;
        one.writer->setState(one.run, RunState::Finished);
        must(one.writer->flush());
        const std::string uuid = uuidOf(one, one.run);
        must(changeMarks(one.path, {{.uuid = uuid, .add = {"odd"}, .note = "why"}}));
        must(trashByUuid(one.path, {uuid, "gone already"}));
        QVERIFY(must(one.reader().runs()).empty());
        must(restoreFromTrash(one.path, {uuid}));
        QCOMPARE(must(one.reader().runs()).front().tags, Tags{"odd"});
        QCOMPARE(must(one.reader().runs()).front().note, std::string("why"));
    }
    void fromFormat7_theTablesAppear()
    {
        OneRun one;
        must(one.writer->flush());
        const std::string uuid = uuidOf(one, one.run);
        one.writer.reset();
        {
            Database database = must(Database::open(one.path, Access::ReadWrite));
            must(database.script("DROP TABLE run_tag; DROP TABLE run_note; PRAGMA user_version = 7;"));
            database.closeWithCheckpoint();
        }
        const auto old = StoreReader::open(one.path);
        QVERIFY(!old && old.error().message.find("older format 7") != std::string::npos);
        QVERIFY(must(upgradeStore(one.path)));
        must(changeMarks(one.path, {{.uuid = uuid, .add = {"odd"}}}));
        QCOMPARE(must(one.reader().runs()).front().tags, Tags{"odd"});
        QVERIFY(std::filesystem::exists(one.path.string() + ".v7-backup"));
    }
    void settings_areThoseOfTheFileAndItsDefaults()
    {
        const RunSettings settings(
            "[experiment]\nname = \"a \\\"b\\\"\"\nseeds = [3]\n\n[gap]\ncontroller = \"adaptive\"\n\n"
            "[training]\nlearning_rate = 0.25\n\n[signals]\n"
            "source = [{ name = \"p\", kind = \"model\" }, { name = \"s\", rate = 0.5 }]\n\n"
            "[sweep]\n\"gap.value\" = [1, 2]\n");
        QCOMPARE(settings.find("gap.controller")->value, std::string("adaptive"));
        QCOMPARE(settings.find("experiment.name")->value, std::string("a \"b\""));
        QCOMPARE(settings.find("training.learning_rate")->number, std::optional<double>(0.25));
        QCOMPARE(settings.find("signals.source[1].rate")->number, std::optional<double>(0.5));
        QVERIFY(settings.find("training.epochs")->number.has_value()); // left at its default
        QVERIFY(settings.find("experiment.seeds") == nullptr);
        QVERIFY(settings.find("sweep.gap.value") == nullptr);
        QVERIFY(settings.find("gap.nothing") == nullptr);
        const RunSettings imported("[imported]\nfrom = \"mlflow\"\n[parameters]\nLR = 0.1\n");
        QCOMPARE(imported.find("parameters.lr")->number, std::optional<double>(0.1));
        QVERIFY(imported.find("gap.controller") == nullptr);
        for (const char* bad : {"", "[", "[experiment]\nx", "[experiment]\n = \n[[[", "\xff\xfe = 3"})
            (void)RunSettings(bad).find("gap.controller");
    }
    void runsOfACondition_shareTheirSettings()
    {
        OneRun one;
        spec::Experiment experiment = smallExperiment("swept");
        std::vector<spec::RunSpec> runs;
        for (const double gap : {0.25, 0.75})
            for (const std::int64_t seed : {1, 2}) {
                experiment.gap.value = gap;
                experiment.experiment.seeds = {seed};
                runs.push_back({gap < 0.5 ? "small" : "large", seed, experiment});
            }
        must(one.writer->addRuns(experiment, "", runs));
        must(one.writer->flush());
        const auto reader = one.reader();
        auto rows = must(reader.runs());
        SettingsCache cache;
        QVERIFY(!must(reader.addSettings(rows, cache, 1)));
        QVERIFY(must(reader.addSettings(rows, cache, 100)));
        QCOMPARE(cache.size(), std::size_t{3});
        QCOMPARE(rows[0].settings.get(), rows[1].settings.get()); // both large
        QCOMPARE(rows[0].settings->find("gap.value")->number, std::optional<double>(0.75));
        QCOMPARE(rows[2].settings->find("gap.value")->number, std::optional<double>(0.25));
        QVERIFY(rows[0].settings->seedless() != rows[2].settings->seedless());
    }
    void taskOfASweptRun_isItsOwn()
    {
        OneRun one;
        const spec::Experiment experiment = smallExperiment("swept");
        spec::Experiment other = experiment;
        other.task.name = "builtin:registers/math";
        must(one.writer->addRuns(experiment, "", {{"code", 1, experiment}, {"math", 1, other}}));
        must(one.writer->flush());
        const auto reader = one.reader();
        auto rows = must(reader.runs()); // newest first
        SettingsCache cache;
        QVERIFY(must(reader.addSettings(rows, cache, 100)));
        QCOMPARE(rows[0].taskName, other.task.name);
        QCOMPARE(rows[1].taskName, experiment.task.name);
        QCOMPARE(must(reader.detail(rows[0].id)).run.taskName, other.task.name);
    }
};
GRADUS_SUITE(RunMarksTest)
#include "run_marks_test.moc"
