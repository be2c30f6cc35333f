// SPDX-License-Identifier: GPL-3.0-or-later
#include "editor/lane_accessible.h"

#include "common/number_text.h"
#include "editor/lane_view.h"

#include <QAccessible>
#include <QAccessibleWidget>
#include <QPointer>

#include <vector>

namespace gradus::editor {

namespace {

constexpr int kReach = 8; ///< pixels around a key that count as it

/// A keyframe: a slider, because that is what its value can be read and set as.
class KeyAccessible final : public QAccessibleInterface, public QAccessibleValueInterface
{
public:
    KeyAccessible(LaneView& lane, int index) : m_lane(&lane), m_index(index) {}

    bool isValid() const override { return m_lane && m_index < count(); }
    QObject* object() const override { return nullptr; }
    QAccessibleInterface* childAt(int, int) const override { return nullptr; }
    QAccessibleInterface* parent() const override
    {
        return m_lane ? QAccessible::queryAccessibleInterface(m_lane) : nullptr;
    }
    QAccessibleInterface* child(int) const override { return nullptr; }
    int childCount() const override { return 0; }
    int indexOfChild(const QAccessibleInterface*) const override { return -1; }
    QAccessible::Role role() const override { return QAccessible::Slider; }

    QString text(QAccessible::Text what) const override
    {
        if (!isValid()) return {};
        const schedule::Key& key = at();
        switch (what) {
        case QAccessible::Name:
            return LaneView::tr("Key %1 of %2 at %3 percent")
                .arg(m_index + 1)
                .arg(count())
                .arg(common::numberText(100 * key.x, 1));
        case QAccessible::Value:
            return common::numberText(key.y, m_lane->decimals() + 1);
        case QAccessible::Description:
            return viewmodels::isPinned(m_lane->track().curve(), m_index) ? LaneView::tr("stays at the run's end")
                                                                          : QString();
        default:
            return {};
        }
    }
    void setText(QAccessible::Text, const QString&) override {}

    QRect rect() const override
    {
        if (!isValid()) return {};
        const QPoint at = m_lane->mapToGlobal(m_lane->pixelOf(this->at()).toPoint());
        return QRect(at - QPoint(kReach, kReach), at + QPoint(kReach, kReach));
    }

    QAccessible::State state() const override
    {
        QAccessible::State state;
        if (!isValid()) {
            state.invalid = true;
            return state;
        }
        auto& selection = m_lane->track().selection();
        state.selectable = true;
        state.multiSelectable = true;
        state.focusable = true;
        state.selected = selection.contains(m_index);
        state.focused = m_lane->hasFocus() && selection.current() == m_index;
        state.readOnly = !m_lane->track().isEditable();
        return state;
    }

    void* interface_cast(QAccessible::InterfaceType type) override
    {
        return type == QAccessible::ValueInterface ? static_cast<QAccessibleValueInterface*>(this) : nullptr;
    }

    QVariant currentValue() const override { return isValid() ? QVariant(at().y) : QVariant(); }
    void setCurrentValue(const QVariant& value) override
    {
        bool isNumber = false;
        const double y = value.toDouble(&isNumber);
        if (!isValid() || !isNumber || !m_lane->track().isEditable()) return;
        viewmodels::CurveTrack& track = m_lane->track();
        const schedule::Curve& curve = track.committedCurve();
        (void)track.setCurve(viewmodels::keyPlaced(curve, m_index, at().x, y, track.bounds()),
                             LaneView::tr("Set value"));
    }
    QVariant maximumValue() const override { return isValid() ? m_lane->track().bounds().maximumY : 0.0; }
    QVariant minimumValue() const override { return isValid() ? m_lane->track().bounds().minimumY : 0.0; }
    QVariant minimumStepSize() const override { return isValid() ? viewmodels::yStepAt(m_lane->grid(), at().y) : 0.0; }

private:
    int count() const { return m_lane->track().keyCount(); }
    const schedule::Key& at() const { return m_lane->track().curve().keys[static_cast<std::size_t>(m_index)]; }

    QPointer<LaneView> m_lane;
    int m_index;
};

/// The lane: its keys first, then what widgets are open over it.
class LaneAccessible final : public QAccessibleWidget
{
public:
    explicit LaneAccessible(LaneView& lane) : QAccessibleWidget(&lane, QAccessible::Chart) {}
    ~LaneAccessible() override
    {
        for (const QAccessible::Id id : m_keys)
            QAccessible::deleteAccessibleInterface(id);
    }

    int childCount() const override { return keyCount() + QAccessibleWidget::childCount(); }
    QAccessibleInterface* child(int index) const override
    {
        if (index < 0) return nullptr;
        return index < keyCount() ? key(index) : QAccessibleWidget::child(index - keyCount());
    }
    int indexOfChild(const QAccessibleInterface* child) const override
    {
        for (int i = 0; i < keyCount(); ++i)
            if (key(i) == child) return i;
        const int widget = QAccessibleWidget::indexOfChild(child);
        return widget < 0 ? widget : keyCount() + widget;
    }
    QAccessibleInterface* focusChild() const override
    {
        const int current = lane().track().selection().current();
        if (lane().hasFocus() && current >= 0 && current < keyCount()) return key(current);
        return QAccessibleWidget::focusChild();
    }
    QAccessibleInterface* childAt(int x, int y) const override
    {
        for (int i = 0; i < keyCount(); ++i)
            if (key(i)->rect().contains(x, y)) return key(i);
        return QAccessibleWidget::childAt(x, y);
    }

private:
    LaneView& lane() const { return *static_cast<LaneView*>(widget()); }
    int keyCount() const { return widget() ? lane().track().keyCount() : 0; }
    QAccessibleInterface* key(int index) const
    {
        // One interface a place in the list: a key that moves past none keeps its index, so it keeps its interface.
        while (static_cast<int>(m_keys.size()) <= index) {
            auto* made = new KeyAccessible(lane(), static_cast<int>(m_keys.size())); // Qt's table owns it
            m_keys.push_back(QAccessible::registerAccessibleInterface(made));
        }
        return QAccessible::accessibleInterface(m_keys[static_cast<std::size_t>(index)]);
    }

    mutable std::vector<QAccessible::Id> m_keys;
};

QAccessibleInterface* makeInterface(const QString&, QObject* object)
{
    auto* lane = qobject_cast<LaneView*>(object);
    return lane ? new LaneAccessible(*lane) : nullptr; // Qt's table owns it
}

QAccessibleInterface* keyOf(LaneView& lane, int index)
{
    if (!QAccessible::isActive() || index < 0 || index >= lane.track().keyCount()) return nullptr;
    QAccessibleInterface* whole = QAccessible::queryAccessibleInterface(&lane);
    return whole ? whole->child(index) : nullptr;
}

} // namespace

void installLaneAccessibility()
{
    static const bool once = [] {
        QAccessible::installFactory(makeInterface);
        return true;
    }();
    (void)once;
}

void announceCurrentKey(LaneView& lane)
{
    QAccessibleInterface* key = keyOf(lane, lane.track().selection().current());
    if (!key || !lane.hasFocus()) return;
    QAccessibleEvent event(key, QAccessible::Focus);
    QAccessible::updateAccessibility(&event);
}

void announceValue(LaneView& lane, int index)
{
    QAccessibleInterface* key = keyOf(lane, index);
    if (!key) return;
    QAccessibleValueChangeEvent event(key, lane.track().curve().keys[static_cast<std::size_t>(index)].y);
    QAccessible::updateAccessibility(&event);
}

} // namespace gradus::editor
