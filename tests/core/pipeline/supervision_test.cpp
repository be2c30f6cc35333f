// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/supervision.h"

#include "support/suite.h"

#include <QTest>

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

} // namespace

class SupervisionTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void truth_isOneHot()
    {
        const Supervision taught = taughtByTruth(threeItems(), readThree(), 2);
        QCOMPARE(taught.targets, (std::vector<float>{1, 0, 0, 1, 0, 1}));
        QCOMPARE(taught.labels, taught.truth);
    }
    void softLabels_areTheTeachersProbabilities()
    {
        const Opinions teacher = opinionsFrom({0.6F, 0.4F, 0.2F, 0.8F, 0.5F, 0.5F}, 2);
        QCOMPARE(teacher.labels, (std::vector<int>{0, 1, 0})); // a tie goes to the lower class
        QCOMPARE(taughtBy(teacher, threeItems(), readThree(), 2, true).targets, teacher.probabilities);
        QCOMPARE(taughtBy(teacher, threeItems(), readThree(), 2, false).targets,
                 (std::vector<float>{1, 0, 0, 1, 1, 0}));
        QCOMPARE(taughtBy(teacher, threeItems(), readThree(), 2, false).truth, (std::vector<int>{0, 1, 1}));
    }
    void fingerprint_changesWithTheLabels()
    {
        const Opinions a = opinionsFrom({0.6F, 0.4F, 0.2F, 0.8F, 0.5F, 0.5F}, 2);
        const Opinions b = opinionsFrom({0.6F, 0.4F, 0.2F, 0.8F, 0.4F, 0.6F}, 2);
        QVERIFY(taughtBy(a, threeItems(), readThree(), 2, true).fingerprint !=
                taughtBy(b, threeItems(), readThree(), 2, true).fingerprint);
        QCOMPARE(taughtBy(a, threeItems(), readThree(), 2, true).fingerprint,
                 taughtBy(a, threeItems(), readThree(), 2, true).fingerprint);
    }
};
GRADUS_SUITE(SupervisionTest)
#include "supervision_test.moc"
