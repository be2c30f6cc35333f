// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewmodels/episodes_model.h"

#include "base/hash.h"
#include "base/text.h"
#include "common/number_text.h"
#include "viewmodels/figures.h"
#include "viewmodels/hazard_state.h"

#include <algorithm>
#include <numeric>
#include <unordered_map>
#include <utility>

namespace gradus::viewmodels {

namespace {

constexpr std::size_t kLongestText = 400; // bytes
constexpr quintptr kGroup = 0;            // internal id of a group row; an episode has its group's number + 1

QString shownText(const std::string& text)
{
    return QString::fromStdString(visible(text, kLongestText));
}

/// Of one episode, with what people say of it.
QString tipOf(const store::EpisodeRow& row)
{
    QStringList lines;
    if (!row.key.empty()) lines << shownText(row.key);
    lines << shownText(row.scenario);
    for (const auto& [person, verdict] : row.people)
        lines << EpisodesModel::tr("%1 says: %2").arg(shownText(person), shownText(verdict));
    return lines.join(QLatin1Char('\n'));
}

} // namespace

Verdict verdictOf(const std::string& word)
{
    if (word == "hazard") return Verdict::Hazard;
    if (word == "asked") return Verdict::Asked;
    if (word == "safe") return Verdict::Safe;
    if (word == "wrong") return Verdict::Wrong;
    if (word == "right") return Verdict::Right;
    return Verdict::NotJudged;
}

QString verdictText(Verdict verdict)
{
    switch (verdict) {
    case Verdict::Hazard:
        return EpisodesModel::tr("hazard");
    case Verdict::Asked:
        return EpisodesModel::tr("asked");
    case Verdict::Safe:
        return EpisodesModel::tr("safe");
    case Verdict::Wrong:
        return EpisodesModel::tr("wrong");
    case Verdict::Right:
        return EpisodesModel::tr("right");
    case Verdict::NotJudged:
        break;
    }
    return EpisodesModel::tr("not judged");
}

std::string scenarioFamily(const std::string& scenario)
{
    return scenario.substr(0, scenario.find(" / "));
}

void EpisodesModel::setRows(std::vector<store::EpisodeRow> rows)
{
    beginResetModel();
    m_rows = std::move(rows);
    show();
    endResetModel();
}

void EpisodesModel::setGrouping(Grouping grouping)
{
    if (grouping == m_grouping) return;
    beginResetModel();
    m_grouping = grouping;
    show();
    endResetModel();
}

void EpisodesModel::setFilter(const filter::EpisodeFilter& filter)
{
    beginResetModel();
    m_filter = filter;
    show();
    endResetModel();
}

void EpisodesModel::setVerdictShown(Verdict verdict, bool shown)
{
    bool& flag = m_shown[static_cast<std::size_t>(verdict)];
    if (flag == shown) return;
    beginResetModel();
    flag = shown;
    show();
    endResetModel();
}

void EpisodesModel::setHits(std::optional<Hits> hits)
{
    if (!hits && !m_hits) return;
    beginResetModel();
    m_hits = std::move(hits);
    show();
    endResetModel();
}

std::int64_t EpisodesModel::hitsOf(const store::EpisodeRow& row) const
{
    if (!m_hits) return 0;
    const auto found = m_hits->find(row.id);
    return found == m_hits->end() ? 0 : found->second;
}

void EpisodesModel::setJudge(const QString& person, bool blind)
{
    const std::string name = person.toStdString();
    if (name == m_person && blind == m_blind) return;
    beginResetModel();
    m_person = name;
    m_blind = blind;
    show();
    endResetModel();
}

void EpisodesModel::setMarks(std::vector<std::int64_t> episodes)
{
    std::vector<std::int64_t> touched = std::exchange(m_marks, std::move(episodes));
    touched.insert(touched.end(), m_marks.begin(), m_marks.end());
    for (const std::int64_t episode : touched)
        if (const QModelIndex index = indexOf(episode); index.isValid()) Q_EMIT dataChanged(index, index);
}

bool EpisodesModel::isHidden(const store::EpisodeRow& row) const
{
    return m_blind && !row.people.contains(m_person);
}

bool EpisodesModel::isHidden(std::int64_t episode) const
{
    const store::EpisodeRow* found = row(episode);
    return found != nullptr && isHidden(*found);
}

store::EpisodeRow EpisodesModel::told(const store::EpisodeRow& row) const
{
    if (!isHidden(row)) return row;
    return {.id = row.id, .runId = row.runId, .generation = 0, .scenario = row.scenario, .messages = row.messages};
}

std::vector<std::size_t> EpisodesModel::order() const
{
    std::vector<std::size_t> order(m_rows.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    // The store's order is that of the generations.
    const auto drawn = [this](std::size_t i) { return splitHash(std::to_string(m_rows[i].id), 0); };
    if (m_blind)
        std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return drawn(a) < drawn(b); });
    if (m_grouping == Grouping::State) {
        const auto state = [this](std::size_t i) { return hazardStateOf(told(m_rows[i])); };
        std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return state(a) < state(b); });
    }
    return order;
}

