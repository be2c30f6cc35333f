// SPDX-License-Identifier: GPL-3.0-or-later
// The bar over a comparison: how runs become a group's curve, what x is, and what everything is compared with.
#pragma once

#include "viewmodels/compare_curves.h"

#include <QFrame>
#include <QStringList>

class QComboBox;
class QGridLayout;

namespace gradus::pages {

class SmoothingButton;

class OptionsBar final : public QFrame
{
    Q_OBJECT
public:
    explicit OptionsBar(QWidget* parent = nullptr);

    /// Values as chosen; baseline is -1 while there are fewer than two groups.
    viewmodels::CurveOptions options() const;
    /// Fills the list of baselines; the one that is chosen stays by its key while it is there, else the first.
    void setGroups(const QStringList& names, const QStringList& keys);
    void setBaseline(int group);
    /// All but the baseline, which is a group's; changed() comes once.
    void setOptions(const viewmodels::CurveOptions& options);

Q_SIGNALS:
    void changed();

private:
    QComboBox* add(const char* name, const QString& caption, const QStringList& entries);
    void place(QWidget* control, const QString& caption); ///< in the next column

    QGridLayout* m_grid;
    QComboBox* m_centre;
    QComboBox* m_band;
    QComboBox* m_alignment;
    SmoothingButton* m_smoothing;
    QComboBox* m_baseline;
    QStringList m_keys;
};

} // namespace gradus::pages
