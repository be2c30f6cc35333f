// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewmodels/parallel_axes.h"

#include "base/text.h"
#include "common/number_text.h"
#include "compare/final_metrics.h"
#include "viewmodels/comparison_table_model.h"
#include "viewmodels/runs_model.h"

#include <QCoreApplication>

#include <algorithm>
#include <cmath>
#include <limits>

namespace gradus::viewmodels {

namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
constexpr const char* kNoValue = "–"; // as compare::DifferingKey has it

/// The ends of the finite values of one column; false where there is none.
bool setEnds(ParallelAxis& axis, const QVector<double>& values)
{
    axis.low = std::numeric_limits<double>::infinity();
    axis.high = -axis.low;
    for (const double value : values) {
        if (!std::isfinite(value)) continue;
        axis.low = std::min(axis.low, value);
        axis.high = std::max(axis.high, value);
    }
    return axis.low <= axis.high;
}

/// One value a group, as numbers where all are, else as places in a list of words.
QVector<double> keyValues(ParallelAxis& axis, const compare::DifferingKey& key)
{
    QVector<double> numbers;
    for (const std::string& text : key.values) {
        bool isNumber = false;
        const double value = QString::fromStdString(text).toDouble(&isNumber);
        if (!isNumber && text != kNoValue) {
            numbers.clear();
            break;
        }
        numbers.append(isNumber ? value : kNone);
    }
    if (!numbers.isEmpty()) return numbers;
    std::vector<std::string> known; // whole: two long values may look alike when cut
    for (const std::string& text : key.values) {
        if (text == kNoValue) {
            numbers.append(kNone);
            continue;
        }
        const auto found = std::find(known.begin(), known.end(), text);
        numbers.append(double(found - known.begin()));
        if (found != known.end()) continue;
        known.push_back(text);
        axis.words << QString::fromStdString(visible(text, 40));
    }
    return numbers;
}

void addColumn(ParallelData& data, const ParallelAxis& axis, const QVector<double>& values)
{
    data.axes.append(axis);
    for (qsizetype i = 0; i < data.runs.size(); ++i)
        data.runs[i].values.append(values[i]);
}

void addKeys(ParallelData& data, const ComparedData& compared)
{
    for (const compare::DifferingKey& key : compared.grouping.differing) {
        ParallelAxis axis;
        axis.id = QString::fromStdString(visible(key.key, 80));
        axis.name = axis.id.section(QLatin1Char('.'), -1);
        const QVector<double> ofGroups = keyValues(axis, key);
        QVector<double> values;
        for (const ParallelRun& run : std::as_const(data.runs))
            values.append(ofGroups.value(run.group, kNone));
        if (!setEnds(axis, values)) continue;
        if (axis.words.isEmpty()) {
            axis.lowText = QString::number(axis.low, 'g', 4);
            axis.highText = QString::number(axis.high, 'g', 4);
        } else {
            axis.low = 0;
            axis.high = double(axis.words.size() - 1);
        }
        addColumn(data, axis, values);
    }
}

void addFigures(ParallelData& data, const ComparedData& compared, const QVector<std::size_t>& indices)
{
    for (const compare::FinalMetric& metric : compare::finalMetrics()) {
        QVector<double> values;
        for (const std::size_t index : indices) {
            const auto value = compare::finalValue(metric, compared.runs[index]);
            values.append(value && std::isfinite(value->value) ? value->value : kNone);
        }
        ParallelAxis axis;
        if (!setEnds(axis, values) || axis.low == axis.high) continue;
        const QString unit = QString::fromLatin1(metric.unit);
        axis.id = QLatin1String(metric.id);
        axis.name = QLatin1String(metric.label) + (unit.isEmpty() ? QString() : QStringLiteral(", ") + unit);
        axis.isFigure = true;
        axis.lowText = figureText(metric, axis.low);
        axis.highText = figureText(metric, axis.high);
        addColumn(data, axis, values);
    }
}

} // namespace

ParallelData parallelData(const ComparedData& compared)
{
    ParallelData data;
    QVector<std::size_t> indices;
    int place = 0;
    for (const compare::RunGroup& group : compared.grouping.groups) {
        for (const std::size_t index : group.runs) {
            const store::RunRow& row = compared.runs[index].detail.run;
            data.runs.append(
                {row.id,
                 place,
                 QCoreApplication::translate("Parallel", "%1, seed %2").arg(shortCondition(group.label)).arg(row.seed),
                 {}});
            indices.append(index);
        }
        ++place;
    }
    addKeys(data, compared);
    addFigures(data, compared, indices);
    return data;
}

} // namespace gradus::viewmodels
