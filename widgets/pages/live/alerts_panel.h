// SPDX-License-Identifier: GPL-3.0-or-later
// The alert rules of the shown run: which are watched, which fired, and a form for others.
#pragma once

#include "viewmodels/watched_rules.h"

#include <QDialog>
#include <QStringList>

#include <string>
#include <vector>

class QComboBox;
class QLabel;
class QLineEdit;
class QListWidget;
class QPushButton;
class QSpinBox;

namespace gradus::pages {

/// Not modal. Changes nothing by itself: what is wished for is a signal, and the list shows what the run watches.
class AlertsPanel final : public QDialog
{
    Q_OBJECT
public:
    explicit AlertsPanel(QWidget* parent = nullptr);

    void setRules(const std::vector<viewmodels::WatchedRule>& watched);
    /// Offered for the form; any other may be typed.
    void setSeries(const std::vector<std::string>& names);
    /// Why rules cannot be changed; empty: they can.
    void setBlocked(const QString& reason);

Q_SIGNALS:
    void rulesRequested(const QStringList& rules); ///< all that are to be watched, in words

private:
    void addRule(bool replacesChosen);
    void removeRule();
    void fillForm();
    void fitForm();
    void refreshButtons();
    QStringList words() const;
    QString formWords() const;
    void say(const QString& fault);

    QListWidget* m_list;
    QComboBox* m_series;
    QComboBox* m_when;
    QLineEdit* m_value;
    QSpinBox* m_points;
    QComboBox* m_then;
    QLabel* m_fault;
    QPushButton* m_add;
    QPushButton* m_change;
    QPushButton* m_remove;
    std::vector<viewmodels::WatchedRule> m_watched;
    QString m_blocked;
};

} // namespace gradus::pages
