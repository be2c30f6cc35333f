// SPDX-License-Identifier: GPL-3.0-or-later
// A comparison table as an item model: what a cell says, how good it is in its column, and how rows sort.
#pragma once

#include "compare/comparison_table.h"

#include <QAbstractTableModel>
#include <QVector>

#include <vector>

namespace gradus::viewmodels {

/// Rows of groups or runs, then contrasts. Sorting moves the former, so that what is copied is in the order shown. GUI
/// thread only.
class ComparisonTableModel final : public QAbstractTableModel
{
    Q_OBJECT
public:
    enum Column
    {
        NameColumn,
        CountColumn,
        FirstMetric,
    };
    enum Role
    {
        StyleRole = Qt::UserRole, ///< int: the group's place in the colour cycle
        BaselineRole,             ///< bool
        IntervalRole,   ///< QString: "± 0.012, n = 2" or "[0.988, 1.000]"; n where it is not the row's, or nothing
        DifferenceRole, ///< QString: "+0.107, p .024"; empty where nothing is compared
        BestRole,       ///< bool
        HeatRole,       ///< double 0 (worst) .. 1 (best of the column); invalid where no direction is better
        UnitRole,       ///< of headers: the second line
        MinusRole,      ///< QString: of a contrast's name the second line, "minus one"; empty: the row is no contrast
        FirstNameRole,  ///< QString: its first line
        MinusStyleRole, ///< int: place in the colour cycle of the group that is taken away
    };

    using QAbstractTableModel::QAbstractTableModel;

    /// styles: one a group. Keeps the order that was sorted by.
    void setTable(compare::ComparisonTable table, const QVector<int>& styles);
    /// As it is shown: rows in the model's order.
    compare::ComparisonTable shownTable() const;
    const compare::ComparisonTable& table() const { return m_table; }

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;
    void sort(int column, Qt::SortOrder order = Qt::AscendingOrder) override;

private:
    const compare::TableRow& rowAt(int row) const { return m_table.rows[m_order[static_cast<std::size_t>(row)]]; }
    const compare::ContrastRow* contrastAt(int row) const; ///< nullptr: it is none
    QVariant contrastData(const compare::ContrastRow& row, int column, int role) const;
    QVariant contrastName(const compare::ContrastRow& row, int role) const;
    std::vector<std::size_t> ordered() const;
    QVariant nameData(const compare::TableRow& row, int role) const;
    QVariant cellData(const compare::TableRow& row, std::size_t column, int role) const;
    QVariant heat(std::size_t column, const compare::TableCell& cell) const;

    compare::ComparisonTable m_table;
    QVector<int> m_styles;
    std::vector<std::size_t> m_order;
    int m_sortColumn = -1;
    Qt::SortOrder m_sortOrder = Qt::AscendingOrder;
};

/// "0.024", "< 0.001": a p value as it is written in tables.
QString pText(double p);
/// A metric's figure: fixed decimals, or a power of ten.
QString figureText(const compare::FinalMetric& metric, double value, bool sign = false);
/// "fixed small, seed 2" or "fixed small", made visible and short.
QString rowText(const compare::TableRow& row);

} // namespace gradus::viewmodels
