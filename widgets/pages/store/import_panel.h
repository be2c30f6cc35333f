// SPDX-License-Identifier: GPL-3.0-or-later
// An import being mapped: step axis, names of series, and a dry run whose numbers are those that will be written.
#pragma once

#include "common/theme.h"
#include "viewmodels/store_acts.h"

#include <QFrame>
#include <QTimer>

class QComboBox;
class QDoubleSpinBox;
class QLabel;
class QPushButton;
class QSpinBox;
class QTableWidget;

namespace gradus::common {
class ElidedLabel;
}

namespace gradus::pages {

/// acts must outlive it. GUI thread only.
class ImportPanel final : public QFrame
{
    Q_OBJECT
public:
    ImportPanel(viewmodels::StoreActs& acts, common::ThemeController& theme, QWidget* parent = nullptr);

    void open(const QString& path);
    QTableWidget* table() const { return m_table; }
    QString footerText() const;
    imports::MappingOptions options() const;

Q_SIGNALS:
    void closed();

private:
    void buildAxis();
    void changed();
    void planned(const std::shared_ptr<const imports::ImportPlan>& plan, int alreadyHere);
    void fill(const imports::ImportPlan& plan);
    QString checkOf(const imports::PlannedSeries& series) const;
    QStringList words() const; ///< of the command

    viewmodels::StoreActs& m_acts;
    common::ThemeController& m_theme;
    QString m_file;
    QTimer m_again; ///< a change plans anew after a rest
    std::shared_ptr<const imports::ImportPlan> m_plan;
    QStringList m_written;
    bool m_filling = false;
    common::ElidedLabel* m_title;
    QComboBox* m_axis;
    QDoubleSpinBox* m_perStep;
    QSpinBox* m_startsAt;
    common::ElidedLabel* m_effect;
    QTableWidget* m_table;
    common::ElidedLabel* m_footer;
    QPushButton* m_undo;
    QPushButton* m_copy;
    QPushButton* m_import;
};

} // namespace gradus::pages
