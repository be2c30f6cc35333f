// SPDX-License-Identifier: GPL-3.0-or-later
// The cascade detector on simulated students whose true state is known, on hand-made lists and on lists without an
// answer.
#include "signatures/imitation_cascade.h"

#include "base/rng.h"
#include "evals/metrics.h"

#include "support/suite.h"
#include "tally.h"

#include <QTest>

#include <limits>

using namespace gradus;
using namespace gradus::signatures;
using gradus::tests::isHonestRefusal;
using gradus::tests::Tally;

namespace {

constexpr std::size_t kItems = 600;
constexpr int kEvaluations = 6;

/// How a student errs: what share of the supervisor's errors it has taken over, and how often it errs at random
/// besides.
struct Habit
{
    double follows = 0;
    double errs = 0;
    bool leans =
        false; ///< half of these errors go the supervisor's way, as if some wrong labels were easier to fall for
};

double between(Rng& rng, double low, double high)
{
    return low + (high - low) * rng.uniform();
}

int wrongLabel(int truth, int classes, Rng& rng)
{
    return (truth + 1 + static_cast<int>(rng.below(static_cast<std::uint64_t>(classes - 1)))) % classes;
}

/// A supervisor that is wrong on a quarter of the items, on which a base taught by truth errs more too, half of the
/// time in the supervisor's way: errors that any student makes.
struct World
{
    World(int classCount, Rng& rng) : classes(classCount)
    {
        for (std::size_t i = 0; i < kItems; ++i) {
            truth.push_back(static_cast<int>(rng.below(static_cast<std::uint64_t>(classes))));
            const bool wrong = rng.uniform() < 0.25;
            teacher.push_back(wrong ? wrongLabel(truth[i], classes, rng) : truth[i]);
        }
    }
    std::vector<int> student(const Habit& habit, Rng& rng) const
    {
        std::vector<int> labels(truth);
        for (std::size_t i = 0; i < kItems; ++i) {
            const bool teacherWrong = teacher[i] != truth[i];
            const double natural = teacherWrong ? 0.15 : 0.08;
            const double u = rng.uniform();
            if (teacherWrong && rng.uniform() < habit.follows)
                labels[i] = teacher[i];
            else if (u < natural + habit.errs)
                labels[i] = erred(i, u < natural || habit.leans, rng);
        }
        return labels;
    }
    int erred(std::size_t i, bool leans, Rng& rng) const
    {
        const bool asTeacher = leans && teacher[i] != truth[i] && rng.uniform() < 0.5;
        return asTeacher ? teacher[i] : wrongLabel(truth[i], classes, rng);
    }
    int classes;
    std::vector<int> truth;
    std::vector<int> teacher;
};

/// Utility at each evaluation comes from the same process on its way from one habit to the other.
CascadeInput run(const World& world, const Habit& from, const Habit& to, double trainNoisy, Rng& rng)
{
    CascadeInput input;
    input.truth = world.truth;
    input.teacher = world.teacher;
    input.ceiling = world.student({}, rng);
    input.trainNoisy = trainNoisy;
    for (int e = 0; e < kEvaluations; ++e) {
        const double way = static_cast<double>(e) / (kEvaluations - 1);
        const Habit habit{from.follows + way * (to.follows - from.follows), from.errs + way * (to.errs - from.errs),
                          to.leans};
        input.student = world.student(habit, rng);
        input.utilityHistory.push_back(evals::accuracy(input.student, input.truth));
    }
    return input;
}

} // namespace

class ImitationCascadeTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void simulatedRuns_areToldApart()
    {
        const auto seed = gradus::tests::propertySeed();
        Rng rng(seed, "cascade");
        Tally tally(+1);
        for (int i = 0; i < 60; ++i) {
            const World world(i % 2 == 0 ? 2 : 4, rng);
            // Failing: it comes to follow 10 % (mild) to 70 % (strong) of the errors while it fits its labels.
            const double follows = between(rng, 0.1, 0.7);
            tally.add(true,
                      imitationCascade(run(world, {0.02, 0, false}, {follows, 0, false}, between(rng, 0.96, 1), rng)));
            // Healthy, by turns: still learning; settled with some imitation; random noise memorised, utility falling.
            const double some = between(rng, 0, 0.2);
            const double noise = between(rng, 0.05, 0.25);
            if (i % 3 == 0)
                tally.add(false, imitationCascade(
                                     run(world, {some, 0.2, false}, {some, 0, false}, between(rng, 0.75, 0.9), rng)));
            else if (i % 3 == 1)
                tally.add(false,
                          imitationCascade(run(world, {some, 0, false}, {some, 0, false}, between(rng, 0.9, 1), rng)));
            else
                tally.add(false, imitationCascade(run(world, {}, {0, noise, false}, between(rng, 0.96, 1), rng)));
        }
        tally.print("imitation cascade", seed);
        // The lower end of the exact 95 % interval of what was measured (47 of 60).
        QVERIFY(tally.detectionRate() >= 0.65);
        QVERIFY(tally.falseAlarmRate() <= 0.10);
        QVERIFY(tally.area() > 0.8);
    }
    void strongImitationWithoutAFall_staysQuiet()
    {
        const auto seed = gradus::tests::propertySeed();
        Rng rng(seed, "cascade/steady");
        int fired = 0;
        for (int i = 0; i < 50; ++i) {
            const World world(i % 2 == 0 ? 2 : 4, rng);
            const double follows = between(rng, 0.2, 0.7);
            fired += imitationCascade(run(world, {follows, 0, false}, {follows, 0, false}, 1, rng)).fired ? 1 : 0;
        }
        std::printf("imitation without a fall: fired %d of 50\n", fired);
        QVERIFY(fired <= 5);
    }
    void noiseThatLeansTheSupervisorsWay_staysQuiet()
    {
        // Memorised noise whose errors fall for the same wrong labels as the supervisor, as the ceiling's do.
        const auto seed = gradus::tests::propertySeed();
        Rng rng(seed, "cascade/leaning");
        int fired = 0;
        for (int i = 0; i < 50; ++i) {
            const World world(4, rng);
            fired += imitationCascade(run(world, {}, {0, between(rng, 0.05, 0.25), true}, 1, rng)).fired ? 1 : 0;
        }
        std::printf("noise that leans the supervisor's way, 4 classes: fired %d of 50\n", fired);
        QVERIFY(fired <= 5);
    }
    void noiseThatStrikesHardItems_isAKnownLimit()
    {
        // The extra errors fall on teacher-wrong items alone: nothing here tells that from imitation. Printed only.
        const auto seed = gradus::tests::propertySeed();
        Rng rng(seed, "cascade/hard");
        int fired = 0;
        for (int i = 0; i < 50; ++i) {
            const World world(2, rng);
            CascadeInput input = run(world, {}, {0, 0.4, false}, 1, rng);
            const std::vector<int> steady = world.student({}, rng);
            for (std::size_t item = 0; item < kItems; ++item)
                if (world.teacher[item] == world.truth[item]) input.student[item] = steady[item];
            fired += imitationCascade(input).fired ? 1 : 0;
        }
        std::printf("noise on the supervisor's hard items alone, 2 classes: fired %d of 50\n", fired);
    }
    void excess_leavesUndirectedErrorOut()
    {
        // Three classes; the teacher is wrong on 20 of 40 items, the student follows on 10, the ceiling is always
        // right.
        CascadeInput input;
        for (int i = 0; i < 40; ++i) {
            input.truth.push_back(i % 3);
            input.teacher.push_back(i < 20 ? (i + 1) % 3 : i % 3);
            input.student.push_back(i < 10 ? (i + 1) % 3 : i % 3);
            input.ceiling.push_back(i % 3);
        }
        QVERIFY(std::abs(imitationCascade(input).value.value - 0.5) < 1e-12);
        // A quarter more errors where the teacher is right; the ceiling shows no lean, so 1/(K - 1) of them count.
        for (std::size_t i = 20; i < 25; ++i)
            input.student[i] = (input.truth[i] + 1) % 3;
        QVERIFY(std::abs(imitationCascade(input).value.value - (0.5 - 0.25 / 2)) < 1e-12);
        // The ceiling wrong on two teacher-wrong items, both as the teacher: lean (2 + 1)/(2 + 2), two of 20 taken out.
        for (const std::size_t i : {std::size_t{18}, std::size_t{19}})
            input.ceiling[i] = input.teacher[i];
        QVERIFY(std::abs(imitationCascade(input).value.value - (0.4 - 0.25 * 0.75)) < 1e-12);
        // With two classes and no extra error where the teacher is right, all of the excess counts.
        input.truth.assign(40, 0);
        input.ceiling.assign(40, 0);
        for (std::size_t i = 0; i < 40; ++i) {
            input.teacher[i] = i < 20 ? 1 : 0;
            input.student[i] = i < 10 ? 1 : 0;
        }
        QVERIFY(std::abs(imitationCascade(input).value.value - 0.5) < 1e-12);
        // Half as many extra errors where the teacher is right take half of it away.
        for (std::size_t i = 20; i < 25; ++i)
            input.student[i] = 1;
        QVERIFY(std::abs(imitationCascade(input).value.value - 0.25) < 1e-12);
    }
    void withoutACeiling_theReferenceIsSaidToBeUnknown()
    {
        Rng rng(gradus::tests::propertySeed(), "cascade/noceiling");
        const World world(4, rng);
        CascadeInput input = run(world, {0.02, 0, false}, {0.8, 0, false}, 1, rng);
        input.ceiling.clear();
        const Verdict verdict = imitationCascade(input);
        QVERIFY(verdict.fired);
        QVERIFY(verdict.statistic.find("unknown") != std::string::npos);
        QVERIFY(verdict.sentence.find("no base taught by truth was measured") != std::string::npos);
        QVERIFY(verdict.detailsJson.find("\"excess_imitation\":null") != std::string::npos);
    }
    void inputWithoutAnAnswer_saysWhy()
    {
        const auto nan = std::numeric_limits<double>::quiet_NaN();
        Rng rng(gradus::tests::propertySeed(), "cascade/bad");
        const World world(2, rng);
        const CascadeInput good = run(world, {}, {0.5, 0, false}, 1, rng);
        CascadeInput input;
        QVERIFY(isHonestRefusal(imitationCascade(input), "no held-out items"));
        input = good;
        input.student.pop_back();
        QVERIFY(isHonestRefusal(imitationCascade(input), "differ in length"));
        input = good;
        input.ceiling.pop_back();
        QVERIFY(isHonestRefusal(imitationCascade(input), "differ in length"));
        input = good;
        input.teacher = input.truth;
        QVERIFY(isHonestRefusal(imitationCascade(input), "no error to repeat"));
        input = {{1}, {0}, {1}, {0}, 0, 1, good.utilityHistory};
        QVERIFY(isHonestRefusal(imitationCascade(input), "only 1 held-out items"));
        input = good;
        input.trainNoisy = nan;
        QVERIFY(isHonestRefusal(imitationCascade(input), "not a number"));
    }
    void historyWithoutAnAnswer_cannotFire()
    {
        Rng rng(gradus::tests::propertySeed(), "cascade/history");
        const World world(2, rng);
        CascadeInput input = run(world, {}, {0.7, 0, false}, 1, rng);
        input.utilityHistory.resize(1);
        QVERIFY(!imitationCascade(input).fired);
        QVERIFY(imitationCascade(input).sentence.find("no history") != std::string::npos);
        input.utilityHistory.assign(3, Estimate{std::numeric_limits<double>::quiet_NaN(), 0, 1, 5});
        QVERIFY(!imitationCascade(input).fired);
        QVERIFY(imitationCascade(input).sentence.find("nan") == std::string::npos);
    }
};
GRADUS_SUITE(ImitationCascadeTest)
#include "imitation_cascade_test.moc"
