// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewmodels/fuzzy.h"

#include "support/suite.h"

#include <QElapsedTimer>
#include <QTest>

#include <algorithm>

using gradus::viewmodels::fuzzyScore;

class FuzzyTest : public QObject
{
    Q_OBJECT
    static QString bestOf(const QString& typed, const QStringList& names)
    {
        QString best;
        int most = -1000;
        for (const QString& name : names)
            if (const auto score = fuzzyScore(typed, name); score && *score > most) {
                most = *score;
                best = name;
            }
        return best;
    }

private Q_SLOTS:
    void letters_mustAllBeThereInTheirOrder()
    {
        QVERIFY(fuzzyScore("cmp", "Compare: export"));
        QVERIFY(fuzzyScore("CMP", "compare"));
        QVERIFY(!fuzzyScore("pmc", "Compare"));
        QVERIFY(!fuzzyScore("comparex", "Compare"));
        QCOMPARE(*fuzzyScore("", "anything"), 0);
        QCOMPARE(*fuzzyScore("  ", "anything"), 0);
        QVERIFY(!fuzzyScore("a", ""));
    }
    void words_areLookedForEachByItself()
    {
        QVERIFY(fuzzyScore("seed sched", "schedule, seed 2"));
        QVERIFY(!fuzzyScore("seed none", "schedule, seed 2"));
    }
    void beginningsOfWordsAndRuns_rankFirst()
    {
        const QStringList names{"Theme: follow the system", "Live: follow the newest step, or not", "Live",
                                "Lane: value"};
        QCOMPARE(bestOf("live", names), QString("Live"));
        QCOMPARE(bestOf("lf", names), QString("Live: follow the newest step, or not"));
        QCOMPARE(bestOf("system", names), QString("Theme: follow the system"));
    }
};
GRADUS_SUITE(FuzzyTest)
#include "fuzzy_test.moc"
