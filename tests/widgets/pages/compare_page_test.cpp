// SPDX-License-Identifier: GPL-3.0-or-later
// The Compare page over a real store: real eyes, keys and clicks, and figures against those computed by hand.
#include "compare_bench.h"

#include "pages/compare/charts_tab.h"
#include "pages/compare/compare_legend.h"
#include "pages/compare/diff_tab.h"
#include "pages/compare/heat_map.h"
#include "pages/compare/options_bar.h"
#include "pages/compare/relations_tab.h"
#include "pages/compare/schedule_overlay.h"
#include "pages/compare/summary_table.h"
#include "pages/compare/table_tab.h"
#include "pages/shared/runs_tree.h"

#include <QCheckBox>
#include <QComboBox>
#include <QElapsedTimer>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QTableWidget>
#include <QTimer>
#include <QToolButton>

#include <algorithm>
#include <cmath>

using namespace gradus;
using pages::ComparePage;
using tests::CompareBench;
using tests::kWait;

class ComparePageTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void newestExperiment_isComparedAtFirst()
    {
        CompareBench bench;
        bench.page.show();
        QVERIFY(bench.settle(6));
        QCOMPARE(bench.page.comparison().data().grouping.groups.size(), std::size_t(2));
        const auto groups = bench.page.legend()->groups();
        QCOMPARE(groups.size(), 2);
        QCOMPARE(groups[0].name, QStringLiteral("fixed"));
        QCOMPARE(groups[0].runs, 3);
        QVERIFY(groups[0].baseline && !groups[1].baseline);
        QVERIFY(groups[0].style != groups[1].style);
        QVERIFY(bench.page.legend()->accessibleName().startsWith("differs only in gap.controller"));
    }
    void means_areOverAllRunsWhateverElseIsShown()
    {
        CompareBench bench;
        bench.page.show();
        QVERIFY(bench.settle(6));
        const auto* card = bench.page.charts()->card("utility/competence");
        QVERIFY(card);
        const auto fixed = card->curves().groups.first();
        // The last evaluation of each fixed run, read from the store itself.
        double sum = 0;
        for (int i = 0; i < 3; ++i)
            sum += *bench.page.comparison().data().runs[static_cast<std::size_t>(i)].detail.run.lastUtility;
        QVERIFY(std::abs(fixed.curve.centre.back() - sum / 3) < 1e-12);
        QCOMPARE(fixed.curve.n.back(), 3);
        QVERIFY(bench.page.choice().setData(bench.groupNamed("schedule"), Qt::Unchecked, Qt::CheckStateRole));
        QVERIFY(bench.settle(3));
        const auto alone = bench.page.charts()->card("utility/competence")->curves().groups.first();
        QVERIFY2(
            alone.curve.centre == fixed.curve.centre ||
                [&] {
                    for (std::size_t i = 0; i < alone.curve.centre.size(); ++i)
                        if (!(alone.curve.centre[i] == fixed.curve.centre[i]) && !std::isnan(fixed.curve.centre[i]))
                            return false;
                    return alone.curve.centre.size() == fixed.curve.centre.size();
                }(),
            "hiding one group must not change another");
        QCOMPARE(alone.curve.n, fixed.curve.n);
    }
    void eyes_areToggledByClickAndBySpace()
    {
        CompareBench bench;
        bench.page.show();
        QVERIFY(QTest::qWaitForWindowExposed(&bench.page));
        QVERIFY(bench.settle(6));
        auto* tree = bench.page.findChild<pages::RunsTree*>("choiceTree");
        const QModelIndex group = bench.groupNamed("schedule");
        tree->expand(group);
        const QModelIndex run = bench.page.choice().index(0, 0, group);
        tree->scrollTo(run);
        const QRect cell = tree->visualRect(run);
        QTest::mouseClick(tree->viewport(), Qt::LeftButton, {}, QPoint(cell.left() + 10, cell.center().y()));
        QCOMPARE(run.data(Qt::CheckStateRole).toInt(), int(Qt::Unchecked));
        QCOMPARE(group.data(Qt::CheckStateRole).toInt(), int(Qt::PartiallyChecked));
        QVERIFY(bench.settle(5));
        tree->setCurrentIndex(run);
        tree->setFocus();
        QTest::keyClick(tree, Qt::Key_Space);
        QCOMPARE(run.data(Qt::CheckStateRole).toInt(), int(Qt::Checked));
        QVERIFY(bench.settle(6));
    }
    void choiceSurvivesTheFilter()
    {
        CompareBench bench;
        bench.page.show();
        QVERIFY(bench.settle(6));
        auto* filter = bench.page.findChild<QLineEdit*>("choiceFilter");
        filter->setText("seed = 1");
        QTest::keyClick(filter, Qt::Key_Return);
        QCOMPARE(bench.page.choice().rowCount(bench.groupNamed("fixed")), 1);
        QCOMPARE(bench.page.choice().chosen().size(), 6);
        QVERIFY(bench.page.isReady());
        QCOMPARE(bench.page.comparison().data().runs.size(), std::size_t(6));
    }
    void whatIsMeasuredOnceARun_standsInRows()
    {
        CompareBench bench;
        bench.page.show();
        QVERIFY(bench.settle(6));
        const pages::CurveCard* card = bench.page.charts()->card("utility/competence");
        QVERIFY(card->once()->isHidden() && !card->chart()->isHidden()); // a curve of three generations
        const auto once = tests::addSampleExperiment(*bench.writer, "once", {"fixed", "schedule"}, {1, 2, 3}, 1);
        for (std::size_t i = 0; i < once.size(); ++i)
            tests::writeFinishedRun(*bench.writer, {.runId = once[i],
                                                    .generations = 1,
                                                    .stepsPerGeneration = 20,
                                                    .evaluationsPerGeneration = 1,
                                                    .seed = static_cast<std::int64_t>(i + 1)});
        QVERIFY(bench.writer->flush());
        bench.page.choose({once.begin(), once.end()});
        QVERIFY(QTest::qWaitFor(
            [&] {
                const auto& data = bench.page.comparison().data();
                return bench.page.isReady() && data.runs.size() == 6 &&
                       data.runs.front().detail.run.experimentName == "once";
            },
            kWait));
        card = bench.page.charts()->card("utility/competence");
        QVERIFY(!card->once()->isHidden() && card->chart()->isHidden() && card->counts()->isHidden());
        QCOMPARE(card->once()->rows().size(), 2);
        const plot::ForestRow& row = card->once()->rows().first();
        QCOMPARE(row.points.size(), 3);
        QVERIFY(std::abs(row.centre - (row.points[0] + row.points[1] + row.points[2]) / 3) < 1e-12);
        QVERIFY(row.low < row.centre && row.centre < row.high);
        QVERIFY(bench.page.charts()->card("train/loss")->once()->isHidden()); // every step has one
    }
    void nothingChosen_saysWhatToDo()
    {
        CompareBench bench;
        bench.page.show();
        QVERIFY(bench.settle(6));
        bench.page.choose({});
        QVERIFY(bench.settle(0));
        QPushButton* button = nullptr;
        for (QPushButton* one : bench.page.findChildren<QPushButton*>())
            if (one->isVisible() && one->text() == "Compare the newest experiment") button = one;
        QVERIFY(button && button->isVisible());
        QTest::mouseClick(button, Qt::LeftButton);
        QVERIFY(bench.settle(6));
    }
    void oneRun_hasNoBandAndNoBaseline()
    {
        CompareBench bench;
        bench.page.show();
        QVERIFY(bench.settle(6));
        bench.page.choose({bench.ids[0]});
        QVERIFY(bench.settle(1));
        const auto curve = bench.page.charts()->card("utility/competence")->curves().groups.first().curve;
        QVERIFY(std::all_of(curve.low.begin(), curve.low.end(), [](double low) { return std::isnan(low); }));
        QCOMPARE(bench.page.options()->options().baseline, -1);
        QVERIFY(!bench.page.findChild<QToolButton*>("compareDifference")->isEnabled());
        QVERIFY2(bench.page.diff()->keys().rowCount() > 20, "one group shows all its keys");
    }
    void difference_subtractsTheBaselineSeedBySeed()
    {
        CompareBench bench;
        bench.page.show();
        QVERIFY(bench.settle(6));
        const auto& values = bench.page.charts()->card("utility/competence")->curves();
        const double gap = values.groups[1].curve.centre.back() - values.groups[0].curve.centre.back();
        QTest::keyClick(&bench.page, Qt::Key_D);
        QTRY_VERIFY_WITH_TIMEOUT(bench.page.isReady() &&
                                     bench.page.charts()->card("utility/competence")->curves().groups.size() == 1,
                                 kWait);
        const auto& curve = bench.page.charts()->card("utility/competence")->curves().groups.first();
        QCOMPARE(curve.group, 1);
        QVERIFY(std::abs(curve.curve.centre.back() - gap) < 1e-12);
        QVERIFY2(curve.curve.low.back() < gap && curve.curve.high.back() > gap, "the band is that of the differences");
    }
    void tabs_turnByTheirNumbers()
    {
        CompareBench bench;
        bench.page.show();
        QVERIFY(bench.settle(6));
        bench.page.setFocus();
        for (int tab = ComparePage::TabCount - 1; tab >= 0; --tab) {
            QTest::keyClick(&bench.page, static_cast<Qt::Key>(Qt::Key_1 + tab));
            QCOMPARE(int(bench.page.tab()), tab);
        }
        QCOMPARE(ComparePage::tabNames().size(), int(ComparePage::TabCount));
    }
    void diff_showsWhatDiffersAndFindsTheRest()
    {
        CompareBench bench;
        bench.page.show();
        QVERIFY(bench.settle(6));
        bench.page.setTab(ComparePage::Diff);
        viewmodels::DiffModel& keys = bench.page.diff()->keys();
        QCOMPARE(keys.rowCount(), 1);
        QCOMPARE(keys.index(0, 0).data().toString(), QStringLiteral("gap.controller"));
        QCOMPARE(keys.index(0, 2).data().toString(), QStringLiteral("\"schedule\""));
        QVERIFY(keys.index(0, 2).data(viewmodels::DiffModel::ChangedRole).toBool());
        QVERIFY(!bench.page.findChild<QWidget*>("confoundChip")->isVisible());
        bench.page.findChild<QCheckBox*>("differencesOnly")->click();
        QVERIFY(keys.rowCount() > 20);
        auto* search = bench.page.findChild<QLineEdit*>("diffSearch");
        QTest::keyClicks(search, "training.epochs");
        QCOMPARE(keys.rowCount(), 1);
        QVERIFY(bench.page.findChild<QLabel*>("diffCount")->text().startsWith("1 of "));
    }
    void diff_warnsOfKeysThatNoSweepVaried()
    {
        CompareBench bench;
        bench.page.show();
        QVERIFY(bench.settle(6));
        bench.page.choose({bench.older[0], bench.ids[0], bench.ids[3]});
        QVERIFY(bench.settle(3));
        bench.page.setTab(ComparePage::Diff);
        auto* chip = bench.page.findChild<QLabel*>("confoundChip");
        QVERIFY(chip->isVisible());
        QVERIFY2(chip->toolTip().contains("ladder.generations"), qPrintable(chip->toolTip()));
    }
    void schedules_areOverlaidAndRanked()
    {
        CompareBench bench;
        bench.page.show();
        QVERIFY(bench.settle(6));
        bench.page.setTab(ComparePage::Diff);
        auto* overlay = bench.page.diff()->overlay();
        QCOMPARE(overlay->ranking()->rowCount(), 1);
        QCOMPARE(overlay->ranking()->item(0, 0)->text(), QStringLiteral("gap"));
        QVERIFY2(overlay->sentence().startsWith("gap differs most"), qPrintable(overlay->sentence()));
        QCOMPARE(overlay->chart()->series().size(), 2);
        overlay->second()->setCurrentIndex(overlay->first()->currentIndex());
        QCOMPARE(overlay->ranking()->rowCount(), 0);
        QCOMPARE(overlay->sentence(), QStringLiteral("The schedules of these two are equal."));
    }
    void plane_hasEveryRunAndTheFrontThatNoneBeats()
    {
        CompareBench bench;
        bench.page.show();
        QVERIFY(bench.settle(6));
        bench.page.setTab(ComparePage::Relations);
        const auto* plane = bench.page.relations()->plane();
        QCOMPARE(plane->clouds().size(), 2);
        QVector<QPointF> all;
        for (const plot::Cloud& cloud : plane->clouds()) {
            QCOMPARE(cloud.points.size(), 3);
            QCOMPARE(cloud.path.size(), 3);
            all += cloud.points;
        }
        QVERIFY(!plane->front().isEmpty());
        for (const QPointF& best : plane->front())
            for (const QPointF& other : all)
                QVERIFY2(!(other.x() < best.x() && other.y() > best.y()), "a run beats one of the front");
        for (const QPointF& one : all) {
            const bool beaten = std::any_of(all.begin(), all.end(), [&](const QPointF& other) {
                return other.x() <= one.x() && other.y() >= one.y() && other != one;
            });
            QCOMPARE(plane->front().contains(one), !beaten);
        }
    }
    void sweep_isAGridOfMeans()
    {
        CompareBench bench;
        bench.page.show();
        QVERIFY(bench.settle(6));
        bench.page.setTab(ComparePage::Relations);
        const viewmodels::SweepGrid& grid = bench.page.relations()->heat()->grid();
        QCOMPARE(grid.rows, (QStringList{"fixed", "schedule"}));
        QCOMPARE(grid.columns, (QStringList{"1", "2", "3"}));
        QCOMPARE(*grid.at(1, 2).mean, *bench.page.comparison().data().runs[5].detail.run.lastUtility);
        bench.page.findChild<QComboBox*>("heatColumns")->setCurrentText("gap.controller");
        QCOMPARE(grid.at(0, 0).runs, 3);
        QVERIFY(!grid.at(0, 1).mean.has_value());
    }
    void hundredRuns_areComparedWithoutHoldingTheWindow()
    {
        CompareBench bench;
        bench.page.show();
        QVERIFY(bench.settle(6));
        std::vector<std::int64_t> seeds;
        for (std::int64_t seed = 1; seed <= 25; ++seed)
            seeds.push_back(seed);
        const auto crowd =
            tests::addSampleExperiment(*bench.writer, "crowd", {"fixed", "schedule", "jump", "pi"}, seeds);
        for (std::size_t i = 0; i < crowd.size(); ++i)
            tests::writeFinishedRun(*bench.writer, {.runId = crowd[i],
                                                    .generations = 3,
                                                    .stepsPerGeneration = 200,
                                                    .seed = static_cast<std::int64_t>(i + 1)});
        QVERIFY(bench.writer->flush());
        QTRY_COMPARE_WITH_TIMEOUT(bench.page.findChild<QLabel*>("choiceCount")->text(), QStringLiteral("100 of 108"),
                                  kWait);
        QVERIFY(bench.settle(100)); // the newest experiment is compared by itself
        bench.page.choose({});
        QVERIFY(bench.settle(0));
        // A timer that is late shows how long the event loop was held.
        QElapsedTimer since;
        qint64 longest = 0;
        QTimer pulse;
        connect(&pulse, &QTimer::timeout, this, [&] { longest = std::max(longest, since.restart()); });
        QElapsedTimer whole;
        whole.start();
        since.start();
        pulse.start(1);
        bench.page.choose(QSet<std::int64_t>(crowd.begin(), crowd.end()));
        QVERIFY(bench.settle(100));
        const qint64 ready = whole.elapsed();
        QTest::qWait(150);
        pulse.stop();
        QCOMPARE(bench.page.comparison().data().grouping.groups.size(), std::size_t(4));
        qInfo("100 runs, %lld ms from choosing to curves and table; the window was held %lld ms at most", ready,
              longest);
        QVERIFY2(ready < 4000 * tests::kPatience, "from choosing to curves");
        QVERIFY2(longest < 800 * tests::kPatience, "the event loop was held");
    }
    void themes_bothPaintEveryTab()
    {
        CompareBench bench;
        bench.page.show();
        QVERIFY(bench.settle(6));
        for (const common::Theme theme : {common::Theme::Dark, common::Theme::Light}) {
            bench.theme.setTheme(theme);
            for (int tab = 0; tab < ComparePage::TabCount; ++tab) {
                bench.page.setTab(static_cast<ComparePage::Tab>(tab));
                QTest::qWait(60);
                const QImage picture = bench.page.grab().toImage();
                QCOMPARE(picture.pixelColor(picture.width() - 3, 20), bench.theme.tokens().surface);
            }
        }
    }
};
GRADUS_SUITE(ComparePageTest)
#include "compare_page_test.moc"
