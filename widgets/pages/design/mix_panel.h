// SPDX-License-Identifier: GPL-3.0-or-later
// The signal mix below the lane: a row a source (on, share at the playhead, lock) beside the stacked area, the weights
// as lanes, or the shares of three sources in a triangle.
#pragma once

#include "viewmodels/mix_desk.h"
#include "viewmodels/mix_limits_model.h"
#include "viewmodels/weight_track.h"

#include <QVector>
#include <QWidget>

#include <vector>

class QButtonGroup;
class QCheckBox;
class QComboBox;
class QHBoxLayout;
class QLabel;
class QPushButton;
class QSlider;
class QStackedWidget;
class QToolButton;
class QVBoxLayout;

namespace gradus::common {
class ElidedLabel;
class ThemeController;
} // namespace gradus::common

namespace gradus::editor {
class LaneStack;
class LaneView;
} // namespace gradus::editor

namespace gradus::pages {

class BatchView;
class MixArea;
class MixLimitsView;
class NumberField;
class TernaryView;

/// While the document names no sources its header alone is there, to add some. GUI thread only; owns neither document
/// nor theme.
class MixPanel final : public QWidget
{
    Q_OBJECT
public:
    MixPanel(viewmodels::ScheduleDocument& document, common::ThemeController& theme, QWidget* parent = nullptr);
    ~MixPanel() override;

    viewmodels::MixDesk& desk() { return m_desk; }
    MixArea& area() { return *m_area; }
    TernaryView& ternary() { return *m_ternary; }
    BatchView& batch() { return *m_batch; }
    viewmodels::MixLimitsModel& limits() { return m_limits; }
    MixLimitsView& limitsView() { return *m_limitsView; }
    enum class View
    {
        Area,
        Lanes, ///< every weight as a lane of its own
        Ternary,
        Batch,  ///< what the sources say of the items that a run would teach first
        Limits, ///< least and largest shares, cost, and what a stored run measured
    };
    void showView(View view);
    /// A source of this kind joins the list that is shown; people's answers need their file.
    void addSource(const QString& kind, const QString& file = {});
    QVector<editor::LaneView*> lanes() const;

Q_SIGNALS:
    void lanesChanged(); ///< others than before

private:
    struct Row
    {
        QWidget* frame = nullptr;
        QLabel* swatch = nullptr;
        QCheckBox* on = nullptr;
        QSlider* share = nullptr;
        NumberField* field = nullptr;
        QToolButton* lock = nullptr;
    };
    QWidget* makeHeader();
    void addViews(QHBoxLayout& row);
    QWidget* makeList();
    // mix_sources.cpp
    void addSourceButtons(QHBoxLayout& row);
    void chooseAnswers(); ///< of people, then addSource()
    void showRowMenu(std::size_t source, const QPoint& at);
    void fitHeight(); ///< the header's alone while there are no sources
    void rebuildLanes();
    void rebuild();
    Row makeRow(std::size_t source);
    void connectRow(const Row& row, std::size_t source);
    void refresh();
    void refreshLists();
    void refreshLimits();
    void setShare(std::size_t source, double share);
    bool eventFilter(QObject* watched, QEvent* event) override;

    viewmodels::MixDesk m_desk;
    viewmodels::MixLimitsModel m_limits{m_desk};
    common::ThemeController& m_theme;
    MixArea* m_area = nullptr;
    editor::LaneStack* m_lanes = nullptr;
    TernaryView* m_ternary = nullptr;
    BatchView* m_batch = nullptr;
    MixLimitsView* m_limitsView = nullptr;
    QStackedWidget* m_views = nullptr;
    QButtonGroup* m_viewButtons = nullptr;
    QVector<viewmodels::WeightTrack*> m_tracks;
    common::ElidedLabel* m_place = nullptr;
    QWidget* m_body = nullptr;
    QPushButton* m_add = nullptr;
    QPushButton* m_whole = nullptr; ///< whole mixes by name
    QComboBox* m_lists = nullptr;
    QWidget* m_rowsHolder = nullptr;
    QVBoxLayout* m_rowsLayout = nullptr;
    std::vector<Row> m_rows;
    bool m_refreshing = false;
};

} // namespace gradus::pages
