// SPDX-License-Identifier: GPL-3.0-or-later
// What real supervisors' answers say of each other, counted without this program: four models on GSM8K, five on XSTest,
// three annotators of PandaLM.
#pragma once

#include <QJsonArray>
#include <QJsonObject>
#include <QList>
#include <QTest>

#include <cmath>

namespace gradus::tests {

inline double valueOf(const QJsonValue& figure)
{
    return figure.toObject().value("value").toDouble(-99);
}

/// How often two sources were wrong, and how often they gave the same answer.
struct CountedPair
{
    int both, onlyFirst, onlySecond, neither; ///< wrong
    int same;                                 ///< answers

    double phi() const
    {
        return (double(both) * neither - double(onlyFirst) * onlySecond) /
               std::sqrt(double(both + onlyFirst) * (onlySecond + neither) * (both + onlySecond) *
                         (onlyFirst + neither));
    }
};

inline void expectPairs(const QJsonArray& made, const QList<CountedPair>& counted, double items)
{
    QCOMPARE(made.size(), counted.size());
    for (int i = 0; i < counted.size(); ++i) {
        QVERIFY2(qAbs(valueOf(made.at(i)["phi"]) - counted[i].phi()) < 1e-9, qPrintable(QString::number(i)));
        QVERIFY2(qAbs(valueOf(made.at(i)["agreement"]) - counted[i].same / items) < 1e-9,
                 qPrintable(QString::number(i)));
    }
}

/// 6b_finetuning, 6b_verification, 175b_finetuning and 175b_verification, each with each later one, in the 500
/// questions of the sample. The numbers that solutions end with are right where the file's verdicts say so, without
/// exception.
inline void expectFourModels(const QJsonObject& verdicts, const QJsonObject& answers)
{
    QCOMPARE(answers["items"].toInt(), 500);
    QCOMPARE(answers["with_truth"].toInt(), 500);
    QList<CountedPair> counted{{280, 113, 26, 81, 361}, {292, 101, 28, 79, 371},  {203, 190, 19, 88, 291},
                               {241, 65, 79, 115, 356}, {182, 124, 40, 154, 336}, {190, 130, 32, 148, 338}};
    expectPairs(verdicts["pairs"].toArray(), counted, 500);
    // The same numbers, and of these the same wrong ones.
    const int same[] = {101, 104, 108, 144, 195, 168};
    const int sameWrong[] = {20, 25, 20, 29, 41, 20};
    for (int i = 0; i < 6; ++i)
        counted[i].same = same[i];
    expectPairs(answers["pairs"].toArray(), counted, 500);
    for (int i = 0; i < 6; ++i)
        QVERIFY(qAbs(valueOf(answers["pairs"].toArray().at(i)["same_wrong_answer"]) -
                     double(sameWrong[i]) / counted[i].both) < 1e-9);
    // Right of 500; the pool of n sources, summed over its choices of n (weights from four of five folds), and what the
    // pool of all loses without one.
    const int right[] = {107, 194, 180, 278};
    const double pooled[] = {759.0 / 4, 1402.0 / 6, 1049.0 / 4, 280};
    const int missing[] = {1, -1, -4, 75};
    for (int i = 0; i < 4; ++i) {
        const QJsonValue nth = answers["nth_source"].toArray().at(i);
        QVERIFY(qAbs(valueOf(answers["sources"].toArray().at(i)["accuracy"]) - right[i] / 500.0) < 1e-9);
        QVERIFY(qAbs(valueOf(nth["accuracy"]) - pooled[i] / 500) < 1e-9);
        QVERIFY(qAbs(valueOf(nth["gain"]) - (pooled[i] - (i > 0 ? pooled[i - 1] : 0)) / 500) < 1e-9);
        QVERIFY(qAbs(valueOf(answers["leaving_out"].toArray().at(i)["accuracy_saved"]) - missing[i] / 500.0) < 1e-9);
    }
}

/// Of the 305 prompts: every figure was counted beforehand, without this program.
inline void expectFiveModels(const QJsonObject& made)
{
    // gpt4, llama2new, llama2orig, mistralguard, mistralinstruct, each with each later one.
    const QList<CountedPair> counted{{10, 7, 43, 245, 255}, {14, 3, 87, 201, 215},  {10, 7, 36, 252, 262},
                                     {2, 15, 86, 202, 204}, {49, 4, 52, 200, 249},  {31, 22, 15, 237, 268},
                                     {3, 50, 85, 167, 170}, {34, 67, 12, 192, 226}, {4, 97, 84, 120, 124},
                                     {8, 38, 80, 179, 187}};
    QCOMPARE(made["with_truth"].toInt(), 305);
    expectPairs(made["pairs"].toArray(), counted, 305);
    // Right of 305; the pool of n sources over all choices of n, weights from four of five folds; what the pool of
    // all loses without one.
    const double right[] = {288, 252, 204, 259, 217};
    const double pooled[] = {244, 265, 274, 281.6, 273};
    const double missing[] = {5, -16, -18, -16, 2};
    for (int i = 0; i < 5; ++i) {
        QVERIFY(qAbs(valueOf(made["sources"].toArray().at(i)["accuracy"]) - right[i] / 305) < 1e-9);
        QVERIFY(qAbs(valueOf(made["nth_source"].toArray().at(i)["accuracy"]) - pooled[i] / 305) < 1e-9);
        QVERIFY(qAbs(valueOf(made["leaving_out"].toArray().at(i)["accuracy_saved"]) - missing[i] / 305) < 1e-9);
    }
    // 445 of 1,525 pairable values disagree; 725 are compliances, 800 refusals.
    QVERIFY(qAbs(valueOf(made["krippendorff_alpha"]) - (1 - 445.0 * 1524 / (2 * 725.0 * 800))) < 1e-9);
}

/// Of the 709 pairs of texts, counted beforehand, too.
inline void expectThreeAnnotators(const QJsonObject& made)
{
    const QJsonArray pairs = made["pairs"].toArray();
    const double same[] = {646, 661, 652}; // 1 and 2, 1 and 3, 2 and 3
    const double labels[3][3] = {{70, 299, 340}, {83, 288, 338}, {77, 291, 341}};
    const int members[3][2] = {{0, 1}, {0, 2}, {1, 2}};
    QCOMPARE(pairs.size(), 3);
    for (int i = 0; i < 3; ++i) {
        double expected = 0;
        for (int label = 0; label < 3; ++label)
            expected += labels[members[i][0]][label] * labels[members[i][1]][label] / 709 / 709;
        const double kappa = (same[i] / 709 - expected) / (1 - expected);
        QVERIFY(qAbs(valueOf(pairs.at(i)["agreement"]) - same[i] / 709) < 1e-9);
        QVERIFY(qAbs(pairs.at(i)["cohen"].toDouble() - kappa) < 1e-9);
    }
    // 168 of 2,127 pairable values disagree.
    const double chance = (230.0 * (878 + 1019) + 878.0 * (230 + 1019) + 1019.0 * (230 + 878)) / 2126;
    QVERIFY(qAbs(valueOf(made["krippendorff_alpha"]) - (1 - 168 / chance)) < 1e-9);
}

} // namespace gradus::tests
