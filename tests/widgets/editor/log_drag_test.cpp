// SPDX-License-Identifier: GPL-3.0-or-later
// Several keys on an axis by powers of ten: a drag and an arrow are one factor for all of them, Esc restores exactly.
#include "base/rng.h"
#include "lane_bench.h"
#include "support/suite.h"

#include <cmath>

using namespace gradus;
using tests::Edited;
using tests::LaneBench;

namespace {

const std::string kRates = "[experiment]\nname = \"rates\"\n[ladder]\ngenerations = 4\n[training]\nlearning_rate = "
                           "{ keys = [[0.0, 0.01], [0.3, 0.003], [0.6, 0.0005], [1.0, 0.0001]] }\n";

struct Rates : LaneBench
{
    Rates() : LaneBench(Edited::Number)
    {
        if (!document.setText(kRates)) qFatal("the test's own text is refused");
        lane->setSnapping(false);
        lane->replotNow();
    }
    std::vector<double> values() const
    {
        std::vector<double> all;
        for (const schedule::Key& key : track->curve().keys)
            all.push_back(key.y);
        return all;
    }
};

} // namespace

class LogDragTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    /// Any keys, any way: those that are dragged keep their ratios, the others their values; nothing leaves its bounds;
    /// Esc brings back every bit, and so does undo.
    void draggedKeys_keepTheirRatios()
    {
        Rates bench;
        QVERIFY(bench.lane->isLogAxis());
        const auto before = bench.values();
        const schedule::Curve whole = bench.track->curve();
        Rng rng(7, "log drag");
        int moved = 0;
        for (int round = 0; round < 60; ++round) {
            viewmodels::KeyIndices chosen;
            for (int i = 0; i < 4; ++i)
                if (rng.uniform() < 0.6) chosen.push_back(i);
            if (chosen.empty()) continue;
            const int grabbed = chosen[static_cast<std::size_t>(rng.below(chosen.size()))];
            bench.track->selection().set(chosen, grabbed);
            const QPoint from = bench.key(grabbed);
            // Within the lane: far out of it a drag deletes.
            const QRectF area = bench.lane->plotArea();
            const int wanted = from.y() + static_cast<int>(rng.uniform() * 160) - 80;
            const QPoint to(from.x(),
                            std::clamp(wanted, static_cast<int>(area.top()) + 1, static_cast<int>(area.bottom()) - 1));
            QTest::mousePress(bench.lane, Qt::LeftButton, {}, from);
            bench.move((from + to) / 2);
            bench.move(to);
            const auto now = bench.values();
            const double factor = now[static_cast<std::size_t>(grabbed)] / before[static_cast<std::size_t>(grabbed)];
            for (std::size_t i = 0; i < now.size(); ++i) {
                const bool dragged = std::binary_search(chosen.begin(), chosen.end(), static_cast<int>(i));
                const double expected = dragged ? before[i] * factor : before[i];
                QVERIFY2(std::abs(now[i] / expected - 1) < 1e-9, qPrintable(QString::number(now[i])));
                QVERIFY(now[i] >= bench.track->bounds().minimumY && now[i] <= bench.track->bounds().maximumY);
            }
            moved += factor != 1;
            if (round % 2 == 0) {
                bench.press(Qt::Key_Escape);
                QVERIFY(bench.track->curve() == whole);
                QTest::mouseRelease(bench.lane, Qt::LeftButton, {}, to);
            } else {
                QTest::mouseRelease(bench.lane, Qt::LeftButton, {}, to);
                bench.document.undoStack().undo();
            }
            QCOMPARE(bench.document.text(), kRates);
        }
        QVERIFY2(moved > 20, qPrintable(QString::number(moved)));
    }
    /// A press beside the key's middle is a ratio too: a drag over decades ends above 0.
    void keyGrabbedBesideItsMiddle_followsThePointerOverDecades()
    {
        Rates bench;
        const QPoint from = bench.key(0) + QPoint(0, -5);
        const QPoint to(from.x(), bench.key(3).y() - 5);
        bench.drag(from, to);
        const double landed = bench.values()[0];
        QVERIFY2(std::abs(std::log10(landed / 0.0001)) < 0.05, qPrintable(QString::number(landed)));
    }
    void arrow_isOneFactorForAll()
    {
        Rates bench;
        bench.track->selection().set({0, 1, 2}, 1);
        bench.press(Qt::Key_Up); // 0.003 by a tenth of its power of ten
        const auto now = bench.values();
        QVERIFY(std::abs(now[1] - 0.0031) < 1e-12);
        QVERIFY(std::abs(now[0] / 0.01 - 31.0 / 30) < 1e-9 && std::abs(now[2] / 0.0005 - 31.0 / 30) < 1e-9);
        QCOMPARE(now[3], 0.0001);
        bench.document.undoStack().undo();
        QCOMPARE(bench.document.text(), kRates);
    }
    void group_stopsTogetherAtABound()
    {
        Rates bench;
        bench.track->selection().set({0, 1}, 1);
        const auto before = bench.values();
        bench.drag(bench.key(1), bench.key(1) - QPoint(0, 2000)); // far out of the lane is for deleting
        bench.document.undoStack().setIndex(0);
        QCOMPARE(bench.values(), before);
        const schedule::Curve up =
            viewmodels::multipliedKeys(bench.track->curve(), {0, 1}, 0, 1e9, bench.track->bounds());
        QCOMPARE(up.keys[0].y, bench.track->bounds().maximumY);
        QVERIFY(std::abs(up.keys[1].y / up.keys[0].y - 0.3) < 1e-9);
        const schedule::Curve down =
            viewmodels::multipliedKeys(bench.track->curve(), {0, 1}, 0, 1e-12, bench.track->bounds());
        QVERIFY(down.keys[1].y >= bench.track->bounds().minimumY);
        QVERIFY(std::abs(down.keys[1].y / down.keys[0].y - 0.3) < 1e-9);
    }
};
GRADUS_SUITE(LogDragTest)
#include "log_drag_test.moc"
