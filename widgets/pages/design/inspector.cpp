// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/design/inspector.h"

#include "common/controls.h"
#include "common/number_text.h"
#include "pages/design/inspector_grid.h"
#include "pages/design/number_field.h"
#include "viewmodels/points_model.h"

#include <QEvent>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QScrollArea>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

namespace gradus::pages {

using common::Type;
using schedule::Interpolation;
using viewmodels::HandleSide;
using viewmodels::KeyKind;

namespace {

constexpr int kKindAround = 12; ///< padding and border of a kind's button, in pixels
constexpr int kWidth = 288;
constexpr int kLabelWidth = 86;

QLabel* fieldLabel(const QString& text)
{
    QLabel* label = common::makeLabel(text, Type::Body, QStringLiteral("quiet"));
    label->setMinimumWidth(kLabelWidth);
    return label;
}

/// As wide as what is in it, so that only its height is scrolled.
class WideScrollArea final : public QScrollArea
{
public:
    using QScrollArea::QScrollArea;
    QSize sizeHint() const override
    {
        return {widget() ? widget()->minimumSizeHint().width() : 0, QScrollArea::sizeHint().height()};
    }

protected:
    bool eventFilter(QObject* watched, QEvent* event) override
    {
        if (event->type() == QEvent::LayoutRequest) updateGeometry();
        return QScrollArea::eventFilter(watched, event);
    }
};

common::Icon tileIcon(Interpolation kind)
{
    switch (kind) {
    case Interpolation::Constant:
        return common::Icon::CurveConstant;
    case Interpolation::Linear:
        return common::Icon::CurveLinear;
    case Interpolation::Monotone:
        return common::Icon::CurveMonotone;
    case Interpolation::Bezier:
        return common::Icon::CurveBezier;
    }
    return common::Icon::CurveLinear;
}

} // namespace

Inspector::Inspector(viewmodels::CurveTrack& track, editor::KeyCommands& commands, QWidget* parent)
    : QFrame(parent), m_track(track), m_commands(commands)
{
    setProperty("panel", true);
    setObjectName(QStringLiteral("designInspector"));
    setAccessibleName(tr("Inspector"));
    setMinimumWidth(kWidth);
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Preferred);
    auto* inside = new QFrame;
    inside->setProperty("panel", true);
    auto* column = new QVBoxLayout(inside);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    m_hint = common::makeLabel(tr("Select a key to see its numbers. Press on the curve and drag to insert one; "
                                  "presets are in the toolbar."),
                               Type::Body, QStringLiteral("quiet"));
    m_hint->setWordWrap(true);
    m_hint->setContentsMargins(12, 12, 12, 12);
    m_key = makeKeyGroup();
    m_segment = makeSegmentGroup();
    for (QWidget* widget : std::initializer_list<QWidget*>{m_hint, m_key, m_segment, makeTakenGroup()})
        column->addWidget(widget);
    column->addStretch();
    m_column = column;
    auto* scroll = new WideScrollArea;
    scroll->setWidgetResizable(true);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setFocusPolicy(Qt::NoFocus); // its fields have it, and come to sight when they get it
    scroll->setWidget(inside);
    auto* outer = new QVBoxLayout(this);
    outer->setContentsMargins(0, 0, 0, 0);
    outer->setSpacing(0);
    outer->addWidget(makeHeader());
    outer->addWidget(common::makeLine(Qt::Horizontal));
    outer->addWidget(scroll, 1);
    connect(&track, &viewmodels::CurveTrack::curveChanged, this, &Inspector::refresh);
    connect(&track.selection(), &viewmodels::KeySelection::changed, this, &Inspector::refresh);
    refresh();
}

QWidget* Inspector::makeHeader()
{
    auto* header = new QWidget;
    header->setFixedHeight(35);
    auto* row = new QHBoxLayout(header);
    row->setContentsMargins(12, 0, 12, 0);
    row->setSpacing(2);
    m_title = new common::ElidedLabel;
    m_title->setFont(common::typeFont(Type::SmallStrong));
    m_previous = common::makeIconButton(common::Icon::ChevronLeft, tr("Previous key (Shift+Tab in the lane)"));
    m_next = common::makeIconButton(common::Icon::ChevronRight, tr("Next key (Tab in the lane)"));
    row->addWidget(m_title, 1);
    auto* steps = new QWidget; // as the keys stand in the lane
    common::keepLeftToRight(*steps);
    auto* pair = new QHBoxLayout(steps);
    pair->setContentsMargins(0, 0, 0, 0);
    pair->setSpacing(2);
    pair->addWidget(m_previous);
    pair->addWidget(m_next);
    row->addWidget(steps);
    connect(m_previous, &QToolButton::clicked, this, [this] { step(-1); });
    connect(m_next, &QToolButton::clicked, this, [this] { step(1); });
    return header;
}