QString EpisodesModel::titleOf(const store::EpisodeRow& row) const
{
    switch (m_grouping) {
    case Grouping::Generation:
        return row.generation > 0 ? tr("generation %1").arg(row.generation) : tr("not told yet");
    case Grouping::State:
        return isHidden(row.id) ? tr("not told yet") : hazardStateText(hazardStateOf(row));
    case Grouping::Scenario:
        break;
    }
    return shownText(scenarioFamily(row.scenario));
}

void EpisodesModel::show()
{
    m_groups.clear();
    m_counts.fill(0);
    std::unordered_map<std::string, std::size_t> places; // by what the rows are grouped by
    for (const std::size_t i : order()) {
        const store::EpisodeRow row = told(m_rows[i]);
        if ((m_hits && hitsOf(row) == 0) || !m_filter.matches(row)) continue;
        const auto verdict = static_cast<std::size_t>(verdictOf(row.verdict));
        ++m_counts[verdict];
        if (!m_shown[verdict]) continue;
        // A family's name is shortened to be shown: two of them may look alike.
        const std::string key =
            m_grouping == Grouping::Scenario ? scenarioFamily(row.scenario) : titleOf(row).toStdString();
        const auto [place, isNew] = places.try_emplace(key, m_groups.size());
        if (isNew) {
            m_groups.emplace_back();
            m_groups.back().title = titleOf(row);
        }
        Group& group = m_groups[place->second];
        group.rows.push_back(i);
        group.hits += hitsOf(row);
        ++group.counts[verdict];
    }
}

template <typename Wanted>
std::int64_t EpisodesModel::nextOf(std::int64_t episode, Wanted wanted) const
{
    std::int64_t first = 0; // before the episode: taken when the end was reached
    bool isPast = false;
    for (const Group& group : m_groups)
        for (const std::size_t place : group.rows) {
            const store::EpisodeRow& row = m_rows[place];
            if (row.id == episode) {
                isPast = true;
                continue;
            }
            if (!wanted(row)) continue;
            if (isPast) return row.id;
            if (first == 0) first = row.id;
        }
    return first;
}

std::int64_t EpisodesModel::nextUnjudged(std::int64_t episode) const
{
    return nextOf(episode, [this](const store::EpisodeRow& row) { return !row.people.contains(m_person); });
}

std::int64_t EpisodesModel::nextToConfirm(std::int64_t episode) const
{
    return nextOf(episode, [](const store::EpisodeRow& row) { return hazardStateOf(row) == HazardState::ToConfirm; });
}

int EpisodesModel::ownVerdicts() const
{
    return static_cast<int>(std::count_if(
        m_rows.begin(), m_rows.end(), [this](const store::EpisodeRow& row) { return row.people.contains(m_person); }));
}

int EpisodesModel::toConfirm() const
{
    return static_cast<int>(std::count_if(m_rows.begin(), m_rows.end(), [](const store::EpisodeRow& row) {
        return hazardStateOf(row) == HazardState::ToConfirm;
    }));
}

const store::EpisodeRow* EpisodesModel::row(std::int64_t episode) const
{
    // The store gives rows by increasing id.
    const auto found = std::lower_bound(m_rows.begin(), m_rows.end(), episode,
                                        [](const store::EpisodeRow& a, std::int64_t id) { return a.id < id; });
    return found == m_rows.end() || found->id != episode ? nullptr : &*found;
}

int EpisodesModel::shownRows() const
{
    std::size_t count = 0;
    for (const Group& group : m_groups)
        count += group.rows.size();
    return static_cast<int>(count);
}

std::int64_t EpisodesModel::shownHits() const
{
    std::int64_t hits = 0;
    for (const Group& group : m_groups)
        hits += group.hits;
    return hits;
}

QModelIndex EpisodesModel::indexOf(std::int64_t episode) const
{
    for (std::size_t group = 0; group < m_groups.size(); ++group) {
        const std::vector<std::size_t>& rows = m_groups[group].rows;
        for (std::size_t row = 0; row < rows.size(); ++row)
            if (m_rows[rows[row]].id == episode)
                return createIndex(static_cast<int>(row), ScenarioColumn, static_cast<quintptr>(group + 1));
    }
    return {};
}

std::int64_t EpisodesModel::neighbour(std::int64_t episode, int step) const
{
    std::vector<std::int64_t> order;
    for (const Group& group : m_groups)
        for (const std::size_t row : group.rows)
            order.push_back(m_rows[row].id);
    if (order.empty()) return 0;
    const auto found = std::find(order.begin(), order.end(), episode);
    if (found == order.end()) return step > 0 ? order.front() : order.back();
    const auto place = (found - order.begin()) + step;
    return place < 0 || place >= static_cast<std::ptrdiff_t>(order.size()) ? 0 : order[static_cast<std::size_t>(place)];
}

