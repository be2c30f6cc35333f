// SPDX-License-Identifier: GPL-3.0-or-later
// The signal mix below the lane: a row a source (on, share at the playhead, lock) beside the stacked area.
#pragma once

#include "viewmodels/mix_desk.h"

#include <QWidget>

#include <vector>

class QCheckBox;
class QComboBox;
class QLabel;
class QSlider;
class QToolButton;
class QVBoxLayout;

namespace gradus::common {
class ThemeController;
} // namespace gradus::common

namespace gradus::pages {

class MixArea;
class NumberField;

/// Hidden by itself while the document names no sources. GUI thread only; owns neither document nor theme.
class MixPanel final : public QWidget
{
    Q_OBJECT
public:
    MixPanel(viewmodels::ScheduleDocument& document, common::ThemeController& theme, QWidget* parent = nullptr);
    ~MixPanel() override;

    viewmodels::MixDesk& desk() { return m_desk; }
    MixArea& area() { return *m_area; }

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
    QWidget* makeList();
    void rebuild();
    Row makeRow(std::size_t source);
    void connectRow(const Row& row, std::size_t source);
    void refresh();
    void refreshLists();
    void setShare(std::size_t source, double share);
    bool eventFilter(QObject* watched, QEvent* event) override;

    viewmodels::MixDesk m_desk;
    common::ThemeController& m_theme;
    MixArea* m_area = nullptr;
    QLabel* m_place = nullptr;
    QComboBox* m_lists = nullptr;
    QWidget* m_rowsHolder = nullptr;
    QVBoxLayout* m_rowsLayout = nullptr;
    std::vector<Row> m_rows;
    bool m_refreshing = false;
};

} // namespace gradus::pages
