// SPDX-License-Identifier: GPL-3.0-or-later
// Numbers drawn over the run: a lane each on the Design page, edited by the gap's gestures through real events, each
// undone to the same bytes.
#include "design_desk.h"
#include "editor/lane_view.h"
#include "pages/design/finding_strip.h"
#include "pages/design/number_lanes.h"
#include "pages/design/settings_panel.h"
#include "preset_shelf.h"
#include "spec/drawn.h"
#include "support/suite.h"

#include <QAbstractButton>
#include <QAction>
#include <QLineEdit>
#include <QMenu>
#include <QMouseEvent>
#include <QPushButton>
#include <QScrollArea>
#include <QTableView>

using namespace gradus;

namespace {

const std::string kText = "[experiment]\nname = \"numbers\"\n[ladder]\ngenerations = 4\n"
                          "[training] # kept\nlearning_rate = 0.004 # of the head\nlabels = 200\n"
                          "[[signals.source]]\nname = \"past\"\nkind = \"model\"\n";

void drag(QWidget& widget, const QPoint& from, const QPoint& to, Qt::KeyboardModifiers held = {}, bool release = true)
{
    QTest::mousePress(&widget, Qt::LeftButton, held, from);
    for (const QPoint& at : {(from + to) / 2, to}) {
        QMouseEvent event(QEvent::MouseMove, at, widget.mapToGlobal(at), Qt::NoButton, Qt::LeftButton, held);
        QApplication::sendEvent(&widget, &event);
    }
    if (release) QTest::mouseRelease(&widget, Qt::LeftButton, held, to);
}

void choose(pages::DesignPage& page, const QString& key)
{
    page.showLower(pages::DesignPage::Lower::Settings);
    page.settings().search()->setText(key);
    QTableView* table = page.settings().table();
    for (int row = 0; row < table->model()->rowCount(); ++row)
        if (table->model()->index(row, 0).data(viewmodels::SettingsModel::KeyRole).toString() == key)
            table->setCurrentIndex(table->model()->index(row, 0));
}

void press(pages::DesignPage& page, const QString& button)
{
    QTest::mouseClick(page.findChild<QPushButton*>(button), Qt::LeftButton);
}

} // namespace

class NumberLanesTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void drawnLane_fitsWholeAndSharesTheGapsAxis()
    {
        tests::DesignDesk desk(kText);
        choose(desk.page, "training.learning_rate");
        press(desk.page, "drawSetting");
        QCoreApplication::processEvents();
        editor::LaneView* lane = desk.page.numbers().lanes().front();
        const QWidget* port = desk.page.numbers().findChild<QScrollArea*>("laneStack")->viewport();
        QTRY_VERIFY(port->rect().contains(
            QRect(lane->mapTo(port, QPoint()), lane->size()))); // its x axis stands at its lower edge
        const auto place = [&](const editor::LaneView& of, double x) {
            return of.mapTo(&desk.page, of.toPixel({x, 0}).toPoint()).x();
        };
        for (const double x : {0.0, 0.5, 1.0})
            QCOMPARE(place(*lane, x), place(desk.page.lane(), x));
        // More of them than fit: the scroll bar takes what was kept free for it.
        for (const char* key : {"training.weight_decay", "training.epochs"}) {
            choose(desk.page, key);
            press(desk.page, "drawSetting");
        }
        QCoreApplication::processEvents();
        QCOMPARE(desk.page.numbers().lanes().size(), 3);
        for (editor::LaneView* one : desk.page.numbers().lanes())
            for (const double x : {0.0, 0.5, 1.0})
                QCOMPARE(place(*one, x), place(desk.page.lane(), x));
    }
    void snapAndGhosts_areOfAllLanes()
    {
        tests::DesignDesk desk(kText);
        choose(desk.page, "training.learning_rate");
        press(desk.page, "drawSetting");
        const auto all = desk.page.lanes().lanes();
        QVERIFY(all.size() >= 3);
        QTest::mouseClick(desk.page.findChild<QAbstractButton*>("snap"), Qt::LeftButton);
        QTest::mouseClick(desk.page.findChild<QAbstractButton*>("ghost"), Qt::LeftButton);
        for (const auto& lane : all)
            QVERIFY(!lane->isSnapping() && !lane->isGhostVisible());
        // And a lane that says it tells the others, with the buttons.
        desk.page.numbers().lanes().front()->setFocus();
        QTest::keyClick(desk.page.numbers().lanes().front(), Qt::Key_S);
        for (const auto& lane : all)
            QVERIFY(lane->isSnapping() && !lane->isGhostVisible());
        QVERIFY(desk.page.findChild<QAbstractButton*>("snap")->isChecked());
    }
    void preset_isOfTheLaneTheUserIsIn()
    {
        tests::DesignDesk desk(kText);
        choose(desk.page, "training.learning_rate");
        press(desk.page, "drawSetting");
        QCOMPARE(desk.page.numbers().lanes().size(), 1);
        editor::LaneView* lane = desk.page.numbers().lanes().front();
        const schedule::Curve gap = desk.document().curve();
        const std::string before = desk.document().text();
        lane->setFocus();
        tests::PresetShelf shelf(desk.page);
        QVERIFY(shelf.choose(static_cast<int>(schedule::Preset::Square)));
        QTest::keyClick(&shelf.list(), Qt::Key_Return);
        QVERIFY(desk.document().curve() == gap);
        QVERIFY(desk.document().text() != before);
        QVERIFY(lane->hasFocus());
        desk.document().undoStack().undo();
        QCOMPARE(desk.document().text(), before);
    }
    void smallValues_areFramedAsWhatTheyAre()
    {
        tests::DesignDesk desk("[experiment]\nname = \"numbers\"\n[training]\nlearning_rate = 0.0002\n");
        choose(desk.page, "training.learning_rate");
        press(desk.page, "drawSetting");
        editor::LaneView* lane = desk.page.numbers().lanes().front();
        lane->setFocus();
        lane->track().selection().select(0);
        QTest::keyClick(lane, Qt::Key_F);
        const double pixels = lane->pixelOf(lane->track().curve().keys[0]).y();
        schedule::Key higher = lane->track().curve().keys[0];
        higher.y *= 1.1;
        // A tenth more is far enough away to be seen and dragged.
        QVERIFY2(pixels - lane->pixelOf(higher).y() > 10, qPrintable(QString::number(pixels)));
    }
    void rateOverDecades_hasAnAxisByPowersOfTen()
    {
        const std::string text =
            "[experiment]\nname = \"rates\"\n[ladder]\ngenerations = 4\n[training]\nlearning_rate = "
            "{ keys = [[0.0, 0.01], [0.5, 0.001], [1.0, 0.0001]] }\n";
        tests::DesignDesk desk(text);
        editor::LaneView* lane = desk.page.numbers().lanes().front();
        const auto pixelOf = [lane](int key) {
            return lane->pixelOf(lane->track().curve().keys[static_cast<std::size_t>(key)]);
        };
        QVERIFY(lane->isLogAxis());
        QVERIFY(!desk.page.lane().isLogAxis());
        // A decade is as high as another.
        QVERIFY(std::abs((pixelOf(1).y() - pixelOf(0).y()) - (pixelOf(2).y() - pixelOf(1).y())) < 0.5);
        QVERIFY(pixelOf(1).y() - pixelOf(0).y() > 10);
        lane->setFocus();
        lane->track().selection().select(1);
        QTest::keyClick(lane, Qt::Key_Up); // a tenth of the value's power of ten
        QCOMPARE(lane->track().curve().keys[1].y, 0.0011);
        desk.document().undoStack().undo();
        QCOMPARE(desk.document().text(), text);
        drag(*lane, pixelOf(1).toPoint(), QPoint(pixelOf(1).toPoint().x(), pixelOf(0).toPoint().y() + 2));
        const double dragged = lane->track().curve().keys[1].y;
        QVERIFY2(dragged > 0.005 && dragged <= 0.01, qPrintable(QString::number(dragged)));
        desk.document().undoStack().undo();
        QCOMPARE(desk.document().text(), text);
        for (const bool log : {false, true}) {
            QMenu* menu = lane->makeMenu({}, 0.5);
            menu->findChild<QAction*>("logAxis")->trigger();
            delete menu;
            QCOMPARE(lane->isLogAxis(), log);
            QCOMPARE(desk.document().text(), text); // a matter of the window, not of the file
        }
        tests::DesignDesk level(
            "[experiment]\nname = \"x\"\n[training]\nlearning_rate = { keys = [[0.0, 0.01], [1.0, 0.009]] }\n");
        QVERIFY(!level.page.numbers().lanes().front()->isLogAxis());
    }
    void number_isDrawnFromItsSettingAndGoesBackToOne()
    {
        tests::DesignDesk desk(kText);
        QVERIFY(!desk.page.numbers().isVisible());
        choose(desk.page, QStringLiteral("experiment.name"));
        QVERIFY(!desk.page.findChild<QPushButton*>(QStringLiteral("drawSetting"))->isEnabled());
        choose(desk.page, QStringLiteral("training.learning_rate"));
        press(desk.page, QStringLiteral("drawSetting"));
        QVERIFY(desk.page.numbers().isVisible());
        QCOMPARE(desk.page.numbers().lanes().size(), 1);
        QVERIFY(!desk.page.findChild<QPushButton*>(QStringLiteral("drawSetting"))->isEnabled()); // it is
        const schedule::Curve* drawn = spec::drawnCurve(desk.document().experiment(), "training.learning_rate");
        QVERIFY(drawn != nullptr);
        QCOMPARE(drawn->keys.front().y, 0.004);
        QCOMPARE(drawn->keys.back().y, 0.004);
        QVERIFY(desk.document().text().find("# of the head") != std::string::npos); // comments survive
        const std::string level = desk.document().text();
        desk.document().undoStack().undo();
        QCOMPARE(desk.document().text(), kText);
        QVERIFY(!desk.page.numbers().isVisible());
        desk.document().undoStack().redo();
        QCOMPARE(desk.document().text(), level);

        editor::LaneView& lane = *desk.page.numbers().lanes().front();
        QCOMPARE(lane.track().title(), QStringLiteral("training.learning_rate"));
        QCOMPARE(lane.objectName(), QStringLiteral("lane3")); // after the gap and the source
        const QPoint first = lane.pixelOf(lane.track().curve().keys.front()).toPoint();
        drag(lane, first, first + QPoint(0, 20));
        QVERIFY(lane.track().curve().keys.front().y < 0.004);
        const double begins = lane.track().curve().keys.front().y;
        press(desk.page, QStringLiteral("leaveLane3"));
        QVERIFY(spec::drawnCurve(desk.document().experiment(), "training.learning_rate") == nullptr);
        QCOMPARE(desk.document().experiment().training.learningRate, begins);
        QCoreApplication::processEvents();
        QVERIFY(!desk.page.numbers().isVisible());
        while (desk.document().undoStack().canUndo())
            desk.document().undoStack().undo();
        QCOMPARE(desk.document().text(), kText);
    }

    void everyGesture_isUndoneByteForByte_data()
    {
        QTest::addColumn<bool>("isDropped"); // by Esc
        for (const char* name : {"drag a key", "key on the curve", "double click beside it", "delete", "arrow", "hold",
                                 "bend", "duplicate", "Esc in mid-drag"})
            QTest::newRow(name) << (qstrncmp(name, "Esc", 3) == 0);
    }
    void everyGesture_isUndoneByteForByte()
    {
        QFETCH(bool, isDropped);
        const QString name = QString::fromLatin1(QTest::currentDataTag());
        tests::DesignDesk desk("[ladder]\ngenerations = 4\n[training] # kept\nlearning_rate = { keys = [[0.0, 0.002], "
                               "[0.5, 0.006], [1.0, 0.001]] } # drawn\n");
        QCOMPARE(desk.page.numbers().lanes().size(), 1);
        editor::LaneView& lane = *desk.page.numbers().lanes().front();
        lane.setFocus();
        const std::string before = desk.document().text();
        const auto at = [&](double x, double y) { return lane.toPixel({x, y}).toPoint(); };
        const QPoint middle = lane.pixelOf(lane.track().curve().keys[1]).toPoint();
        const auto onCurve = [&](double x) { return at(x, schedule::Evaluator(lane.track().curve())(x)); };
        if (name == QLatin1String("drag a key")) drag(lane, middle, middle + QPoint(20, 12));
        if (name == QLatin1String("key on the curve")) drag(lane, onCurve(0.25), onCurve(0.25) + QPoint(0, 14));
        if (name == QLatin1String("double click beside it"))
            QTest::mouseDClick(&lane, Qt::LeftButton, {}, at(0.8, 0.0055));
        if (name == QLatin1String("bend"))
            drag(lane, onCurve(0.25), onCurve(0.25) + QPoint(0, 14), Qt::AltModifier | Qt::ShiftModifier);
        if (isDropped) {
            drag(lane, middle, middle + QPoint(20, 12), {}, false);
            QVERIFY(lane.track().isPreviewing());
            QTest::keyClick(&lane, Qt::Key_Escape);
            QTest::mouseRelease(&lane, Qt::LeftButton, {}, middle);
            QCOMPARE(desk.document().text(), before);
            QVERIFY(!desk.document().undoStack().canUndo());
            return;
        }
        if (name == QLatin1String("delete") || name == QLatin1String("arrow") || name == QLatin1String("duplicate"))
            QTest::mouseClick(&lane, Qt::LeftButton, {}, middle);
        if (name == QLatin1String("delete")) QTest::keyClick(&lane, Qt::Key_Delete);
        if (name == QLatin1String("arrow")) QTest::keyClick(&lane, Qt::Key_Up);
        if (name == QLatin1String("duplicate")) QTest::keyClick(&lane, Qt::Key_D, Qt::ControlModifier);
        if (name == QLatin1String("hold")) {
            QTest::mouseClick(&lane, Qt::LeftButton, {}, middle);
            QTest::keyClick(&lane, Qt::Key_K);
        }
        QVERIFY2(desk.document().text() != before, qPrintable(name));
        QVERIFY(desk.document().isValid());
        while (desk.document().undoStack().canUndo())
            desk.document().undoStack().undo();
        QCOMPARE(desk.document().text(), before);
    }

    /// What a person set in a lane stays when another number is drawn, which builds the lanes anew.
    void anotherNumberDrawn_leavesLockAndManner()
    {
        tests::DesignDesk desk(kText);
        choose(desk.page, QStringLiteral("training.learning_rate"));
        press(desk.page, QStringLiteral("drawSetting"));
        const auto lane = [&](const QString& key) -> editor::LaneView& {
            for (editor::LaneView* one : desk.page.numbers().lanes())
                if (one->track().title() == key) return *one;
            qFatal("there is no such lane");
        };
        editor::LaneView& before = lane(QStringLiteral("training.learning_rate"));
        before.setFocus();
        QTest::keyClick(&before, Qt::Key_S);
        QTest::keyClick(&before, Qt::Key_H);
        QTest::keyClick(&before, Qt::Key_G);
        QTest::keyClick(&before, Qt::Key_L);
        QVERIFY(before.track().isLocked());

        choose(desk.page, QStringLiteral("training.batch"));
        press(desk.page, QStringLiteral("drawSetting"));
        QCoreApplication::processEvents();
        QCOMPARE(desk.page.numbers().lanes().size(), 2);
        QVERIFY(!lane(QStringLiteral("training.batch")).track().isLocked());
        editor::LaneView& after = lane(QStringLiteral("training.learning_rate"));
        QVERIFY(after.track().isLocked());
        QVERIFY(!after.isSnapping() && !after.areHandlesVisible() && !after.isGhostVisible());
        const QString number = after.objectName().mid(4);
        QVERIFY(!desk.page.findChild<QPushButton*>(QStringLiteral("leaveLane") + number)->isEnabled());
        const std::string text = desk.document().text();
        const QPoint first = after.pixelOf(after.track().curve().keys.front()).toPoint();
        drag(after, first, first + QPoint(0, 20));
        QCOMPARE(desk.document().text(), text); // a locked lane stays as it is
        QTest::keyClick(&after, Qt::Key_L);
        QVERIFY(!after.track().isLocked());
        drag(after, first, first + QPoint(0, 20));
        QVERIFY(desk.document().text() != text);
    }

    void smallNumbers_areReadable()
    {
        tests::DesignDesk desk("[ladder]\ngenerations = 4\n[training]\nlearning_rate = { keys = [[0.0, 0.0002], "
                               "[1.0, 0.0001]] }\n");
        editor::LaneView& lane = *desk.page.numbers().lanes().front();
        QVERIFY2(lane.accessibleDescription().contains(QStringLiteral("0.0002")),
                 qPrintable(lane.accessibleDescription()));
        QVERIFY(lane.yHigh() < 0.001); // the lane is as high as its numbers
        QVERIFY(lane.toPixel({0, 0.0002}).y() < lane.toPixel({0, 0.0001}).y() - 20);
    }
};
GRADUS_SUITE(NumberLanesTest)
#include "number_lanes_test.moc"
