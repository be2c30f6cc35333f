// SPDX-License-Identifier: GPL-3.0-or-later
// How often hazards come up, generation by generation; a click goes there.
#pragma once

#include "common/theme.h"
#include "viewmodels/scenario_steps.h"

#include <QWidget>

#include <vector>

namespace gradus::pages {

/// GUI thread only.
class GenerationStrip final : public QWidget
{
    Q_OBJECT
public:
    static constexpr int kHeight = 74;

    explicit GenerationStrip(const common::ThemeController& theme, QWidget* parent = nullptr);

    /// isHidden: judged blind, so that rates are not told. word: what is counted ("hazard rate").
    void setRates(std::vector<viewmodels::GenerationRate> rates, const QString& word, bool isHidden);
    void setCurrent(int generation);   ///< 0: none
    QRect columnRect(int place) const; ///< of the place-th generation
    int generations() const { return static_cast<int>(m_rates.size()); }

Q_SIGNALS:
    void generationChosen(int generation);

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    bool event(QEvent* event) override;

private:
    double yOf(double rate) const;

    const common::ThemeController& m_theme;
    std::vector<viewmodels::GenerationRate> m_rates;
    QString m_word;
    bool m_isHidden = false;
    int m_current = 0;
};

} // namespace gradus::pages
