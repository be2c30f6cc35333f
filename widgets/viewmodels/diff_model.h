// SPDX-License-Identifier: GPL-3.0-or-later
// Configurations side by side: a row a key, a column a group, the first group (or the baseline) being what differs
// from.
#pragma once

#include "compare/run_origins.h"
#include "compare/spec_diff.h"

#include <QAbstractTableModel>
#include <QSet>
#include <QStringList>
#include <QVector>

#include <vector>

namespace gradus::viewmodels {

/// Keys or origins. GUI thread only.
class DiffModel final : public QAbstractTableModel
{
    Q_OBJECT
public:
    enum Column
    {
        KeyColumn,
        FirstGroup,
    };
    enum Role
    {
        ChangedRole = Qt::UserRole, ///< bool: this cell is not what the reference has
        MissingRole,                ///< bool: the group has no such key
        SectionRole,                ///< QString: "gap." of "gap.controller", to be drawn faint
        ConfoundRole,               ///< bool: the row differs though nothing swept it
    };

    using QAbstractTableModel::QAbstractTableModel;

    void setKeys(std::vector<compare::DiffRow> rows, const QStringList& groups, int reference,
                 const QSet<QString>& confounded);
    void setOrigins(const std::vector<compare::OriginRow>& rows, const QStringList& groups, int reference);
    void setDifferencesOnly(bool only);
    void setSearch(const QString& text); ///< in keys and values; case does not matter

    std::vector<compare::DiffRow> shownRows() const; ///< as filtered and searched, whole values
    int differing() const;                           ///< rows that differ, whatever is shown
    int total() const { return static_cast<int>(m_rows.size()); }

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

private:
    void show();

    std::vector<compare::DiffRow> m_rows;
    std::vector<std::size_t> m_shown;
    QStringList m_groups;
    QSet<QString> m_confounded;
    QString m_search;
    QString m_corner;
    int m_reference = 0;
    bool m_differencesOnly = true;
};

} // namespace gradus::viewmodels
