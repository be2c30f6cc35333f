// SPDX-License-Identifier: GPL-3.0-or-later
// Chooses how curves are smoothed: a button with a menu of kinds and a slider for the strength.
#pragma once

#include "viewmodels/smoothing.h"

#include <QPushButton>

class QActionGroup;
class QSlider;

namespace gradus::pages {

class SmoothingButton final : public QPushButton
{
    Q_OBJECT
public:
    /// unsmoothed: what stands on the button while nothing is smoothed.
    explicit SmoothingButton(const QString& unsmoothed, QWidget* parent = nullptr);

    const viewmodels::Smoothing& smoothing() const { return m_smoothing; }
    void setSmoothing(const viewmodels::Smoothing& smoothing); ///< as if chosen

Q_SIGNALS:
    void smoothingChanged(const gradus::viewmodels::Smoothing& smoothing);

private:
    void refresh();

    QString m_unsmoothed;
    viewmodels::Smoothing m_smoothing;
    QActionGroup* m_kinds;
    QSlider* m_strength;
};

} // namespace gradus::pages
