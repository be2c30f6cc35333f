// SPDX-License-Identifier: GPL-3.0-or-later
// The unit of the Design page's axis, chosen with real keys: axes, table and fields follow, the file does not.
#include "design_desk.h"
#include "editor/lane_view.h"
#include "pages/design/points_panel.h"
#include "support/suite.h"

#include <QComboBox>
#include <QDir>
#include <QFile>
#include <QLineEdit>
#include <QTableView>

using namespace gradus;
using viewmodels::RunUnit;

namespace {

const std::string kText =
    "[experiment]\nname = \"units\"\n[ladder]\ngenerations = 4\n[training]\nlabels = 500\nepochs = 4\n"
    "[gap]\ncurve = { keys = [[0.0, 0.3], [0.5, 0.4], [1.0, 0.9]] }\n";

/// With a program of ours that answers `data batch`.
struct Desk : tests::DesignDesk
{
    explicit Desk(const std::string& text = kText, const QByteArray& answer = "{\"item_tokens\": 13}")
        : DesignDesk(text)
    {
        QFile program(folder.filePath("program"));
        if (!program.open(QIODevice::WriteOnly)) qFatal("no program");
        program.write("#!/bin/sh\ncat <<'END'\n" + answer + "\nEND\n");
        program.close();
        program.setPermissions(QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
        page.setPlace({.workspace = folder.path(), .program = program.fileName()});
    }
    QComboBox& box() { return *page.findChild<QComboBox*>("axisUnit"); }
    QAbstractItemModel& points() { return *page.findChild<QTableView*>("pointsTable")->model(); }
    QString place(int row) { return points().index(row, viewmodels::PointsModel::OfRun).data().toString(); }
    /// As somebody types its name.
    void choose(const QString& unit)
    {
        box().setFocus();
        QTest::keyClicks(&box(), unit.left(1));
        if (box().currentText() != unit) {
            box().setCurrentText(unit);
            Q_EMIT box().activated(box().currentIndex());
        }
    }
    RunUnit unit() { return page.lanes().span().axis().unit(); }
};

} // namespace

class AxisUnitTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void unit_changesTheViewAndNotTheFile()
    {
        Desk desk;
        QCOMPARE(desk.place(1), QString("50.0 %"));
        const std::pair<QString, QString> all[] = {
            {"Generation", QString::fromUtf8("→ G3")}, {"Step", "128"}, {"Epoch", "8"}, {"% of run", "50.0 %"}};
        for (const auto& [unit, place] : all) {
            desk.choose(unit);
            QCOMPARE(desk.box().currentText(), unit);
            QCOMPARE(desk.place(1), place);
            QCOMPARE(desk.document().text(), kText);
            if (const QString folder = qEnvironmentVariable("GRADUS_SHOTS"); !folder.isEmpty()) {
                QTest::qWait(300); // plots are drawn when the loop comes to it
                desk.page.grab().save(QDir(folder).filePath("unit-" + unit.section(' ', -1).toLower() + ".png"));
            }
        }
    }
    void key_isTypedInTheChosenUnit_inTableAndLane()
    {
        Desk desk;
        desk.choose("Step");
        auto* table = desk.page.findChild<QTableView*>("pointsTable");
        table->setFocus();
        table->setCurrentIndex(desk.points().index(1, viewmodels::PointsModel::OfRun));
        QTest::keyClick(table, Qt::Key_F2);
        auto* field = table->findChild<QLineEdit*>();
        QVERIFY(field);
        QCOMPARE(field->text(), QString("128"));
        field->selectAll();
        QTest::keyClicks(field, "160");
        QTest::keyClick(field, Qt::Key_Return);
        QTest::qWait(1); // a delegate commits when the events of today are done
        QCOMPARE(desk.document().curve().keys[1].x, 0.75);
        QCOMPARE(desk.place(1), QString("160"));
        desk.document().undoStack().undo();
        QCOMPARE(desk.document().text(), kText);
        desk.page.lane().setFocus();
        desk.page.lane().openEditor(1, true);
        auto* at = desk.page.lane().findChild<QLineEdit*>("keyPlaceEditor");
        QVERIFY(at && at->isVisible());
        QCOMPARE(at->text(), QString("128"));
        at->selectAll();
        QTest::keyClicks(at, "96");
        QTest::keyClick(at, Qt::Key_Return);
        QCOMPARE(desk.document().curve().keys[1].x, 0.25);
        desk.document().undoStack().undo();
        QCOMPARE(desk.document().text(), kText);
    }
    void tokens_areAskedOfTheProgram()
    {
        Desk desk;
        desk.choose("Token");
        QTRY_COMPARE_WITH_TIMEOUT(desk.unit(), RunUnit::Token, 8000);
        QCOMPARE(desk.page.lanes().span().axis().shown(0.5), 500.0 * 4 * 2 * 13);
        Desk dumb(kText, "{}");
        dumb.choose("Token");
        QTest::qWait(300);
        QCOMPARE(dumb.unit(), RunUnit::Fraction); // shown in percent, and said
        QCOMPARE(dumb.place(1), QString("50.0 %"));
    }
    void experimentWithoutSuchAnAxis_isShownInPercentUntilItHasOne()
    {
        Desk desk;
        desk.choose("Step");
        QVERIFY(desk.document().setValue("ladder.generations", "2", "x").ok());
        QCOMPARE(desk.unit(), RunUnit::Fraction);
        desk.document().undoStack().undo();
        QCOMPARE(desk.unit(), RunUnit::Step);
    }
};
GRADUS_SUITE(AxisUnitTest)
#include "axis_unit_test.moc"
