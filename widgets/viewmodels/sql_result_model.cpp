// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewmodels/sql_result_model.h"

#include "base/text.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace gradus::viewmodels {

namespace {

constexpr std::size_t kLongestCell = 300;

bool isNumber(const store::SqlValue& value)
{
    return std::holds_alternative<std::int64_t>(value) || std::holds_alternative<double>(value);
}

double numberOf(const store::SqlValue& value)
{
    if (const auto* integer = std::get_if<std::int64_t>(&value)) return static_cast<double>(*integer);
    const auto* real = std::get_if<double>(&value);
    return real == nullptr ? 0 : *real;
}

/// NULL, numbers, texts, blobs: as SQLite orders types.
int kindOf(const store::SqlValue& value)
{
    if (std::holds_alternative<std::monostate>(value)) return 0;
    if (isNumber(value)) return 1;
    return std::holds_alternative<std::string>(value) ? 2 : 3;
}

bool isBefore(const store::SqlValue& a, const store::SqlValue& b)
{
    if (kindOf(a) != kindOf(b)) return kindOf(a) < kindOf(b);
    return isNumber(a) ? numberOf(a) < numberOf(b) : store::textOf(a) < store::textOf(b);
}

} // namespace

void SqlResultModel::setResult(std::shared_ptr<const store::QueryResult> result)
{
    beginResetModel();
    m_result = std::move(result);
    m_order.resize(m_result ? m_result->rows.size() : 0);
    std::iota(m_order.begin(), m_order.end(), std::size_t{0});
    m_isNumeric.assign(m_result ? m_result->columns.size() : 0, false);
    for (std::size_t column = 0; column < m_isNumeric.size(); ++column) {
        const auto known = std::ranges::find_if(
            m_result->rows, [column](const store::SqlRow& row) { return kindOf(row[column]) != 0; });
        m_isNumeric[column] = known != m_result->rows.end() && isNumber((*known)[column]);
    }
    endResetModel();
}

int SqlResultModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_order.size());
}

int SqlResultModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() || !m_result ? 0 : static_cast<int>(m_result->columns.size());
}

const store::SqlValue* SqlResultModel::valueAt(const QModelIndex& index) const
{
    if (!m_result || !index.isValid()) return nullptr;
    const store::SqlRow& row = m_result->rows[m_order[static_cast<std::size_t>(index.row())]];
    return &row[static_cast<std::size_t>(index.column())];
}

QVariant SqlResultModel::data(const QModelIndex& index, int role) const
{
    const store::SqlValue* value = valueAt(index);
    if (value == nullptr) return {};
    switch (role) {
    case Qt::DisplayRole:
        if (kindOf(*value) == 0) return QStringLiteral("–");
        return QString::fromStdString(visible(store::textOf(*value), kLongestCell));
    case Qt::TextAlignmentRole:
        return isNumber(*value) || (kindOf(*value) == 0 && m_isNumeric[static_cast<std::size_t>(index.column())])
                   ? QVariant(Qt::AlignRight | Qt::AlignVCenter)
                   : QVariant();
    default:
        return {};
    }
}

QVariant SqlResultModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (role == Qt::DisplayRole && orientation == Qt::Vertical) return section + 1;
    if (!m_result || orientation != Qt::Horizontal) return {};
    const auto column = static_cast<std::size_t>(section);
    if (role == Qt::DisplayRole) return QString::fromStdString(visible(m_result->columns[column], 60));
    // A header stands over its numbers.
    if (role == Qt::TextAlignmentRole && !m_result->rows.empty())
        return int((m_isNumeric[column] ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    return {};
}

void SqlResultModel::sort(int column, Qt::SortOrder order)
{
    if (!m_result || column < 0 || column >= columnCount()) return;
    Q_EMIT layoutAboutToBeChanged();
    const auto at = [this, column](std::size_t row) -> const store::SqlValue& {
        return m_result->rows[row][static_cast<std::size_t>(column)];
    };
    std::stable_sort(m_order.begin(), m_order.end(), [&](std::size_t a, std::size_t b) {
        return order == Qt::AscendingOrder ? isBefore(at(a), at(b)) : isBefore(at(b), at(a));
    });
    Q_EMIT layoutChanged();
}

QByteArray SqlResultModel::csv() const
{
    std::string text;
    if (!m_result) return {};
    const auto line = [&](const auto& cells, const auto& field) {
        for (std::size_t i = 0; i < cells.size(); ++i)
            text += (i == 0 ? "" : ",") + field(cells[i]);
        text += "\r\n";
    };
    line(m_result->columns, [](const std::string& name) { return csvField(name); });
    for (const std::size_t row : m_order)
        line(m_result->rows[row], [](const store::SqlValue& value) {
            return std::holds_alternative<std::string>(value) ? csvField(store::textOf(value)) : store::textOf(value);
        });
    return QByteArray::fromStdString(text);
}

} // namespace gradus::viewmodels
