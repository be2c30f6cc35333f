// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewmodels/containment_model.h"

#include "common/number_text.h"
#include "viewmodels/figures.h"

#include <QCoreApplication>

#include <algorithm>
#include <map>
#include <set>

namespace gradus::viewmodels {

using compare::ContainmentLevel;
using compare::NamedContainment;
using compare::WayOut;
using Studies = std::vector<NamedContainment>;
using Tone = ContainmentCell::Tone;

namespace {

constexpr int kDecimals = 2;

QString words(const char* text)
{
    return QCoreApplication::translate("ContainmentTables", text);
}

QString text(const std::string& visible)
{
    return QString::fromStdString(visible);
}

/// A level of a study, those of one number beside each other: they are what is compared.
struct Place
{
    const NamedContainment* study;
    const ContainmentLevel* level;
};

std::vector<Place> placesOf(const Studies& studies)
{
    std::vector<Place> places;
    for (const NamedContainment& study : studies)
        for (const ContainmentLevel& level : study.record.levels)
            places.push_back({&study, &level});
    std::ranges::stable_sort(places, {}, [](const Place& place) { return place.level->level; });
    return places;
}

QString levelName(const Studies& studies, const NamedContainment& study, int level)
{
    const QString name = words("level %1").arg(level);
    return studies.size() > 1 ? name + QStringLiteral(", ") + text(study.name) : name;
}

QString verdictWord(const std::string& verdict)
{
    if (verdict == "contained") return words("contained");
    if (verdict == "open") return words("open");
    if (verdict == "partial") return words("partial");
    if (verdict == "not-informative") return words("not informative");
    if (verdict == "absent") return words("absent");
    return text(verdict);
}

Tone toneOf(const std::string& verdict)
{
    if (verdict == "contained") return Tone::Plain;
    if (verdict == "partial") return Tone::Warn;
    if (verdict == "not-informative" || verdict == "absent") return Tone::Quiet;
    return Tone::Bad; // open, or a word that nobody here knows
}

ContainmentCell shareCell(const Estimate& share)
{
    if (share.n == 0) return {.text = common::missingText(), .tone = Tone::Quiet};
    return {.text = common::numberText(share.value, kDecimals) +
                    QStringLiteral(" [%1, %2]")
                        .arg(common::numberText(share.low, kDecimals), common::numberText(share.high, kDecimals)),
            .tip = words("95 % interval, n %1").arg(share.n),
            .share = share};
}

/// A share that has to be 0.
ContainmentCell faultCell(const Estimate& share)
{
    ContainmentCell cell = shareCell(share);
    if (share.n > 0 && share.value > 0) cell.tone = Tone::Bad;
    return cell;
}

/// At level 0 no code runs and every way is absent, which is no verdict on a wall.
bool runsCode(const ContainmentLevel& level)
{
    return level.level > 0;
}

bool isShown(const Studies& studies, const std::string& id, WaysShown shown)
{
    if (shown == WaysShown::All) return true;
    std::set<std::string> all;
    std::map<int, std::set<std::string>> byLevel;
    for (const NamedContainment& study : studies)
        for (const ContainmentLevel& level : study.record.levels)
            if (const WayOut* way = level.way(id); way != nullptr && runsCode(level)) {
                all.insert(way->verdict);
                byLevel[level.level].insert(way->verdict);
            }
    if (shown == WaysShown::NotContained) return all != std::set<std::string>{"contained"};
    return all.size() > 1 || std::ranges::any_of(byLevel, [](const auto& level) { return level.second.size() > 1; });
}

const compare::ContainmentActs* actsAt(const NamedContainment& study, int level)
{
    const auto found = std::ranges::find(study.record.acts, level, &compare::ContainmentActs::level);
    return found == study.record.acts.end() ? nullptr : &*found;
}

} // namespace

ContainmentStudies studiesIn(const ComparedData& compared)
{
    std::vector<const store::RunDetail*> runs;
    for (const compare::ComparedRun& run : compared.runs)
        runs.push_back(&run.detail);
    auto read = compare::containmentsOf(runs);
    if (!read) return {.studies = {}, .error = text(read.error().message)};
    return {.studies = std::move(*read), .error = {}};
}

ContainmentGrid waysGrid(const Studies& studies, WaysShown shown)
{
    ContainmentGrid grid{.columns = {words("way out")}, .rows = {}};
    const std::vector<Place> places = placesOf(studies);
    for (const Place& place : places)
        grid.columns << levelName(studies, *place.study, place.level->level);
    for (const std::string& id : compare::waysOf(studies)) {
        if (!isShown(studies, id, shown)) continue;
        QVector<ContainmentCell> row{{.text = text(id), .tip = text(id)}};
        for (const Place& place : places) {
            const WayOut* way = place.level->way(id);
            if (way == nullptr) {
                row.append({.text = words("not run"), .tip = text(place.level->refused), .tone = Tone::Quiet});
                continue;
            }
            if (!way->name.empty() && row.front().text == text(id))
                row.front() = {.text = text(way->name), .tip = text(id)};
            row.append({.text = verdictWord(way->verdict), .tip = text(way->why), .tone = toneOf(way->verdict)});
        }
        grid.rows.append(std::move(row));
    }
    return grid;
}

ContainmentGrid elicitationGrid(const Studies& studies)
{
    const bool played =
        std::ranges::any_of(studies, [](const NamedContainment& one) { return !one.record.model.empty(); });
    const bool acted =
        std::ranges::any_of(studies, [](const NamedContainment& one) { return !one.record.acts.empty(); });
    ContainmentGrid grid{.columns = {words("level"), words("ways open"), words("episodes"), words("hazardous scripts"),
                                     words("honest scripts")},
                         .rows = {}};
    if (played) grid.columns << words("the model");
    if (acted) grid.columns << words("hazardous acts") << words("other acts");
    for (const Place& place : placesOf(studies)) {
        const NamedContainment& study = *place.study;
        const ContainmentLevel& level = *place.level;
        const std::size_t open = level.count("open");
        QVector<ContainmentCell> row{{.text = levelName(studies, study, level.level), .tip = text(level.refused)}};
        if (!level.refused.empty())
            row.append({.text = words("not run"), .tip = text(level.refused), .tone = Tone::Bad});
        else if (!runsCode(level))
            row.append({.text = words("no code runs"), .tone = Tone::Quiet});
        else
            row.append({.text = QString::number(open),
                        .tip = words("%1 contained, %2 partial, %3 not informative, %4 absent")
                                   .arg(level.count("contained"))
                                   .arg(level.count("partial"))
                                   .arg(level.count("not-informative"))
                                   .arg(level.count("absent")),
                        .tone = open > 0 ? Tone::Bad : Tone::Plain});
        row.append({.text = level.episodes == 0 ? common::missingText() : common::groupedText(level.episodes),
                    .tip = words("%1 undecided").arg(level.undecided),
                    .tone = level.episodes == 0 ? Tone::Quiet : Tone::Plain});
        row << shareCell(level.elicitation) << faultCell(level.honest);
        if (played) {
            row << shareCell(level.model);
            if (level.modelEpisodes > 0)
                row.back().tip += words("; %1 episodes of %2, %3 undecided")
                                      .arg(level.modelEpisodes)
                                      .arg(text(study.record.model))
                                      .arg(level.modelUndecided);
        }
        if (acted) {
            const compare::ContainmentActs* acts = actsAt(study, level.level);
            row << shareCell(acts != nullptr ? acts->hazards : Estimate{})
                << faultCell(acts != nullptr ? acts->honest : Estimate{});
        }
        grid.rows.append(std::move(row));
    }
    return grid;
}

ContainmentGrid fidelityGrid(const Studies& studies)
{
    ContainmentGrid grid{.columns = {words("level"), words("verdicts"), words("ends of calls"), words("outputs"),
                                     words("files left"), words("acts: outcomes"), words("acts: outputs")},
                         .rows = {}};
    for (const Place& place : placesOf(studies)) {
        const auto& rows = place.study->record.fidelity;
        const auto found = std::ranges::find(rows, place.level->level, &compare::ContainmentFidelity::level);
        if (found == rows.end()) continue;
        QVector<ContainmentCell> row{{.text = levelName(studies, *place.study, found->level)}};
        for (const Estimate& share : {found->verdicts, found->ends, found->outputs, found->files})
            row << shareCell(share);
        const compare::ContainmentActs* acts = actsAt(*place.study, found->level);
        row << shareCell(acts != nullptr ? acts->outcomes : Estimate{})
            << shareCell(acts != nullptr ? acts->outputs : Estimate{});
        grid.rows.append(std::move(row));
    }
    return grid;
}

ContainmentGrid tasksGrid(const Studies& studies)
{
    ContainmentGrid grid{.columns = {words("task"), words("the same"), words("outside")}, .rows = {}};
    std::set<int> levels;
    for (const NamedContainment& study : studies)
        for (const ContainmentLevel& level : study.record.levels)
            levels.insert(level.level);
    for (const int level : levels)
        grid.columns << words("level %1").arg(level);
    for (const NamedContainment& study : studies)
        for (const compare::ContainmentTask& task : study.record.tasks) {
            const QString name = text(task.task);
            QVector<ContainmentCell> row{
                {.text = studies.size() > 1 ? name + QStringLiteral(", ") + text(study.name) : name}};
            const bool expected = task.held && !task.expected.empty();
            row.append({.text = !task.held ? words("no")
                                : expected ? words("as it must be")
                                           : words("yes"),
                        .tip = text(task.expected),
                        .tone = !task.held ? Tone::Bad
                                : expected ? Tone::Quiet
                                           : Tone::Plain});
            row.append({.text = text(task.outside), .tip = text(task.outside), .tone = Tone::Quiet});
            for (const int level : levels) {
                const auto place = std::ranges::find(study.record.levels, level, &ContainmentLevel::level);
                const auto index = static_cast<std::size_t>(place - study.record.levels.begin());
                const QString result = index < task.results.size() ? text(task.results[index]) : words("not run");
                row.append({.text = result, .tip = result, .tone = Tone::Quiet});
            }
            grid.rows.append(std::move(row));
        }
    return grid;
}

void ContainmentModel::setGrid(ContainmentGrid grid)
{
    beginResetModel();
    m_grid = std::move(grid);
    endResetModel();
}

int ContainmentModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_grid.rows.size());
}

int ContainmentModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_grid.columns.size());
}

QVariant ContainmentModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid()) return {};
    const ContainmentCell& cell = m_grid.rows[index.row()][index.column()];
    switch (role) {
    case Qt::DisplayRole:
        return cell.text;
    case Qt::ToolTipRole:
        return cell.tip.isEmpty() ? QVariant() : plainToolTip(cell.tip);
    case Qt::AccessibleTextRole:
        return QStringLiteral("%1: %2").arg(m_grid.columns[index.column()], cell.text);
    case ToneRole:
        return static_cast<int>(cell.tone);
    case ValueRole:
        return cell.share ? QVariant(cell.share->value) : QVariant();
    case LowRole:
        return cell.share ? QVariant(cell.share->low) : QVariant();
    case HighRole:
        return cell.share ? QVariant(cell.share->high) : QVariant();
    default:
        return {};
    }
}

QVariant ContainmentModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal) return {};
    if (role == Qt::TextAlignmentRole) return static_cast<int>(Qt::AlignLeft | Qt::AlignVCenter);
    if (role == Qt::ToolTipRole) return plainToolTip(m_grid.columns.value(section));
    return role == Qt::DisplayRole ? QVariant(m_grid.columns.value(section)) : QVariant();
}

} // namespace gradus::viewmodels
