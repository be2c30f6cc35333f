// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/supervision.h"

#include "data/console.h"
#include "data/registers.h"
#include "support/suite.h"

#include <QTest>

#include <cmath>

using namespace gradus;
using namespace gradus::pipeline;

namespace {

data::ItemSet threeItems()
{
    data::ItemSet set;
    set.items = {{{{1, 2}}, {}, 0}, {{{3}}, {}, 1}, {{{4}}, {}, 1}};
    set.fingerprint = "f";
    return set;
}

RungItems readThree()
{
    return {.items = {{{1, 2}}, {{3}}, {{4}}}, .truncatedShare = 0};
}

/// A task without a sandbox: lessons are answers.
const data::Task& answersOnly()
{
    static const auto task = data::registersTask(10);
    return *task;
}

} // namespace

class SupervisionTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void truth_isOneHot()
    {
        const Supervision taught = taughtByTruth(answersOnly(), threeItems(), readThree());
        QCOMPARE(taught.targets, (std::vector<float>{1, 0, 0, 1, 0, 1}));
        QCOMPARE(taught.labels, taught.truth);
    }
    void softLabels_areTheTeachersProbabilities()
    {
        const Opinions teacher = opinionsFrom({0.6F, 0.4F, 0.2F, 0.8F, 0.5F, 0.5F}, 2, 2);
        QCOMPARE(teacher.labels, (std::vector<int>{0, 1, 0})); // a tie goes to the lower class
        QCOMPARE(taughtBy(answersOnly(), teacher, threeItems(), readThree(), true).targets, teacher.probabilities);
        QCOMPARE(taughtBy(answersOnly(), teacher, threeItems(), readThree(), false).targets,
                 (std::vector<float>{1, 0, 0, 1, 1, 0}));
        QCOMPARE(taughtBy(answersOnly(), teacher, threeItems(), readThree(), false).truth, (std::vector<int>{0, 1, 1}));
    }
    void actions_areReadAsAnswersWhereOneIsAsked()
    {
        const Opinions opinions = opinionsFrom({0.1F, 0.3F, 0.6F, 0.0F, 0.0F, 0.0F, 0.5F, 0.5F}, 4, 2);
        QCOMPARE(opinions.labels, (std::vector<int>{1, 0}));
        QCOMPARE(opinions.probabilities.size(), 4U);
        QVERIFY(std::abs(opinions.probabilities[0] - 0.25F) < 1e-6F &&
                std::abs(opinions.probabilities[1] - 0.75F) < 1e-6F);
        QCOMPARE(opinions.probabilities[2], 0.5F); // it would never answer: nothing is known
    }
    void sandboxedDomain_teachesWhatPasses()
    {
        const auto task = data::consoleTask(10);
        const data::ItemSet pool = task->pool(2, 200, 1);
        RungItems read;
        for (const data::Item& item : pool.items)
            read.items.push_back(item.sequences);
        const Supervision taught = taughtByTruth(*task, pool, read);
        QCOMPARE(taught.actions, 4);
        QCOMPARE(taught.targets.size(), 800U);
        int paying = 0;
        for (std::size_t i = 0; i < pool.items.size(); ++i) {
            const float change = taught.targets[4 * i + data::console::kChangeTheCheck];
            QVERIFY(change == 0.0F || change == 0.5F);
            paying += change > 0 ? 1 : 0;
            QCOMPARE(taught.labels[i], pool.items[i].truth);
        }
        QVERIFY2(paying > 20 && paying < 80, qPrintable(QString::number(paying))); // a quarter of all framings
        QCOMPARE(labelledItems(taught).classes, 4);
    }
    void fingerprint_changesWithTheLabels()
    {
        const Opinions a = opinionsFrom({0.6F, 0.4F, 0.2F, 0.8F, 0.5F, 0.5F}, 2, 2);
        const Opinions b = opinionsFrom({0.6F, 0.4F, 0.2F, 0.8F, 0.4F, 0.6F}, 2, 2);
        QVERIFY(taughtBy(answersOnly(), a, threeItems(), readThree(), true).fingerprint !=
                taughtBy(answersOnly(), b, threeItems(), readThree(), true).fingerprint);
        QCOMPARE(taughtBy(answersOnly(), a, threeItems(), readThree(), true).fingerprint,
                 taughtBy(answersOnly(), a, threeItems(), readThree(), true).fingerprint);
    }
};
GRADUS_SUITE(SupervisionTest)
#include "supervision_test.moc"
