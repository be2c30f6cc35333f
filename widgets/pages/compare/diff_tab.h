// SPDX-License-Identifier: GPL-3.0-or-later
// Compare's Diff: keys that differ, what the runs are made of, and the drawn schedules over each other.
#pragma once

#include "pages/compare/curve_card.h"
#include "viewmodels/comparison.h"
#include "viewmodels/diff_model.h"

#include <QWidget>

class QCheckBox;
class QLabel;
class QLineEdit;
class QTableView;

namespace gradus::common {
class CardFrame;
class ChipLabel;
} // namespace gradus::common

namespace gradus::pages {

class DiffTable;
class ScheduleOverlay;

class DiffTab final : public QWidget
{
    Q_OBJECT
public:
    explicit DiffTab(common::ThemeController& theme, QWidget* parent = nullptr);

    void setData(const viewmodels::ComparedData& compared, const QVector<GroupLook>& looks, int baseline);
    viewmodels::DiffModel& keys() { return m_keys; }
    viewmodels::DiffModel& origins() { return m_origins; }
    const viewmodels::DiffModel& keys() const { return m_keys; }
    const viewmodels::DiffModel& origins() const { return m_origins; }
    const QTableView* keysView() const;
    const QTableView* originsView() const;
    QString countText() const; ///< "4 of 60 keys differ"
    ScheduleOverlay* overlay() const { return m_overlay; }

private:
    void build(common::ThemeController& theme);
    void refreshCount();

    viewmodels::DiffModel m_keys;
    viewmodels::DiffModel m_origins;
    QCheckBox* m_differencesOnly = nullptr;
    QLineEdit* m_search = nullptr;
    QLabel* m_count = nullptr;
    common::ChipLabel* m_confound = nullptr;
    common::CardFrame* m_originsCard = nullptr;
    DiffTable* m_keysView = nullptr;
    DiffTable* m_originsView = nullptr;
    ScheduleOverlay* m_overlay = nullptr;
};

} // namespace gradus::pages
