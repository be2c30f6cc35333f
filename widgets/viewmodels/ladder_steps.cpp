// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewmodels/ladder_steps.h"

#include "controller/gap_controller.h"

#include <algorithm>
#include <cmath>

namespace gradus::viewmodels {

namespace {

/// The decoder's arithmetic (models::rungShape, ModelShape::parameters), which the window may not link; a test holds
/// the two together.
std::int64_t parametersOf(const spec::Rung& rung, std::int64_t vocabulary, const std::string& architecture)
{
    const std::int64_t width = rung.width;
    std::int64_t heads = width >= 256 ? width / 64 : width >= 32 ? 4 : width >= 16 ? 2 : 1;
    while (heads > 1 && width % (2 * heads) != 0)
        --heads;
    const std::int64_t keyValueHeads = heads % 2 == 0 ? heads / 2 : heads;
    const std::int64_t headSize = heads > 0 ? width / heads : 0;
    const std::int64_t intermediate = std::max<std::int64_t>(8, (8 * width / 3 + 7) / 8 * 8);
    const std::int64_t qkvRows = (heads + 2 * keyValueHeads) * headSize;
    const std::int64_t mixing = architecture == "recurrent" ? 7 * width * width + 6 * width
                                : architecture == "convolutional"
                                    ? 7 * width * width + 2 * width
                                    : qkvRows * width + qkvRows + width * heads * headSize;
    return width * vocabulary + rung.layers * (mixing + 3 * width * intermediate + 2 * width) + width;
}

} // namespace

std::vector<std::int64_t> rungParameters(const spec::Experiment& experiment)
{
    const std::string& task = experiment.task.name;
    const int vocabulary = task == "builtin:registers/math"        ? kWordProblemsVocabulary
                           : task == "builtin:registers/writing"   ? kWritingsVocabulary
                           : task.starts_with("builtin:registers") ? kRegistersVocabulary
                                                                   : experiment.ladder.vocabulary;
    std::vector<std::int64_t> counts;
    for (const spec::Rung& rung : spec::rungsOf(experiment.ladder))
        counts.push_back(parametersOf(rung, vocabulary, experiment.ladder.architecture));
    return counts;
}

std::vector<LadderStep> ladderSteps(const spec::Experiment& experiment, const schedule::Curve& curve)
{
    spec::Gap gap = experiment.gap;
    gap.curve = curve;
    const auto controller = controller::makeController(gap);
    controller::GapState state;
    state.generations = experiment.ladder.generations;
    state.rung = experiment.ladder.start;
    for (const std::int64_t count : rungParameters(experiment))
        state.capacities.push_back(std::log10(static_cast<double>(count)));
    std::vector<LadderStep> steps;
    if (!controller || state.rung < 0 || state.rung >= static_cast<int>(state.capacities.size())) return steps;
    for (state.generation = 1; state.generation < state.generations; ++state.generation) {
        const controller::Decision decision = controller->nextGap(state);
        steps.push_back({state.generation, controller::scheduleFraction(state.generation, state.generations),
                         decision.wanted, decision.taken, decision.rung, decision.sentence});
        if (!decision.rung) break;
        state.rung = *decision.rung;
    }
    return steps;
}

std::vector<double> readPlaces(const spec::Experiment& experiment, bool ofGap)
{
    std::vector<double> places;
    const std::string& procedure = experiment.experiment.procedure;
    if (procedure != "progressive" && procedure != spec::kWeakToStrong) return places;
    if (ofGap) {
        if (experiment.gap.controller != "schedule") return places;
        // All starts, also those that this curve's ladder ends before: another value earlier on would reach them.
        for (int generation = 1; generation < experiment.ladder.generations; ++generation)
            places.push_back(controller::scheduleFraction(generation, experiment.ladder.generations));
        return places;
    }
    const int generations = experiment.ladder.generations;
    for (int generation = 2; generation <= generations; ++generation)
        places.push_back(spec::weightPlace(generation, generations));
    return places;
}

QString sizeText(std::int64_t parameters)
{
    const double value = static_cast<double>(parameters);
    const auto scaled = [](double number, const char* unit) {
        return QString::number(number, 'f', number < 9.95 ? 1 : 0) + QLatin1String(unit);
    };
    if (value < 1000) return QString::number(parameters);
    if (value < 999500) return scaled(value / 1e3, "k");
    if (value < 999.5e6) return scaled(value / 1e6, "M");
    return scaled(value / 1e9, "B");
}

} // namespace gradus::viewmodels
