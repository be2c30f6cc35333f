// SPDX-License-Identifier: GPL-3.0-or-later
// Which runs belong together, and what a group is called.
#include "support/compared_runs.h"

#include "support/suite.h"

#include <QTest>

using namespace gradus;
using namespace gradus::compare;
using tests::comparedRun;

class RunGroupsTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void seedsOfOneConfiguration_areOneGroupInTheirOrder()
    {
        const Grouping grouping = grouped({comparedRun("fixed", 3, .8, .5), comparedRun("schedule", 1, .8, .5),
                                           comparedRun("fixed", 1, .8, .5), comparedRun("fixed", 2, .8, .5)});
        QCOMPARE(grouping.groups.size(), std::size_t(2));
        QCOMPARE(grouping.groups[0].runs, (std::vector<std::size_t>{2, 3, 0}));
        QCOMPARE(grouping.groups[0].label, std::string("gap.controller = fixed"));
        QCOMPARE(grouping.differing.size(), std::size_t(1));
        QCOMPARE(grouping.differing[0].key, std::string("gap.controller"));
        QCOMPARE(grouping.differing[0].values, (std::vector<std::string>{"\"fixed\"", "\"schedule\""}));
    }
    void repeatedSeed_countsOnce()
    {
        ComparedRun old = comparedRun("fixed", 1, .8, .5);
        ComparedRun fresh = comparedRun("fixed", 1, .8, .5);
        fresh.detail.run.id = 9;
        ComparedRun going = comparedRun("fixed", 1, .7, .5);
        going.detail.run.id = 12;
        going.detail.run.progress = 0.5;
        const Grouping grouping = grouped({old, fresh, going});
        QCOMPARE(grouping.groups.size(), std::size_t(1));
        QCOMPARE(grouping.groups[0].runs, (std::vector<std::size_t>{1}));
        QCOMPARE(grouping.groups[0].repeats.size(), std::size_t(2));
    }
    void sameConditionName_isToldApartByTheFewestKeys()
    {
        const auto epochs = [](int n) {
            return [n](spec::Experiment& experiment) {
                experiment.training.epochs = n;
                experiment.training.learningRate = n == 4 ? 5e-3 : 1e-3;
            };
        };
        const Grouping grouping =
            grouped({comparedRun("fixed", 1, .8, .5, epochs(4)), comparedRun("fixed", 1, .8, .5, epochs(8))});
        QCOMPARE(grouping.groups.size(), std::size_t(2));
        QCOMPARE(grouping.differing.size(), std::size_t(2));
        QCOMPARE(grouping.groups[0].label, std::string("epochs 4"));
        QCOMPARE(grouping.groups[1].label, std::string("epochs 8"));
    }
    void conditionThatTwoGroupsHave_isNoNameOfEither()
    {
        std::vector<ComparedRun> runs;
        for (const char* controller : {"fixed", "jump", "pi"}) {
            runs.push_back(comparedRun(controller, 1, .8, .5));
            runs.back().detail.run.condition = controller[0] == 'p' ? "two" : "one";
        }
        const Grouping grouping = grouped(runs);
        QCOMPARE(*groupLabelled(grouping, "two"), std::size_t(2));
        const auto ambiguous = groupLabelled(grouping, "one");
        QVERIFY(!ambiguous && ambiguous.error().message.find(grouping.groups[1].label) != std::string::npos);
        QCOMPARE(*groupLabelled(grouping, grouping.groups[1].label), std::size_t(1));
    }
    void wholeTables_areNoNames()
    {
        const auto noisy = [](int start, const std::string& rate) {
            ComparedRun run =
                comparedRun("fixed", 1, .8, .5, [&](spec::Experiment& experiment) { experiment.ladder.start = start; });
            run.detail.run.condition = "ladder.start = " + std::to_string(start) +
                                       ", signals.source = [{ name = \"noisy, [or] not\", kind = \"synthetic\"" + rate +
                                       " }]";
            run.spec.reset();
            run.detail.run.experimentHash = rate;
            return run;
        };
        const Grouping grouping = grouped({noisy(0, ""), noisy(0, ", rate = 0.4"), noisy(3, ", rate = 0.4")});
        QCOMPARE(grouping.groups.size(), std::size_t(3));
        QCOMPARE(grouping.groups[0].label, std::string("ladder.start = 0"));
        QCOMPARE(grouping.groups[1].label, std::string("ladder.start = 0, rate = 0.4"));
        QCOMPARE(grouping.groups[2].label, std::string("ladder.start = 3, rate = 0.4"));
        // Who wrote the condition down may still ask for it.
        QCOMPARE(*groupLabelled(grouping, grouping.groups[1].condition), std::size_t(1));
        QCOMPARE(grouped({noisy(0, ""), noisy(0, ", rate = 0.4")}).groups[0].label, std::string("default"));
    }
    void unreadableConfigurations_areGroupedByConditionWithTheReason()
    {
        ComparedRun broken = comparedRun("fixed", 2, .8, .5);
        broken.detail.specToml = "[gap]\ncontroller = 7\n";
        broken = compare::comparedRun(broken.detail, {});
        QVERIFY(!broken.spec);
        QVERIFY(!broken.specError.empty());
        ComparedRun sibling = broken;
        sibling.detail.run.seed = 3;
        ComparedRun stranger = broken;
        stranger.detail.run.condition = "gap.controller = jump";
        const Grouping grouping = grouped({comparedRun("fixed", 1, .8, .5), broken, sibling, stranger});
        QCOMPARE(grouping.groups.size(), std::size_t(3));
        QCOMPARE(grouping.groups[1].runs.size(), std::size_t(2));
        QVERIFY(!grouping.groups[1].label.empty());
    }
    void oneGroup_hasNothingThatDiffers()
    {
        const Grouping grouping = grouped({comparedRun("fixed", 1, .8, .5), comparedRun("fixed", 2, .8, .5)});
        QVERIFY(grouping.differing.empty());
        QVERIFY(grouped({}).groups.empty());
    }
};
GRADUS_SUITE(RunGroupsTest)
#include "run_groups_test.moc"
