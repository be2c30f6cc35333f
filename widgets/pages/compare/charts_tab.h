// SPDX-License-Identifier: GPL-3.0-or-later
// Compare's Charts: a grid of cards, one a series, with one x range and one crosshair.
#pragma once

#include "pages/compare/curve_card.h"

#include <QWidget>

class QGridLayout;
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
    void zoomBack();
    QWidget* area() const { return m_area; } ///< what the cards stand on

Q_SIGNALS:
    void cursorMoved(std::optional<double> x);

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    void arrange();

    common::ThemeController& m_theme;
    plot::TimeLink m_link;
    QScrollArea* m_scroll;
    QWidget* m_area;
    QGridLayout* m_grid;
    QVector<CurveCard*> m_cards;
    int m_columns = 0;
};

} // namespace gradus::pages
