// SPDX-License-Identifier: GPL-3.0-or-later
// The sweep of the draft: its axes, and how many runs they make before any is started.
#pragma once

#include "viewmodels/schedule_document.h"

#include <QFrame>

class QComboBox;
class QLabel;
class QLineEdit;
class QPushButton;
class QTableWidget;

namespace gradus::pages {

/// Each edit is one step of the draft. GUI thread only.
class SweepPanel final : public QFrame
{
    Q_OBJECT
public:
    explicit SweepPanel(viewmodels::ScheduleDocument& document, QWidget* parent = nullptr);

    QTableWidget* table() const { return m_table; }
    QString countText() const; ///< "6 conditions × 5 seeds = 30 runs"

Q_SIGNALS:
    void refused(const QString& sentence);

protected:
    void showEvent(QShowEvent* event) override;

private:
    QWidget* makeBar();
    void refresh();
    void setAxis(const QString& key, const QString& values);
    void removeCurrent();
    void say(const Result<void>& done);

    viewmodels::ScheduleDocument& m_document;
    QComboBox* m_key;
    QLineEdit* m_values;
    QPushButton* m_add;
    QPushButton* m_remove;
    QLabel* m_count;
    QTableWidget* m_table;
    bool m_isRefreshing = false;
};

} // namespace gradus::pages
