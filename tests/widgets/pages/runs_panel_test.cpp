// SPDX-License-Identifier: GPL-3.0-or-later
// The Runs dock with many thousand runs: what a new list costs the window does not grow with groups times runs.
#include "pages/live/runs_panel.h"
#include "support/suite.h"
#include "support/thread_clock.h"
#include "viewmodels/run_choice_model.h"
#include "viewmodels/runs_model.h"

#include <QApplication>
#include <QLabel>
#include <QTest>
#include <QTreeView>

using namespace gradus;

namespace {

constexpr int kRuns = 50'004;
constexpr int kExperiments = 200;
constexpr int kConditions = 104; // of an experiment
// Milliseconds of the thread, several times what a quiet core needs.
constexpr double kUpdate = 400;
constexpr double kNewPlaces = 1500; // where a run comes, all are put into groups anew

QVector<store::RunRow> manyRows()
{
    QVector<store::RunRow> rows;
    rows.reserve(kRuns);
    for (int i = 0; i < kRuns; ++i) {
        store::RunRow row;
        row.id = kRuns - i;
        row.uuid = "run-" + std::to_string(row.id);
        row.experimentName = "experiment " + std::to_string(i % kExperiments);
        row.experimentHash = row.experimentName;
        row.condition = "gap.value = 0." + std::to_string(i / kExperiments % kConditions);
        row.seed = i;
        row.state = store::RunState::Finished;
        row.lastUtility = 0.001 * (i % 1000);
        row.utilityHistory = {0.4, 0.5};
        rows.append(row);
    }
    return rows;
}

double costOf(const std::function<void()>& act)
{
    const double before = tests::threadMilliseconds();
    act();
    QCoreApplication::processEvents();
    return tests::threadMilliseconds() - before;
}

} // namespace

class RunsPanelTest : public QObject
{
    Q_OBJECT
    viewmodels::RunsModel m_model;
    common::ThemeController m_theme{*qApp, common::Theme::Light};
    QVector<store::RunRow> m_rows = manyRows();

private Q_SLOTS:
    // One run of fifty thousand reports, then all of them do, then one comes.
    void manyRuns_areFollowedWithoutAPause()
    {
        pages::RunsPanel panel(m_model, m_theme);
        viewmodels::RunChoiceModel choice(m_model);
        QTreeView compared; // the tree of Compare looks at the same runs
        compared.setModel(&choice);
        panel.resize(300, 700);
        panel.show();
        compared.show();
        QVERIFY(QTest::qWaitForWindowExposed(&panel));
        m_model.setRows(m_rows);
        QCOMPARE(m_model.rowCount(), kExperiments * kConditions);
        panel.choose(m_rows.last().id);

        m_rows[70].progress = 0.5;
        double cost = costOf([&] { m_model.setRows(m_rows); });
        QVERIFY2(cost < kUpdate * tests::kPatience, qPrintable(QString("one of many: %1 ms").arg(cost)));

        for (store::RunRow& row : m_rows)
            row.state = store::RunState::Queued;
        cost = costOf([&] { m_model.setRows(m_rows); });
        QVERIFY2(cost < kUpdate * tests::kPatience, qPrintable(QString("all: %1 ms").arg(cost)));
        QCOMPARE(panel.chosenRun(), m_rows.last().id);
        bool isCounted = false;
        for (const QLabel* label : panel.findChildren<QLabel*>())
            isCounted = isCounted || label->text().contains(QLocale().toString(kRuns) + " queued");
        QVERIFY(isCounted);

        store::RunRow newest = m_rows.first();
        newest.id = kRuns + 1;
        newest.seed = kRuns + 1;
        m_rows.prepend(newest);
        cost = costOf([&] { m_model.setRows(m_rows); });
        QVERIFY2(cost < kNewPlaces * tests::kPatience, qPrintable(QString("one more: %1 ms").arg(cost)));
        QCOMPARE(m_model.totalRuns(), kRuns + 1);

        QSet<std::int64_t> all;
        for (const store::RunRow& row : std::as_const(m_rows))
            all.insert(row.id);
        cost = costOf([&] { choice.setChosen(all); });
        QVERIFY2(cost < kUpdate * tests::kPatience, qPrintable(QString("all chosen: %1 ms").arg(cost)));
        for (store::RunRow& row : m_rows)
            row.lastUtility.reset();
        cost = costOf([&] { (void)viewmodels::usualChoice(m_rows); });
        QVERIFY2(cost < kUpdate * tests::kPatience, qPrintable(QString("nothing measured: %1 ms").arg(cost)));
    }
};

GRADUS_SUITE(RunsPanelTest)
#include "runs_panel_test.moc"
