// SPDX-License-Identifier: GPL-3.0-or-later
// Which axes runs get, and what stands on them.
#include "support/compared_runs.h"
#include "support/suite.h"
#include "viewmodels/parallel_axes.h"

#include <QTest>

#include <cmath>

using namespace gradus;
using namespace gradus::viewmodels;

class ParallelAxesTest : public QObject
{
    Q_OBJECT

    static ComparedData data(std::vector<compare::ComparedRun> runs)
    {
        ComparedData made;
        made.runs = std::move(runs);
        made.grouping = compare::grouped(made.runs);
        return made;
    }
    static qsizetype placeOf(const ParallelData& data, const QString& id)
    {
        for (qsizetype i = 0; i < data.axes.size(); ++i)
            if (data.axes[i].id == id) return i;
        return -1;
    }

private Q_SLOTS:
    void keysThatDiffer_andFiguresThatVary_areAxes()
    {
        const auto value = [](double gap) {
            return [gap](spec::Experiment& experiment) { experiment.gap.value = gap; };
        };
        const ParallelData made = parallelData(data({tests::comparedRun("fixed", 1, 0.7, 0.2, value(0.3)),
                                                     tests::comparedRun("fixed", 2, 0.8, 0.2, value(0.3)),
                                                     tests::comparedRun("fixed", 1, 0.6, 0.2, value(0.9)),
                                                     tests::comparedRun("schedule", 1, 0.9, 0.2, value(0.6))}));
        QCOMPARE(made.runs.size(), 4);
        const qsizetype gap = placeOf(made, QStringLiteral("gap.value"));
        const qsizetype controller = placeOf(made, QStringLiteral("gap.controller"));
        const qsizetype utility = placeOf(made, QStringLiteral("utility/competence"));
        QVERIFY(gap >= 0 && controller >= 0 && utility > gap && utility > controller);
        QVERIFY(placeOf(made, QStringLiteral("imitation/rate")) < 0); // all alike
        QVERIFY(placeOf(made, QStringLiteral("pgr")) < 0);            // nobody has one
        QVERIFY(!made.axes[gap].isFigure && made.axes[utility].isFigure);
        QCOMPARE(made.axes[gap].low, 0.3);
        QCOMPARE(made.axes[gap].high, 0.9);
        QCOMPARE(made.axes[controller].words.size(), 2);
        QCOMPARE(made.axes[utility].low, 0.6);
        QCOMPARE(made.axes[utility].high, 0.9);
        QCOMPARE(made.axes[utility].highText, QStringLiteral("0.900"));
        QCOMPARE(made.runs[0].values[gap], 0.3);
        QCOMPARE(made.runs[1].group, made.runs[0].group);
        QCOMPARE(made.runs[0].values[utility], 0.7);
        QVERIFY(made.runs[0].name.contains(QStringLiteral("seed 1")));
        QCOMPARE(made.axes[controller].words[int(made.runs[3].values[controller])], QStringLiteral("\"schedule\""));
    }
    void infiniteAndMissingFigures_areGaps()
    {
        auto broken = tests::comparedRun("fixed", 2, 0.8, 0.2);
        broken.detail.generations.back().imitation = Estimate{std::nan(""), 0, 0, 1};
        broken.detail.generations.back().memorisation = Estimate{HUGE_VAL, 0, 0, 1};
        auto third = tests::comparedRun("fixed", 3, 0.9, 0.4);
        const ParallelData made = parallelData(data({tests::comparedRun("fixed", 1, 0.7, 0.2), broken, third}));
        const qsizetype imitation = placeOf(made, QStringLiteral("imitation/rate"));
        QVERIFY(imitation >= 0);
        QVERIFY(std::isnan(made.runs[1].values[imitation]));
        QCOMPARE(made.axes[imitation].high, 0.4);
        QVERIFY(placeOf(made, QStringLiteral("memorisation")) < 0);
    }
    void aRepeatedRun_isOneLine()
    {
        auto again = tests::comparedRun("fixed", 1, 0.7, 0.2);
        again.detail.run.id = 77;
        const ParallelData made = parallelData(data({tests::comparedRun("fixed", 1, 0.7, 0.2), again}));
        QCOMPARE(made.runs.size(), 1);
        QCOMPARE(made.runs[0].run, std::int64_t{77}); // the newer one
    }
};
GRADUS_SUITE(ParallelAxesTest)
#include "parallel_axes_test.moc"
