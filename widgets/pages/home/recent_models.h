// SPDX-License-Identifier: GPL-3.0-or-later
// Home's two tables as models: recent drafts and recent runs.
#pragma once

#include "pages/home/drafts.h"
#include "store/records.h"

#include <QAbstractTableModel>
#include <QVector>

namespace gradus::pages {

/// Values for delegates: a QVector<double> to draw as a thumbnail.
inline constexpr int kCurveRole = Qt::UserRole;
inline constexpr int kStateRole = Qt::UserRole + 1;   ///< int of store::RunState
inline constexpr int kUnsavedRole = Qt::UserRole + 2; ///< bool
inline constexpr int kBrokenRole = Qt::UserRole + 3;  ///< bool

class DraftsModel final : public QAbstractTableModel
{
    Q_OBJECT
public:
    enum Column
    {
        Curve,
        Name,
        Contents,
        Edited,
        ColumnCount,
    };
    using QAbstractTableModel::QAbstractTableModel;
    void setRows(const QVector<DraftRow>& rows);
    const QVector<DraftRow>& rows() const { return m_rows; }

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

private:
    QVector<DraftRow> m_rows;
};

class RecentRunsModel final : public QAbstractTableModel
{
    Q_OBJECT
public:
    enum Column
    {
        Name,
        Generation,
        Utility,
        Last,
        Imitation,
        Ended,
        ColumnCount,
    };
    static constexpr int kMostRows = 40; ///< Home shows what fits; the Runs dock has them all
    using QAbstractTableModel::QAbstractTableModel;
    /// Newest first, as the store gives them. Running ones are put first. Keeps selection when only values changed.
    void setRows(const QVector<store::RunRow>& rows);
    const QVector<store::RunRow>& rows() const { return m_rows; }

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

private:
    QVector<store::RunRow> m_rows;
};

} // namespace gradus::pages
