// SPDX-License-Identifier: GPL-3.0-or-later
// The accessible tree of the lanes, read as assistive technology reads it.
#include "lane_bench.h"
#include "support/suite.h"

#include <QAccessible>

using namespace gradus;
using tests::LaneBench;

namespace {

/// Name and value of every item below, one a line.
void dump(QAccessibleInterface* item, QStringList& lines, int depth = 0)
{
    if (!item || depth > 20) return;
    lines << item->text(QAccessible::Name) + '=' + item->text(QAccessible::Value);
    for (int i = 0; i < item->childCount(); ++i)
        dump(item->child(i), lines, depth + 1);
}

QAccessibleInterface* interfaceOf(QWidget* widget)
{
    return QAccessible::queryAccessibleInterface(widget);
}

} // namespace

class AccessibleLaneTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theTree_namesEveryKeyframeOfEveryLane_withItsValue()
    {
        LaneBench bench;
        QStringList lines;
        dump(interfaceOf(&bench.window), lines);
        for (editor::LaneView* lane : {bench.lane, bench.stack->lanes()[0], bench.stack->lanes()[1]}) {
            const auto& keys = lane->track().curve().keys;
            QVERIFY2(lines.contains(lane->accessibleName() + '='), qPrintable(lines.join('\n')));
            for (std::size_t i = 0; i < keys.size(); ++i) {
                const QString line = QStringLiteral("Key %1 of %2 at %3 percent=%4")
                                         .arg(i + 1)
                                         .arg(keys.size())
                                         .arg(100 * keys[i].x, 0, 'f', 1)
                                         .arg(keys[i].y, 0, 'f', 3);
                QVERIFY2(lines.contains(line), qPrintable(line + " is missing of\n" + lines.join('\n')));
            }
        }
    }
    void aKeyframe_tellsItsStateAndPlace()
    {
        LaneBench bench;
        bench.document.selection().select(2);
        QAccessibleInterface* lane = interfaceOf(bench.lane);
        QAccessibleInterface* key = lane->child(2);
        QCOMPARE(key->role(), QAccessible::Slider);
        QVERIFY(key->state().selected && key->state().focused && !key->state().readOnly);
        QVERIFY(!lane->child(1)->state().selected);
        QCOMPARE(lane->focusChild(), key);
        QCOMPARE(key->parent(), lane);
        QCOMPARE(lane->indexOfChild(key), 2);
        const QPoint at = bench.lane->mapToGlobal(bench.key(2));
        QVERIFY(key->rect().contains(at));
        QCOMPARE(lane->childAt(at.x(), at.y()), key);
        bench.document.setLocked(true);
        QVERIFY(key->state().readOnly);
    }
    void itsValue_isSetWithinTheBounds_oneStep()
    {
        LaneBench bench;
        QAccessibleValueInterface* value = interfaceOf(bench.lane)->child(1)->valueInterface();
        QVERIFY(value);
        QCOMPARE(value->currentValue().toDouble(), 0.5);
        value->setCurrentValue(0.75);
        QCOMPARE(bench.keyAt(1).y, 0.75);
        value->setCurrentValue(1e9);
        QCOMPARE(bench.keyAt(1).y, value->maximumValue().toDouble());
        value->setCurrentValue("much");
        bench.document.undoStack().undo();
        bench.document.undoStack().undo();
        QCOMPARE(bench.document.text(), tests::kLaneText);
        bench.document.setLocked(true);
        value->setCurrentValue(0.75);
        QCOMPARE(bench.document.text(), tests::kLaneText);
    }
    void aKeyThatWent_isNoLongerValid()
    {
        LaneBench bench;
        QAccessibleInterface* lane = interfaceOf(bench.lane);
        QAccessibleInterface* last = lane->child(3);
        QVERIFY(last->isValid());
        bench.document.selection().select(1);
        bench.press(Qt::Key_Delete);
        QVERIFY(!last->isValid());
        QVERIFY(last->text(QAccessible::Name).isEmpty());
        bench.document.undoStack().undo();
        QVERIFY(last->isValid());
    }
};
GRADUS_SUITE(AccessibleLaneTest)
#include "accessible_lane_test.moc"
