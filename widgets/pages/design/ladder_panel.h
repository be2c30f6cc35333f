// SPDX-License-Identifier: GPL-3.0-or-later
// The ladder builder: the picture of the ladder, and what adds, shapes, orders and removes its rungs.
#pragma once

#include "common/theme.h"
#include "pages/design/ladder_view.h"
#include "viewmodels/ladder_edit.h"
#include "viewmodels/schedule_document.h"

#include <QFrame>

class QLabel;
class QMenu;
class QPushButton;
class QSpinBox;

namespace gradus::pages {

/// Every act is one undo step and touches its keys alone. GUI thread only.
class LadderPanel final : public QFrame
{
    Q_OBJECT
public:
    LadderPanel(viewmodels::ScheduleDocument& document, common::ThemeController& theme, QWidget* parent = nullptr);

    LadderView& view() { return *m_view; }
    /// A model folder at the strong end, as "Add folder…" gives it.
    void addFolder(const QString& folder);

Q_SIGNALS:
    void refused(const QString& sentence);

private:
    void refresh();
    void refreshFields();
    void apply(const Result<viewmodels::KeyValues>& values, const QString& label);
    void fillAddMenu();
    void add(const spec::Rung& rung);
    void addShape();
    void chooseFolder();
    void remove(int rung);
    void start(int rung);
    void move(int rung, int to);
    void shapeEntered();
    void partEntered(int layers, int adapterRank);
    const spec::Ladder& ladder() const { return m_document.experiment().ladder; }

    viewmodels::ScheduleDocument& m_document;
    LadderView* m_view;
    QLabel* m_about;
    QPushButton* m_add;
    QMenu* m_menu;
    QPushButton* m_remove;
    QPushButton* m_start;
    QSpinBox* m_width;
    QSpinBox* m_layers;
    QSpinBox* m_firstLayers; ///< of a folder; 0: all
    QSpinBox* m_rank;        ///< of an adapter on a folder; 0: none
};

} // namespace gradus::pages
