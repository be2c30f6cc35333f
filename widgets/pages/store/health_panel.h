// SPDX-License-Identifier: GPL-3.0-or-later
// How the store is: integrity, backups, what fills it, what is in the trash; each act with its command.
#pragma once

#include "common/icons.h"
#include "common/theme.h"
#include "viewmodels/store_acts.h"

#include <QFrame>

class QHBoxLayout;
class QLabel;
class QProgressBar;
class QPushButton;
class QVBoxLayout;

namespace gradus::common {
class ElidedLabel;
}

namespace gradus::pages {

class SizeBars;

/// acts must outlive it. GUI thread only.
class HealthPanel final : public QFrame
{
    Q_OBJECT
public:
    HealthPanel(viewmodels::StoreActs& acts, common::ThemeController& theme, QWidget* parent = nullptr);

    void setState(const viewmodels::StoreState& state);
    /// Why nothing may be written here; empty: it may.
    void setBlocked(const QString& reason);
    void clear();
    /// What the section Integrity says, a line each.
    QStringList findings() const;

Q_SIGNALS:
    void said(const QString& sentence, bool isFailure);
    void importRequested();

private:
    struct Finding
    {
        QLabel* icon;
        QLabel* what;
        common::ElidedLabel* finding;
        common::Icon shape = common::Icon::Circle;
        QString tone = {};
    };
    QHBoxLayout* addSection(QVBoxLayout& column, const QString& title, common::ElidedLabel** trailing);
    QPushButton* addAct(QHBoxLayout& row, const QString& text, const char* name, const QStringList& command,
                        bool writes);
    void addFinding(QVBoxLayout& column, const QString& what);
    void paintIcons();
    void setFinding(int row, common::Icon icon, const QString& tone, const QString& text);
    void fillTrash();
    void fillBackups();
    void checked(const store::CheckReport& report, double seconds);
    void checkAgain();
    void askBackup();
    void askRestore();
    void restore(const QString& backup);
    void askMerge();
    void askVacuum();
    void askEmptyTrash();
    void refreshButtons();

    viewmodels::StoreActs& m_acts;
    common::ThemeController& m_theme;
    viewmodels::StoreState m_state;
    QString m_blocked;
    bool m_known = false;
    QVector<Finding> m_findings;
    QVector<QPushButton*> m_writing; ///< buttons of acts that write
    common::ElidedLabel* m_checkedAt = nullptr;
    common::ElidedLabel* m_total = nullptr;
    common::ElidedLabel* m_trashTotal = nullptr;
    QProgressBar* m_progress = nullptr;
    QPushButton* m_check = nullptr;
    QPushButton* m_vacuum = nullptr;
    QPushButton* m_empty = nullptr;
    QLabel* m_reason = nullptr;
    QVBoxLayout* m_backups = nullptr;
    QVBoxLayout* m_trash = nullptr;
    SizeBars* m_sizes = nullptr;
};

} // namespace gradus::pages
