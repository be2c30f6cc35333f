// SPDX-License-Identifier: GPL-3.0-or-later
// The result of a statement as a table: cells are made when they are looked at, however many there are.
#pragma once

#include "store/query.h"

#include <QAbstractTableModel>

#include <memory>
#include <vector>

namespace gradus::viewmodels {

/// GUI thread only. Texts come from outside and are shown escaped; copies hold them as they are.
class SqlResultModel final : public QAbstractTableModel
{
    Q_OBJECT
public:
    using QAbstractTableModel::QAbstractTableModel;

    void setResult(std::shared_ptr<const store::QueryResult> result);
    const store::QueryResult* result() const { return m_result.get(); }

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    /// Of the rows that were fetched. Numbers by value before texts, NULL first.
    void sort(int column, Qt::SortOrder order) override;

    /// The whole result, in the order shown, as RFC 4180 with a header.
    QByteArray csv() const;

private:
    const store::SqlValue* valueAt(const QModelIndex& index) const;
    std::shared_ptr<const store::QueryResult> m_result;
    std::vector<std::size_t> m_order; ///< rows in the order shown
    std::vector<bool> m_isNumeric;    ///< a column: its first value that is not NULL is a number
};

} // namespace gradus::viewmodels
