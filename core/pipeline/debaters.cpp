// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/debaters.h"

#include "engine/language_model.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace gradus::pipeline {

namespace {

using namespace data::registers;

double logOf(double probability)
{
    constexpr double kLeast = 1e-6; // a body in single precision says no more
    return std::log(std::max(probability, kLeast));
}

/// By its own beliefs, how sure a debater is of a quote: of the state before and after.
double surenessOf(const Claims& own, const Beliefs& beliefs, int step)
{
    const auto at = static_cast<std::size_t>(step);
    const double before = step == 1 ? 0.0 : logOf(beliefs[at - 2][static_cast<std::size_t>(own[at - 1])]);
    return before + logOf(beliefs[at - 1][static_cast<std::size_t>(own[at])]);
}

std::int32_t draw(const std::array<double, kModulus>& belief, double temperature, Rng& rng)
{
    std::array<double, kModulus> weights{};
    for (std::size_t v = 0; v < weights.size(); ++v)
        weights[v] = std::exp(logOf(belief[v]) / temperature);
    double left = rng.uniform() * std::accumulate(weights.begin(), weights.end(), 0.0);
    for (std::size_t v = 0; v < weights.size(); ++v)
        if ((left -= weights[v]) < 0) return static_cast<std::int32_t>(v);
    return kModulus - 1;
}

} // namespace

Result<std::vector<Beliefs>> beliefsOf(const StageContext& context, int rung, const std::vector<Program>& programs)
{
    const auto body = context.ladder.body(rung, context.stop, {});
    if (!body) return body.error();
    const auto model = engine::LanguageModel::fromBody(*body, context.ladder.at(rung).shape);
    if (!model) return model.error();
    std::vector<int> places; // a body was pretrained to hold the running state at every operand
    for (int step = 1; step <= kOperations; ++step)
        places.push_back(2 * step + 1);
    const auto rows = model->nextTokens(programs, places);
    if (!rows) return rows.error();
    std::vector<Beliefs> all(programs.size());
    const float* row = rows->data();
    for (Beliefs& beliefs : all)
        for (auto& belief : beliefs) {
            double mass = 0;
            for (std::size_t v = 0; v < kModulus; ++v)
                mass += static_cast<double>(row[v]);
            for (std::size_t v = 0; v < kModulus; ++v)
                belief[v] = mass > 0 ? static_cast<double>(row[v]) / mass : 1.0 / kModulus;
            row += kVocabulary;
        }
    return all;
}

Claims claimsFor(std::int32_t answer, const Program& program, const Beliefs& beliefs, double temperature, Rng& rng)
{
    Claims claims{};
    claims[0] = program[1];
    for (std::size_t i = 0; i < beliefs.size(); ++i)
        claims[i + 1] = draw(beliefs[i], temperature, rng);
    claims.back() = answer;
    return claims;
}

std::vector<int> stepsToQuote(const Claims& own, const Claims& other, const Beliefs& beliefs, int turns)
{
    std::vector<int> steps(kOperations);
    std::iota(steps.begin(), steps.end(), 1);
    const auto disputed = [&](int step) {
        const auto at = static_cast<std::size_t>(step);
        const auto& belief = beliefs[at - 1];
        return logOf(belief[static_cast<std::size_t>(own[at])]) - logOf(belief[static_cast<std::size_t>(other[at])]);
    };
    std::ranges::stable_sort(steps, [&](int a, int b) {
        const double first = disputed(a);
        const double second = disputed(b);
        return first != second ? first > second : surenessOf(own, beliefs, a) > surenessOf(own, beliefs, b);
    });
    steps.resize(static_cast<std::size_t>(std::clamp(turns, 0, kOperations)));
    return steps;
}

std::vector<data::Quote> quotesOf(const std::array<Argument, 2>& sides)
{
    std::vector<data::Quote> quotes;
    for (std::size_t turn = 0; turn < std::max(sides[0].steps.size(), sides[1].steps.size()); ++turn)
        for (std::size_t speaker = 0; speaker < sides.size(); ++speaker) {
            const Argument& side = sides[speaker];
            if (turn >= side.steps.size()) continue;
            const auto step = static_cast<std::size_t>(side.steps[turn]);
            quotes.push_back({.speaker = static_cast<int>(speaker),
                              .step = side.steps[turn],
                              .before = side.claims[step - 1],
                              .after = side.claims[step]});
        }
    return quotes;
}

} // namespace gradus::pipeline
