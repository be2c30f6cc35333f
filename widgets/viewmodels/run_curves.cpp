// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewmodels/run_curves.h"

#include "controller/gap_controller.h"
#include "spec/drawn.h"
#include "spec/experiment.h"
#include "spec/stored.h"
#include "store/store_reader.h"

#include <algorithm>
#include <cmath>
#include <string_view>

namespace gradus::viewmodels {

using schedule::Curve;
using schedule::Interpolation;
using schedule::Key;

namespace {

std::string nameOf(const store::RunRow& run)
{
    std::string name = run.experimentName;
    if (!run.condition.empty()) name += ", " + run.condition;
    return name + ", seed " + std::to_string(run.seed);
}

std::optional<Curve> takenBy(const store::RunDetail& detail)
{
    Curve curve;
    for (const events::GenerationRecord& record : detail.generations) {
        if (!record.gap || record.generation < 2) continue;
        const double x = controller::scheduleFraction(record.generation - 1, detail.run.generations);
        if (!curve.keys.empty() && x <= curve.keys.back().x) continue; // an attempt that was repeated
        curve.keys.push_back({.x = x, .y = *record.gap, .interpolation = Interpolation::Constant});
    }
    if (curve.keys.empty() || !schedule::validate(curve)) return std::nullopt;
    return curve;
}

constexpr std::string_view kSetting = "setting/";
constexpr std::string_view kWeight = "signal/weight/";

/// What the experiment draws for the series; nothing where it draws none.
std::optional<Curve> drawnIn(const spec::Experiment& experiment, const std::string& series)
{
    if (series.empty())
        return experiment.gap.controller == "schedule" ? std::optional(experiment.gap.curve) : std::nullopt;
    if (series.starts_with(kSetting)) {
        const Curve* curve = spec::drawnCurve(experiment, series.substr(kSetting.size()));
        return curve ? std::optional(*curve) : std::nullopt;
    }
    if (!series.starts_with(kWeight)) return std::nullopt;
    const std::string name = series.substr(kWeight.size());
    for (const spec::SignalSource& source : experiment.signals.sources)
        if (source.name == name) return source.weight;
    return std::nullopt;
}

/// What each generation logged, where it reads such curves: held from one to the next.
std::optional<Curve> loggedBy(const store::StoreReader& reader, const store::RunDetail& detail,
                              const std::string& series)
{
    const auto logged = reader.series(detail.run.id, series);
    if (!logged) return std::nullopt;
    Curve curve;
    for (const events::GenerationRecord& record : detail.generations) {
        if (record.generation < 2) continue;
        const auto point = std::find_if(logged->points.begin(), logged->points.end(),
                                        [&record](const store::PointRow& row) { return row.step >= record.firstStep; });
        if (point == logged->points.end() || !std::isfinite(point->value)) continue;
        const double x = spec::weightPlace(record.generation, detail.run.generations);
        if (!curve.keys.empty() && x <= curve.keys.back().x) continue; // an attempt that was repeated
        curve.keys.push_back({.x = x, .y = point->value, .interpolation = Interpolation::Constant});
    }
    if (curve.keys.empty() || !schedule::validate(curve)) return std::nullopt;
    return curve;
}

} // namespace

Result<std::vector<RunCurve>> recentRunCurves(const std::filesystem::path& store, std::size_t most,
                                              const std::string& series)
{
    auto reader = store::StoreReader::open(store);
    if (!reader) return reader.error();
    const auto runs = reader->runs();
    if (!runs) return runs.error();
    std::vector<RunCurve> curves;
    for (const store::RunRow& run : *runs) {
        if (curves.size() >= most) break;
        if (run.generations < 2) continue;
        const auto detail = reader->detail(run.id);
        if (!detail) continue; // one run that cannot be read must not hide the others
        RunCurve curve{run.id, nameOf(run), {}, series.empty() ? takenBy(*detail) : loggedBy(*reader, *detail, series)};
        if (const auto experiment = spec::parseStored(detail->specToml, "the run"))
            curve.drawn = drawnIn(*experiment, series);
        if (curve.drawn || curve.taken) curves.push_back(std::move(curve));
    }
    return curves;
}

Curve fittedCurve(const std::vector<Key>& samples, double tolerance)
{
    Curve curve{{samples.front(), samples.back()}};
    for (Key& key : curve.keys)
        key = {.x = key.x, .y = key.y, .interpolation = Interpolation::Monotone};
    while (curve.keys.size() < samples.size()) {
        const schedule::Evaluator evaluate(curve);
        const auto worst = std::max_element(samples.begin(), samples.end(), [&](const Key& a, const Key& b) {
            return std::abs(evaluate(a.x) - a.y) < std::abs(evaluate(b.x) - b.y);
        });
        if (std::abs(evaluate(worst->x) - worst->y) <= tolerance) break;
        const auto after =
            std::find_if(curve.keys.begin(), curve.keys.end(), [&](const Key& key) { return key.x > worst->x; });
        curve.keys.insert(after, {.x = worst->x, .y = worst->y, .interpolation = Interpolation::Monotone});
    }
    return curve;
}

} // namespace gradus::viewmodels
