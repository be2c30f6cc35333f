// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewmodels/diff_model.h"

#include "base/text.h"
#include "common/number_text.h"
#include "viewmodels/figures.h"

#include <algorithm>

namespace gradus::viewmodels {

namespace {

constexpr std::size_t kLongestCell = 400; // bytes shown; the tooltip has more
constexpr std::size_t kLongestTooltip = 4000;

QString shownText(const std::string& text, std::size_t most = kLongestCell)
{
    return QString::fromStdString(visible(text, most));
}

} // namespace

void DiffModel::setKeys(std::vector<compare::DiffRow> rows, const QStringList& groups, int reference,
                        const QSet<QString>& confounded)
{
    beginResetModel();
    m_rows = std::move(rows);
    m_groups = groups;
    m_reference = std::max(0, reference);
    m_confounded = confounded;
    m_corner = tr("key");
    show();
    endResetModel();
}

void DiffModel::setOrigins(const std::vector<compare::OriginRow>& rows, const QStringList& groups, int reference)
{
    std::vector<compare::DiffRow> keys;
    for (const compare::OriginRow& row : rows)
        keys.push_back({{}, row.name, row.values, row.values, row.differs});
    setKeys(std::move(keys), groups, reference, {});
    m_corner = tr("made of");
}

void DiffModel::setDifferencesOnly(bool only)
{
    beginResetModel();
    m_differencesOnly = only;
    show();
    endResetModel();
}

void DiffModel::setSearch(const QString& text)
{
    beginResetModel();
    m_search = text;
    show();
    endResetModel();
}

void DiffModel::show()
{
    m_shown.clear();
    for (std::size_t i = 0; i < m_rows.size(); ++i) {
        const compare::DiffRow& row = m_rows[i];
        if (m_differencesOnly && !row.differs) continue;
        bool found = m_search.isEmpty() || shownText(row.key).contains(m_search, Qt::CaseInsensitive);
        for (const std::string& value : row.values)
            found = found || shownText(value).contains(m_search, Qt::CaseInsensitive);
        if (found) m_shown.push_back(i);
    }
}

std::vector<compare::DiffRow> DiffModel::shownRows() const
{
    std::vector<compare::DiffRow> rows;
    rows.reserve(m_shown.size());
    for (const std::size_t row : m_shown)
        rows.push_back(m_rows[row]);
    return rows;
}

int DiffModel::differing() const
{
    return static_cast<int>(
        std::count_if(m_rows.begin(), m_rows.end(), [](const compare::DiffRow& row) { return row.differs; }));
}

int DiffModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_shown.size());
}

int DiffModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : FirstGroup + static_cast<int>(m_groups.size());
}

QVariant DiffModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal) return {};
    if (role == Qt::TextAlignmentRole) return QVariant(Qt::AlignLeft | Qt::AlignVCenter);
    if (role == Qt::ToolTipRole && section >= FirstGroup)
        return plainToolTip(m_groups.value(section - 1).toStdString());
    if (role != Qt::DisplayRole) return {};
    return section == KeyColumn ? m_corner : m_groups.value(section - FirstGroup);
}

QVariant DiffModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
    const compare::DiffRow& row = m_rows[m_shown[static_cast<std::size_t>(index.row())]];
    const QString key = shownText(row.key);
    if (role == ConfoundRole) return m_confounded.contains(key);
    if (index.column() == KeyColumn) {
        if (role == Qt::DisplayRole || role == Qt::ToolTipRole) return key;
        if (role == SectionRole) return row.section.empty() ? QString() : shownText(row.section) + QLatin1Char('.');
        return {};
    }
    const auto group = static_cast<std::size_t>(index.column() - FirstGroup);
    const std::string& value = row.values[group];
    const std::string& reference = row.values[std::min(static_cast<std::size_t>(m_reference), row.values.size() - 1)];
    switch (role) {
    case Qt::DisplayRole:
        return value.empty() ? common::missingText() : shownText(row.brief[group]);
    case Qt::ToolTipRole:
        return value.empty() ? QString() : plainToolTip(visible(value, kLongestTooltip));
    case ChangedRole:
        return value != reference;
    case MissingRole:
        return value.empty();
    default:
        return {};
    }
}

} // namespace gradus::viewmodels
