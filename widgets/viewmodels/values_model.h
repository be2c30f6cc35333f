// SPDX-License-Identifier: GPL-3.0-or-later
// The Values table of Live: every series of the run at the cursor, with its interval, and now.
#pragma once

#include "viewmodels/live_run.h"
#include "viewmodels/series_catalogue.h"

#include <QAbstractTableModel>
#include <QVector>

#include <optional>

namespace gradus::viewmodels {

/// Rows are the series the run has, in the catalogue's order. Reads from a LiveRun that must outlive it. GUI thread.
class ValuesModel final : public QAbstractTableModel
{
    Q_OBJECT
public:
    enum Column
    {
        SeriesColumn,
        CursorColumn,
        HalfWidthColumn,
        NowColumn,
        ColumnCount,
    };
    enum Role
    {
        StyleRole = Qt::UserRole, ///< int: place in the colour cycle
        ValueRole,                ///< double or invalid
    };

    explicit ValuesModel(const LiveRun& run, QObject* parent = nullptr);

    /// Reads everything again; the cursor is a step.
    void refresh(double cursorStep);

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

private:
    struct Row
    {
        const SeriesInfo* info = nullptr;
        std::optional<double> cursor;
        std::optional<double> halfWidth;
        std::optional<double> now;
    };
    std::optional<double> value(const Row& row, int column) const;

    const LiveRun& m_run;
    QVector<Row> m_rows;
};

} // namespace gradus::viewmodels
