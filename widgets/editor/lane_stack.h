// SPDX-License-Identifier: GPL-3.0-or-later
// Lanes one under the other, each with its name, mute and lock; they scroll together when there are too many.
#pragma once

#include "common/theme.h"

#include <QScrollArea>
#include <QVector>

class QVBoxLayout;

namespace gradus::viewmodels {
class CurveTrack;
} // namespace gradus::viewmodels

namespace gradus::editor {

class LaneView;

/// Owns its lanes, not the tracks. GUI thread only.
class LaneStack final : public QScrollArea
{
    Q_OBJECT
public:
    explicit LaneStack(common::ThemeController& theme, QWidget* parent = nullptr);

    /// Builds the lanes anew. firstNumber is the number by which the keyboard picks the first of them.
    void setTracks(const QVector<viewmodels::CurveTrack*>& tracks, int firstNumber);
    const QVector<LaneView*>& lanes() const { return m_lanes; }

private:
    QWidget* makeLane(viewmodels::CurveTrack& track, int number);

    common::ThemeController& m_theme;
    QWidget* m_inside;
    QVBoxLayout* m_column;
    QVector<LaneView*> m_lanes;
};

} // namespace gradus::editor
