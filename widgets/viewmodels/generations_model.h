// SPDX-License-Identifier: GPL-3.0-or-later
// The Generations table of Live: one rung of the ladder a row, with what it measured.
#pragma once

#include "events/events.h"

#include <QAbstractTableModel>

#include <vector>

namespace gradus::viewmodels {

/// Values carry their 95 % half width in the tooltip; a refused PGR is a dash whose tooltip says why. GUI thread.
class GenerationsModel final : public QAbstractTableModel
{
    Q_OBJECT
public:
    enum Column
    {
        GenerationColumn,
        RungColumn,
        ParametersColumn,
        GapColumn,
        UtilityColumn,
        CeilingColumn,
        PgrColumn,
        ImitationColumn,
        ColumnCount,
    };

    enum Role
    {
        RolledBackRole = Qt::UserRole, ///< bool: the generation failed its gate and does not count
    };

    explicit GenerationsModel(QObject* parent = nullptr);
    void setRecords(const std::vector<events::GenerationRecord>& records);

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

private:
    static QString text(const events::GenerationRecord& record, int column);
    static QString toolTip(const events::GenerationRecord& record, int column);

    std::vector<events::GenerationRecord> m_records;
};

} // namespace gradus::viewmodels
