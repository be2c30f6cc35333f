// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/files.h"
#include "design_desk.h"
#include "pages/design/design_page.h"
#include "pages/design/mix_area.h"
#include "pages/design/mix_panel.h"
#include "pages/design/number_field.h"
#include "support/source_dir.h"
#include "support/suite.h"

#include <QApplication>
#include <QCheckBox>
#include <QComboBox>
#include <QContextMenuEvent>
#include <QMenu>
#include <QMouseEvent>
#include <QPushButton>
#include <QSlider>
#include <QSplitter>
#include <QTest>
#include <QToolButton>

#include <cmath>

using namespace gradus;

namespace {

const std::string kText = "# my notes\n"
                          "[experiment]\n"
                          "name = \"mixed\"\n"
                          "[ladder]\n"
                          "generations = 4\n"
                          "[[signals.source]]\n"
                          "name = \"past\" # first\n"
                          "kind = \"model\"\n"
                          "[[signals.source]]\n"
                          "name = \"elders\"\n"
                          "kind = \"ensemble\"\n"
                          "[[signals.source]]\n"
                          "name = \"cautious\"\n"
                          "kind = \"persona\"\n"
                          "unsure_below = 0.7\n"
                          "[[signals.source]]\n"
                          "name = \"truth\"\n"
                          "kind = \"truth\"\n";

/// A page with four sources of even shares.
struct Desk : tests::DesignDesk
{
    explicit Desk(const std::string& text = kText) : DesignDesk(text) {}
    pages::MixArea& area() { return page.mix().area(); }
    viewmodels::MixDesk& mix() { return page.mix().desk(); }
    double share(std::size_t source, double x) { return viewmodels::sharesAt(mix().mix(), x)[source]; }
    template <typename T>
    T& child(const char* name)
    {
        T* found = page.findChild<T*>(QString::fromLatin1(name));
        if (!found) qFatal("no %s on the page", name);
        return *found;
    }
    void send(QEvent::Type type, const QPointF& at, Qt::KeyboardModifiers modifiers = {})
    {
        const bool move = type == QEvent::MouseMove;
        QMouseEvent event(type, at, area().mapToGlobal(at), move ? Qt::NoButton : Qt::LeftButton,
                          type == QEvent::MouseButtonRelease ? Qt::NoButton : Qt::LeftButton, modifiers);
        QCoreApplication::sendEvent(&area(), &event);
    }
    /// Drags the boundary below a source at x by a share of the height, without letting go.
    QPointF pull(std::size_t source, double x, double by, Qt::KeyboardModifiers modifiers = {})
    {
        const QPointF from = area().boundaryAt(source, x);
        const QPointF to = from + QPointF(0, by * area().plotArea().height());
        send(QEvent::MouseButtonPress, from);
        send(QEvent::MouseMove, (from + to) / 2, modifiers);
        send(QEvent::MouseMove, to, modifiers);
        return to;
    }
    void drag(std::size_t source, double x, double by, Qt::KeyboardModifiers modifiers = {})
    {
        send(QEvent::MouseButtonRelease, pull(source, x, by, modifiers), modifiers);
    }
    /// One step was made, and undoing it brings back every byte.
    bool isOneStep(const std::string& before = kText)
    {
        if (document().undoStack().count() != 1 || document().text() == before) return false;
        document().undoStack().undo();
        return document().text() == before;
    }
};

bool near(double a, double b, double within = 1e-6)
{
    return std::abs(a - b) < within;
}

} // namespace

class MixPanelTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void panel_isThereWhileTheDraftNamesSources()
    {
        Desk desk;
        QVERIFY(desk.page.mix().isVisible());
        QVERIFY(desk.page.openText("[experiment]\nname = \"alone\"\n"));
        QVERIFY(!desk.area().isVisible());
        QVERIFY(desk.child<QPushButton>("addSource").isVisible());
        QVERIFY(desk.page.openText(kText));
        QVERIFY(desk.area().isVisible());
    }
    void freshDraft_getsThreeSourcesAndLosesThem()
    {
        Desk desk(viewmodels::newDraftText());
        QVERIFY(desk.mix().isEmpty());
        const auto* splitter = qobject_cast<QSplitter*>(desk.page.mix().parentWidget());
        const int place = splitter->indexOf(&desk.page.mix());
        QCOMPARE(splitter->sizes()[place], desk.page.mix().height()); // what an empty mix does not fill is the lanes'
        QMenu* kinds = desk.child<QPushButton>("addSource").menu();
        std::vector<std::string> texts{desk.document().text()};
        for (const char* kind : {"model", "persona", "truth"}) {
            kinds->findChild<QAction*>(QLatin1String(kind))->trigger();
            texts.push_back(desk.document().text());
            QVERIFY2(desk.document().isValid(), texts.back().c_str());
            QCOMPARE(desk.document().undoStack().count(), static_cast<int>(texts.size()) - 1);
        }
        QCOMPARE(desk.mix().count(), std::size_t{3});
        QVERIFY(desk.area().isVisible());
        QVERIFY(spec::expand(desk.document().experiment()));
        QMenu* presets = desk.child<QPushButton>("mixPresets").menu();
        const auto choose = [&](const char* title) {
            for (QAction* action : presets->actions())
                if (action->text().startsWith(QLatin1String(title))) action->trigger();
            texts.push_back(desk.document().text());
        };
        choose("Hand over");
        QVERIFY(near(desk.share(0, 0), 1) && near(desk.share(1, 0.5), 1) && near(desk.share(2, 1), 1));
        choose("Alternate"); // four generations: three turns
        for (int turn = 0; turn < 3; ++turn)
            QVERIFY2(near(desk.share(static_cast<std::size_t>(turn), turn / 2.0), 1), desk.document().text().c_str());
        choose("Uniform");
        QVERIFY(near(desk.share(0, 0.3), 1.0 / 3));
        desk.area().setFocus();
        QMenu* menu = desk.area().makeMenu(1, 0.5);
        menu->findChild<QAction*>("removeSource")->trigger();
        delete menu;
        QCOMPARE(desk.mix().count(), std::size_t{2});
        QCOMPARE(desk.mix().sources()[1].kind, std::string("truth"));
        for (auto text = texts.rbegin(); text != texts.rend(); ++text) {
            desk.document().undoStack().undo();
            QCOMPARE(desk.document().text(), *text);
        }
        QVERIFY(!desk.document().undoStack().canUndo());
    }
    void rowMenu_removesItsSource()
    {
        Desk desk;
        auto& slider = desk.child<QSlider>("mixShare2");
        QContextMenuEvent event(QContextMenuEvent::Mouse, {4, 4}, slider.mapToGlobal(QPoint(4, 4)));
        QCoreApplication::sendEvent(&slider, &event);
        QMenu* menu = qobject_cast<QMenu*>(QApplication::activePopupWidget());
        QVERIFY(menu != nullptr);
        menu->findChild<QAction*>("removeSource")->trigger();
        menu->close();
        QCOMPARE(desk.mix().count(), std::size_t{3});
        QVERIFY(desk.document().text().find("cautious") == std::string::npos);
        desk.document().undoStack().undo();
        QCOMPARE(desk.document().text(), kText);
    }
    void escape_bringsBackPlayheadAndSelectionToo()
    {
        Desk desk;
        desk.mix().select(3);
        desk.mix().setPlayhead(0.9);
        desk.area().setFocus();
        desk.pull(1, 0.5, 0.1);
        QCOMPARE(desk.mix().selected(), std::size_t{1});
        QTest::keyClick(&desk.area(), Qt::Key_Escape);
        QCOMPARE(desk.mix().selected(), std::size_t{3});
        QCOMPARE(desk.mix().playhead(), 0.9);
        QCOMPARE(desk.document().text(), kText);
        // A press on a band moves the playhead until it is let go.
        const QRectF plot = desk.area().plotArea();
        desk.send(QEvent::MouseButtonPress, {plot.left() + 0.2 * plot.width(), plot.top() + 0.1 * plot.height()});
        desk.send(QEvent::MouseMove, {plot.left() + 0.4 * plot.width(), plot.top() + 0.1 * plot.height()});
        QVERIFY(near(desk.mix().playhead(), 0.4, 0.01));
        QTest::keyClick(&desk.area(), Qt::Key_Escape);
        QCOMPARE(desk.mix().playhead(), 0.9);
        QCOMPARE(desk.mix().selected(), std::size_t{3});
        desk.send(QEvent::MouseMove, {plot.left() + 0.6 * plot.width(), plot.top() + 0.1 * plot.height()});
        QCOMPARE(desk.mix().playhead(), 0.9);
    }
    void boundary_isDraggedInOneStep()
    {
        Desk desk;
        desk.drag(1, 0.5, 0.1);
        QVERIFY(near(desk.share(1, 0.5), 0.35));
        QVERIFY(near(desk.share(2, 0.5), 0.15));
        QVERIFY(near(desk.share(0, 0.5), 0.25));
        QVERIFY(near(desk.share(3, 0.5), 0.25));
        QVERIFY(near(desk.share(1, 0), 0.25));
        QVERIFY(desk.document().text().starts_with("# my notes\n"));
        QVERIFY(desk.document().text().find("\"past\" # first\n") != std::string::npos);
        QVERIFY(desk.isOneStep());
    }
    void drawnMix_isWhatTheWorkerReads()
    {
        Desk desk;
        desk.drag(0, 0.5, 0.12);
        desk.drag(2, 1, -0.2);
        QCOMPARE(desk.document().undoStack().count(), 2);
        const auto parsed = spec::parseExperiment(desk.document().text(), "test");
        QVERIFY(parsed);
        for (int generation = 2; generation <= 4; ++generation) {
            const auto drawn = viewmodels::MixEvaluator(desk.mix().mix()).weightsAt((generation - 2) / 2.0);
            for (std::size_t i = 0; i < drawn.size(); ++i)
                QCOMPARE(spec::weightAt(parsed->signals.sources[i], generation, 4), drawn[i]);
        }
        desk.document().undoStack().undo();
        desk.document().undoStack().undo();
        QVERIFY(desk.document().text() == kText);
    }
    void escape_restoresTheBytesAndMakesNoStep()
    {
        Desk desk;
        const QPointF at = desk.pull(1, 0.5, 0.1);
        QVERIFY(near(desk.share(1, 0.5), 0.35));
        QTest::keyClick(&desk.area(), Qt::Key_Escape);
        QVERIFY(near(desk.share(1, 0.5), 0.25));
        desk.send(QEvent::MouseMove, at + QPointF(0, 9));
        desk.send(QEvent::MouseButtonRelease, at);
        QCOMPARE(desk.document().undoStack().count(), 0);
        QVERIFY(desk.document().text() == kText);
    }
    void control_snapsToFivePercent()
    {
        Desk desk;
        desk.drag(1, 0.5, 0.083, Qt::ControlModifier);
        QVERIFY(near(desk.share(1, 0.5), 0.35));
        QVERIFY(desk.isOneStep());
    }
    void shift_takesFromAllOthers()
    {
        Desk desk;
        desk.drag(1, 0.5, 0.15, Qt::ShiftModifier);
        QVERIFY(near(desk.share(1, 0.5), 0.40));
        for (const std::size_t other : {std::size_t{0}, std::size_t{2}, std::size_t{3}})
            QVERIFY(near(desk.share(other, 0.5), 0.20));
        QVERIFY(desk.isOneStep());
    }
    void padlock_keepsAShare()
    {
        Desk desk;
        QTest::mouseClick(&desk.child<QToolButton>("mixLock2"), Qt::LeftButton);
        QVERIFY(!desk.child<QSlider>("mixShare2").isEnabled());
        desk.drag(1, 0.5, 0.1);
        QCOMPARE(desk.document().undoStack().count(), 0);
        desk.drag(1, 0.5, 0.1, Qt::ShiftModifier);
        QVERIFY(near(desk.share(2, 0.5), 0.25));
        QVERIFY(near(desk.share(1, 0.5), 0.35));
        QVERIFY(near(desk.share(0, 0.5), 0.20));
        QVERIFY(desk.isOneStep());
    }
    void press_movesThePlayheadAndSelects_doubleClickSetsAKey()
    {
        Desk desk;
        const QRectF plot = desk.area().plotArea();
        const QPoint inThird(static_cast<int>(desk.area().toPixel(0.25)),
                             static_cast<int>(plot.top() + 0.62 * plot.height()));
        QTest::mouseClick(&desk.area(), Qt::LeftButton, {}, inThird);
        QCOMPARE(desk.mix().selected(), std::size_t{2});
        QVERIFY(near(desk.mix().playhead(), 0.25, 0.005));
        QCOMPARE(desk.document().undoStack().count(), 0);
        QTest::mouseDClick(&desk.area(), Qt::LeftButton, {}, inThird);
        QCOMPARE(desk.mix().mix().weights[0].keys.size(), std::size_t{3});
        QVERIFY(near(desk.share(0, 0.25), 0.25));
        QVERIFY(desk.isOneStep());
    }
    void arrows_changeTheShareAtThePlayhead_inOneStep()
    {
        Desk desk;
        desk.area().setFocus();
        QTest::keyClick(&desk.area(), Qt::Key_PageDown);
        QCOMPARE(desk.mix().selected(), std::size_t{1});
        QTest::keyClick(&desk.area(), Qt::Key_Right);
        QVERIFY(near(desk.mix().playhead(), 0.51));
        QTest::keyClick(&desk.area(), Qt::Key_Up);
        QTest::keyClick(&desk.area(), Qt::Key_Up);
        QTest::keyClick(&desk.area(), Qt::Key_Down);
        QTest::keyClick(&desk.area(), Qt::Key_Up, Qt::ShiftModifier);
        QVERIFY(near(desk.share(1, 0.51), 0.31));
        QVERIFY(desk.isOneStep());
    }
    void enter_setsAKeyAtThePlayhead()
    {
        Desk desk;
        desk.area().setFocus();
        QTest::keyClick(&desk.area(), Qt::Key_Return);
        QCOMPARE(desk.mix().mix().weights[3].keys.size(), std::size_t{3});
        QVERIFY(desk.isOneStep());
    }
    void field_setsTheShareAtThePlayhead()
    {
        Desk desk;
        auto& field = desk.child<QLineEdit>("mixField0");
        field.setFocus();
        field.selectAll();
        QTest::keyClicks(&field, "40");
        QTest::keyClick(&field, Qt::Key_Return);
        QVERIFY(near(desk.share(0, 0.5), 0.4));
        QVERIFY(near(desk.share(3, 0.5), 0.2));
        QVERIFY(desk.isOneStep());
    }
    void slider_isOneStepADrag()
    {
        Desk desk;
        auto& slider = desk.child<QSlider>("mixShare0");
        QCOMPARE(slider.value(), 250);
        slider.setSliderDown(true);
        slider.setSliderPosition(300);
        slider.setSliderPosition(500);
        QVERIFY(near(desk.share(0, 0.5), 0.5));
        QCOMPARE(desk.document().undoStack().count(), 0);
        slider.setSliderDown(false);
        QVERIFY(near(desk.share(1, 0.5), 0.5 / 3));
        QVERIFY(desk.isOneStep());
        slider.setFocus();
        QTest::keyClick(&slider, Qt::Key_Right);
        QVERIFY(near(desk.share(0, 0.5), 0.26));
        QVERIFY(desk.isOneStep());
    }
    void slider_escapePutsItBack()
    {
        Desk desk;
        auto& slider = desk.child<QSlider>("mixShare0");
        slider.setFocus();
        slider.setSliderDown(true);
        slider.setSliderPosition(500);
        QTest::keyClick(&slider, Qt::Key_Escape);
        QCOMPARE(slider.value(), 250);
        QCOMPARE(desk.document().undoStack().count(), 0);
        QVERIFY(desk.document().text() == kText);
    }
    void source_isSwitchedOffAndOnAgain()
    {
        Desk desk;
        auto& on = desk.child<QCheckBox>("mixOn3");
        QTest::mouseClick(&on, Qt::LeftButton, {}, QPoint(8, on.height() / 2));
        QVERIFY(!on.isChecked());
        QCOMPARE(desk.share(3, 0.5), 0.0);
        QVERIFY(near(desk.share(0, 0.5), 1.0 / 3));
        QTest::mouseClick(&on, Qt::LeftButton, {}, QPoint(8, on.height() / 2));
        QVERIFY(near(desk.share(3, 0.5), 0.25));
        desk.document().undoStack().undo();
        desk.document().undoStack().undo();
        QVERIFY(desk.document().text() == kText);
    }
    void lastSource_cannotBeSwitchedOff()
    {
        Desk desk("[experiment]\nname = \"one\"\n[[signals.source]]\nname = \"past\"\nkind = \"model\"\n");
        auto& on = desk.child<QCheckBox>("mixOn0");
        QTest::mouseClick(&on, Qt::LeftButton, {}, QPoint(8, on.height() / 2));
        QVERIFY(on.isChecked());
        QCOMPARE(desk.document().undoStack().count(), 0);
    }
    void menu_everyEntryIsOneStep()
    {
        Desk desk;
        desk.drag(0, 0.5, 0.1); // so that there is something to equalise
        const std::string before = desk.document().text();
        int steps = 0;
        const std::unique_ptr<QMenu> menu(desk.area().makeMenu(1, 0.4));
        for (QAction* action : menu->actions()) {
            if (action->isSeparator()) continue;
            action->trigger();
            QVERIFY2(desk.document().undoStack().count() == 2, qPrintable(action->text()));
            desk.document().undoStack().undo();
            QVERIFY(desk.document().text() == before);
            ++steps;
        }
        QCOMPARE(steps, 6);
    }
    void conditionsWithSources_areChosenAndEditedApart()
    {
        const auto file = readFile(tests::sourceDir() / "resources/experiments/several-sources.toml", 1 << 20);
        QVERIFY(file);
        Desk desk(*file);
        auto& lists = desk.child<QComboBox>("mixLists");
        QVERIFY(lists.isVisible());
        QCOMPARE(lists.count(), 4);
        desk.mix().setList(1);
        desk.drag(2, 0.5, 0.05);
        const auto parsed = spec::sourceLists(desk.document().text());
        QVERIFY(parsed);
        QCOMPARE(parsed->at(0).sources[2].weight.keys.size(), std::size_t{1});
        QCOMPARE(parsed->at(1).sources[2].weight.keys.size(), std::size_t{3});
        QVERIFY(desk.isOneStep(*file));
    }
    void undoUnderADrag_endsIt()
    {
        Desk desk;
        desk.drag(0, 0.5, 0.1);
        const QPointF at = desk.pull(1, 0.5, 0.1);
        desk.document().undoStack().undo();
        desk.send(QEvent::MouseMove, at);
        desk.send(QEvent::MouseButtonRelease, at);
        QVERIFY(desk.document().text() == kText);
    }
};
GRADUS_SUITE(MixPanelTest)
#include "mix_panel_test.moc"
