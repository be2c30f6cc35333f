// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/suite.h"
#include "viewmodels/curve_findings.h"
#include "viewmodels/ladder_steps.h"
#include "viewmodels/weight_track.h"

#include <QTest>

using namespace gradus;
using namespace gradus::viewmodels;

namespace {

std::string gapOf(const std::string& keys, const std::string& interpolation)
{
    return "[gap]\ncontroller = \"schedule\"\ncurve = { keys = [" + keys + "], interpolation = \"" + interpolation +
           "\" }\n[ladder]\ngenerations = 4\n";
}

std::vector<double> valuesAt(const schedule::Curve& curve, const std::vector<double>& places)
{
    std::vector<double> values;
    for (const double place : places)
        values.push_back(schedule::Evaluator(curve)(place));
    return values;
}

} // namespace

class CurveFindingsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void keysBetweenTwoStarts_areFoundAndRemovedWithoutAnotherValue()
    {
        ScheduleDocument document;
        QVERIFY(document.setText(
            gapOf("[0.0, 0.3], [0.25, 0.9], [0.3, 0.2], [0.5, 0.5], [0.75, 0.7], [1.0, 0.9]", "linear")));
        const auto places = readPlaces(document.experiment(), true);
        QVERIFY(places.size() >= 2);
        const auto found = unreadKeys(document, places);
        QVERIFY(found.has_value());
        QVERIFY2(found->keys == KeyIndices({1, 2, 4}), qPrintable(found->sentence));
        QVERIFY(found->sentence.contains(document.title()));
        QVERIFY(!found->fixText.isEmpty());
        QCOMPARE(valuesAt(found->mended, places), valuesAt(document.curve(), places));
        const std::string before = document.text();
        QVERIFY(document.setCurve(found->mended, found->fixText));
        QVERIFY(!unreadKeys(document, places));
        document.undoStack().undo();
        QCOMPARE(document.text(), before);
    }
    void keysThatAreRead_areLeftAlone()
    {
        ScheduleDocument document;
        // A level curve and one whose keys bend what is read without standing there.
        for (const char* keys : {"[0.0, 0.3], [1.0, 0.9]", "[0.0, 0.3], [0.45, 0.3], [1.0, 0.3]"}) {
            QVERIFY(document.setText(gapOf(keys, "monotone")));
            QVERIFY(!unreadKeys(document, {0.0, 0.5, 1.0}));
        }
        // A monotone key two keys away turns the slope; the same key of straight lines does not.
        QVERIFY(document.setText(gapOf("[0.0, 0.3], [0.2, 0.5], [0.4, 0.6], [0.9, 0.9], [1.0, 1.0]", "monotone")));
        QVERIFY(!unreadKeys(document, {0.0, 0.5, 1.0}));
        QVERIFY(document.setText(gapOf("[0.0, 0.3], [0.2, 0.5], [0.4, 0.6], [0.9, 0.9], [1.0, 1.0]", "linear")));
        const auto found = unreadKeys(document, {0.0, 0.5, 1.0});
        QVERIFY(found.has_value());
        QCOMPARE(found->keys, (KeyIndices{1}));
    }
    void keysBehindTheEndOfALadder_areNotCalledUseless()
    {
        // The first step asks for more than there is, so that no later one is taken: lowered, it would be.
        ScheduleDocument document;
        QVERIFY(document.setText(gapOf("[0.0, 9.0], [0.5, 0.4], [1.0, 0.9]", "linear")));
        QVERIFY(ladderSteps(document.experiment(), document.curve()).size() < 3);
        const auto places = readPlaces(document.experiment(), true);
        QCOMPARE(places, (std::vector<double>{0.0, 0.5, 1.0}));
        QVERIFY(!unreadKeys(document, places));
    }
    void namesOfSources_areNoPlacesToFillIn()
    {
        ScheduleDocument document;
        QVERIFY(
            document.setText("[ladder]\ngenerations = 4\n[[signals.source]]\nname = \"a %1 %2\"\nkind = \"model\"\n"
                             "weight = { keys = [[0.0, 0.8], [0.4, 0.0], [1.0, 0.0]], interpolation = \"linear\" }\n"
                             "[[signals.source]]\nname = \"truth\"\nkind = \"truth\"\n"));
        MixDesk desk(document);
        WeightTrack named(desk, 0);
        const auto found = starvedSource(named, readPlaces(document.experiment(), false));
        QVERIFY(found.has_value());
        QVERIFY2(found->sentence.contains("a %1 %2") && found->sentence.contains("generation 3"),
                 qPrintable(found->sentence));
    }
    void curveThatNobodyReads_isNoMatterOfItsKeys()
    {
        ScheduleDocument document;
        QVERIFY(document.setText("[gap]\ncontroller = \"fixed\"\n[ladder]\ngenerations = 4\n"));
        QVERIFY(readPlaces(document.experiment(), true).empty());
        QCOMPARE(readPlaces(document.experiment(), false), (std::vector<double>{0.0, 0.5, 1.0}));
    }
    void starvedSource_isNamedWithItsGenerationAndKeptALittle()
    {
        ScheduleDocument document;
        QVERIFY(
            document.setText("[ladder]\ngenerations = 4\n[[signals.source]]\nname = \"past\"\nkind = \"model\"\n"
                             "weight = { keys = [[0.0, 0.8], [0.4, 0.0], [1.0, 0.0]], interpolation = \"linear\" }\n"
                             "[[signals.source]]\nname = \"truth\"\nkind = \"truth\"\n"));
        MixDesk desk(document);
        WeightTrack past(desk, 0);
        WeightTrack truth(desk, 1);
        const auto places = readPlaces(document.experiment(), false);
        const auto found = starvedSource(past, places);
        QVERIFY(found.has_value());
        QVERIFY2(found->sentence.contains("past") && found->sentence.contains("generation 3"),
                 qPrintable(found->sentence));
        QCOMPARE(found->keys, (KeyIndices{2}));
        QVERIFY(past.setCurve(found->mended, found->fixText));
        QVERIFY(!starvedSource(past, places));
        QCOMPARE(past.committedCurve().keys[0].y, 0.8); // what was heard is heard as before
        QVERIFY(!starvedSource(truth, places));
        document.undoStack().undo();
        QVERIFY(starvedSource(past, places).has_value());
        // Switched off altogether is a choice of its own.
        past.setMuted(true);
        QVERIFY(!starvedSource(past, places));
    }
};
GRADUS_SUITE(CurveFindingsTest)
#include "curve_findings_test.moc"
