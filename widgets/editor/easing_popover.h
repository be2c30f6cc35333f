// SPDX-License-Identifier: GPL-3.0-or-later
// A grid of easings for the selected segments: hovering previews in the lane, Enter keeps, Esc restores.
#pragma once

#include "viewmodels/curve_track.h"
#include "viewmodels/easing.h"

#include <QFrame>

class QLineEdit;
class QListWidget;

namespace gradus::editor {

/// Acts on the track's selected segments as they were when it opened. One undo step when kept. GUI thread only.
class EasingPopover final : public QFrame
{
    Q_OBJECT
public:
    EasingPopover(viewmodels::CurveTrack& track, QWidget* parent);

    void openAt(const QPoint& globalPosition);
    bool eventFilter(QObject* watched, QEvent* event) override;

protected:
    void hideEvent(QHideEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    void fill();
    void filter(const QString& text);
    void show(const viewmodels::Easing& easing);
    void showRow(int row);
    void keep();

    viewmodels::CurveTrack& m_track;
    QLineEdit* m_search;
    QListWidget* m_grid;
    schedule::Curve m_base;
    viewmodels::KeyIndices m_segments;
};

} // namespace gradus::editor
