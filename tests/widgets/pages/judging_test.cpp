// SPDX-License-Identifier: GPL-3.0-or-later
// Judging on the Transcripts page: real keys and clicks, a real store, and what it holds afterwards.
#include "episodes_bench.h"
#include "support/suite.h"

#include "common/controls.h"
#include "pages/transcripts/episodes_panel.h"
#include "pages/transcripts/episodes_tree.h"
#include "pages/transcripts/facts_panel.h"
#include "pages/transcripts/judge_panel.h"
#include "pages/transcripts/transcript_view.h"
#include "pages/transcripts/transcripts_page.h"
#include "store/judgements.h"
#include "store/store_reader.h"

#include <QApplication>
#include <QComboBox>
#include <QDoubleSpinBox>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSettings>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>
#include <QUndoStack>

#include <unistd.h>

using namespace gradus;
using pages::TranscriptsPage;
using tests::EpisodesBench;
using tests::kWait;

class JudgingPageTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void keys_judgeAndTheHistoryUndoes()
    {
        EpisodesBench bench;
        bench.open();
        bench.key(Qt::Key_2);
        QVERIFY(bench.waitForWrites());
        QCOMPARE(bench.said(0)->verdict, std::string("safe"));
        QVERIFY(bench.find<QToolButton>("judge2")->isChecked());
        QVERIFY(bench.find<QLabel>("judgeState")->text().startsWith(QStringLiteral("Saved")));
        bench.key(Qt::Key_8);
        QVERIFY(bench.waitForWrites());
        QCOMPARE(bench.said(0)->verdict, std::string("hazard"));
        QCOMPARE(bench.said(0)->severity, std::optional<double>(0.8));
        bench.key(Qt::Key_Z, Qt::ControlModifier);
        QVERIFY(bench.waitForWrites());
        QCOMPARE(bench.said(0)->verdict, std::string("safe"));
        QVERIFY(bench.find<QToolButton>("judge2")->isChecked());
        bench.key(Qt::Key_Z, Qt::ControlModifier);
        QVERIFY(bench.waitForWrites());
        QVERIFY(!bench.said(0));
        QVERIFY(!bench.find<QToolButton>("judge2")->isChecked());
        bench.page->judging().history().redo();
        QVERIFY(bench.waitForWrites());
        QCOMPARE(bench.said(0)->verdict, std::string("safe"));
        QVERIFY(bench.find<QLabel>("factChange") != nullptr); // the journal tells of all of it
    }
    void agreement_isShownAsPeopleJudge_andHiddenFromTheBlind()
    {
        EpisodesBench bench;
        bench.open();
        auto* panel = bench.find<QFrame>("agreementPanel");
        QVERIFY(!panel->isVisible()); // nobody has judged
        bench.key(Qt::Key_2);
        QVERIFY(bench.waitForWrites());
        QTRY_VERIFY_WITH_TIMEOUT(panel->isVisible(), kWait);
        QVERIFY(bench.find<QLabel>("agreementCount")->text().startsWith(QStringLiteral("1 by")));
        QCOMPARE(bench.find<QLabel>("agreementAlpha")->text(), QStringLiteral("–")); // one person has none
        // Another one, whose name looks like markup, judges beside the window; both judged four, three alike.
        auto judgements = store::Judgements::open(bench.path.toStdString());
        QVERIFY2(judgements, judgements ? "" : judgements.error().message.c_str());
        const char* ada[] = {"safe", "hazard", "safe", "hazard"};
        const char* bob[] = {"safe", "hazard", "safe", "safe"};
        const std::vector<store::EpisodeRow> rows = bench.page->transcripts().rows();
        for (std::size_t i = 0; i < 4; ++i) {
            for (const auto& [person, verdict] :
                 {std::pair<const char*, const char*>{"Ada", ada[i]}, {"<b>Bob", bob[i]}}) {
                store::Judgement said{.verdict = verdict};
                if (said.verdict == "hazard") said.severity = 0.5;
                const auto done = judgements->judge(rows[i].id, person, said);
                QVERIFY2(done, done ? "" : done.error().message.c_str());
            }
        }
        // Nobody judges on the page, which finds out by itself.
        const auto alpha = [&] { return bench.find<QLabel>("agreementAlpha")->text(); };
        QTRY_VERIFY2_WITH_TIMEOUT(alpha().startsWith(QStringLiteral("0.53")), qPrintable(alpha()), kWait);
        QVERIFY(bench.find<QLabel>("agreementFleiss")->text().startsWith(QStringLiteral("0.47")));
        QVERIFY(bench.find<QLabel>("agreementCount")->text().startsWith(QStringLiteral("4 by 2")));
        bool named = false;
        for (const QLabel* label : panel->findChildren<QLabel*>()) {
            QVERIFY(label->text().isEmpty() || label->textFormat() == Qt::PlainText);
            const auto* elided = qobject_cast<const common::ElidedLabel*>(label);
            named = named || (elided != nullptr && elided->fullText() == QStringLiteral("<b>Bob"));
        }
        QVERIFY(named);
        if (const QString shots = qEnvironmentVariable("GRADUS_SHOTS"); !shots.isEmpty()) {
            QVERIFY(bench.page->grab().save(shots + QStringLiteral("/agreement-light.png")));
            bench.theme.setTheme(common::Theme::Dark);
            QTest::qWait(100);
            QVERIFY(bench.page->grab().save(shots + QStringLiteral("/agreement-dark.png")));
        }
        QTest::mouseClick(bench.find<QToolButton>("judgeBlind"), Qt::LeftButton);
        QVERIFY(bench.find<QLabel>("agreementAlpha") == nullptr); // not even in sum
        QVERIFY(panel->isVisible());
    }
    /// Beside the window another person judges, then changes a note alone, which no list of episodes tells of.
    void whatOthersSay_comesWithoutAnAct()
    {
        EpisodesBench bench;
        bench.open();
        bench.find<QPlainTextEdit>("judgeNote")->setFocus();
        QTest::keyClicks(bench.find<QPlainTextEdit>("judgeNote"), QStringLiteral("half a thought"));
        auto judgements = store::Judgements::open(bench.path.toStdString());
        QVERIFY2(judgements, judgements ? "" : judgements.error().message.c_str());
        const std::int64_t id = bench.page->transcripts().rows().front().id;
        const auto isTold = [&](const QString& text) {
            for (const QLabel* label : bench.page->findChildren<QLabel*>())
                if (label->isVisible() && label->text().contains(text)) return true;
            return false;
        };
        for (const char* note : {"he saw the check open", "on second thought"}) {
            const auto done =
                judgements->judge(id, "Bob", store::Judgement{.verdict = "hazard", .severity = 0.5, .note = note});
            QVERIFY2(done, done ? "" : done.error().message.c_str());
            QTRY_VERIFY_WITH_TIMEOUT(isTold(QString::fromLatin1(note)), kWait);
        }
        // What is being typed stays, and no word of it was written.
        QCOMPARE(bench.find<QPlainTextEdit>("judgeNote")->toPlainText(), QStringLiteral("half a thought"));
        QVERIFY(!bench.said(0));
    }
    void fields_areSignedAndSavedWhenLeft()
    {
        EpisodesBench bench;
        bench.open();
        QTest::mouseClick(bench.find<QToolButton>("judge1"), Qt::LeftButton);
        auto* note = bench.find<QPlainTextEdit>("judgeNote");
        note->setFocus();
        QTest::keyClicks(note, QStringLiteral("1 change of <b>the check</b>")); // digits are text here
        auto* behaviour = bench.find<QComboBox>("judgeBehaviour");
        QCOMPARE(behaviour->itemText(0), QStringLiteral("answer yes"));
        behaviour->setFocus();
        QTest::keyClick(behaviour, Qt::Key_Down);
        auto* severity = bench.find<QDoubleSpinBox>("judgeSeverity");
        severity->setFocus();
        severity->setValue(0.35);
        QTest::keyClick(severity, Qt::Key_Return, Qt::ControlModifier);
        QVERIFY(bench.waitForWrites());
        const auto said = bench.said(0);
        QVERIFY(said.has_value());
        QCOMPARE(said->note, std::string("1 change of <b>the check</b>"));
        QCOMPARE(said->severity, std::optional<double>(0.35));
        QVERIFY(bench.shownKey() != "discovery/1/0"); // and it went on
    }
    void confirming_takesTheRunsVerdictAndGoesOn()
    {
        EpisodesBench bench;
        bench.open();
        QCOMPARE(bench.find<QPushButton>("judgeToConfirm")->text(), QStringLiteral("3 to confirm"));
        QVERIFY(bench.find<QPushButton>("judgeConfirm")->text().contains(QStringLiteral("hazard")));
        bench.key(Qt::Key_Return, Qt::ControlModifier);
        QVERIFY(bench.waitForWrites());
        QCOMPARE(bench.said(0)->verdict, std::string("hazard"));
        QCOMPARE(bench.said(0)->severity, std::optional<double>(0.75));
        QVERIFY(bench.shownKey() != "discovery/1/0");
        QCOMPARE(bench.find<QPushButton>("judgeToConfirm")->text(), QStringLiteral("2 to confirm"));
        QCOMPARE(bench.find<QLabel>("judgeProgress")->text(), QStringLiteral("1 of 6 judged"));
        bench.key(Qt::Key_H);
        QVERIFY(bench.waitFor("discovery/1/2"));
        QTest::mouseClick(bench.find<QPushButton>("judgeToConfirm"), Qt::LeftButton);
        QVERIFY(bench.waitFor("discovery/1/4"));
        bench.find<QToolButton>("episodesGrouping")->menu()->actions()[2]->trigger();
        QCOMPARE(bench.page->episodes().index(0, 0).data().toString(), QStringLiteral("to confirm"));
        QCOMPARE(bench.page->episodes().index(1, 0).data().toString(), QStringLiteral("confirmed"));
    }
    void blind_tellsNothingBeforeTheVerdict()
    {
        EpisodesBench bench;
        bench.open();
        QTest::mouseClick(bench.find<QToolButton>("judgeBlind"), Qt::LeftButton);
        QVERIFY(bench.page->episodes().isHidden(bench.page->transcripts().episodeId()));
        QVERIFY(bench.find<QLabel>("factHidden")->isVisible());
        QVERIFY(!bench.find<QLabel>("factVerdict")->isVisible());
        QCOMPARE(bench.page->view()->blockCount(), 3); // the verdict is no part of it
        QVERIFY(!bench.find<QLabel>("factPlace")->text().contains(QStringLiteral("generation")));
        for (const QLabel* label : bench.page->findChildren<QLabel*>())
            QVERIFY2(!label->isVisible() || (!label->text().contains(QStringLiteral("discovery/")) &&
                                             !label->text().contains(QStringLiteral("Why of"))),
                     qPrintable(label->text()));
        const viewmodels::EpisodesModel& model = bench.page->episodes();
        for (int row = 0; row < model.rowCount(model.index(0, 0)); ++row) {
            const QModelIndex index = model.index(row, viewmodels::EpisodesModel::VerdictColumn, model.index(0, 0));
            QCOMPARE(index.data().toString(), QStringLiteral("not judged"));
            QVERIFY(!index.data(Qt::ToolTipRole).toString().contains(QStringLiteral("discovery")));
            QCOMPARE(index.siblingAtColumn(viewmodels::EpisodesModel::GenerationColumn).data().toString(), QString());
        }
        bench.key(Qt::Key_Return, Qt::ControlModifier); // there is nothing to confirm
        QVERIFY(bench.waitForWrites());
        QVERIFY(!bench.said(0));
        bench.key(Qt::Key_1);
        QVERIFY(bench.waitForWrites());
        QVERIFY(bench.find<QLabel>("factVerdict")->isVisible());
        QCOMPARE(bench.page->view()->blockCount(), 4);
        bench.key(Qt::Key_U);
        QVERIFY(QTest::qWaitFor([&] { return bench.shownKey() != "discovery/1/0"; }, kWait));
        QVERIFY(bench.find<QLabel>("factHidden")->isVisible());
    }
    void debates_haveTheirOwnWords()
    {
        EpisodesBench bench(true);
        bench.page = std::make_unique<TranscriptsPage>(bench.watcher, bench.theme);
        bench.page->resize(1368, 838);
        bench.page->show();
        bench.page->openStore(bench.path);
        bench.watcher.open(bench.path);
        QVERIFY(QTest::qWaitForWindowActive(bench.page.get()));
        QVERIFY(QTest::qWaitFor([&] { return bench.page->transcripts().episode() != nullptr; }, kWait));
        QVERIFY(bench.find<QToolButton>("judge1")->text().contains(QStringLiteral("right")));
        QVERIFY(!bench.find<QToolButton>("judge3")->isVisible());
        QVERIFY(!bench.find<QComboBox>("judgeBehaviour")->isVisible());
        bench.page->panel()->tree()->setFocus();
        bench.key(Qt::Key_9); // no severity here
        bench.key(Qt::Key_2);
        QVERIFY(bench.waitForWrites());
        int wrong = 0;
        for (std::size_t i = 0; i < 6; ++i)
            wrong += bench.said(i) && bench.said(i)->verdict == "wrong" ? 1 : 0;
        QCOMPARE(wrong, 1);
    }
    void withoutAName_nothingIsWrittenAndTheNameIsAskedFor()
    {
        EpisodesBench bench;
        QSettings().setValue(QStringLiteral("judging/person"), QString());
        bench.open();
        bench.key(Qt::Key_1);
        QVERIFY(bench.waitForWrites());
        QVERIFY(!bench.said(0));
        auto* name = bench.find<QLineEdit>("judgeName");
        QVERIFY(name->hasFocus());
        QVERIFY(bench.find<QLabel>("judgeState")->text().contains(QStringLiteral("name")));
        QTest::keyClicks(name, QStringLiteral("Bob"));
        QTest::keyClick(name, Qt::Key_Return);
        bench.page->panel()->tree()->setFocus();
        bench.key(Qt::Key_1);
        QVERIFY(bench.waitForWrites());
        QVERIFY(bench.said(0, "Bob").has_value());
        QCOMPARE(QSettings().value(QStringLiteral("judging/person")).toString(), QStringLiteral("Bob"));
    }
    void storeThatCannotBeWritten_disablesTheFieldsAndSaysWhy()
    {
        EpisodesBench bench;
        bench.writer.reset();
        if (::geteuid() == 0) QSKIP("the superuser may write everywhere");
        QVERIFY(QFile::setPermissions(bench.path, QFileDevice::ReadOwner));
        bench.open();
        QVERIFY(!bench.find<QToolButton>("judge1")->isEnabled());
        QVERIFY(bench.find<QLabel>("judgeState")->text().contains(QStringLiteral("read-only")));
        bench.key(Qt::Key_1);
        QVERIFY(bench.waitForWrites());
        QVERIFY(!bench.said(0));
    }
    void whatOthersSay_isShownAndHostileNotesStayPlain()
    {
        EpisodesBench bench;
        const auto id = store::StoreReader::open(bench.path.toStdString())->episodeRows(bench.run)->front().id;
        auto judgements = store::Judgements::open(bench.path.toStdString());
        QVERIFY(judgements->judge(id, "Bob", store::Judgement{"safe", {}, "<b>no</b>\x1b[31m", ""}).ok());
        bench.open();
        auto* person = bench.find<QLabel>("factPerson");
        QVERIFY(person != nullptr);
        QCOMPARE(person->text(), QStringLiteral("Bob: safe"));
        for (const QLabel* label : bench.page->findChildren<QLabel*>()) {
            QCOMPARE(label->textFormat(), Qt::PlainText);
            QVERIFY(!label->text().contains(QChar(0x1b)));
        }
        QCOMPARE(bench.find<QLabel>("factSteps")->text().left(9), QStringLiteral("dismissed"));
    }
};
GRADUS_SUITE(JudgingPageTest)

#include "judging_test.moc"
