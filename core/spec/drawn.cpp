// SPDX-License-Identifier: GPL-3.0-or-later
#include "spec/drawn.h"

#include "spec/checks.h"

#include <algorithm>
#include <cmath>

namespace gradus::spec {

namespace {

bool isWhole(const KeyInfo& key)
{
    Experiment any;
    return std::holds_alternative<int*>(key.field(any));
}

double numberAt(const KeyInfo& key, const schedule::Curve& curve, double x)
{
    const double value = schedule::Evaluator(curve)(x);
    return isWhole(key) ? std::round(value) : value;
}

void setNumber(Experiment& experiment, const KeyInfo& key, double value)
{
    const Field field = key.field(experiment);
    if (auto* const* whole = std::get_if<int*>(&field)) **whole = static_cast<int>(value);
    if (auto* const* number = std::get_if<double*>(&field)) **number = value;
}

} // namespace

const schedule::Curve* drawnCurve(const Experiment& experiment, std::string_view dottedKey)
{
    for (const DrawnNumber& number : experiment.drawn)
        if (number.key == dottedKey) return &number.curve;
    return nullptr;
}

double drawnValue(const KeyInfo& key, const schedule::Curve& curve, int generation, int generations)
{
    return numberAt(key, curve, weightPlace(std::max(generation, 2), generations));
}

Experiment atGeneration(const Experiment& experiment, int generation)
{
    Experiment settled = experiment;
    for (const DrawnNumber& number : experiment.drawn)
        if (const KeyInfo* key = findKey(number.key))
            setNumber(settled, *key, drawnValue(*key, number.curve, generation, experiment.ladder.generations));
    settled.drawn.clear();
    return settled;
}

std::string drawnToml(const KeyInfo& key, const schedule::Curve& curve)
{
    if (curve.keys.size() > 1) return curveToml(curve);
    const double value = numberAt(key, curve, 0);
    return isWhole(key) ? std::to_string(static_cast<int>(value)) : floatText(value);
}

void giveOnce(Experiment& experiment, const KeyInfo& key)
{
    std::erase_if(experiment.drawn, [name = key.dotted()](const DrawnNumber& number) { return number.key == name; });
}

Result<void> drawOverRun(Experiment& experiment, const KeyInfo& key, const Node& value)
{
    auto curve = curveFrom(key, value);
    if (!curve) return curve.error();
    giveOnce(experiment, key);
    setNumber(experiment, key, numberAt(key, *curve, 0));
    if (curve->keys.size() == 1) return {}; // a curve of one key is a number: equal experiments, equal text
    const auto place = [](const std::string& name) { return findKey(name) - knownKeys().data(); };
    const auto before = std::find_if(experiment.drawn.begin(), experiment.drawn.end(),
                                     [&](const DrawnNumber& other) { return place(other.key) > place(key.dotted()); });
    experiment.drawn.insert(before, {key.dotted(), std::move(*curve)});
    return {};
}

Result<void> checkDrawn(const Experiment& experiment)
{
    if (experiment.drawn.empty()) return {};
    const std::string& first = experiment.drawn.front().key;
    const int generations = experiment.ladder.generations;
    if (experiment.experiment.procedure == kDebate || generations < 3)
        return errorAt({0, 0}, first,
                       first + " is drawn over the run, and " +
                           (generations < 3 ? "with ladder.generations = " + std::to_string(generations)
                                            : "procedure = \"" + experiment.experiment.procedure + "\"") +
                           " nothing but the curve's beginning would be read; give one number" +
                           (generations < 3 ? ", or three generations or more." : "."));
    for (int generation = 1; generation <= generations; ++generation) {
        if (auto fits = checkTogether(atGeneration(experiment, generation)); !fits) {
            Error error = fits.error();
            error.message = "for generation " + std::to_string(generation) + ": " + error.message;
            return error;
        }
    }
    return {};
}

} // namespace gradus::spec