QWidget* Inspector::makeKeyGroup()
{
    auto* group = new QWidget;
    QGridLayout* grid = makeInspectorGrid(group);
    m_x = new NumberField(tr("Place of the key, percent of the run"), 100, 1, QStringLiteral("%"));
    m_y = new NumberField(tr("Value of the key"), 1, 3, {});
    m_x->setObjectName(QStringLiteral("keyPlace"));
    m_y->setObjectName(QStringLiteral("keyValue"));
    grid->addWidget(fieldLabel(tr("Of run")), 0, 0);
    grid->addWidget(m_x, 0, 1, 1, 2);
    grid->addWidget(fieldLabel(tr("Value")), 1, 0);
    grid->addWidget(m_y, 1, 1, 1, 2);
    auto* kindLabel = fieldLabel(tr("Kind"));
    auto* kinds = new QWidget;
    auto* row = new QHBoxLayout(kinds);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(2);
    m_kinds = new QButtonGroup(this);
    for (const KeyKind kind : {KeyKind::Smooth, KeyKind::Flat, KeyKind::Corner}) {
        auto* button = new QToolButton;
        button->setText(viewmodels::titleOf(kind));
        button->setCheckable(true);
        button->setSizePolicy(QSizePolicy::MinimumExpanding, QSizePolicy::Fixed);
        button->setMinimumWidth(button->fontMetrics().horizontalAdvance(button->text()) + kKindAround);
        m_kinds->addButton(button, static_cast<int>(kind));
        row->addWidget(button);
    }
    grid->addWidget(kindLabel, 2, 0);
    grid->addWidget(kinds, 2, 1, 1, 2);
    m_kindRow = {kindLabel, kinds};
    m_handle[0][1] = addHandleRow(*grid, 3, HandleSide::Left, m_handle[0][0]);
    m_handle[1][1] = addHandleRow(*grid, 4, HandleSide::Right, m_handle[1][0]);
    grid->addWidget(makeRefusal(), 5, 0, 1, 3);
    connect(m_x, &NumberField::entered, this, [this](double x) { place(x, m_y->value(), *m_x); });
    connect(m_y, &NumberField::entered, this, [this](double y) { place(m_x->value(), y, *m_y); });
    connect(m_kinds, &QButtonGroup::idClicked, this, [this](int id) {
        m_commands.setKind(static_cast<KeyKind>(id));
        refresh();
    });
    return group;
}

QWidget* Inspector::makeRefusal()
{
    m_refused = new QWidget;
    auto* column = new QVBoxLayout(m_refused);
    column->setContentsMargins(0, 2, 0, 0);
    column->setSpacing(2);
    m_reason = common::makeLabel({}, Type::Small, QStringLiteral("danger"));
    m_reason->setObjectName(QStringLiteral("keyReason"));
    m_reason->setWordWrap(true);
    m_fix = common::makeButton({}, QStringLiteral("link"));
    m_fix->setObjectName(QStringLiteral("keyFix"));
    column->addWidget(m_reason);
    column->addWidget(m_fix, 0, Qt::AlignLeft);
    connect(m_fix, &QPushButton::clicked, this, [this] {
        put(m_refusal.isPlace ? m_refusal.nearest : m_x->value(), m_refusal.isPlace ? m_y->value() : m_refusal.nearest);
    });
    m_refused->hide();
    return m_refused;
}

NumberField* Inspector::addHandleRow(QGridLayout& grid, int row, HandleSide side, NumberField*& dx)
{
    const bool left = side == HandleSide::Left;
    auto* label = fieldLabel(left ? tr("Left handle") : tr("Right handle"));
    dx = new NumberField(left ? tr("Left handle, percent of the run") : tr("Right handle, percent of the run"), 100, 1,
                         QStringLiteral("%"));
    auto* dy = new NumberField(left ? tr("Left handle, value") : tr("Right handle, value"), 1, 3, {});
    grid.addWidget(label, row, 0);
    grid.addWidget(dx, row, 1);
    grid.addWidget(dy, row, 2);
    m_handleRow[left ? 0 : 1] = {label, dx, dy};
    connect(dx, &NumberField::entered, this, [this, side, dx](double value) {
        dx->setValue(value);
        setHandle(side);
    });
    connect(dy, &NumberField::entered, this, [this, side, dy](double value) {
        dy->setValue(value);
        setHandle(side);
    });
    return dy;
}

QWidget* Inspector::makeSegmentGroup()
{
    auto* group = new QWidget;
    auto* column = new QVBoxLayout(group);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(common::makeLine(Qt::Horizontal));
    auto* inside = new QWidget;
    QGridLayout* grid = makeInspectorGrid(inside);
    m_segmentTitle = common::makeLabel({}, Type::SmallStrong);
    m_segmentKind = common::makeLabel({}, Type::Small, QStringLiteral("quiet"));
    grid->addWidget(m_segmentTitle, 0, 0, 1, 3);
    grid->addWidget(m_segmentKind, 0, 3, Qt::AlignRight);
    m_tiles = new QButtonGroup(this);
    int tile = 0;
    for (const Interpolation kind :
         {Interpolation::Constant, Interpolation::Linear, Interpolation::Monotone, Interpolation::Bezier}) {
        auto* button = common::makeIconButton(tileIcon(kind), viewmodels::titleOf(kind));
        button->setCheckable(true);
        button->setProperty("role", QStringLiteral("tile"));
        button->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
        button->setFixedHeight(30);
        button->setIconSize({22, 22});
        m_tiles->addButton(button, static_cast<int>(kind));
        grid->addWidget(button, 1, tile++);
    }
    for (int i = 0; i < 4; ++i)
        grid->setColumnStretch(i, 1);
    column->addWidget(inside);
    connect(m_tiles, &QButtonGroup::idClicked, this, [this](int id) {
        m_commands.setInterpolation(static_cast<Interpolation>(id));
        refresh();
    });
    return group;
}

