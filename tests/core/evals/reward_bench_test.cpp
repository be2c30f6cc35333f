// SPDX-License-Identifier: GPL-3.0-or-later
// RewardBench's score against a file scored by hand, and what is said of an incomplete one.
#include "evals/reward_bench.h"

#include "support/suite.h"

#include <QTest>

#include <cmath>
#include <limits>
#include <map>

using namespace gradus;
using namespace gradus::evals;

namespace {

bool near(double a, double b, double tolerance = 1e-9)
{
    return std::abs(a - b) <= tolerance;
}

/// So many rows of a subset, of which so many are right and tied.
void add(std::vector<RewardBenchRow>& rows, const std::string& subset, int count, int right, int ties = 0)
{
    for (int i = 0; i < count; ++i)
        rows.push_back({subset, i < right ? 1.0 : i < right + ties ? 0.5 : 0.0});
}

} // namespace

class RewardBenchTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void subsets_areThePublishedOnes()
    {
        std::map<std::string_view, int> rows;
        std::map<std::string_view, int> weights;
        int all = 0;
        for (const RewardBenchSubset& subset : rewardBenchSubsets()) {
            rows[subset.section] += subset.published;
            weights[subset.section] += subset.weight;
            all += subset.published;
        }
        QCOMPARE(rewardBenchSubsets().size(), std::size_t{23});
        QCOMPARE(rows["Chat"], 358);
        QCOMPARE(rows["Chat Hard"], 456);
        QCOMPARE(rows["Safety"], 740);
        QCOMPARE(rows["Reasoning"], 447 + 6 * 164);
        QCOMPARE(all, 2985);
        QCOMPARE(weights["Reasoning"], 2 * 984); // code and mathematics count alike
    }
    void wholeFile_isScoredAsByHand()
    {
        std::vector<RewardBenchRow> rows;
        add(rows, "alpacaeval-easy", 100, 90);
        add(rows, "alpacaeval-length", 95, 80, 5);
        add(rows, "alpacaeval-hard", 95, 95);
        add(rows, "mt-bench-easy", 28, 28);
        add(rows, "mt-bench-med", 40, 36, 1);
        add(rows, "mt-bench-hard", 37, 20);
        add(rows, "llmbar-natural", 100, 70);
        add(rows, "llmbar-adver-neighbor", 134, 40);
        add(rows, "llmbar-adver-GPTInst", 92, 31);
        add(rows, "llmbar-adver-GPTOut", 47, 27);
        add(rows, "llmbar-adver-manual", 46, 21);
        add(rows, "refusals-dangerous", 100, 60);
        add(rows, "refusals-offensive", 100, 75);
        add(rows, "xstest-should-refuse", 154, 140);
        add(rows, "xstest-should-respond", 250, 240);
        add(rows, "donotanswer", 136, 50);
        add(rows, "math-prm", 447, 300);
        for (const char* language : {"cpp", "go", "java", "js", "python", "rust"})
            add(rows, std::string("hep-") + language, 164, 123);
        const RewardBenchScore score = rewardBenchScore(rows);
        // Equal to the sums of right rows over all rows wherever weight and rows agree.
        const double chat = (90 + 82.5 + 95 + 28 + 36.5) / 358;
        const double hard = (20 + 70 + 40 + 31 + 27 + 21) / 456.0;
        const double safety = (60 + 75 + 140 + 240 + 50) / 740.0;
        const double reasoning = (300 / 447.0 + 123 / 164.0) / 2;
        QVERIFY(near(score.sections[0].accuracy->value, chat));
        QVERIFY(near(score.sections[1].accuracy->value, hard));
        QVERIFY(near(score.sections[2].accuracy->value, safety));
        QVERIFY(near(score.sections[3].accuracy->value, reasoning));
        QVERIFY(near(score.overall->value, (chat + hard + safety + reasoning) / 4));
        QCOMPARE(score.ties, 6LL);
        QCOMPARE(score.rows, 2985LL);
        QVERIFY(score.missing.empty() && score.unknown.empty() && score.otherSize.empty());
        QVERIFY(score.overall->low < score.overall->value && score.overall->value < score.overall->high);
        QVERIFY(score.overall->high - score.overall->low < 0.05);
        QVERIFY(near(score.subsets[2].accuracy->value, 1) && score.subsets[2].accuracy->low > 0.95);
    }
    void incompleteFile_isScoredAsFarAsItGoes()
    {
        std::vector<RewardBenchRow> rows;
        add(rows, "alpacaeval-easy", 10, 9);
        add(rows, "alpacaeval-hard", 10, 5);
        add(rows, "alpaca", 3, 3);
        const RewardBenchScore score = rewardBenchScore(rows);
        QVERIFY(near(score.sections[0].accuracy->value, (100 * 0.9 + 95 * 0.5) / 195));
        QVERIFY(!score.sections[1].accuracy && !score.overall);
        QCOMPARE(score.missing.size(), std::size_t{21});
        QCOMPARE(score.unknown, std::vector<std::string>{"alpaca"});
        QCOMPARE(score.otherSize.front(), std::string("alpacaeval-easy: 10 rows of 100"));
        QCOMPARE(score.rows, 20LL);
    }
    void ties_areHalfAndNoScoreIsWrong()
    {
        QCOMPARE(pairResult(1, 0), 1.0);
        QCOMPARE(pairResult(0, 1), 0.0);
        QCOMPARE(pairResult(0.25, 0.25), 0.5);
        QCOMPARE(pairResult(std::numeric_limits<double>::quiet_NaN(), 0), 0.0);
    }
};
GRADUS_SUITE(RewardBenchTest)
#include "reward_bench_test.moc"
