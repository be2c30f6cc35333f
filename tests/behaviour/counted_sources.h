// SPDX-License-Identifier: GPL-3.0-or-later
// What real supervisors' answers say of each other, counted without this program: five models on XSTest, three
// annotators of PandaLM.
#pragma once

#include <QJsonArray>
#include <QJsonObject>
#include <QTest>

#include <cmath>

namespace gradus::tests {

inline double valueOf(const QJsonValue& figure)
{
    return figure.toObject().value("value").toDouble(-99);
}

/// Of the 305 prompts: every figure was counted beforehand, without this program.
inline void expectFiveModels(const QJsonObject& made)
{
    struct Pair
    {
        int both, onlyFirst, onlySecond, neither; ///< wrong
        int same;                                 ///< answers
    };
    // gpt4, llama2new, llama2orig, mistralguard, mistralinstruct, each with each later one.
    const Pair counted[] = {{10, 7, 43, 245, 255}, {14, 3, 87, 201, 215},  {10, 7, 36, 252, 262},
                            {2, 15, 86, 202, 204}, {49, 4, 52, 200, 249},  {31, 22, 15, 237, 268},
                            {3, 50, 85, 167, 170}, {34, 67, 12, 192, 226}, {4, 97, 84, 120, 124},
                            {8, 38, 80, 179, 187}};
    const QJsonArray pairs = made["pairs"].toArray();
    QCOMPARE(pairs.size(), 10);
    QCOMPARE(made["with_truth"].toInt(), 305);
    for (int i = 0; i < 10; ++i) {
        const Pair& pair = counted[i];
        const double phi = (double(pair.both) * pair.neither - double(pair.onlyFirst) * pair.onlySecond) /
                           std::sqrt(double(pair.both + pair.onlyFirst) * (pair.onlySecond + pair.neither) *
                                     (pair.both + pair.onlySecond) * (pair.onlyFirst + pair.neither));
        QVERIFY2(qAbs(valueOf(pairs.at(i)["phi"]) - phi) < 1e-9, qPrintable(QString::number(i)));
        QVERIFY2(qAbs(valueOf(pairs.at(i)["agreement"]) - pair.same / 305.0) < 1e-9, qPrintable(QString::number(i)));
    }
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
