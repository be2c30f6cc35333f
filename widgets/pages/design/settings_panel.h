// SPDX-License-Identifier: GPL-3.0-or-later
// Every setting of the draft in one searched table; what differs from its default is bold and can be put back.
#pragma once

#include "spec/keys.h"
#include "viewmodels/settings_model.h"

#include <QFrame>

class QCheckBox;
class QLabel;
class QLineEdit;
class QPushButton;
class QTableView;

namespace gradus::pages {

/// GUI thread only.
class SettingsPanel final : public QFrame
{
    Q_OBJECT
public:
    explicit SettingsPanel(viewmodels::ScheduleDocument& document, QWidget* parent = nullptr);

    viewmodels::SettingsModel& model() { return m_model; }
    QTableView* table() const { return m_table; }
    QLineEdit* search() const { return m_search; }
    QString helpText() const; ///< of the chosen setting

Q_SIGNALS:
    void refused(const QString& sentence);

private:
    void refresh();
    void drawOverTheRun();
    const spec::KeyInfo* drawableKey() const; ///< the chosen setting, where it may be drawn and is not

    viewmodels::ScheduleDocument& m_document;
    viewmodels::SettingsModel m_model;
    QLineEdit* m_search;
    QCheckBox* m_changed;
    QPushButton* m_reset;
    QPushButton* m_draw;
    QTableView* m_table;
    QLabel* m_help;
};

} // namespace gradus::pages
