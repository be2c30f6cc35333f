// SPDX-License-Identifier: GPL-3.0-or-later
#include "schedule/presets.h"
#include "support/suite.h"
#include "viewmodels/number_track.h"
#include "viewmodels/points_model.h"
#include "viewmodels/schedule_document.h"

#include <QAbstractItemModelTester>
#include <QTest>

using namespace gradus;
using namespace gradus::viewmodels;

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
        for (const auto& [typed, bound] : {std::pair("9", "4"), std::pair("0", "0.001"), std::pair("*100", "4")}) {
            QVERIFY(!model.setData(cell, typed));
            QCOMPARE(document.text(), before);
            QVERIFY2(model.reason().contains(bound), qPrintable(model.reason()));
            QCOMPARE(cell.data(PointsModel::ReasonRole).toString(), model.reason());
            QCOMPARE(model.fixText(), QStringLiteral("Use %1").arg(bound));
        }
        model.fix();
        QCOMPARE(document.curve().keys[1].y, 4.0);
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
        const auto done = model.paste("10\t0.4\nten\t0.5\n\n20\tNaN\n30\t1e400\n40\t0.5\n25\t0.5\n40\t0.6\n50\t9\n");
        QVERIFY(!done);
        const QString said = QString::fromStdString(done.error().message);
        for (const char* line : {"Line 2: \"ten\"", "Line 4: \"NaN\"", "Line 5: \"1e400\"", "Line 7: 25 % goes back",
                                 "Line 8: 40 % is there already", "Line 9: 9 is not within"})
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
