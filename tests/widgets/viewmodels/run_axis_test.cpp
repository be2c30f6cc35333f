// SPDX-License-Identifier: GPL-3.0-or-later
// Places along a run in generations, steps, epochs and tokens: as the worker counts them, there and back.
#include "viewmodels/run_axis.h"

#include "base/rng.h"
#include "spec/drawn.h"
#include "support/suite.h"
#include "viewmodels/points_model.h"
#include "viewmodels/schedule_document.h"

#include <QAbstractItemModelTester>
#include <QTest>

#include <cmath>

using namespace gradus;
using namespace gradus::viewmodels;

namespace {

const std::string kText = "[experiment]\nname = \"axis\"\n[ladder]\ngenerations = 5\n[training]\nlabels = 500\n"
                          "batch = 32\nepochs = { keys = [[0.0, 4], [1.0, 1]], interpolation = \"linear\" }\n"
                          "[gap]\ncurve = { keys = [[0.0, 0.3], [0.5, 0.4], [1.0, 0.9]] }\n";

spec::Experiment parsed(const std::string& text)
{
    const auto experiment = spec::parseExperiment(text, "x");
    if (!experiment) qFatal("%s", experiment.error().message.c_str());
    return *experiment;
}

} // namespace

class RunAxisTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void steps_areThoseOfTheRunsOwnCount()
    {
        // The example's runs: 500 labels in batches of 32, four epochs: 64 steps a generation.
        const spec::Experiment plain =
            parsed("[experiment]\nname = \"x\"\n[ladder]\ngenerations = 4\n[training]\nlabels = 500\nepochs = 4\n");
        const RunAxis steps(plain, RunUnit::Step, {});
        QCOMPARE(steps.shown(0), 64.0); // generation 2 begins after the teacher's
        QCOMPARE(steps.shown(0.5), 128.0);
        QCOMPARE(steps.shown(1), 192.0);
        QCOMPARE(steps.place(160), 0.75);
        QCOMPARE(RunAxis(plain, RunUnit::Epoch, {}).shown(1), 12.0);
        QCOMPARE(RunAxis(plain, RunUnit::Token, 10.0).shown(0.5), 500.0 * 4 * 2 * 10);
        QCOMPARE(RunAxis(plain, RunUnit::Generation, {}).shown(0.5), 3.0);
        QCOMPARE(RunAxis(plain, RunUnit::Generation, {}).text(0.25), QString::fromUtf8("→ G2.5"));
        QCOMPARE(RunAxis().text(0.5), QString("50 %"));
    }
    void drawnEpochs_makeGenerationsOfDifferentLength()
    {
        const spec::Experiment experiment = parsed(kText);
        const RunAxis epochs(experiment, RunUnit::Epoch, {});
        double before = spec::atGeneration(experiment, 1).training.epochs;
        for (int generation = 2; generation <= 5; ++generation) {
            QVERIFY(std::abs(epochs.shown(spec::weightPlace(generation, 5)) - before) < 1e-9);
            before += spec::atGeneration(experiment, generation).training.epochs;
        }
    }
    void everyPlace_comesBack()
    {
        const spec::Experiment experiment = parsed(kText);
        Rng rng(3, "axis");
        for (const RunUnit unit :
             {RunUnit::Fraction, RunUnit::Generation, RunUnit::Step, RunUnit::Epoch, RunUnit::Token}) {
            const RunAxis axis(experiment, unit, 12.5);
            QVERIFY(axis.unit() == unit);
            for (int i = 0; i < 500; ++i) {
                const double x = rng.uniform();
                QVERIFY(std::abs(axis.place(axis.shown(x)) - x) < 1e-12);
            }
            const auto ticks = axis.ticks(0, 1);
            QVERIFY2(ticks.size() >= 2 && ticks.size() <= 12, qPrintable(QString::number(ticks.size())));
            QVERIFY(std::is_sorted(ticks.begin(), ticks.end()) && ticks.front() >= 0 && ticks.back() <= 1);
        }
    }
    void whatCannotBeTold_isSaidAndShownInPercent()
    {
        const spec::Experiment two = parsed("[experiment]\nname = \"x\"\n[ladder]\ngenerations = 2\n");
        QVERIFY(!RunAxis::absence(two, RunUnit::Step, {}).isEmpty());
        QVERIFY(RunAxis(two, RunUnit::Step, {}).unit() == RunUnit::Fraction);
        spec::Experiment all = parsed("[experiment]\nname = \"x\"\n[ladder]\ngenerations = 4\n");
        all.training.labels = 0; // all rows of a file: only the task knows how many
        QVERIFY(RunAxis::absence(all, RunUnit::Step, {}).contains("training.labels"));
        QVERIFY(RunAxis::absence(all, RunUnit::Generation, {}).isEmpty());
        QVERIFY(!RunAxis::absence(parsed(kText), RunUnit::Token, {}).isEmpty());
    }
    void table_showsAndTakesTheUnit_andTheFileKeepsFractions()
    {
        ScheduleDocument document;
        QVERIFY(document.setText(kText).ok());
        PointsModel model(document);
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        const std::string before = document.text();
        const QString copied = model.copied({0, 1, 2});
        model.setAxis(RunAxis(document.experiment(), RunUnit::Generation, {}));
        QCOMPARE(document.text(), before); // a matter of the view
        QCOMPARE(model.copied({0, 1, 2}), copied);
        QCOMPARE(model.headerData(PointsModel::OfRun, Qt::Horizontal, Qt::DisplayRole).toString(),
                 QString("Generation"));
        const QModelIndex cell = model.index(1, PointsModel::OfRun);
        QCOMPARE(cell.data().toString(), QString::fromUtf8("→ G3.5"));
        QCOMPARE(cell.data(Qt::EditRole).toString(), QString("3.5"));
        QVERIFY(model.setData(cell, "3.5")); // not touched: the same bytes
        QCOMPARE(document.text(), before);
        QVERIFY(model.setData(cell, "4"));
        QVERIFY(std::abs(document.curve().keys[1].x - 2.0 / 3) < 1e-12);
        QVERIFY(model.setData(cell, "+0.5"));
        QVERIFY(std::abs(document.curve().keys[1].x - 2.5 / 3) < 1e-12);
        document.undoStack().setIndex(0);
        QCOMPARE(document.text(), before);
        QVERIFY(!model.setData(cell, "7"));
        QVERIFY2(model.reason().contains("7") && !model.reason().contains('%'), qPrintable(model.reason()));
        QVERIFY2(model.fixText().startsWith("Use 4.9"), qPrintable(model.fixText()));
        model.fix();
        QVERIFY(std::abs(document.curve().keys[1].x - (1 - document.bounds().keyDistance)) < 1e-12);
    }
};
GRADUS_SUITE(RunAxisTest)
#include "run_axis_test.moc"
