// SPDX-License-Identifier: GPL-3.0-or-later
// Compare's parallel coordinates: runs over swept keys and final figures; brushes choose which are compared on.
#pragma once

#include "pages/compare/curve_card.h"
#include "plot/parallel_plot.h"
#include "viewmodels/parallel_axes.h"

#include <QSet>
#include <QWidget>

class QMenu;
class QPushButton;
class QToolButton;

namespace gradus::common {
class CardFrame;
}

namespace gradus::pages {

class ParallelCard final : public QWidget
{
    Q_OBJECT
public:
    explicit ParallelCard(common::ThemeController& theme, QWidget* parent = nullptr);

    void setData(const viewmodels::ComparedDataPtr& compared, const QVector<GroupLook>& looks);
    plot::ParallelPlot* plot() const { return m_plot; }
    QMenu* axesMenu() const { return m_axes; }

Q_SIGNALS:
    /// "Compare these": the runs inside all brushes, and no others.
    void runsChosen(const QSet<std::int64_t>& runs);

private:
    void show();
    void fillAxes();
    bool isShown(const viewmodels::ParallelAxis& axis, int figures) const;
    void refreshChosen();

    viewmodels::ParallelData m_data;
    QVector<GroupLook> m_looks;
    QHash<QString, bool> m_wanted; ///< axes that the user showed or hid
    common::CardFrame* m_card;
    plot::ParallelPlot* m_plot;
    QMenu* m_axes;
    QPushButton* m_clear;
    QPushButton* m_keep;
};

} // namespace gradus::pages
