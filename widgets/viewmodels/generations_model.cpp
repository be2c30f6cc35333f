// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewmodels/generations_model.h"

#include "base/text.h"
#include "common/number_text.h"
#include "viewmodels/figures.h"

#include <QLocale>

namespace gradus::viewmodels {

namespace {

QString interval(const QString& name, const std::optional<Estimate>& estimate, int decimals)
{
    if (!estimate) return GenerationsModel::tr("%1: not measured").arg(name);
    return GenerationsModel::tr("%1 %2, 95 % interval %3 to %4, n = %5")
        .arg(name, common::numberText(estimate->value, decimals), common::numberText(estimate->low, decimals),
             common::numberText(estimate->high, decimals), QLocale().toString(static_cast<qlonglong>(estimate->n)));
}

} // namespace

GenerationsModel::GenerationsModel(QObject* parent) : QAbstractTableModel(parent) {}

void GenerationsModel::setRecords(const std::vector<events::GenerationRecord>& records)
{
    const int before = static_cast<int>(m_records.size());
    const int after = static_cast<int>(records.size());
    if (after < before) {
        beginResetModel();
        m_records = records;
        endResetModel();
        return;
    }
    if (after > before) beginInsertRows({}, before, after - 1);
    m_records = records;
    if (after > before) endInsertRows();
    if (before > 0) Q_EMIT dataChanged(index(0, 0), index(before - 1, ColumnCount - 1));
}

int GenerationsModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_records.size());
}

int GenerationsModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QString GenerationsModel::text(const events::GenerationRecord& record, int column)
{
    switch (column) {
    case GenerationColumn:
        return QStringLiteral("G%1").arg(record.generation);
    case RungColumn:
        return QString::fromStdString(visible(record.rung));
    case ParametersColumn:
        return countText(record.parameters);
    case GapColumn:
        return common::numberText(record.gap, 2);
    case UtilityColumn:
        return common::valueText(record.utility);
    case CeilingColumn:
        return common::valueText(record.ceiling);
    case PgrColumn:
        return record.pgrRefusal.empty() ? common::valueText(record.pgr, 2) : QStringLiteral("–");
    case ImitationColumn:
        return common::valueText(record.imitation);
    default:
        return {};
    }
}

QString GenerationsModel::toolTip(const events::GenerationRecord& record, int column)
{
    switch (column) {
    case GenerationColumn:
        return record.rolledBack ? tr("Rolled back: it failed its gate, and its predecessor counts") : QString();
    case RungColumn:
        return plainToolTip(record.rung);
    case ParametersColumn:
        return tr("%1 parameters").arg(QLocale().toString(static_cast<qlonglong>(record.parameters)));
    case GapColumn:
        return record.gap ? tr("Gap taken to reach this generation, in %1")
                                .arg(QString::fromStdString(visible(record.capacityProxy)))
                          : tr("The first generation has no gap");
    case UtilityColumn:
        return interval(tr("Competence"), record.utility, 3) +
               (record.alignedUtility ? '\n' + interval(tr("after alignment"), record.alignedUtility, 3) : QString());
    case CeilingColumn:
        return interval(tr("Ceiling"), record.ceiling, 3);
    case PgrColumn:
        return record.pgrRefusal.empty() ? interval(tr("PGR"), record.pgr, 2) : plainToolTip(record.pgrRefusal);
    case ImitationColumn:
        return interval(tr("Imitation rate"), record.imitation, 3) + '\n' +
               interval(tr("excess"), record.excessImitation, 3);
    default:
        return {};
    }
}

QVariant GenerationsModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
    const events::GenerationRecord& record = m_records[static_cast<std::size_t>(index.row())];
    switch (role) {
    case Qt::DisplayRole:
        return text(record, index.column());
    case Qt::ToolTipRole:
        return toolTip(record, index.column());
    case Qt::TextAlignmentRole:
        return QVariant(index.column() <= RungColumn ? Qt::AlignLeft | Qt::AlignVCenter
                                                     : Qt::AlignRight | Qt::AlignVCenter);
    case RolledBackRole:
        return record.rolledBack;
    default:
        return {};
    }
}

QVariant GenerationsModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal) return {};
    if (role == Qt::TextAlignmentRole)
        return QVariant(section <= RungColumn ? Qt::AlignLeft | Qt::AlignVCenter : Qt::AlignRight | Qt::AlignVCenter);
    if (role != Qt::DisplayRole && role != Qt::ToolTipRole) return {};
    const bool full = role == Qt::ToolTipRole;
    switch (section) {
    case GenerationColumn:
        return full ? tr("Generation") : tr("Gen");
    case RungColumn:
        return full ? tr("Rung: width, layers") : tr("Rung");
    case ParametersColumn:
        return full ? tr("Parameters") : tr("Size");
    case GapColumn:
        return full ? tr("Gap taken, log10 parameters") : tr("δ");
    case UtilityColumn:
        return full ? tr("Competence: held-out accuracy against truth, before alignment") : tr("Util.");
    case CeilingColumn:
        return full ? tr("Ceiling: the same base trained on truth") : tr("Ceil.");
    case PgrColumn:
        return full ? tr("Performance gap recovered") : tr("PGR");
    case ImitationColumn:
        return full ? tr("Imitation rate, held-out items the teacher has wrong") : tr("Imit.");
    default:
        return {};
    }
}

} // namespace gradus::viewmodels
