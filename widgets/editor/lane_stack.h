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

class InlineEditor;
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
    /// The field over a lane's name, where its track takes another one; also by a double click on the name, or F2.
    void openName(int lane);

    /// Kept free beside the lanes, whether they scroll or not: lanes elsewhere that leave as much share their x axis.
    int gutter() const;
    int heightOfLane() const; ///< with its name and its x axis

    bool eventFilter(QObject* watched, QEvent* event) override;

protected:
    bool event(QEvent* event) override;

private:
    void keepGutter();
    QWidget* makeLane(viewmodels::CurveTrack& track, int number);

    common::ThemeController& m_theme;
    QWidget* m_inside;
    QVBoxLayout* m_column;
    QVector<LaneView*> m_lanes;
    QVector<QWidget*> m_titles; ///< as many
    InlineEditor* m_nameEditor;
};

} // namespace gradus::editor
