// SPDX-License-Identifier: GPL-3.0-or-later
// Both scopes reduce to lists of sets of samples; a set without an n-gram has no variety, so it counts as 0.
#include "signatures/mode_collapse.h"

#include "evals/paired_tests.h"
#include "signatures/verdict_impl.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <optional>

namespace gradus::signatures {

namespace {

using evals::Samples;

const char* const kKind = "signature.mode_collapse";
const std::array<const char*, 3> kMeasures{"token entropy", "distinct-2", "Vendi score"};

/// One entry a unit.
struct Readings
{
    std::array<std::vector<double>, 3> variety; ///< in the order of kMeasures
    std::vector<double> repeats;
};

void add(Readings& readings, const std::vector<Samples>& sets)
{
    std::array<double, 3> variety{};
    double repeats = 0;
    for (const Samples& set : sets) {
        variety[0] += evals::empiricalTokenEntropy(set).value_or(0);
        variety[1] += evals::distinctN(set, 2).value_or(0);
        variety[2] += evals::vendiScore(set).value_or(0);
        repeats += evals::repeatFraction(set).value_or(0);
    }
    const auto count = static_cast<double>(sets.size());
    for (std::size_t m = 0; m < variety.size(); ++m)
        readings.variety[m].push_back(variety[m] / count);
    readings.repeats.push_back(repeats / count);
}

Readings withinPrompts(const std::vector<Samples>& prompts)
{
    Readings readings;
    for (const Samples& samples : prompts)
        add(readings, {samples});
    return readings;
}

Readings acrossPrompts(const std::vector<Samples>& prompts, std::size_t group, std::size_t places)
{
    Readings readings;
    for (std::size_t from = 0; from + group <= prompts.size(); from += group) {
        std::vector<Samples> sets(places);
        for (std::size_t place = 0; place < places; ++place)
            for (std::size_t prompt = from; prompt < from + group; ++prompt)
                sets[place].push_back(prompts[prompt][place]);
        add(readings, sets);
    }
    return readings;
}

/// What one scope says.
struct Scope
{
    const char* name = "";
    std::string missing; ///< why it was not judged
    std::array<std::optional<Estimate>, 3> changes;
    std::optional<Estimate> deciding;
    const char* decidingName = "";
    std::optional<Estimate> repeatExcess; ///< now - repeats x max(before, floor)
    bool fell = false;
    bool repeated = false;
};

Scope judge(const char* name, const Readings& before, const Readings& now, const CollapseInput& input,
            const CollapseThresholds& thresholds)
{
    Scope scope;
    scope.name = name;
    std::vector<std::size_t> order;
    for (std::size_t m = 0; m < kMeasures.size(); ++m) {
        scope.changes[m] = evals::relativeChange(before.variety[m], now.variety[m], input.seed, thresholds.draws);
        if (scope.changes[m]) order.push_back(m);
    }
    std::sort(order.begin(), order.end(),
              [&](std::size_t a, std::size_t b) { return scope.changes[a]->high < scope.changes[b]->high; });
    const auto needed = static_cast<std::size_t>(std::clamp(thresholds.measures, 1, 3));
    if (order.size() < needed) {
        scope.missing = "too few of the measures exist at iteration 0";
        return scope;
    }
    scope.deciding = scope.changes[order[needed - 1]];
    scope.decidingName = kMeasures[order[needed - 1]];
    scope.fell = scope.deciding->high < -thresholds.fall;
    const auto excess = [&](double old, double fresh) {
        return fresh - thresholds.repeats * std::max(old, thresholds.repeatFloor);
    };
    scope.repeatExcess = evals::pairedBootstrap(before.repeats, now.repeats, excess, input.seed, thresholds.draws);
    scope.repeated = scope.repeatExcess && scope.repeatExcess->low > 0;
    return scope;
}

Scope notJudged(const char* name, std::string why)
{
    Scope scope;
    scope.name = name;
    scope.missing = std::move(why);
    return scope;
}

bool finite(const std::vector<double>& values)
{
    return std::all_of(values.begin(), values.end(), [](double value) { return std::isfinite(value); });
}

/// Why nothing can be compared; empty when it can.
std::string whyNoFigure(const CollapseInput& input)
{
    const std::size_t prompts = input.before.size();
    if (prompts == 0) return "there are no samples of iteration 0";
    if (input.now.size() != prompts) return "iteration 0 and now have different numbers of prompts";
    for (std::size_t i = 0; i < prompts; ++i)
        if (input.before[i].empty() || input.before[i].size() != input.now[i].size() ||
            input.before[i].size() != input.before[0].size())
            return "the prompts do not all have the same number of samples, at least one, then and now";
    const bool measured = !input.entropyBefore.empty() || !input.entropyNow.empty();
    if (measured && (input.entropyBefore.size() != prompts || input.entropyNow.size() != prompts))
        return "the token entropies are not one for each prompt";
    if (!finite(input.entropyBefore) || !finite(input.entropyNow)) return "a token entropy is not a number";
    return {};
}

Scope withinScope(const CollapseInput& input, const CollapseThresholds& thresholds)
{
    const char* const name = "within prompts";
    if (input.before[0].size() < 2) return notJudged(name, "there is one sample a prompt");
    if (input.before.size() < static_cast<std::size_t>(std::max(2, thresholds.units)))
        return notJudged(name, "there are only " + std::to_string(input.before.size()) + " prompts");
    Readings before = withinPrompts(input.before);
    Readings now = withinPrompts(input.now);
    if (!input.entropyBefore.empty()) {
        before.variety[0] = input.entropyBefore;
        now.variety[0] = input.entropyNow;
    }
    return judge(name, before, now, input, thresholds);
}

Scope acrossScope(const CollapseInput& input, const CollapseThresholds& thresholds)
{
    const char* const name = "across prompts";
    const auto group = static_cast<std::size_t>(std::max(2, thresholds.group));
    const std::size_t needed = group * static_cast<std::size_t>(std::max(2, thresholds.units));
    if (input.before.size() < needed)
        return notJudged(name, "it takes " + std::to_string(needed) + " prompts and there are " +
                                   std::to_string(input.before.size()));
    const std::size_t places = input.before[0].size();
    return judge(name, acrossPrompts(input.before, group, places), acrossPrompts(input.now, group, places), input,
                 thresholds);
}

double meanLength(const std::vector<Samples>& prompts)
{
    double tokens = 0;
    double samples = 0;
    for (const Samples& set : prompts)
        for (const evals::Tokens& sample : set) {
            tokens += static_cast<double>(sample.size());
            ++samples;
        }
    return tokens / samples;
}

std::string wordsOf(const Scope& scope)
{
    if (!scope.deciding) return std::string(scope.name) + " not judged (" + scope.missing + ")";
    std::string words = std::string(scope.name) + " the deciding measure, " + scope.decidingName + ", changed by " +
                        change(*scope.deciding);
    if (scope.repeated) words += " and 4-grams repeat more than they may";
    return words;
}

std::string sentenceOf(const Verdict& verdict, const Scope& within, const Scope& across, const CollapseInput& input)
{
    std::string figures = "since iteration 0, " + wordsOf(within) + "; " + wordsOf(across);
    if (input.entropyBefore.empty()) figures += "; token entropy is that of the samples, not the model's own";
    const double before = meanLength(input.before);
    const double now = meanLength(input.now);
    if (std::abs(now - before) > 0.2 * before)
        figures += "; mean length went from " + fixedText(before, 0) + " to " + fixedText(now, 0) +
                   " tokens, which moves distinct-2 and repeats by itself";
    if (!verdict.fired) return "No mode collapse: " + figures + ".";
    return "Mode collapse: " + figures +
           ": read the samples side by side, then go back an iteration and mix in earlier or human data, or raise the "
           "penalty for leaving the reference model.";
}

Json scopeJson(const Scope& scope)
{
    if (!scope.deciding) return {{"not_judged", scope.missing}};
    Json json;
    for (std::size_t m = 0; m < kMeasures.size(); ++m)
        json[kMeasures[m]] = jsonOf(scope.changes[m]);
    json["deciding"] = scope.decidingName;
    json["repeat_excess"] = jsonOf(scope.repeatExcess);
    json["fell"] = scope.fell;
    json["repeated"] = scope.repeated;
    return json;
}

} // namespace

Verdict modeCollapse(const CollapseInput& input, const CollapseThresholds& thresholds)
{
    const std::string statistic = "deciding relative change of token entropy, distinct-2 and Vendi score";
    const std::string reason = whyNoFigure(input);
    if (!reason.empty()) return noFigure(kKind, statistic, -thresholds.fall, "mode collapse", reason);
    const Scope within = withinScope(input, thresholds);
    const Scope across = acrossScope(input, thresholds);
    if (!within.deciding && !across.deciding)
        return noFigure(kKind, statistic, -thresholds.fall, "mode collapse",
                        "within prompts, " + within.missing + "; across prompts, " + across.missing);
    const bool deeperAcross = !within.deciding || (across.deciding && across.deciding->high < within.deciding->high);
    Verdict verdict{kKind, false, statistic, *(deeperAcross ? across : within).deciding, -thresholds.fall, {}, {}};
    verdict.fired = within.fell || across.fell || within.repeated || across.repeated;
    verdict.sentence = sentenceOf(verdict, within, across, input);
    verdict.detailsJson = Json{{"within", scopeJson(within)},
                               {"across", scopeJson(across)},
                               {"entropy_of", input.entropyBefore.empty() ? "samples" : "model"},
                               {"mean_length_before", meanLength(input.before)},
                               {"mean_length_now", meanLength(input.now)}}
                              .dump();
    return verdict;
}

} // namespace gradus::signatures
