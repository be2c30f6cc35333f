// SPDX-License-Identifier: GPL-3.0-or-later
#include "data/worlds.h"
#include "support/suite.h"
#include "viewmodels/ladder_steps.h"

#include <QTest>

using namespace gradus;

/// The window links no data room, so that it holds three numbers of its own: here they are held to the worlds'.
class LadderStepsTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void vocabularies_areThoseOfTheWorlds()
    {
        QCOMPARE(viewmodels::kRegistersVocabulary, data::findWorld("builtin:registers/code")->vocabulary);
        QCOMPARE(viewmodels::kWordProblemsVocabulary, data::findWorld("builtin:registers/math")->vocabulary);
        QCOMPARE(viewmodels::kWritingsVocabulary, data::findWorld("builtin:registers/writing")->vocabulary);
    }
};

GRADUS_SUITE(LadderStepsTest)
#include "ladder_steps_test.moc"
