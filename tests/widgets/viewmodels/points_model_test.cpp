// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/rng.h"
#include "schedule/presets.h"
#include "support/suite.h"
#include "viewmodels/number_track.h"
#include "viewmodels/points_model.h"
#include "viewmodels/schedule_document.h"

#include <QAbstractItemModelTester>
#include <QTest>

#include <cmath>
#include <numeric>

using namespace gradus;
using namespace gradus::viewmodels;

namespace {

/// Keys of all interpolations at untidy places; a handle stands only where a Bezier segment uses it, so short that no
/// value goes below 0.
schedule::Curve drawnOfAllKinds(Rng& rng)
{
    schedule::Curve curve;
    const int count = 2 + static_cast<int>(rng.below(6));
    for (int i = 0; i < count; ++i)
        curve.keys.push_back({.x = i + 1 == count ? 1.0 : (i + 0.4 * rng.uniform() * (i > 0)) / count,
                              .y = 0.5 + 3 * rng.uniform(),
                              .interpolation = static_cast<schedule::Interpolation>(rng.below(4))});
    for (int i = 0; i < count; ++i) {
        schedule::Key& key = curve.keys[static_cast<std::size_t>(i)];
        if (hasHandle(curve, i, HandleSide::Left)) key.left = {-0.1 * rng.uniform(), 0.4 * rng.uniform() - 0.2};
        if (hasHandle(curve, i, HandleSide::Right)) key.right = {0.1 * rng.uniform(), 0.4 * rng.uniform() - 0.2};
    }
    return curve;
}

} // namespace

class PointsModelTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void model_keepsTheContractOfModels()
    {
        ScheduleDocument document;
        PointsModel model(document);
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        QCOMPARE(model.rowCount(), 2);
        schedule::Curve curve = document.curve();
        schedule::insertOnCurve(curve, 0.5);
        QVERIFY(document.setCurve(curve, "Insert"));
        QCOMPARE(model.rowCount(), 3);
        document.undoStack().undo();
        QCOMPARE(model.rowCount(), 2);
    }
    void lowCurves_haveTheDecimalsTheyNeed()
    {
        ScheduleDocument document;
        QVERIFY(document
                    .setText("[ladder]\ngenerations = 4\n[training]\n"
                             "learning_rate = { keys = [[0.0, 0.0002], [0.5, 0.00015], [1.0, 0.0001]] }\n")
                    .ok());
        NumberTrack track(document, "training.learning_rate");
        QVERIFY(track.setCurve(withKind(track.curve(), 1, KeyKind::Smooth), "Kind").ok());
        const PointsModel model(track);
        QCOMPARE(model.index(1, PointsModel::Value).data().toString(), QStringLiteral("0.000150"));
        const QString handle = model.index(1, PointsModel::RightHandle).data().toString();
        QVERIFY2(handle.endsWith(QStringLiteral("\u22120.000017")), qPrintable(handle));
    }
    void value_isTypedAndUndone()
    {
        ScheduleDocument document;
        PointsModel model(document);
        const std::string before = document.text();
        QVERIFY(model.setData(model.index(0, PointsModel::Value), "*2"));
        QCOMPARE(document.curve().keys[0].y, 0.6);
        document.undoStack().undo();
        QVERIFY(document.text() == before);
    }
    void nonsense_isRefusedWithAReasonAtItsCell()
    {
        ScheduleDocument document;
        PointsModel model(document);
        const QModelIndex cell = model.index(1, PointsModel::Value);
        QVERIFY(!model.setData(cell, "much"));
        QVERIFY(!cell.data(PointsModel::ReasonRole).toString().isEmpty());
        QVERIFY(model.index(0, PointsModel::Value).data(PointsModel::ReasonRole).toString().isEmpty());
    }
    void valueBeyondTheLane_isRefusedInPlaceWithAFix()
    {
        ScheduleDocument document;
        PointsModel model(document);
        const std::string before = document.text();
        const QModelIndex cell = model.index(1, PointsModel::Value);
        for (const auto& [typed, bound] : {std::pair("90", "20"), std::pair("0", "1e-09"), std::pair("*100", "20")}) {
            QVERIFY(!model.setData(cell, typed));
            QCOMPARE(document.text(), before);
            QVERIFY2(model.reason().contains(bound), qPrintable(model.reason()));
            QCOMPARE(cell.data(PointsModel::ReasonRole).toString(), model.reason());
            QCOMPARE(model.fixText(), QStringLiteral("Use %1").arg(bound));
        }
        model.fix();
        QCOMPARE(document.curve().keys[1].y, 20.0);
        QVERIFY(model.reason().isEmpty() && model.fixText().isEmpty());
        document.undoStack().undo();
        QCOMPARE(document.text(), before);
    }
    void placeBeyondItsNeighbours_isRefusedInPlaceWithAFix()
    {
        ScheduleDocument document;
        PointsModel model(document);
        QVERIFY(model.paste("20\t0.4\n60\t0.7\n"));
        const std::string before = document.text();
        QVERIFY(!model.setData(model.index(1, PointsModel::OfRun), "70"));
        QCOMPARE(document.text(), before);
        QVERIFY2(model.reason().contains("59.8"), qPrintable(model.reason()));
        QCOMPARE(model.fixText(), QStringLiteral("Use 59.8 %"));
        model.fix();
        QCOMPARE(document.curve().keys[1].x, 0.6 - 0.002);
        QVERIFY(model.setData(model.index(1, PointsModel::OfRun), "30"));
        QVERIFY(model.reason().isEmpty());
    }
    void badPaste_namesEveryLine()
    {
        ScheduleDocument document;
        PointsModel model(document);
        const std::string before = document.text();
        const auto done = model.paste("10\t0.4\nten\t0.5\n\n20\tNaN\n30\t1e400\n40\t0.5\n25\t0.5\n40\t0.6\n50\t90\n");
        QVERIFY(!done);
        const QString said = QString::fromStdString(done.error().message);
        for (const char* line : {"Line 2: \"ten\"", "Line 4: \"NaN\"", "Line 5: \"1e400\"", "Line 7: 25 % goes back",
                                 "Line 8: 40 % is there already", "Line 9: 90 is not within"})
            QVERIFY2(said.contains(QLatin1String(line)), qPrintable(said));
        QVERIFY(!said.contains("Line 1:") && !said.contains("Line 6:"));
        QCOMPARE(document.text(), before);
        QString many;
        for (int i = 0; i < 1000; ++i)
            many += "x\ty\n";
        QVERIFY(model.paste(many).error().message.size() < 1500);
    }
    void pinnedPosition_cannotBeEdited()
    {
        ScheduleDocument document;
        PointsModel model(document);
        QVERIFY(!(model.flags(model.index(0, PointsModel::OfRun)) & Qt::ItemIsEditable));
        QVERIFY(!(model.flags(model.index(1, PointsModel::ToNextKey)) & Qt::ItemIsEditable));
        QVERIFY(model.flags(model.index(0, PointsModel::ToNextKey)) & Qt::ItemIsEditable);
    }
    void interpolation_isChosenByName()
    {
        ScheduleDocument document;
        PointsModel model(document);
        QVERIFY(model.setData(model.index(0, PointsModel::ToNextKey), "Constant"));
        QCOMPARE(document.curve().keys[0].interpolation, schedule::Interpolation::Constant);
        QVERIFY(!model.setData(model.index(0, PointsModel::ToNextKey), "wobbly"));
    }
    void copiedKeys_pasteBackAsTheyWere()
    {
        ScheduleDocument document;
        PointsModel model(document);
        QVERIFY(document.setCurve({{{.x = 0, .y = 0.3, .interpolation = schedule::Interpolation::Linear},
                                    {.x = 0.4, .y = 0.7, .interpolation = schedule::Interpolation::Constant},
                                    {.x = 1, .y = 0.9, .interpolation = schedule::Interpolation::Linear}}},
                                  "draw"));
        const schedule::Curve drawn = document.curve();
        const QString text = model.copied({0, 1, 2});
        QVERIFY(document.setCurve(schedule::presetCurve(schedule::Preset::Linear, 1, 2), "Preset"));
        QVERIFY(model.paste(text));
        QVERIFY(document.curve() == drawn);
    }
    void everyKindOfKey_isCopiedAndPastedBitByBit()
    {
        Rng rng(7, "points");
        for (int round = 0; round < 300; ++round) {
            ScheduleDocument document;
            PointsModel model(document);
            const schedule::Curve drawn = drawnOfAllKinds(rng);
            QVERIFY(document.setCurve(drawn, "draw"));
            KeyIndices all(drawn.keys.size());
            std::iota(all.begin(), all.end(), 0);
            const QString text = model.copied(all);
            QVERIFY(document.setCurve(schedule::presetCurve(schedule::Preset::Linear, 1, 2), "Preset"));
            const auto pasted = model.paste(text);
            QVERIFY2(pasted.ok(), pasted ? "" : (pasted.error().message + "\n" + text.toStdString()).c_str());
            QVERIFY2(document.curve() == drawn, (spec::curveToml(drawn) + "\n" + document.text()).c_str());
        }
    }
    void kindsOfKeys_surviveCopyAndPaste()
    {
        for (const KeyKind kind : {KeyKind::Smooth, KeyKind::Flat, KeyKind::Corner, KeyKind::Broken}) {
            ScheduleDocument document;
            PointsModel model(document);
            schedule::Curve curve{{{.x = 0, .y = 0.3}, {.x = 0.37, .y = 0.5}, {.x = 1, .y = 0.9}}};
            curve = withKind(curve, 1, kind == KeyKind::Broken ? KeyKind::Smooth : kind);
            if (kind == KeyKind::Broken) curve = withHandle(curve, 1, HandleSide::Right, {0.1, -0.07}, false);
            QCOMPARE(kindOf(curve, 1), kind);
            QVERIFY(document.setCurve(curve, "draw"));
            const QString text = model.copied({0, 1, 2});
            QVERIFY(document.setCurve({{{.x = 0, .y = 0.3}, {.x = 1, .y = 0.9}}}, "level"));
            QVERIFY(model.paste(text));
            QCOMPARE(kindOf(document.curve(), 1), kind);
            QVERIFY(document.curve() == curve);
        }
    }
    void bezierRowsWithoutHandles_getThoseOfAMonotoneCurve()
    {
        ScheduleDocument document;
        PointsModel model(document);
        QVERIFY(model.paste("0\t0.3\tbezier\n40\t0.7\tbezier\n100\t0.9\tbezier\n"));
        const schedule::Curve pasted = document.curve();
        QVERIFY(pasted.keys[1].left.dx < 0 && pasted.keys[1].right.dx > 0);
        schedule::Curve monotone = pasted;
        for (schedule::Key& key : monotone.keys)
            key.interpolation = schedule::Interpolation::Monotone;
        const schedule::Evaluator a(pasted);
        const schedule::Evaluator b(monotone);
        for (int i = 0; i <= 100; ++i)
            QVERIFY(std::abs(a(i / 100.0) - b(i / 100.0)) < 1e-12);
        // Beside keys that stay: the neighbour has no handle for the segment that is Bezier now.
        QVERIFY(model.paste("0\t0.3\tlinear\n50\t0.5\tlinear\n100\t0.9\tlinear\n"));
        QVERIFY(model.paste("50\t0.5\tbezier\n"));
        QVERIFY(document.curve().keys[1].right.dx > 0);
        QVERIFY(document.curve().keys[2].left.dx < 0);
    }
    void scaledPaste_scalesTheHandles()
    {
        ScheduleDocument document;
        PointsModel model(document);
        const QString rows = QStringLiteral("0\t0.3\tbezier\t-\t-\t20\t0.1\n100\t0.9\tbezier\t-40\t-0.2\t-\t-\n");
        QVERIFY(model.pasteScaled(rows, 0.5, 1.0));
        const auto& keys = document.curve().keys;
        QCOMPARE(keys.size(), std::size_t{3});
        QVERIFY((keys[1].right == schedule::Handle{0.1, 0.1}));
        QVERIFY((keys[2].left == schedule::Handle{-0.2, -0.2}));
    }
    void spreadsheetRows_replaceTheKeysTheyCover()
    {
        ScheduleDocument document;
        PointsModel model(document);
        QVERIFY(model.paste("20\t0,5\r\n40 %\t0.6\tlinear\r\n\r\n"));
        QCOMPARE(model.rowCount(), 4);
        QCOMPARE(document.curve().keys[1].x, 0.2);
        QCOMPARE(document.curve().keys[1].y, 0.5);
        QCOMPARE(document.curve().keys[2].interpolation, schedule::Interpolation::Linear);
        QCOMPARE(document.undoStack().count(), 1);
    }
    void badPaste_changesNothingAndNamesTheLine_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("names");
        QTest::newRow("empty") << "  \n"
                               << "nothing to paste";
        QTest::newRow("one column") << "20\n"
                                    << "Line 1";
        QTest::newRow("word") << "20\t0.5\nforty\t0.5"
                              << "Line 2";
        QTest::newRow("outside") << "120\t0.5"
                                 << "outside the run";
        QTest::newRow("negative") << "20\t-0.5"
                                  << "Line 1";
        QTest::newRow("order") << "40\t0.5\n20\t0.5"
                               << "Line 2";
        QTest::newRow("interpolation") << "20\t0.5\twobbly"
                                       << "Line 1";
        QTest::newRow("half a handle") << "20\t0.5\tbezier\t-\t0.1\t-\t-"
                                       << "Line 1";
        QTest::newRow("two cells of four") << "20\t0.5\tbezier\t10\t0.1"
                                           << "2 cells";
        QTest::newRow("left to the right") << "20\t0.5\tbezier\t10\t0.1\t-\t-"
                                           << "left handle";
        QTest::newRow("handle of words") << "20\t0.5\tbezier\tfar\t0.1\t-\t-"
                                         << "\"far\"";
        QTest::newRow("infinite") << "20\tinf"
                                  << "Line 1";
    }
    void badPaste_changesNothingAndNamesTheLine()
    {
        QFETCH(QString, text);
        QFETCH(QString, names);
        ScheduleDocument document;
        PointsModel model(document);
        const std::string before = document.text();
        const auto done = model.paste(text);
        QVERIFY(!done);
        QVERIFY2(QString::fromStdString(done.error().message).contains(names), done.error().message.c_str());
        QVERIFY(document.text() == before);
    }
    void relativeText_changesSeveralKeysAtOnce()
    {
        ScheduleDocument document;
        PointsModel model(document);
        QVERIFY(model.paste("0\t0.3\n20\t0.4\n60\t0.7\n100\t0.9\n"));
        const std::string before = document.text();
        const int steps = document.undoStack().index();
        QVERIFY(isRelative("*1.1") && isRelative(" -0.05") && !isRelative("0.5") &&
                !isRelative(QString(QChar(0x2212)) + "1"));
        QVERIFY(model.changeAll({1, 2}, PointsModel::Value, "*1.5"));
        QCOMPARE(document.curve().keys[1].y, 0.4 * 1.5);
        QCOMPARE(document.curve().keys[2].y, 0.7 * 1.5);
        QCOMPARE(document.curve().keys[3].y, 0.9);
        QCOMPARE(document.undoStack().index(), steps + 1);
        document.undoStack().undo();
        QCOMPARE(document.text(), before);
        // Places too: the ends of the run stay, and what moves together is not in each other's way.
        QVERIFY(model.changeAll({0, 1, 2}, PointsModel::OfRun, "+30"));
        QCOMPARE(document.curve().keys[0].x, 0.0);
        QCOMPARE(document.curve().keys[1].x, 0.5);
        QCOMPARE(document.curve().keys[2].x, 0.9);
        document.undoStack().undo();
        // One that may not: nothing changes, and its cell says why.
        QVERIFY(!model.changeAll({1, 3}, PointsModel::Value, "*30"));
        QCOMPARE(document.text(), before);
        QVERIFY(!model.index(3, PointsModel::Value).data(PointsModel::ReasonRole).toString().isEmpty());
    }
    void typedNumbers_areReadAsPeopleWriteThem()
    {
        QCOMPARE(typedNumber("0,52", 1).value(), 0.52);
        QCOMPARE(typedNumber(" 40 % ", 1).value(), 40.0);
        // As a window from right to left shows a negative number.
        QCOMPARE(typedNumber(QStringLiteral("\u200E\u22120.25"), 1).value(), -0.25);
        QCOMPARE(typedNumber("*1.5", 2).value(), 3.0);
        QCOMPARE(typedNumber("+0.05", 0.3).value(), 0.35);
        QCOMPARE(typedNumber("-0.05", 0.3).value(), 0.25);
        QCOMPARE(typedNumber(QString(QChar(0x2212)) + "0.05", 0.3).value(), -0.05);
        QVERIFY(!typedNumber("", 1));
        QVERIFY(!typedNumber("1e999", 1));
        QVERIFY(!typedNumber("1 or 2", 1));
    }
};
GRADUS_SUITE(PointsModelTest)
#include "points_model_test.moc"
