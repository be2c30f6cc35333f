// SPDX-License-Identifier: GPL-3.0-or-later
#include "editor/lane_stack.h"

#include "common/controls.h"
#include "editor/lane_view.h"

#include <QHBoxLayout>
#include <QToolButton>
#include <QVBoxLayout>

#include <utility>

namespace gradus::editor {

namespace {

constexpr int kHeaderHeight = 26;
constexpr int kLaneHeight = 104;
constexpr int kLastPicked = 9; ///< the keyboard's digits end here

} // namespace

LaneStack::LaneStack(common::ThemeController& theme, QWidget* parent)
    : QScrollArea(parent), m_theme(theme), m_inside(new QFrame), m_column(new QVBoxLayout(m_inside))
{
    setObjectName(QStringLiteral("laneStack"));
    setAccessibleName(tr("Lanes"));
    setFrameShape(QFrame::NoFrame);
    setWidgetResizable(true);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setFocusPolicy(Qt::NoFocus); // the lanes have it
    m_inside->setProperty("panel", true);
    m_column->setContentsMargins(0, 0, 0, 0);
    m_column->setSpacing(0);
    setWidget(m_inside);
}

void LaneStack::setTracks(const QVector<viewmodels::CurveTrack*>& tracks, int firstNumber)
{
    m_lanes.clear();
    while (QLayoutItem* item = m_column->takeAt(0)) {
        if (item->widget()) {
            item->widget()->hide();
            item->widget()->deleteLater(); // one of its own signals may be what brought us here
        }
        delete item;
    }
    for (qsizetype i = 0; i < tracks.size(); ++i)
        m_column->addWidget(makeLane(*tracks[i], firstNumber + static_cast<int>(i)));
    m_column->addStretch();
}

QWidget* LaneStack::makeLane(viewmodels::CurveTrack& track, int number)
{
    auto* whole = new QWidget;
    auto* column = new QVBoxLayout(whole);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    auto* header = new QFrame;
    header->setProperty("panel", true);
    header->setFixedHeight(kHeaderHeight);
    auto* row = new QHBoxLayout(header);
    row->setContentsMargins(12, 0, 12, 0);
    row->setSpacing(4);
    const QString name = track.title();
    auto* title = new common::ElidedLabel(name);
    title->setFont(common::typeFont(common::Type::SmallStrong));
    row->addWidget(title, 1);
    if (number <= kLastPicked)
        row->addWidget(common::makeLabel(QString::number(number), common::Type::Small, QStringLiteral("faint")));
    QToolButton* mute = common::makeIconButton(common::Icon::Eye, tr("Use the curve of %1 (U in the lane)").arg(name));
    QToolButton* lock = common::makeIconButton(common::Icon::Lock, tr("Lock the lane of %1 (L in the lane)").arg(name));
    for (QToolButton* button : {mute, lock}) {
        button->setToolTip(common::plainTooltip(button->toolTip()));
        button->setCheckable(true);
        row->addWidget(button);
    }
    auto* lane = new LaneView(track, m_theme);
    lane->setObjectName(QStringLiteral("lane%1").arg(number));
    lane->setAccessibleName(tr("Curve of %1").arg(name));
    lane->setMinimumHeight(kLaneHeight);
    lane->setSeriesStyle(static_cast<int>(m_lanes.size()));
    column->addWidget(header);
    column->addWidget(lane, 1);
    column->addWidget(common::makeLine(Qt::Horizontal));
    const auto show = [&track, mute, lock] {
        mute->setChecked(!track.isMuted());
        mute->setEnabled(track.isValid());
        lock->setChecked(track.isLocked());
    };
    connect(&track, &viewmodels::CurveTrack::curveChanged, header, show);
    connect(mute, &QToolButton::clicked, header, [&track, show](bool used) {
        track.setMuted(!used);
        show(); // a refused step leaves the button as the text says
    });
    connect(lock, &QToolButton::clicked, header, [&track](bool locked) { track.setLocked(locked); });
    show();
    m_lanes.append(lane);
    return whole;
}

} // namespace gradus::editor
