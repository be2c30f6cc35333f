// SPDX-License-Identifier: GPL-3.0-or-later
// Compare's Charts: a grid of cards, one a series, with one x range and one crosshair.
#pragma once

#include "pages/compare/curve_card.h"

#include <QWidget>

#include <optional>
#include <utility>

class QGridLayout;
class QLabel;
class QScrollArea;

namespace gradus::pages {

class ChartsTab final : public QWidget
{
    Q_OBJECT
public:
    explicit ChartsTab(common::ThemeController& theme, QWidget* parent = nullptr);

    void setCurves(const viewmodels::ComparedCurves& curves, const viewmodels::CurveOptions& options,
                   const QVector<GroupLook>& looks);
    const QVector<CurveCard*>& cards() const { return m_cards; }
    CurveCard* card(const QString& series) const; ///< nullptr: not shown
    void zoomBack();                              ///< to all there is; rangeEdited tells
    /// What the user or a view zoomed into; none: all there is.
    const std::optional<std::pair<double, double>>& range() const { return m_range; }
    void setRange(const std::optional<std::pair<double, double>>& range, viewmodels::Alignment alignment);
    viewmodels::Alignment alignment() const { return m_alignment; } ///< that the range is in the unit of
    QWidget* area() const { return m_area; }                        ///< what the cards stand on

Q_SIGNALS:
    void cursorMoved(std::optional<double> x);
    void rangeEdited();                                                            ///< by the user
    void momentRequested(CurveCard* card, const QPoint& at, const QPointF& point); ///< a click on that card's chart

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    void arrange();
    void applyRange();

    common::ThemeController& m_theme;
    plot::TimeLink m_link;
    QScrollArea* m_scroll;
    QWidget* m_area;
    QGridLayout* m_grid;
    QLabel* m_leftOut; ///< how many series of imported runs have no card
    QVector<CurveCard*> m_cards;
    std::optional<std::pair<double, double>> m_range;
    viewmodels::Alignment m_alignment = viewmodels::Alignment::Step;
    double m_first = 0; ///< all there is of x
    double m_last = 0;
    int m_columns = 0;
};

} // namespace gradus::pages
