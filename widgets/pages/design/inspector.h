// SPDX-License-Identifier: GPL-3.0-or-later
// The Design page's right column: the selected key, the segment after it, what each generation takes.
#pragma once

#include "common/theme.h"
#include "editor/key_commands.h"
#include "viewmodels/curve_track.h"
#include "viewmodels/ladder_steps.h"
#include "viewmodels/typed_key.h"

#include <QButtonGroup>
#include <QFrame>
#include <QVector>

class QGridLayout;
class QLabel;
class QPushButton;
class QToolButton;
class QVBoxLayout;

namespace gradus::common {
class ElidedLabel;
} // namespace gradus::common

namespace gradus::pages {

class NumberField;

/// Edits through the track and the lane's key commands; holds nothing. GUI thread only.
class Inspector final : public QFrame
{
    Q_OBJECT
public:
    Inspector(viewmodels::CurveTrack& track, editor::KeyCommands& commands, QWidget* parent = nullptr);

    /// exact: the run will take these steps; else they are what repeating the first gap would give.
    void setSteps(const std::vector<viewmodels::LadderStep>& steps, const std::vector<std::int64_t>& rungSizes,
                  bool exact);
    /// At the end of the column.
    void addBelow(QWidget* widget);
    /// Its contents' width: languages differ.
    QSize sizeHint() const override;

Q_SIGNALS:
    void widthChanged(int width);

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    QWidget* makeHeader();
    QWidget* makeKeyGroup();
    QWidget* makeRefusal();
    QWidget* makeSegmentGroup();
    QWidget* makeTakenGroup();
    NumberField* addHandleRow(QGridLayout& grid, int row, viewmodels::HandleSide side, NumberField*& dx);
    void refresh();
    void refreshHandles(int current);
    void place(double x, double y, NumberField& typed);
    void put(double x, double y);
    void setHandle(viewmodels::HandleSide side);
    void step(int direction);

    viewmodels::CurveTrack& m_track;
    editor::KeyCommands& m_commands;
    QVBoxLayout* m_column = nullptr;
    common::ElidedLabel* m_title = nullptr;
    QToolButton* m_previous = nullptr;
    QToolButton* m_next = nullptr;
    QLabel* m_hint = nullptr;
    QWidget* m_key = nullptr;
    QWidget* m_segment = nullptr;
    QLabel* m_segmentTitle = nullptr;
    QLabel* m_segmentKind = nullptr;
    NumberField* m_x = nullptr;
    NumberField* m_y = nullptr;
    NumberField* m_handle[2][2] = {}; ///< [left, right][dx, dy]
    QWidget* m_refused = nullptr;     ///< under the fields: why a number was not taken, and what would be
    QLabel* m_reason = nullptr;
    QPushButton* m_fix = nullptr;
    viewmodels::KeyRefusal m_refusal;
    QVector<QWidget*> m_handleRow[2];
    QVector<QWidget*> m_kindRow;
    QButtonGroup* m_kinds = nullptr;
    QButtonGroup* m_tiles = nullptr;
    QGridLayout* m_taken = nullptr;
    QVector<QLabel*> m_takenCells; ///< four a step
    QLabel* m_takenTitle = nullptr;
    QList<QLabel*> m_takenHeads;
    QLabel* m_takenHint = nullptr; ///< in their place where the rungs are model folders
};

} // namespace gradus::pages
