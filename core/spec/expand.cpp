// SPDX-License-Identifier: GPL-3.0-or-later
#include "spec/checks.h"

#include "base/text.h"

namespace gradus::spec {

namespace {

constexpr std::size_t kMostRuns = 10000;

/// One condition with one point of the axes.
struct Point
{
    std::string text;
    std::vector<std::pair<std::string, std::string>> settings;
};

/// "gap.value = 0.5"; a curve is named by its number, because its text is long and two would look alike when cut.
std::string axisText(const SweepAxis& axis, std::size_t index)
{
    const std::string& value = axis.values[index];
    if (value.starts_with('{')) return axis.key + " = #" + std::to_string(index + 1);
    const bool text = value.size() >= 2 && value.front() == '"';
    return axis.key + " = " + visible(text ? value.substr(1, value.size() - 2) : value, 100);
}

std::vector<Point> pointsOf(const Experiment& experiment)
{
    std::vector<Point> points;
    for (const SweepCondition& condition : experiment.conditions)
        points.push_back({condition.name, condition.settings});
    if (points.empty()) points.push_back({});
    for (const SweepAxis& axis : experiment.sweep) {
        std::vector<Point> finer;
        for (const Point& point : points)
            for (std::size_t i = 0; i < axis.values.size(); ++i) {
                Point next = point;
                next.text += (next.text.empty() ? "" : ", ") + axisText(axis, i);
                next.settings.emplace_back(axis.key, axis.values[i]);
                finer.push_back(std::move(next));
            }
        points = std::move(finer);
    }
    return points;
}

Error inPoint(Error error, const Point& point)
{
    if (point.settings.empty()) return error;
    bool swept = false;
    for (const auto& setting : point.settings)
        swept = swept || setting.first == error.key;
    if (!swept) error.key = point.settings.front().first;
    error.message = "in the condition \"" + point.text + "\": " + error.message;
    return error;
}

Result<Experiment> experimentAt(const Experiment& base, const Point& point)
{
    Experiment experiment = base;
    experiment.sweep.clear();
    experiment.conditions.clear();
    for (const auto& [dotted, text] : point.settings) {
        const KeyInfo* key = findKey(dotted);
        if (!key)
            return errorAt({0, 0}, dotted, "[sweep] names " + visible(dotted, 60) + ", which is not a key; remove it.");
        const auto value = parseTomlValue(text);
        if (!value)
            return errorAt({0, 0}, dotted, "[sweep] has a bad value for " + dotted + ": " + value.error().message);
        if (auto applied = applyValue(experiment, *key, *value); !applied) {
            Error error = applied.error();
            error.line = error.column = 0; // places in the value's own text mean nothing to the reader
            return error;
        }
    }
    if (auto fits = checkTogether(experiment); !fits) return fits.error();
    return experiment;
}

} // namespace

Result<std::vector<RunSpec>> expand(const Experiment& experiment)
{
    std::size_t count = experiment.experiment.seeds.size() * std::max<std::size_t>(experiment.conditions.size(), 1);
    for (const SweepAxis& axis : experiment.sweep) {
        if (axis.values.empty() || axis.values.size() > kMostRuns)
            return errorAt({0, 0}, axis.key, "[sweep] needs 1 to 10000 values for " + axis.key + ".");
        count *= axis.values.size();
        if (count > kMostRuns)
            return errorAt({0, 0}, axis.key,
                           "[sweep] makes more than 10000 runs with " + axis.key + "; sweep fewer values.");
    }
    if (count > kMostRuns || count == 0)
        return errorAt({0, 0}, "experiment.seeds",
                       "the experiment needs 1 to 10000 runs, but has " + std::to_string(count) +
                           "; change its seeds or conditions.");
    std::vector<RunSpec> runs;
    for (const Point& point : pointsOf(experiment)) {
        auto single = experimentAt(experiment, point);
        if (!single) return inPoint(single.error(), point);
        for (const std::int64_t seed : experiment.experiment.seeds) {
            runs.push_back({point.text, seed, *single});
            runs.back().experiment.experiment.seeds = {seed};
        }
    }
    return runs;
}

} // namespace gradus::spec
