// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewmodels/run_curves.h"

#include "controller/gap_controller.h"
#include "spec/experiment.h"
#include "store/store_reader.h"

#include <algorithm>
#include <cmath>

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

} // namespace

Result<std::vector<RunCurve>> recentRunCurves(const std::filesystem::path& store, std::size_t most)
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
        RunCurve curve{run.id, nameOf(run), {}, takenBy(*detail)};
        const auto experiment = spec::parseExperiment(detail->specToml, "the run");
        if (experiment && experiment->gap.controller == "schedule") curve.drawn = experiment->gap.curve;
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
