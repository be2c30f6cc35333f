// SPDX-License-Identifier: GPL-3.0-or-later
// The list at the left of Compare: every run with an eye; what is open is compared.
#pragma once

#include "common/theme.h"
#include "viewmodels/run_choice_model.h"

#include <QFrame>
#include <QTimer>

class QLabel;
class QLineEdit;

namespace gradus::pages {

class RunsTree;

/// Shows a RunsModel of its own (its filter is not Live's) through a RunChoiceModel; both must outlive it.
class ChoicePanel final : public QFrame
{
    Q_OBJECT
public:
    ChoicePanel(viewmodels::RunsModel& runs, viewmodels::RunChoiceModel& choice, const common::ThemeController& theme,
                QWidget* parent = nullptr);

    RunsTree* tree() const { return m_tree; }
    QLineEdit* filterField() const { return m_filter; }

private:
    void build(const common::ThemeController& theme);
    void applyFilter();
    void updateTexts();

    viewmodels::RunsModel& m_runs;
    viewmodels::RunChoiceModel& m_choice;
    RunsTree* m_tree = nullptr;
    QLineEdit* m_filter = nullptr;
    QLabel* m_count = nullptr;
    QLabel* m_filterError = nullptr;
    QTimer m_filterDelay;
};

} // namespace gradus::pages