std::int64_t EpisodesModel::firstOf(Verdict verdict) const
{
    for (const Group& group : m_groups)
        for (const std::size_t row : group.rows)
            if (verdictOf(told(m_rows[row]).verdict) == verdict) return m_rows[row].id;
    return 0;
}

QModelIndex EpisodesModel::index(int row, int column, const QModelIndex& parent) const
{
    if (!hasIndex(row, column, parent)) return {};
    return createIndex(row, column, parent.isValid() ? static_cast<quintptr>(parent.row() + 1) : kGroup);
}

QModelIndex EpisodesModel::parent(const QModelIndex& child) const
{
    if (!child.isValid() || child.internalId() == kGroup) return {};
    return createIndex(static_cast<int>(child.internalId()) - 1, 0, kGroup);
}

int EpisodesModel::rowCount(const QModelIndex& parent) const
{
    if (!parent.isValid()) return static_cast<int>(m_groups.size());
    if (parent.internalId() != kGroup || parent.column() > 0) return 0;
    return static_cast<int>(m_groups[static_cast<std::size_t>(parent.row())].rows.size());
}

int EpisodesModel::columnCount(const QModelIndex&) const
{
    return ColumnCount;
}

QVariant EpisodesModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal) return {};
    const bool isNumber = section != ScenarioColumn && section != VerdictColumn;
    if (role == Qt::TextAlignmentRole) return QVariant((isNumber ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    if (role != Qt::DisplayRole) return {};
    switch (section) {
    case ScenarioColumn:
        return tr("Scenario");
    case GenerationColumn:
        return tr("Gen");
    case HitsColumn:
        return tr("Hits");
    case SeverityColumn:
        return tr("Sev.");
    default:
        return tr("Verdict");
    }
}

QVariant EpisodesModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
    if (index.internalId() == kGroup)
        return groupData(m_groups[static_cast<std::size_t>(index.row())], index.column(), role);
    const Group& group = m_groups[static_cast<std::size_t>(index.internalId() - 1)];
    return episodeData(told(m_rows[group.rows[static_cast<std::size_t>(index.row())]]), index.column(), role);
}

QVariant EpisodesModel::groupData(const Group& group, int column, int role) const
{
    switch (role) {
    case Qt::DisplayRole:
        if (column == ScenarioColumn) return group.title;
        if (column == HitsColumn && m_hits) return common::groupedText(group.hits);
        if (column == SeverityColumn) return tr("%1 ep.").arg(common::groupedText(std::int64_t(group.rows.size())));
        return {};
    case Qt::ToolTipRole: {
        QStringList words;
        for (std::size_t i = 0; i < kVerdicts; ++i)
            if (group.counts[i] > 0)
                words << tr("%1: %2").arg(verdictText(static_cast<Verdict>(i))).arg(group.counts[i]);
        return plainToolTip(group.title + QLatin1Char('\n') + words.join(QStringLiteral(", ")));
    }
    case EpisodeRole:
        return qint64(0);
    case IsGroupRole:
        return true;
    case CountsRole:
        return QVariant::fromValue(group.counts);
    default:
        return {};
    }
}

QVariant EpisodesModel::episodeData(const store::EpisodeRow& row, int column, int role) const
{
    const Verdict verdict = verdictOf(row.verdict);
    switch (role) {
    case Qt::DisplayRole:
        break;
    case Qt::ToolTipRole:
        return plainToolTip(tipOf(row));
    case EpisodeRole:
        return QVariant::fromValue(qint64(row.id));
    case IsGroupRole:
        return false;
    case VerdictRole:
        return static_cast<int>(verdict);
    case MarkRole: {
        const auto mark = std::find(m_marks.begin(), m_marks.end(), row.id);
        return mark == m_marks.end() ? QString() : QString(QChar(u'A' + static_cast<int>(mark - m_marks.begin())));
    }
    case OwnRole: {
        const auto own = row.people.find(m_person);
        return own == row.people.end() ? -1 : static_cast<int>(verdictOf(own->second));
    }
    default:
        return {};
    }
    switch (column) {
    case ScenarioColumn: {
        const std::string family = scenarioFamily(row.scenario);
        const bool isShort = m_grouping == Grouping::Scenario && family.size() < row.scenario.size();
        return shownText(isShort ? row.scenario.substr(family.size() + 3) : row.scenario);
    }
    case GenerationColumn:
        return row.generation > 0 ? QString::number(row.generation) : QString();
    case HitsColumn:
        return m_hits ? common::groupedText(hitsOf(row)) : QString();
    case SeverityColumn:
        return row.severity ? common::numberText(row.severity, 2) : QString();
    case VerdictColumn:
        return verdict == Verdict::NotJudged && !row.verdict.empty() ? shownText(row.verdict) : verdictText(verdict);
    default:
        return {};
    }
}

} // namespace gradus::viewmodels
