// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/files.h"
#include "schedule/presets.h"
#include "support/suite.h"
#include "viewmodels/ladder_steps.h"
#include "viewmodels/launcher.h"
#include "viewmodels/schedule_document.h"
#include "viewmodels/start_watch.h"

#include <QFile>
#include <QFileInfo>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>

using namespace gradus;
using namespace gradus::viewmodels;

class LauncherTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void frozenText_isTheDraftsAndOneFile()
    {
        const QTemporaryDir folder;
        const Launcher launcher({.workspace = folder.path(), .program = {}});
        const auto first = launcher.freeze(newDraftText());
        const auto again = launcher.freeze(newDraftText());
        QVERIFY(first && again);
        QCOMPARE(*first, *again);
        QVERIFY2(first->contains("/experiments/progressive-ladder-"), qPrintable(*first));
        const auto text = readFile(first->toStdString());
        QVERIFY(text && *text == newDraftText());
        const auto other = launcher.freeze(newDraftText() + "# a note\n");
        QVERIFY(other && *other != *first);
    }
    void brokenText_isNotFrozen()
    {
        const QTemporaryDir folder;
        const Launcher launcher({.workspace = folder.path(), .program = {}});
        QVERIFY(!launcher.freeze("[gap"));
        QVERIFY(!QFileInfo::exists(folder.filePath("experiments")));
    }
    void whatWasStarted_isForgottenWithItsWorkspace()
    {
        StartWatch watch;
        watch.watch({.file = {}, .log = {}, .processId = 1, .logWas = 0}, "hash");
        QVERIFY(watch.isWaiting());
        watch.clear();
        QVERIFY(!watch.isWaiting());
        QVERIFY(!watch.takes("hash")); // a run of that experiment in another store is not the one
    }
    void missingProgram_isASentenceThatNamesIt()
    {
        const QTemporaryDir folder;
        const Launcher launcher({.workspace = folder.path(), .program = folder.filePath("gradus")});
        const auto launched = launcher.launch(newDraftText());
        QVERIFY(!launched);
        QVERIFY(launched.error().message.find("gradus is missing") != std::string::npos);
    }
    void launch_startsTheLineThatCanBeCopied()
    {
        const QTemporaryDir folder;
        const QString program = folder.filePath("gradus");
        QVERIFY(writeFileAtomically(program.toStdString(),
                                    "#!/bin/sh\nprintf '%s\\n' \"$@\" > seen.tmp\nmv seen.tmp seen\n"));
        QVERIFY(QFile::setPermissions(program, QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner));
        const Launcher launcher({.workspace = folder.path(), .program = program});
        const auto launched = launcher.launch(newDraftText());
        QVERIFY2(launched, launched ? "" : launched.error().message.c_str());
        QVERIFY(launched->processId > 0);
        QTRY_VERIFY_WITH_TIMEOUT(QFileInfo::exists(folder.filePath("seen")), 5000);
        const auto seen = readFile(folder.filePath("seen").toStdString());
        QVERIFY(seen);
        const QString wanted =
            QStringList{"run", launched->file, "--store", launcher.storePath(), "--detach-log", launched->log, ""}.join(
                '\n');
        QCOMPARE(QString::fromStdString(*seen), wanted);
    }
    void asking_isTheLineThatAPersonWouldType()
    {
        const QTemporaryDir folder;
        const QString program = folder.filePath("gradus");
        QVERIFY(writeFileAtomically(program.toStdString(),
                                    "#!/bin/sh\necho \"$@\" > \"./$2.tmp\"\nmv \"./$2.tmp\" \"seen-$1\"\n"));
        QVERIFY(QFile::setPermissions(program, QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner));
        const Launcher launcher({.workspace = folder.path(), .program = program});
        const std::pair<const char*, const char*> lines[] = {
            {"pause", "pause uuid"},       {"continue", "resume uuid"}, {"checkpoint", "checkpoint uuid"},
            {"evaluate", "evaluate uuid"}, {"stop", "stop uuid"},       {"stop-now", "stop --now uuid"}};
        for (const auto& [verb, line] : lines) {
            const QString seen = folder.filePath("seen-" + QString(line).section(' ', 0, 0));
            QFile::remove(seen);
            QVERIFY(launcher.ask("uuid", verb).ok());
            QTRY_VERIFY_WITH_TIMEOUT(QFileInfo::exists(seen), 5000);
            QCOMPARE(QString::fromStdString(*readFile(seen.toStdString())).trimmed(),
                     QString(line) + " --store " + launcher.storePath());
        }
    }
    void fileNames_areTameWhateverTheExperimentIsCalled()
    {
        QCOMPARE(fileNameOf("Gap annealing, draft 7"), QStringLiteral("gap-annealing-draft-7"));
        QCOMPARE(fileNameOf("../../etc/passwd"), QStringLiteral("etc-passwd"));
        QCOMPARE(fileNameOf(QString::fromUtf8("退火")), QStringLiteral("untitled"));
        QVERIFY(fileNameOf(QString(500, 'a')).size() <= 48);
    }
    void commandLine_quotesPathsWithSpaces()
    {
        const Launcher launcher({.workspace = "/tmp/my work", .program = {}});
        QCOMPARE(launcher.commandLine("/tmp/it's.toml"),
                 QStringLiteral("gradus run '/tmp/it'\\''s.toml' --store '/tmp/my work/gradus.db'"));
    }
    void steps_areTheControllersOnTheDrawnCurve()
    {
        const auto experiment = spec::parseExperiment(newDraftText(), "test");
        QVERIFY(experiment);
        const auto sizes = rungParameters(*experiment);
        QCOMPARE(sizes.size(), std::size_t{6});
        QVERIFY(std::is_sorted(sizes.begin(), sizes.end()));
        const auto steps = ladderSteps(*experiment, schedule::presetCurve(schedule::Preset::Linear, 0.3, 0.9));
        QCOMPARE(steps.size(), std::size_t{3});
        QCOMPARE(steps[1].fraction, 0.5);
        QCOMPARE(steps[1].wanted, 0.6);
        QVERIFY(steps[0].rung && *steps[0].rung == 2); // 0.30 above rung 16,1
        const auto leap = ladderSteps(*experiment, schedule::presetCurve(schedule::Preset::Constant, 4, 4));
        QVERIFY(leap.size() == 2 && !leap[1].rung); // the ladder ends after one step
    }
};
GRADUS_SUITE(LauncherTest)
#include "launcher_test.moc"
