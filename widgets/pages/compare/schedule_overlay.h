// SPDX-License-Identifier: GPL-3.0-or-later
// Two groups' drawn schedules over each other, the area between them filled, tracks ranked by how far they lie apart.
#pragma once

#include "common/theme.h"
#include "compare/spec_diff.h"
#include "pages/compare/curve_card.h"

#include <QFrame>
#include <QStringList>

class QComboBox;
class QLabel;
class QTableWidget;

namespace gradus::common {
class CardFrame;
}

namespace gradus::pages {

class ScheduleOverlay final : public QFrame
{
    Q_OBJECT
public:
    explicit ScheduleOverlay(common::ThemeController& theme, QWidget* parent = nullptr);

    void setTracks(std::vector<compare::DrawnTrack> tracks, const QVector<GroupLook>& looks, int baseline);
    QString sentence() const; ///< "gap differs most, 40 to 100 % of the run: …"
    QString title() const;    ///< "Schedules overlaid: gap"
    plot::TimePlot* chart() const { return m_chart; }
    QTableWidget* ranking() const { return m_ranking; }
    QComboBox* first() const { return m_first; }
    QComboBox* second() const { return m_second; }

private:
    void refresh();
    void drawTrack(std::size_t track);

    common::ThemeController& m_theme;
    common::CardFrame* m_card;
    QComboBox* m_first;
    QComboBox* m_second;
    QLabel* m_sentence;
    plot::TimePlot* m_chart;
    QTableWidget* m_ranking;
    std::vector<compare::DrawnTrack> m_tracks;
    std::vector<compare::TrackDifference> m_ranked;
    QVector<GroupLook> m_looks;
    QString m_shownTrack;
};

} // namespace gradus::pages
