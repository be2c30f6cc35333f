// SPDX-License-Identifier: GPL-3.0-or-later
// Hand-computed values for every measure of variety, and what each says of input without an answer.
#include "evals/diversity.h"

#include "support/suite.h"

#include <QTest>

#include <cmath>
#include <limits>

using namespace gradus;
using namespace gradus::evals;

namespace {

bool near(double a, double b, double tolerance = 1e-12)
{
    return std::abs(a - b) <= tolerance;
}

} // namespace

class DiversityTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void distinct_countsPooledNgrams()
    {
        const Samples samples{{1, 2, 1, 2}, {1, 2, 3}};
        QVERIFY(near(*distinctN(samples, 1), 3.0 / 7));
        QVERIFY(near(*distinctN(samples, 2), 3.0 / 5)); // 12 21 12 | 12 23
        QVERIFY(near(*distinctN(samples, 3), 3.0 / 3)); // 121 212 | 123
        QVERIFY(near(*distinctN(samples, 4), 1.0));
    }
    void distinct_isNotFooledByOrderOrNegativeTokens()
    {
        QVERIFY(near(*distinctN({{1, 2}, {2, 1}}, 2), 1.0));
        QVERIFY(near(*distinctN({{-1, 2}, {-1, 2}}, 2), 0.5));
    }
    void distinct_fallsWithLengthWhereTheAdjustedOneDoesNot()
    {
        // The same two tokens for longer: distinct-1 goes to 0, EAD stays at (nearly) 1.
        const Samples brief{Tokens{0, 1, 1, 0}};
        Samples lengthy{Tokens{}};
        for (int i = 0; i < 100; ++i)
            lengthy[0].push_back(i % 2);
        QVERIFY(*distinctN(lengthy, 1) < 0.1 * *distinctN(brief, 1));
        QVERIFY(near(*expectationAdjustedDistinct(brief, 1, 2), 2 / (2 * (1 - 1.0 / 16))));
        QVERIFY(near(*expectationAdjustedDistinct(lengthy, 1, 2), 1.0, 1e-9));
    }
    void selfBleu_ofIdenticalSamplesIsOne()
    {
        const Tokens text{1, 2, 3, 4, 5, 6};
        QVERIFY(near(*selfBleu4({text, text, text}), 1.0));
    }
    void selfBleu_ofSamplesWithoutACommonTokenIsZero()
    {
        QCOMPARE(*selfBleu4({{1, 2, 3, 4}, {5, 6, 7, 8}}), 0.0);
        QCOMPARE(*selfBleu4({{}, {1, 2}}), 0.0);
    }
    void selfBleu_matchesAHandComputedPair()
    {
        // 1 2 3 4 5 against 1 2 3 4 6: p1 4/5, p2 (3+1)/(4+1), p3 (2+1)/(3+1), p4 (1+1)/(2+1); symmetric, no penalty.
        const double expected = std::pow(0.8 * 0.8 * 0.75 * (2.0 / 3), 0.25);
        QVERIFY(near(*selfBleu4({{1, 2, 3, 4, 5}, {1, 2, 3, 4, 6}}), expected));
    }
    void selfBleu_clipsByOneReferenceAndPenalisesBrevity()
    {
        // 1 1 has matches 1 of 2 in 1 2 3 4: p1 1/2, p2 (0+1)/(1+1), p3 = p4 = 1; penalty exp(1 - 4/2).
        const double brief = std::pow(0.5 * 0.5, 0.25) * std::exp(-1.0);
        // 1 2 3 4 in 1 1: p1 1/4, p2 1/4, p3 1/3, p4 1/2; no penalty.
        const double lengthy = std::pow(1.0 / 4 * 1.0 / 4 * 1.0 / 3 * 1.0 / 2, 0.25);
        QVERIFY(near(*selfBleu4({{1, 1}, {1, 2, 3, 4}}), (brief + lengthy) / 2));
    }
    void repeats_areCountedWithinEachSample()
    {
        // 4-grams of 1 2 3 4 1 2 3 4: 1234 2341 3412 4123 1234: one of five was there before.
        QVERIFY(near(*repeatFraction({{1, 2, 3, 4, 1, 2, 3, 4}}), 0.2));
        QVERIFY(near(*repeatFraction({{1, 2, 3, 4}, {1, 2, 3, 4}}), 0.0));
        QVERIFY(!repeatFraction({{1, 2, 3}}));
    }
    void cosine_averagesOrders()
    {
        const auto k = ngramCosine({{1, 2}, {1, 3}, {1, 2}}, 2);
        QVERIFY(near(k[0], 1.0));
        QVERIFY(near(k[1], (0.5 + 0.0) / 2)); // one token of two; no bigram
        QVERIFY(near(k[2], 1.0));
        QVERIFY(near(k[3], k[1]));
    }
    void cosine_ofEmptySamplesIsOneAmongThemselves()
    {
        const auto k = ngramCosine({{}, {}, {1, 2}}, 2);
        QVERIFY(near(k[1], 1.0));
        QVERIFY(near(k[2], 0.0));
    }
    void vendi_ofIdenticalSamplesIsOneAndOfOrthogonalOnesTheirNumber()
    {
        for (const int n : {1, 2, 7}) {
            const auto size = static_cast<std::size_t>(n);
            std::vector<double> identity(size * size, 0.0);
            for (std::size_t i = 0; i < size; ++i)
                identity[i * size + i] = 1;
            QVERIFY(near(*vendiScore(std::vector<double>(size * size, 1.0), n), 1.0, 1e-9));
            QVERIFY(near(*vendiScore(identity, n), n, 1e-9));
        }
        QVERIFY(near(*vendiScore(Samples{{1, 2}, {3, 4}, {5, 6}}), 3.0, 1e-9));
        QVERIFY(near(*vendiScore(Samples{{1, 2}, {1, 2}}), 1.0, 1e-9));
    }
    void vendi_ofTwoHalfAlikeMatchesTheEigenvalues()
    {
        // K/2 with 0.5 off the diagonal: eigenvalues 0.75 and 0.25.
        const double expected = std::exp(-0.75 * std::log(0.75) - 0.25 * std::log(0.25));
        QVERIFY(near(*vendiScore(std::vector<double>{1, 0.5, 0.5, 1}, 2), expected, 1e-12));
    }
    void pairwiseDistance_leavesTheDiagonalOut()
    {
        QVERIFY(near(*meanPairwiseDistance(std::vector<double>{1, 0.5, 0.5, 1}, 2), 0.5));
        QVERIFY(!meanPairwiseDistance(std::vector<double>{1}, 1));
    }
    void tokenEntropy_isInNats()
    {
        QVERIFY(near(*tokenEntropy(std::vector<float>{0.5F, 0.5F, 1.0F, 0.0F}, 2), std::log(2.0) / 2, 1e-12));
        QVERIFY(near(*empiricalTokenEntropy({{1, 1}, {2, 2}}), std::log(2.0)));
        QVERIFY(near(*empiricalTokenEntropy({{1, 1, 1}}), 0.0));
    }
    void inputWithoutAnAnswer_givesNone()
    {
        const float nan = std::numeric_limits<float>::quiet_NaN();
        QVERIFY(!distinctN({}, 1) && !distinctN({{}}, 1) && !distinctN({{1}}, 0) && !distinctN({{1}}, 5));
        QVERIFY(!expectationAdjustedDistinct({{1}}, 1, 0));
        QVERIFY(near(*expectationAdjustedDistinct({{1, 1}}, 1, 1), 1.0));
        QVERIFY(!selfBleu4({}) && !selfBleu4({{1}}));
        QVERIFY(!repeatFraction({}) && !vendiScore(Samples{}) && !vendiScore(std::vector<double>{1, 0, 0}, 2));
        QVERIFY(!vendiScore(std::vector<double>{static_cast<double>(nan)}, 1));
        QVERIFY(!tokenEntropy({}, 2) && !tokenEntropy(std::vector<float>{1.0F, 0.0F, 1.0F}, 2));
        QVERIFY(!tokenEntropy(std::vector<float>{nan, 1.0F}, 2) && !empiricalTokenEntropy({{}}));
    }
};
GRADUS_SUITE(DiversityTest)
#include "diversity_test.moc"
