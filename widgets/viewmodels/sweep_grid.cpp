// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewmodels/sweep_grid.h"

#include "base/text.h"
#include "compare/over_runs.h"
#include "spec/keys.h"
#include "viewmodels/runs_model.h"

#include <algorithm>
#include <cmath>

namespace gradus::viewmodels {

namespace {

using compare::ComparedRun;
using compare::FinalMetric;

const QString kGroup = QStringLiteral("group");
const QString kSeed = QStringLiteral("seed");

std::optional<QString> valueOf(const compare::RunGroup& group, const ComparedRun& run, const QString& key)
{
    if (key == kGroup) return shortCondition(group.label);
    if (key == kSeed) return QString::number(run.detail.run.seed);
    const spec::KeyInfo* info = spec::findKey(key.toStdString());
    if (info == nullptr || !run.spec) return std::nullopt;
    return QString::fromStdString(visible(spec::valueText(*info, *run.spec), 60));
}

QStringList sortedValues(const ComparedData& data, const QString& key)
{
    QStringList values;
    for (const compare::RunGroup& group : data.grouping.groups)
        for (const std::size_t run : group.runs)
            if (const auto value = valueOf(group, data.runs[run], key); value && !values.contains(*value))
                values << *value;
    std::stable_sort(values.begin(), values.end(), [](const QString& a, const QString& b) {
        bool aNumber = false;
        bool bNumber = false;
        const double x = a.toDouble(&aNumber);
        const double y = b.toDouble(&bNumber);
        if (aNumber && bNumber) return x < y;
        return aNumber && !bNumber; // words stay in the order of the experiment
    });
    return values;
}

std::optional<QPointF> pairOf(const ComparedRun& run, const FinalMetric& x, const FinalMetric& y)
{
    const auto a = compare::finalValueBeside(x, y, run);
    const auto b = compare::finalValueBeside(y, x, run);
    if (!a || !b || !std::isfinite(a->value) || !std::isfinite(b->value)) return std::nullopt;
    return QPointF(a->value, b->value);
}

/// The same run as if it had ended with this generation.
ComparedRun endedAt(const ComparedRun& run, int generation)
{
    ComparedRun cut;
    cut.detail.run = run.detail.run;
    for (const events::GenerationRecord& record : run.detail.generations)
        if (record.generation <= generation) cut.detail.generations.push_back(record);
    return cut;
}

QPointF meanOf(const QVector<QPointF>& points)
{
    QPointF sum;
    for (const QPointF& point : points)
        sum += point;
    return sum / double(points.size());
}

double halfWidth(const QVector<QPointF>& points, double (QPointF::*coordinate)() const)
{
    std::vector<compare::Trace> traces;
    for (const QPointF& point : points)
        traces.push_back({{0}, {(point.*coordinate)()}});
    const compare::OverRuns at = compare::overRuns(traces, {});
    return std::isnan(at.low.front()) ? 0 : (at.high.front() - at.low.front()) / 2;
}

} // namespace

QStringList gridKeys(const ComparedData& data)
{
    QStringList keys{kGroup};
    for (const compare::DifferingKey& key : data.grouping.differing)
        keys << QString::fromStdString(key.key);
    return keys << kSeed;
}

SweepGrid sweepGrid(const ComparedData& data, const QString& rowKey, const QString& columnKey,
                    const FinalMetric& metric)
{
    SweepGrid grid{sortedValues(data, rowKey), sortedValues(data, columnKey), {}};
    grid.cells.resize(grid.rows.size() * grid.columns.size());
    QVector<double> sums(grid.cells.size());
    for (const compare::RunGroup& group : data.grouping.groups)
        for (const std::size_t index : group.runs) {
            const ComparedRun& run = data.runs[index];
            const auto row = valueOf(group, run, rowKey);
            const auto column = valueOf(group, run, columnKey);
            const auto value = compare::finalValue(metric, run);
            if (!row || !column || !value || !std::isfinite(value->value)) continue;
            const qsizetype place = grid.rows.indexOf(*row) * grid.columns.size() + grid.columns.indexOf(*column);
            sums[place] += value->value;
            ++grid.cells[place].runs;
            grid.cells[place].mean = sums[place] / grid.cells[place].runs;
        }
    return grid;
}

QVector<PlaneGroup> planeOf(const ComparedData& data, const FinalMetric& x, const FinalMetric& y)
{
    QVector<PlaneGroup> groups;
    for (const compare::RunGroup& members : data.grouping.groups) {
        PlaneGroup group;
        int generations = 0;
        for (const std::size_t index : members.runs) {
            const ComparedRun& run = data.runs[index];
            if (const auto point = pairOf(run, x, y)) {
                group.points.append(*point);
                group.seeds.append(run.detail.run.seed);
            }
            if (const auto* last = compare::lastKept(run.detail)) generations = std::max(generations, last->generation);
        }
        if (!group.points.isEmpty()) {
            group.mean = meanOf(group.points);
            group.half = {halfWidth(group.points, &QPointF::x), halfWidth(group.points, &QPointF::y)};
        }
        for (int generation = 1; generation <= generations; ++generation) {
            QVector<QPointF> points;
            for (const std::size_t index : members.runs)
                if (const auto* last = compare::lastKept(data.runs[index].detail);
                    last && last->generation >= generation)
                    if (const auto point = pairOf(endedAt(data.runs[index], generation), x, y)) points.append(*point);
            group.path.append(points.isEmpty() ? QPointF(std::nan(""), std::nan("")) : meanOf(points));
        }
        groups.append(std::move(group));
    }
    return groups;
}

} // namespace gradus::viewmodels