QSize Inspector::sizeHint() const
{
    return {std::max(minimumWidth(), QFrame::sizeHint().width()), QFrame::sizeHint().height()};
}

void Inspector::resizeEvent(QResizeEvent* event)
{
    QFrame::resizeEvent(event);
    Q_EMIT widthChanged(width());
}

void Inspector::addBelow(QWidget* widget)
{
    m_column->insertWidget(m_column->count() - 1, widget);
}

void Inspector::refresh()
{
    const schedule::Curve& curve = m_track.curve();
    const int count = m_track.keyCount();
    const int current = m_track.selection().current();
    const bool shown = current >= 0 && current < count;
    const auto selected = m_track.selection().indices().size();
    m_title->setFullText(!shown         ? m_track.title()
                         : selected > 1 ? tr("%1, %2 keys selected").arg(m_track.title()).arg(selected)
                                        : tr("%1, key %2 of %3").arg(m_track.title()).arg(current + 1).arg(count));
    m_hint->setVisible(!shown);
    m_key->setVisible(shown);
    m_segment->setVisible(shown && current + 1 < count);
    m_refused->hide();
    if (!shown) return;
    const bool editable = m_track.isEditable();
    m_key->setEnabled(editable);
    m_segment->setEnabled(editable);
    const schedule::Key& key = curve.keys[static_cast<std::size_t>(current)];
    m_x->setValue(key.x);
    m_x->setReadOnly(viewmodels::isPinned(curve, current));
    m_y->setValue(key.y);
    refreshHandles(current);
    m_segmentTitle->setText(tr("Segment to key %1").arg(current + 2));
    m_segmentKind->setText(viewmodels::titleOf(key.interpolation));
    if (auto* tile = m_tiles->button(static_cast<int>(key.interpolation))) tile->setChecked(true);
}

void Inspector::refreshHandles(int current)
{
    const schedule::Curve& curve = m_track.curve();
    const schedule::Key& key = curve.keys[static_cast<std::size_t>(current)];
    bool any = false;
    for (int side = 0; side < 2; ++side) {
        const bool has = viewmodels::hasHandle(curve, current, side == 0 ? HandleSide::Left : HandleSide::Right);
        const schedule::Handle& handle = side == 0 ? key.left : key.right;
        for (QWidget* widget : m_handleRow[side])
            widget->setVisible(has);
        m_handle[side][0]->setValue(handle.dx);
        m_handle[side][1]->setValue(handle.dy);
        any = any || has;
    }
    for (QWidget* widget : m_kindRow)
        widget->setVisible(any);
    const int kind = static_cast<int>(viewmodels::kindOf(curve, current));
    m_kinds->setExclusive(false); // a broken key has none of them
    for (QAbstractButton* button : m_kinds->buttons())
        button->setChecked(m_kinds->id(button) == kind);
    m_kinds->setExclusive(true);
}

void Inspector::place(double x, double y, NumberField& typed)
{
    const int current = m_track.selection().current();
    if (current < 0) return;
    const auto beyond = viewmodels::refusalOf(m_track.committedCurve(), current, x, y, m_track.bounds());
    if (!beyond) return put(x, y);
    m_refusal = *beyond;
    typed.refuse(beyond->sentence);
    m_reason->setText(beyond->sentence);
    m_fix->setText(beyond->fixText());
    m_refused->show();
}

void Inspector::put(double x, double y)
{
    const int current = m_track.selection().current();
    if (current < 0) return;
    for (NumberField* field : {m_x, m_y})
        field->setModified(false); // what was refused is answered
    (void)m_track.setCurve(viewmodels::keyPlaced(m_track.committedCurve(), current, x, y, m_track.bounds()),
                           tr("Set value"));
    refresh();
}

void Inspector::setHandle(HandleSide side)
{
    const int current = m_track.selection().current();
    if (current < 0) return;
    const auto* fields = m_handle[side == HandleSide::Left ? 0 : 1];
    (void)m_track.setCurve(viewmodels::withHandle(m_track.committedCurve(), current, side,
                                                  {fields[0]->value(), fields[1]->value()}, false),
                           tr("Move handle"));
    refresh();
}

void Inspector::step(int direction)
{
    m_commands.handle(direction > 0 ? Qt::Key_Tab : Qt::Key_Backtab, Qt::NoModifier);
}

} // namespace gradus::pages
