// SPDX-License-Identifier: GPL-3.0-or-later
#include "data/registers.h"

#include "support/suite.h"

#include <QTest>

#include <set>

using namespace gradus::data;

namespace {

std::set<std::vector<std::int32_t>> programsOf(const ItemSet& set)
{
    std::set<std::vector<std::int32_t>> programs;
    for (const Item& item : set.items)
        programs.insert(item.sequences.front());
    return programs;
}

template <typename Set>
bool disjoint(const Set& a, const Set& b)
{
    for (const auto& value : a)
        if (b.contains(value)) return false;
    return true;
}

} // namespace

class RegistersTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void states_followAHandComputedProgram()
    {
        using namespace registers;
        // 3 +5=1 *4=4 max2=4 max6=6 *6=1 +1=2
        const Program program{kBegin, 3, kAdd, 5, kMultiply, 4, kMax, 2, kMax, 6, kMultiply, 6, kAdd, 1};
        const std::array<std::int32_t, kOperations> expected{1, 4, 4, 6, 1, 2};
        QCOMPARE(states(program), expected);
        QCOMPARE(truth(program), 1);
        const Program other{kBegin, 3, kAdd, 5, kMultiply, 4, kMax, 2, kMax, 6, kMultiply, 6, kAdd, 0};
        QCOMPARE(truth(other), 0);
    }
    void test_isTwoThousandFixedBalancedItems()
    {
        const auto task = registersTask();
        const ItemSet set = task->test();
        QCOMPARE(set.items.size(), 2000U);
        QCOMPARE(programsOf(set).size(), 2000U);
        QCOMPARE(set.fingerprint, registersTask()->test().fingerprint);
        double yes = 0;
        for (const Item& item : set.items)
            yes += item.truth;
        QVERIFY(yes / 2000 > 0.46 && yes / 2000 < 0.54);
    }
    void smallerTest_isAPrefixOfTheLargerOne()
    {
        const ItemSet all = registersTask()->test();
        const ItemSet some = registersTask(50)->test();
        QCOMPARE(some.items.size(), 50U);
        for (std::size_t i = 0; i < 50; ++i)
            QCOMPARE(some.items[i].sequences, all.items[i].sequences);
    }
    void sequences_haveKnownTokensOnly()
    {
        const auto task = registersTask(100);
        for (const Item& item : task->test().items) {
            QCOMPARE(item.sequences.size(), 1U);
            QCOMPARE(static_cast<int>(item.sequences.front().size()), task->maxTokens());
            for (const std::int32_t token : item.sequences.front())
                QVERIFY(token >= 0 && token < task->vocabulary());
        }
    }
    void pools_neverShareAProgramWithEachOtherOrTheTest()
    {
        const auto task = registersTask();
        const auto test = programsOf(task->test());
        const auto first = programsOf(task->pool(1, 500, 1));
        const auto second = programsOf(task->pool(2, 500, 1));
        const auto secondOtherSeed = programsOf(task->pool(2, 500, 2));
        QVERIFY(disjoint(first, second));
        QVERIFY(disjoint(first, test));
        QVERIFY(disjoint(second, test));
        QVERIFY(second != secondOtherSeed);
        QVERIFY(disjoint(first, secondOtherSeed)); // whatever the seed
    }
    void pool_isRepeatableAndASmallerOneIsItsPrefix()
    {
        const auto task = registersTask();
        const ItemSet large = task->pool(3, 200, 9);
        const ItemSet small = task->pool(3, 20, 9);
        QCOMPARE(large.fingerprint, registersTask(10)->pool(3, 200, 9).fingerprint);
        for (std::size_t i = 0; i < 20; ++i)
            QCOMPARE(small.items[i].sequences, large.items[i].sequences);
        QVERIFY(large.fingerprint != task->pool(3, 200, 10).fingerprint);
    }
    void pretraining_isAPureFunctionOfSeedAndStep()
    {
        const auto a = registersPretraining(1, 7, 32);
        const auto b = registersPretraining(1, 7, 32);
        QCOMPARE(a.inputs, b.inputs);
        QCOMPARE(a.targets, b.targets);
        QVERIFY(registersPretraining(1, 8, 32).inputs != a.inputs);
        QVERIFY(registersPretraining(2, 7, 32).inputs != a.inputs);
    }
    void pretraining_asksForTheRunningStateAndNeverShowsHeldOutPrograms()
    {
        for (std::int64_t step = 0; step < 20; ++step) {
            const auto batch = registersPretraining(gradus::tests::propertySeed(), step, 64);
            QCOMPARE(batch.inputs.size(), 64U);
            for (std::size_t i = 0; i < batch.inputs.size(); ++i) {
                const registers::Program& program = batch.inputs[i];
                QCOMPARE(program.size(), static_cast<std::size_t>(registers::kTokens));
                QVERIFY(sideOf(program) == Side::Pretraining);
                const auto states = registers::states(program);
                for (std::size_t at = 0; at < program.size(); ++at) {
                    const bool operand = at >= 3 && at % 2 == 1;
                    QCOMPARE(batch.targets[i][at], operand ? states[(at - 3) / 2] : -1);
                }
            }
        }
    }
    void difficulty_isTheNumberOfLastOperationsThatDecide()
    {
        using namespace registers;
        // ... max 6 leaves 6 whatever was before; max 6, multiply 3 leaves 4; additions alone never forget the start.
        const Program one{kBegin, 0, kAdd, 1, kAdd, 1, kAdd, 1, kAdd, 1, kAdd, 1, kMax, 6};
        const Program two{kBegin, 0, kAdd, 1, kAdd, 1, kAdd, 1, kAdd, 1, kMax, 6, kMultiply, 3};
        const Program all{kBegin, 0, kAdd, 1, kAdd, 1, kAdd, 1, kAdd, 1, kAdd, 1, kAdd, 1};
        QCOMPARE(difficulty(one), 1);
        QCOMPARE(difficulty(two), 2);
        QCOMPARE(difficulty(all), kHardest);
        // The operations before them change nothing, the last ones do.
        for (const Item& item : registersGraded(3, 50).items) {
            Program program = item.sequences.front();
            QCOMPARE(difficulty(program), 3);
            program[1] = (program[1] + 1) % kModulus;
            program[2] = kAdd;
            program[3] = 5;
            QCOMPARE(registers::truth(program), item.truth);
        }
    }
    void graded_areHeldOutDistinctAndFixed()
    {
        for (int difficulty = 1; difficulty <= registers::kHardest; ++difficulty) {
            const ItemSet set = registersGraded(difficulty, 200);
            std::set<std::vector<std::int32_t>> seen;
            for (const Item& item : set.items) {
                QVERIFY(sideOf(item.sequences.front()) == Side::Test);
                QVERIFY(seen.insert(item.sequences.front()).second);
            }
            QCOMPARE(seen.size(), std::size_t{200});
            QCOMPARE(registersGraded(difficulty, 100).items.back().sequences, set.items[99].sequences);
        }
    }
};
GRADUS_SUITE(RegistersTest)
#include "registers_test.moc"
