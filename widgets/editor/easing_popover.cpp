// SPDX-License-Identifier: GPL-3.0-or-later
#include "editor/easing_popover.h"

#include "common/controls.h"
#include "editor/curve_thumbnail.h"

#include <QKeyEvent>
#include <QLineEdit>
#include <QListWidget>
#include <QScreen>
#include <QVBoxLayout>

#include <algorithm>

namespace gradus::editor {

using viewmodels::Easing;

namespace {

constexpr int kTile = 34;   ///< pixels of a thumbnail
constexpr int kColumns = 8; ///< three rows, and room for four numbers in the field

} // namespace

EasingPopover::EasingPopover(viewmodels::CurveTrack& track, QWidget* parent)
    : QFrame(parent, Qt::Popup), m_track(track), m_search(new QLineEdit), m_grid(new QListWidget)
{
    setObjectName(QStringLiteral("easingPopover"));
    setProperty("panel", true);
    setFrameShape(QFrame::StyledPanel);
    setAccessibleName(tr("Easing of the segment"));
    m_search->setObjectName(QStringLiteral("easingSearch"));
    m_search->setAccessibleName(tr("Name or cubic-bezier numbers"));
    m_search->setPlaceholderText(tr("Name, or cubic-bezier(0.4, 0, 0.6, 1)"));
    m_search->installEventFilter(this);
    m_grid->setObjectName(QStringLiteral("easingGrid"));
    m_grid->setAccessibleName(tr("Easings"));
    m_grid->setViewMode(QListView::IconMode);
    m_grid->setMovement(QListView::Static);
    m_grid->setResizeMode(QListView::Adjust);
    m_grid->setUniformItemSizes(true);
    m_grid->setIconSize({kTile, kTile});
    m_grid->setGridSize({kTile + 6, kTile + 6});
    m_grid->setMouseTracking(true);
    m_grid->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_grid->installEventFilter(this);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(8, 8, 8, 8);
    column->setSpacing(6);
    column->addWidget(m_search);
    column->addWidget(m_grid);
    const int rows = (static_cast<int>(viewmodels::easings().size()) + kColumns - 1) / kColumns;
    m_grid->setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_grid->setFixedSize(kColumns * (kTile + 6) + 24, rows * (kTile + 6) + 16);
    fill();
    connect(m_search, &QLineEdit::textEdited, this, &EasingPopover::filter);
    connect(m_grid, &QListWidget::itemEntered, this, [this](QListWidgetItem* item) { showRow(m_grid->row(item)); });
    connect(m_grid, &QListWidget::currentRowChanged, this, &EasingPopover::showRow);
    connect(m_grid, &QListWidget::itemClicked, this, [this](QListWidgetItem* item) {
        showRow(m_grid->row(item));
        keep();
    });
}

void EasingPopover::fill()
{
    m_grid->clear();
    for (const Easing& easing : viewmodels::easings()) {
        const QPixmap picture = curveThumbnail(viewmodels::unitCurve(easing), {0, 1}, {kTile, kTile},
                                               palette().color(QPalette::Text), devicePixelRatioF());
        auto* item = new QListWidgetItem(QIcon(picture), QString(), m_grid);
        item->setToolTip(easing.name);
        item->setData(Qt::AccessibleTextRole, easing.name);
    }
}

void EasingPopover::openAt(const QPoint& globalPosition)
{
    m_base = m_track.committedCurve();
    m_segments = m_track.selection().indices();
    m_search->setText(viewmodels::easingText(m_base, m_track.selection().current()));
    for (int row = 0; row < m_grid->count(); ++row)
        m_grid->item(row)->setHidden(false);
    m_grid->setCurrentRow(-1);
    adjustSize();
    QPoint place = globalPosition + QPoint(-width() / 2, 16);
    if (const QScreen* around = parentWidget()->screen()) {
        const QRect room = around->availableGeometry();
        place.setX(std::clamp(place.x(), room.left(), std::max(room.left(), room.right() - width())));
        if (place.y() + height() > room.bottom()) place.setY(std::max(room.top(), globalPosition.y() - height() - 16));
    }
    move(place);
    QFrame::show();
    m_search->setFocus();
    m_search->selectAll();
}

/// Numbers are tried as they are typed; anything else leaves the easings whose names hold it.
void EasingPopover::filter(const QString& text)
{
    const auto typed = viewmodels::typedEasing(text);
    const QString wanted = typed && typed->name.isEmpty() ? QString() : text.trimmed();
    int first = -1;
    for (int row = 0; row < m_grid->count(); ++row) {
        const bool fits =
            viewmodels::easings()[static_cast<std::size_t>(row)].name.contains(wanted, Qt::CaseInsensitive);
        m_grid->item(row)->setHidden(!fits);
        if (fits && first < 0) first = row;
    }
    if (typed)
        show(*typed);
    else if (first >= 0 && !wanted.isEmpty())
        showRow(first);
    else
        m_track.cancelPreview();
}

void EasingPopover::show(const Easing& easing)
{
    m_track.preview(viewmodels::withEasing(m_base, m_segments, easing));
}

void EasingPopover::showRow(int row)
{
    if (row < 0 || row >= static_cast<int>(viewmodels::easings().size())) return;
    show(viewmodels::easings()[static_cast<std::size_t>(row)]);
}

void EasingPopover::keep()
{
    if (m_track.isPreviewing()) {
        const schedule::Curve chosen = m_track.curve();
        (void)m_track.setCurve(chosen, tr("Easing"));
    }
    hide();
}

bool EasingPopover::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() == QEvent::Leave && watched == m_grid) {
        if (m_grid->currentRow() < 0) m_track.cancelPreview(); // only looked at
        return false;
    }
    if (event->type() != QEvent::KeyPress) return QFrame::eventFilter(watched, event);
    const int key = static_cast<QKeyEvent*>(event)->key();
    if (key == Qt::Key_Return || key == Qt::Key_Enter) {
        keep();
        return true;
    }
    if (key == Qt::Key_Escape) {
        hide();
        return true;
    }
    if (watched == m_search && (key == Qt::Key_Down || key == Qt::Key_Up)) {
        m_grid->setFocus(Qt::TabFocusReason);
        for (int row = 0; row < m_grid->count() && m_grid->currentRow() < 0; ++row)
            if (!m_grid->item(row)->isHidden()) m_grid->setCurrentRow(row);
        return true;
    }
    return false;
}

void EasingPopover::hideEvent(QHideEvent* event)
{
    m_track.cancelPreview(); // nothing is left to cancel where it was kept
    QFrame::hideEvent(event);
}

void EasingPopover::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::PaletteChange) fill();
    QFrame::changeEvent(event);
}

} // namespace gradus::editor
