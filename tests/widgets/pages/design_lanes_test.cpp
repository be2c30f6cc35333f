// SPDX-License-Identifier: GPL-3.0-or-later
// The Design page as one editor of several lanes, by keyboard alone; the mix in a triangle; curves of stored runs.
#include "design_desk.h"
#include "editor/lane_view.h"
#include "editor/overview_strip.h"
#include "pages/design/design_page.h"
#include "pages/design/mix_area.h"
#include "pages/design/mix_panel.h"
#include "pages/design/ternary_view.h"
#include "support/sample_runs.h"
#include "support/suite.h"
#include "viewmodels/run_curves.h"

#include <QAbstractButton>
#include <QAccessible>
#include <QApplication>
#include <QLineEdit>
#include <QMenu>
#include <QMouseEvent>
#include <QPushButton>
#include <QTableView>
#include <QTest>

#include <cmath>
#include <set>

using namespace gradus;
using pages::MixPanel;

namespace {

const std::string kText = "[experiment]\nname = \"three\"\n[ladder]\ngenerations = 4\n"
                          "[gap]\ncurve = { keys = [[0.0, 0.3], [0.5, 0.5], [1.0, 0.9]] }\n"
                          "[[signals.source]]\nname = \"past\"\nkind = \"model\"\n"
                          "[[signals.source]]\nname = \"elders\"\nkind = \"ensemble\"\n"
                          "[[signals.source]]\nname = \"truth\"\nkind = \"truth\"\n";

struct Desk : tests::DesignDesk
{
    explicit Desk(const std::string& text = kText) : DesignDesk(text) {}
    /// A key to whatever has the focus, as a person without a mouse presses it.
    void press(int key, Qt::KeyboardModifiers modifiers = {})
    {
        if (QWidget* focused = QApplication::focusWidget()) QTest::keyClick(focused, Qt::Key(key), modifiers);
    }
};

void drag(QWidget& widget, const QPoint& from, const QPoint& to, bool release = true)
{
    QTest::mousePress(&widget, Qt::LeftButton, {}, from);
    for (const QPoint& at : {(from + to) / 2, to}) {
        QMouseEvent event(QEvent::MouseMove, at, widget.mapToGlobal(at), Qt::NoButton, Qt::LeftButton, {});
        QApplication::sendEvent(&widget, &event);
    }
    if (release) QTest::mouseRelease(&widget, Qt::LeftButton, {}, to);
}

QAction* actionOf(QMenu* menu, const QString& text)
{
    for (QAction* action : menu->actions())
        if (action->text() == text) return action;
    return nullptr;
}

} // namespace

class DesignLanesTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void tab_reachesEveryControlAndComesBack()
    {
        Desk desk;
        desk.page.lane().setFocus();
        std::set<QWidget*> reached;
        // The lane has one stop a key; the rest one a control.
        for (int i = 0; i < 400; ++i) {
            desk.press(Qt::Key_Tab);
            if (QWidget* now = QApplication::focusWidget()) reached.insert(now);
        }
        QVERIFY(reached.contains(&desk.page.lane())); // nothing keeps the focus for itself
        QStringList missed;
        for (QWidget* widget : desk.page.findChildren<QWidget*>()) {
            const bool stops = widget->isVisibleTo(&desk.page) && widget->isEnabled() &&
                               (widget->focusPolicy() & Qt::TabFocus) && !widget->focusProxy();
            if (!stops || reached.contains(widget)) continue;
            missed << QStringLiteral("%1 %2").arg(QString::fromLatin1(widget->metaObject()->className()),
                                                  widget->objectName());
        }
        QVERIFY2(missed.isEmpty(), qPrintable(missed.join(", ")));
        for (QWidget* widget : reached) {
            QAccessibleInterface* said = QAccessible::queryAccessibleInterface(widget);
            QVERIFY2(said && !said->text(QAccessible::Name).isEmpty(),
                     qPrintable(QString::fromLatin1(widget->metaObject()->className()) + ' ' + widget->objectName()));
        }
    }
    void scheduleAndMix_areDrawnWithoutAMouse()
    {
        Desk desk;
        desk.page.lane().setFocus();
        desk.press(Qt::Key_Tab);
        desk.press(Qt::Key_Tab); // the second key
        QCOMPARE(desk.document().selection().current(), 1);
        desk.press(Qt::Key_Up);
        desk.press(Qt::Key_Right);
        QVERIFY(desk.document().curve().keys[1].y > 0.5 && desk.document().curve().keys[1].x > 0.5);
        desk.press(Qt::Key_Down, Qt::ControlModifier); // to the first source's lane, which comes to sight
        auto* past = qobject_cast<editor::LaneView*>(QApplication::focusWidget());
        QVERIFY(past && past != &desk.page.lane() && past->isVisible());
        QCOMPARE(past->track().title(), QStringLiteral("past"));
        desk.press(Qt::Key_Insert);
        desk.press(Qt::Key_Down, Qt::ShiftModifier);
        const auto& weight = desk.page.mix().desk().committed().weights[0];
        QVERIFY(weight.keys.size() == 2 && weight.keys[1].y < 1);
        desk.press(Qt::Key_4);
        auto* truth = qobject_cast<editor::LaneView*>(QApplication::focusWidget());
        QCOMPARE(truth->track().title(), QStringLiteral("truth"));
        desk.press(Qt::Key_U);
        QVERIFY(!desk.page.mix().desk().isOn(2));
        desk.press(Qt::Key_1);
        QCOMPARE(QApplication::focusWidget(), &desk.page.lane());
        while (desk.document().undoStack().canUndo())
            desk.press(Qt::Key_Z, Qt::ControlModifier);
        QCOMPARE(desk.document().text(), kText);
    }
    void inspectorAndPoints_followTheLane()
    {
        Desk desk;
        desk.page.lane().setFocus();
        auto* table = desk.page.findChild<QTableView*>("pointsTable");
        auto* value = desk.page.findChild<QLineEdit*>("keyValue");
        QCOMPARE(table->model()->rowCount(), 3);
        desk.press(Qt::Key_2);
        QCOMPARE(table->model()->rowCount(), 1); // a weight that is one number
        desk.press(Qt::Key_Tab);
        desk.page.mix().desk().select(0);
        QVERIFY(value->isVisible());
        value->setFocus();
        value->selectAll();
        QTest::keyClicks(value, "0.25");
        QTest::keyClick(value, Qt::Key_Return);
        QCOMPARE(desk.page.mix().desk().committed().weights[0].keys[0].y, 0.25);
        QCOMPARE(desk.document().curve().keys[0].y, 0.3); // the gap's key stands where it stood
        desk.document().undoStack().undo();
        QCOMPARE(desk.document().text(), kText);
        desk.page.lane().setFocus();
        QCOMPARE(table->model()->rowCount(), 3);
        table->selectRow(1);
        QCOMPARE(desk.document().selection().current(), 1);
        QVERIFY(desk.page.openText("[experiment]\nname = \"none\"\n")); // the lane in use goes
        QCOMPARE(table->model()->rowCount(), 2);
    }
    void otherSources_bringOtherLanes()
    {
        Desk desk;
        desk.page.mix().showView(MixPanel::View::Lanes);
        QCOMPARE(desk.page.lanes().lanes().size(), 4);
        QVERIFY(desk.page.openText("[[signals.source]]\nname = \"one\"\nkind = \"truth\"\n"));
        QCOMPARE(desk.page.lanes().lanes().size(), 2);
        QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
        QVERIFY(desk.page.openText("[experiment]\nname = \"none\"\n"));
        QCOMPARE(desk.page.lanes().lanes().size(), 1);
        QTest::qWait(50); // what was left of the lanes is painted, or is gone
    }
    void playhead_isOneForLaneAndMix()
    {
        Desk desk;
        desk.page.mix().desk().setPlayhead(0.25);
        QCOMPARE(desk.page.lanes().span().playhead().value(), 0.25);
        desk.page.lanes().span().setPlayhead(0.75);
        QCOMPARE(desk.page.mix().desk().playhead(), 0.75);
    }
    void triangle_isDraggedInOneStepToTheSameBytes()
    {
        Desk desk;
        desk.page.mix().showView(MixPanel::View::Ternary);
        pages::TernaryView& view = desk.page.mix().ternary();
        QVERIFY(view.isVisible() && view.corners());
        const auto share = [&](std::size_t i) {
            return viewmodels::sharesAt(desk.page.mix().desk().mix(), desk.page.mix().desk().playhead())[i];
        };
        const QPoint from = view.pointOf({1.0 / 3, 1.0 / 3, 1.0 / 3}).toPoint();
        const QPoint to = view.pointOf({0.6, 0.25, 0.15}).toPoint();
        drag(view, from, to);
        QVERIFY2(std::abs(share(0) - 0.6) < 0.02 && std::abs(share(1) - 0.25) < 0.02,
                 qPrintable(QString::number(share(0))));
        QCOMPARE(desk.document().undoStack().index(), 1);
        desk.document().undoStack().undo();
        QCOMPARE(desk.document().text(), kText);
        drag(view, from, to, false);
        QVERIFY(std::abs(share(0) - 0.6) < 0.02);
        QTest::keyClick(&view, Qt::Key_Escape);
        QVERIFY(std::abs(share(0) - 1.0 / 3) < 1e-9);
        QTest::mouseRelease(&view, Qt::LeftButton, {}, to);
        QCOMPARE(desk.document().text(), kText);
        QTest::keyClick(&view, Qt::Key_Up); // the selected source, by a percent
        QVERIFY(std::abs(share(0) - 1.0 / 3 - 0.01) < 1e-9);
        desk.page.mix().desk().setOn(2, false);
        QVERIFY(!view.corners()); // two sources are no triangle
    }
    void fittedCurve_staysWithinItsTolerance()
    {
        std::vector<schedule::Key> samples;
        for (int i = 0; i <= 60; ++i)
            samples.push_back({.x = i / 60.0, .y = 0.5 + 0.2 * std::sin(i / 9.0)});
        for (const double tolerance : {0.05, 0.01, 0.001}) {
            const schedule::Curve fit = viewmodels::fittedCurve(samples, tolerance);
            const schedule::Evaluator evaluate(fit);
            for (const schedule::Key& sample : samples)
                QVERIFY(std::abs(evaluate(sample.x) - sample.y) <= tolerance);
            QVERIFY(tolerance < 0.005 || fit.keys.size() < 20);
        }
    }
    void storedRuns_standBehindTheCurveOrBecomeIt()
    {
        Desk desk;
        const QString file = desk.folder.filePath("gradus.db");
        {
            auto writer = store::StoreWriter::open(file.toStdString());
            QVERIFY2(writer.ok(), writer ? "" : writer.error().message.c_str());
            const auto ids = tests::addSampleExperiment(**writer, "earlier", {"schedule"}, {1});
            QCOMPARE(ids.size(), std::size_t{1});
            tests::writeFinishedRun(**writer, {.runId = ids[0]});
        }
        const auto curves = viewmodels::recentRunCurves(file.toStdString(), 5);
        QVERIFY2(curves.ok(), curves ? "" : curves.error().message.c_str());
        QCOMPARE(curves->size(), std::size_t{1});
        QVERIFY(curves->front().drawn && curves->front().taken);
        QMenu* menu = desk.page.findChild<QPushButton*>("runGhosts")->menu();
        Q_EMIT menu->aboutToShow();
        QTRY_VERIFY(!menu->actions().isEmpty() && menu->actions().front()->menu());
        QMenu* run = menu->actions().front()->menu();
        QVERIFY2(menu->actions().front()->text().startsWith("earlier"), qPrintable(menu->actions().front()->text()));
        const QImage before = desk.page.lane().grab().toImage();
        actionOf(run, "Show what was taken")->trigger();
        desk.page.lane().replotNow();
        QVERIFY(desk.page.lane().grab().toImage() != before);
        QCOMPARE(desk.document().text(), kText);
        actionOf(run, "Draw the same curve")->trigger();
        QVERIFY(desk.document().curve() == *curves->front().drawn);
        desk.document().undoStack().undo();
        actionOf(run, "Fit keys to what was taken")->trigger();
        const schedule::Evaluator fit(desk.document().curve());
        for (const schedule::Key& key : curves->front().taken->keys)
            QVERIFY(std::abs(fit(key.x) - key.y) <= 0.005);
        desk.document().undoStack().undo();
        QCOMPARE(desk.document().text(), kText);
    }
    /// Not a check: pictures for people, only where a folder is named.
    void pictures()
    {
        const QString folder = qEnvironmentVariable("GRADUS_PICTURES");
        if (folder.isEmpty()) QSKIP("GRADUS_PICTURES names no folder");
        for (const auto theme : {common::Theme::Light, common::Theme::Dark})
            for (const auto view : {MixPanel::View::Area, MixPanel::View::Lanes, MixPanel::View::Ternary}) {
                Desk desk;
                desk.theme.setTheme(theme);
                QVERIFY(desk.page.save());
                desk.page.mix().showView(view);
                (void)desk.document().setMarkers({{0.35, "audit"}, {0.7, ""}}, "markers");
                desk.page.lane().commands().insertAt(0.75);
                desk.document().selection().set({1, 2}, 1);
                desk.page.lanes().span().setPlayhead(0.6);
                QTest::qWait(80);
                for (const auto& lane : desk.page.lanes().lanes())
                    lane->replotNow();
                const QString name =
                    QStringLiteral("lanes-%1-%2.png").arg(common::nameOf(theme)).arg(static_cast<int>(view));
                QVERIFY(desk.page.grab().save(folder + '/' + name));
                if (view != MixPanel::View::Area) continue;
                desk.document().selection().select(1);
                desk.page.lane().openEasing();
                QTest::qWait(50);
                QVERIFY(QApplication::activePopupWidget()->grab().save(
                    folder + QStringLiteral("/easing-%1.png").arg(common::nameOf(theme))));
                QApplication::activePopupWidget()->hide();
            }
    }
};
GRADUS_SUITE(DesignLanesTest)
#include "design_lanes_test.moc"
