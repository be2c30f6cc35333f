// SPDX-License-Identifier: GPL-3.0-or-later
#include "editor/lane_stack.h"

#include "common/controls.h"
#include "editor/inline_editor.h"
#include "editor/lane_view.h"

#include <QHBoxLayout>
#include <QMouseEvent>
#include <QPushButton>
#include <QScrollBar>
#include <QToolButton>
#include <QVBoxLayout>

#include <optional>
#include <utility>

namespace gradus::editor {

namespace {

constexpr int kHeaderHeight = 28;
constexpr int kLaneHeight = 104;
constexpr int kNameWidth = 200;
constexpr int kLastPicked = 9; ///< the keyboard's digits end here

/// What a person set in a lane, for the lane that comes after it.
struct LaneManner
{
    const viewmodels::CurveTrack* track;
    bool handles;
    std::optional<bool> logAxis;
};

} // namespace

LaneStack::LaneStack(common::ThemeController& theme, QWidget* parent)
    : QScrollArea(parent), m_theme(theme), m_inside(new QFrame), m_column(new QVBoxLayout(m_inside)),
      m_nameEditor(new InlineEditor(m_inside))
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
    m_nameEditor->addField(QStringLiteral("laneNameEditor"), tr("Name of the source"), kNameWidth);
    connect(verticalScrollBar(), &QScrollBar::rangeChanged, this, &LaneStack::keepGutter);
    keepGutter();
}

int LaneStack::gutter() const
{
    return verticalScrollBar()->sizeHint().width();
}

int LaneStack::heightOfLane() const
{
    return kHeaderHeight + kLaneHeight + 1; // and the line under it
}

void LaneStack::keepGutter()
{
    const bool scrolls = verticalScrollBar()->maximum() > 0;
    const int free = scrolls ? 0 : gutter();
    const bool mirrored = isRightToLeft(); // the scroll bar is on the left
    setViewportMargins(mirrored ? free : 0, 0, mirrored ? 0 : free, 0);
}

/// The style sheet says how wide a scroll bar is, and it comes after the constructor.
bool LaneStack::event(QEvent* event)
{
    const bool done = QScrollArea::event(event);
    if (event->type() == QEvent::Polish || event->type() == QEvent::StyleChange ||
        event->type() == QEvent::LayoutDirectionChange)
        keepGutter();
    return done;
}

void LaneStack::setTracks(const QVector<viewmodels::CurveTrack*>& tracks, int firstNumber)
{
    QVector<LaneManner> manners;
    for (const LaneView* lane : std::as_const(m_lanes))
        manners.append({&lane->track(), lane->areHandlesVisible(), lane->chosenLogAxis()});
    m_lanes.clear();
    m_titles.clear();
    m_nameEditor->hide();
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
    for (LaneView* lane : std::as_const(m_lanes))
        for (const LaneManner& manner : std::as_const(manners)) {
            if (manner.track != &lane->track()) continue;
            lane->setHandlesVisible(manner.handles);
            if (manner.logAxis) lane->setLogAxis(*manner.logAxis);
        }
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
    if (track.canRename()) title->installEventFilter(this);
    m_titles.append(title);
    row->addWidget(title, 1);
    if (number <= kLastPicked)
        row->addWidget(common::makeLabel(QString::number(number), common::Type::Small, QStringLiteral("faint")));
    QToolButton* mute = common::makeIconButton(common::Icon::Eye, tr("Use the curve of %1 (U in the lane)").arg(name));
    QToolButton* lock = common::makeIconButton(common::Icon::Lock, tr("Lock the lane of %1 (L in the lane)").arg(name));
    if (const QString leave = track.leaveText(); !leave.isEmpty()) {
        QPushButton* button = common::makeButton(leave, QStringLiteral("link"));
        button->setObjectName(QStringLiteral("leaveLane%1").arg(number));
        button->setAccessibleName(tr("%1: %2").arg(leave, name));
        row->addWidget(button);
        button->setEnabled(track.isEditable());
        connect(button, &QPushButton::clicked, header, [&track] { (void)track.leave(); });
        connect(&track, &viewmodels::CurveTrack::curveChanged, button,
                [&track, button] { button->setEnabled(track.isEditable()); });
    }
    for (QToolButton* button : {mute, lock}) {
        button->setToolTip(common::plainTooltip(button->toolTip()));
        button->setCheckable(true);
        row->addWidget(button);
    }
    mute->setVisible(track.canMute());
    auto* lane = new LaneView(track, m_theme);
    lane->setObjectName(QStringLiteral("lane%1").arg(number));
    lane->setAccessibleName(tr("Curve of %1").arg(name));
    lane->setMinimumHeight(kLaneHeight);
    lane->setMargins({48, 12, 20, 24}); // no ruler: the lane over them has it, and a strip of it moves the playhead
    lane->setYTickCount(3);
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
    connect(lane, &LaneView::renameRequested, this,
            [this, lane] { openName(static_cast<int>(m_lanes.indexOf(lane))); });
    m_lanes.append(lane);
    return whole;
}

void LaneStack::openName(int lane)
{
    if (lane < 0 || lane >= m_lanes.size()) return;
    viewmodels::CurveTrack& track = m_lanes[lane]->track();
    if (!track.canRename() || !track.isValid()) return;
    m_nameEditor->setFocusAfter(m_lanes[lane]);
    const QWidget* title = m_titles[lane];
    const QPoint under = title->mapTo(m_inside, QPoint(kNameWidth / 2, title->height()));
    m_nameEditor->open(under, {track.title()}, 0,
                       [&track](const QStringList& texts) -> std::optional<InlineEditor::Refusal> {
                           if (texts[0] == track.title()) return std::nullopt;
                           const auto done = track.rename(texts[0]);
                           if (!done) return InlineEditor::Refusal{0, QString::fromStdString(done.error().message)};
                           return std::nullopt;
                       });
}

bool LaneStack::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() == QEvent::MouseButtonDblClick && m_titles.contains(static_cast<QWidget*>(watched))) {
        openName(static_cast<int>(m_titles.indexOf(static_cast<QWidget*>(watched))));
        return true;
    }
    return QScrollArea::eventFilter(watched, event);
}

} // namespace gradus::editor
