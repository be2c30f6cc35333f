// SPDX-License-Identifier: GPL-3.0-or-later
// The table of keys under the lane: typed, copied, pasted from a spreadsheet.
#pragma once

#include "editor/key_commands.h"
#include "viewmodels/points_model.h"

#include <QFrame>

class QLabel;
class QPushButton;
class QTableView;

namespace gradus::common {
class ElidedLabel;
}

namespace gradus::pages {

/// Its selection is the track's. GUI thread only.
class PointsPanel final : public QFrame
{
    Q_OBJECT
public:
    explicit PointsPanel(viewmodels::CurveTrack& track, QWidget* parent = nullptr);

    QTableView* table() const { return m_table; }
    viewmodels::PointsModel& model() { return m_model; }
    bool eventFilter(QObject* watched, QEvent* event) override;
    void setAxis(const viewmodels::RunAxis& axis) { m_model.setAxis(axis); } ///< the unit of places

Q_SIGNALS:
    void refused(const QString& sentence); ///< a paste that changed nothing, and why

private:
    void showSelection();
    void takeSelection();

    viewmodels::CurveTrack& m_track;
    editor::KeyCommands m_commands; ///< the lane's, so that both take each other's lines
    viewmodels::PointsModel m_model;
    QTableView* m_table;
    QLabel* m_count;
    common::ElidedLabel* m_reason; ///< why a cell was refused
    QPushButton* m_fix;
    bool m_following = false;
};

} // namespace gradus::pages
