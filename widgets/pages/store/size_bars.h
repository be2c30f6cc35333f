// SPDX-License-Identifier: GPL-3.0-or-later
// Which runs fill the store: stacked bars of the largest, the rest as one.
#pragma once

#include "common/theme.h"
#include "store/store_facts.h"

#include <QVector>
#include <QWidget>

namespace gradus::pages {

class SizeBars final : public QWidget
{
    Q_OBJECT
public:
    explicit SizeBars(common::ThemeController& theme, QWidget* parent = nullptr);

    void setRuns(const std::vector<store::RunSize>& runs); ///< largest first
    int bars() const { return static_cast<int>(m_bars.size()); }
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent* event) override;
    bool event(QEvent* event) override; ///< tooltips: a bar in figures

private:
    struct Bar
    {
        QString name;
        double points = 0;
        double labels = 0;
        double transcripts = 0;
        double total() const { return points + labels + transcripts; }
    };
    common::ThemeController& m_theme;
    QVector<Bar> m_bars;
};

} // namespace gradus::pages
