// SPDX-License-Identifier: GPL-3.0-or-later
// The numbers of a draft that are drawn over the run, a lane each, under the gap.
#pragma once

#include "viewmodels/number_track.h"

#include <QFrame>
#include <QVector>

namespace gradus::common {
class ThemeController;
} // namespace gradus::common

namespace gradus::editor {
class LaneStack;
class LaneView;
} // namespace gradus::editor

namespace gradus::pages {

/// Hidden by itself while nothing is drawn. GUI thread only; owns neither document nor theme.
class NumberLanes final : public QFrame
{
    Q_OBJECT
public:
    NumberLanes(viewmodels::ScheduleDocument& document, common::ThemeController& theme, QWidget* parent = nullptr);
    ~NumberLanes() override;

    int gutter() const; ///< kept free beside the lanes
    const QVector<editor::LaneView*>& lanes() const;
    /// The number by which the keyboard picks the first of them.
    void setFirstNumber(int number);

Q_SIGNALS:
    void lanesChanged(); ///< others than before

private:
    void follow();
    void rebuild();
    viewmodels::NumberTrack* makeTrack(const std::string& key);

    viewmodels::ScheduleDocument& m_document;
    editor::LaneStack* m_stack;
    QVector<viewmodels::NumberTrack*> m_tracks;
    int m_firstNumber = 2;
};

} // namespace gradus::pages
