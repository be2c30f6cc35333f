// SPDX-License-Identifier: GPL-3.0-or-later
// The future of a run on the Design page, drawn by real events: what shapes only what is to come is open, up to the
// very place where the past ends.
#include "design_desk.h"
#include "editor/lane_view.h"
#include "pages/design/finding_strip.h"
#include "pages/design/number_lanes.h"
#include "support/must.h"
#include "support/suite.h"

#include <QMouseEvent>

using namespace gradus;

namespace {

const std::string kRun = "[experiment]\nname = \"future\"\nseeds = [3]\n[ladder]\ngenerations = 5\n"
                         "[gap]\ncontroller = \"schedule\"\n"
                         "curve = { keys = [[0.0, 0.3], [0.6, 0.5], [1.0, 0.9]] }\n"
                         "[training]\nlearning_rate = { keys = [[0.0, 0.006], [0.5, 0.005], [1.0, 0.001]] }\n";

viewmodels::PastOfRun past(const std::string& toml, int kept)
{
    spec::RunSpec run{.condition = {}, .seed = 3, .experiment = tests::must(spec::parseExperiment(toml, "run.toml"))};
    return {.uuid = QStringLiteral("0123"),
            .name = QStringLiteral("future, seed 3"),
            .run = run,
            .finished = 5,
            .generation = kept};
}

void drag(QWidget& widget, const QPoint& from, const QPoint& to)
{
    QTest::mousePress(&widget, Qt::LeftButton, {}, from);
    for (const QPoint& at : {(from + to) / 2, to}) {
        QMouseEvent event(QEvent::MouseMove, at, widget.mapToGlobal(at), Qt::NoButton, Qt::LeftButton, {});
        QApplication::sendEvent(&widget, &event);
    }
    QTest::mouseRelease(&widget, Qt::LeftButton, {}, to);
}

QString said(const tests::DesignDesk& desk)
{
    return desk.page.findChild<pages::FindingStrip*>()->sentence();
}

} // namespace

class FutureLanesTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theKeyAtTheCut_opensWithItsRightHandleAlone()
    {
        tests::DesignDesk desk(kRun);
        desk.page.beginBranch(past(kRun, 3));
        editor::LaneView& lane = desk.page.lane();
        const auto closed = lane.track().closedUntil();
        QVERIFY(closed.has_value());
        const auto& keys = lane.track().curve().keys;
        const auto at = std::find_if(keys.begin(), keys.end(), [&](const auto& key) { return key.x == *closed; });
        QVERIFY(at != keys.end());
        const int cut = static_cast<int>(at - keys.begin());
        QVERIFY(viewmodels::hasHandle(lane.track().curve(), cut, viewmodels::HandleSide::Right));
        lane.setFocus();
        QTest::mouseClick(&lane, Qt::LeftButton, {}, lane.pixelOf(*at).toPoint());
        QCOMPARE(lane.track().selection().current(), cut);
        const schedule::Curve before = lane.track().curve();
        const std::string text = desk.document().text();
        const auto handle = [&](bool left) {
            const schedule::Key& key = before.keys[static_cast<std::size_t>(cut)];
            const schedule::Handle& side = left ? key.left : key.right;
            return lane.toPixel({key.x + side.dx, key.y + side.dy}).toPoint();
        };
        drag(lane, handle(false), handle(false) + QPoint(6, -30));
        QVERIFY2(desk.document().text() != text, qPrintable(said(desk)));
        const schedule::Evaluator was(before);
        const schedule::Evaluator is(lane.track().curve());
        for (double x = 0; x <= *closed; x += *closed / 64)
            QCOMPARE(is(x), was(x));
        QVERIFY(is(*closed + 0.1) > was(*closed + 0.1));
        desk.document().undoStack().undo();
        QCOMPARE(desk.document().text(), text);
        // The other handle is the past's, and the key itself is.
        drag(lane, handle(true), handle(true) + QPoint(-6, -30));
        QVERIFY2(said(desk).contains(QStringLiteral("is over")), qPrintable(said(desk)));
        desk.page.showNotice({}, false);
        const QPoint place = lane.pixelOf(before.keys[static_cast<std::size_t>(cut)]).toPoint();
        drag(lane, place, place + QPoint(0, -30));
        QVERIFY2(said(desk).contains(QStringLiteral("is over")), qPrintable(said(desk)));
        QCOMPARE(desk.document().text(), text);
        QVERIFY(lane.track().curve() == before);
    }

    /// A fixed gap leaves the curve unread: all of it may be drawn, while a drawn number keeps its past.
    void aCurveThatNothingRead_isOpenFromTheBeginning()
    {
        std::string fixed = kRun;
        fixed.replace(fixed.find("\"schedule\""), 10, "\"fixed\"");
        tests::DesignDesk desk(fixed);
        desk.page.beginBranch(past(fixed, 3));
        editor::LaneView& gap = desk.page.lane();
        QVERIFY(!gap.track().closedUntil());
        const double before = gap.track().curve().keys[0].y;
        const QPoint first = gap.pixelOf(gap.track().curve().keys[0]).toPoint();
        drag(gap, first, first + QPoint(0, -30));
        QVERIFY2(gap.track().curve().keys[0].y > before, qPrintable(said(desk)));
        editor::LaneView& number = *desk.page.numbers().lanes().front();
        QCOMPARE(number.track().closedUntil(), desk.document().pastEnd());
        const std::string text = desk.document().text();
        const QPoint begins = number.pixelOf(number.track().curve().keys[0]).toPoint();
        drag(number, begins, begins + QPoint(0, 20));
        QVERIFY2(said(desk).contains(QStringLiteral("is over")), qPrintable(said(desk)));
        QCOMPARE(desk.document().text(), text);
    }
};
GRADUS_SUITE(FutureLanesTest)
#include "future_lanes_test.moc"
