// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/panel_report.h"

#include "signals/noise_estimates.h"
#include "signals/redundancy.h"
#include "signals/source_worth.h"

#include <algorithm>
#include <cstdio>

#include <nlohmann/json.hpp>

namespace gradus::pipeline {

namespace {

using nlohmann::ordered_json;

constexpr std::size_t kFewestSources = 3; ///< of the estimators that live on agreement

std::string share(double value)
{
    char text[40];
    std::snprintf(text, sizeof text, "%.1f %%", 100 * value);
    return text;
}

void reportVotes(events::EventSink& sink, const Panel& panel, int generation)
{
    for (std::size_t j = 0; j < panel.table.sources.size(); ++j) {
        const signals::SourceVotes& source = panel.table.sources[j];
        sink.votes({.generation = generation,
                    .source = source.name,
                    .kind = panel.kinds[j],
                    .items = panel.numbers,
                    .labels = source.labels,
                    .probabilities = source.probabilities,
                    .background = panel.backgrounds[j]});
    }
    if (panel.anchors.items.empty()) return;
    events::VoteRecord truth{.generation = generation,
                             .source = spec::kAnchorsName,
                             .kind = spec::kAnchorsName,
                             .items = {},
                             .labels = panel.anchors.truth,
                             .probabilities = {}};
    for (const std::size_t item : panel.anchors.items)
        truth.items.push_back(panel.numbers[item]);
    sink.votes(truth);
}

ordered_json jsonOf(const signals::NoiseEstimate& estimate)
{
    if (!estimate.refusal.empty()) return {{"method", estimate.method}, {"refusal", estimate.refusal}};
    return {{"method", estimate.method},
            {"estimate", estimate.estimate},
            {"low", estimate.lower},
            {"high", estimate.upper},
            {"n", estimate.n}};
}

/// Each source's estimates, the anchors' first where there are any.
std::vector<std::vector<signals::NoiseEstimate>> estimatesOf(const StageContext& context, const Panel& panel)
{
    const auto& sources = panel.table.sources;
    std::vector<std::vector<signals::NoiseEstimate>> all(sources.size());
    if (!panel.anchors.items.empty())
        for (std::size_t j = 0; j < sources.size(); ++j)
            all[j].push_back(signals::anchorNoise(sources[j], panel.anchors));
    if (sources.size() < kFewestSources) return all;
    const auto add = [&](const std::vector<signals::NoiseEstimate>& estimates) {
        for (std::size_t j = 0; j < estimates.size(); ++j)
            all[j].push_back(estimates[j]);
    };
    if (panel.table.classes == 2) add(signals::agreementNoise(panel.table, context.seedFor("signals/agreement")));
    add(signals::dawidSkeneNoise(panel.table));
    return all;
}

/// One alert a generation: the first source's sentence, and who else it holds for.
void reportAlarms(const StageContext& context, const Panel& panel,
                  const std::vector<std::vector<signals::NoiseEstimate>>& estimates, int generation, std::int64_t step)
{
    if (panel.anchors.items.empty()) return;
    std::string sentence;
    std::string others;
    for (std::size_t j = 0; j < estimates.size(); ++j) {
        const std::vector<signals::NoiseEstimate> fromAgreement(estimates[j].begin() + 1, estimates[j].end());
        const auto alarm = signals::sharedBiasAlarm(estimates[j].front(), fromAgreement);
        const std::string name = "\"" + panel.table.sources[j].name + "\"";
        if (alarm && sentence.empty())
            sentence = "Source " + name + ": " + *alarm;
        else if (alarm)
            others += (others.empty() ? "" : ", ") + name;
    }
    if (sentence.empty()) return;
    if (!others.empty()) sentence += " The same holds for " + others + ".";
    context.sink.event(
        {.kind = "alert", .generation = generation, .step = step, .sentence = sentence, .detailsJson = {}});
}

std::vector<std::string> unjudgedIn(const Panel& panel)
{
    const std::vector<std::size_t> judged = signals::judgedSources(panel.table, panel.anchors);
    std::vector<std::string> names;
    for (std::size_t j = 0; j < panel.table.sources.size(); ++j)
        if (std::ranges::find(judged, j) == judged.end()) names.push_back(panel.table.sources[j].name);
    return names;
}

void reportDegraded(const StageContext& context, const Panel& panel, int generation, std::int64_t step)
{
    const auto say = [&](const std::string& sentence) {
        context.sink.event(
            {.kind = kDegradedEvent, .generation = generation, .step = step, .sentence = sentence, .detailsJson = {}});
    };
    for (const std::string& name : panel.silent)
        say("Source \"" + name + "\" says nothing about any item and is left out.");
    for (const std::string& name : unjudgedIn(panel))
        say("Source \"" + name +
            "\" labels no anchor: nothing tells with whom it errs, and it is left out of the number of independent "
            "sources.");
    if (!panel.pooled.degraded.empty()) say(panel.pooled.degraded);
    if (panel.table.sources.size() < kFewestSources)
        say("Noise cannot be read off agreement with fewer than three sources: it is " +
            std::string(panel.anchors.items.empty() ? "unknown." : "known from anchors alone."));
}

double coverageOf(const signals::SourceVotes& source)
{
    const auto said = std::count_if(source.labels.begin(), source.labels.end(), [](int label) { return label >= 0; });
    return source.labels.empty() ? 0 : static_cast<double>(said) / static_cast<double>(source.labels.size());
}

ordered_json matrixJson(const signals::SourceMatrix& matrix)
{
    ordered_json rows = ordered_json::array();
    for (std::size_t a = 0; a < matrix.size; ++a) {
        ordered_json row = ordered_json::array();
        for (std::size_t b = 0; b < matrix.size; ++b)
            row.push_back(matrix.at(a, b));
        rows.push_back(std::move(row));
    }
    return rows;
}

ordered_json sourcesJson(const Panel& panel, const std::vector<std::vector<signals::NoiseEstimate>>& estimates)
{
    ordered_json all = ordered_json::array();
    const auto worth = signals::sourceWorth(panel.table, panel.anchors);
    for (std::size_t j = 0; j < panel.table.sources.size(); ++j) {
        const signals::SourceVotes& source = panel.table.sources[j];
        ordered_json one{{"name", source.name},
                         {"kind", panel.kinds[j]},
                         {"weight", source.weight},
                         {"used", panel.pooled.weights[j]},
                         {"coverage", coverageOf(source)},
                         {"noise", ordered_json::array()}};
        for (const signals::NoiseEstimate& estimate : estimates[j])
            one["noise"].push_back(jsonOf(estimate));
        if (worth) {
            const signals::SourceWorth& value = (*worth)[j];
            one["loss_saved"] = {{"value", value.lossSaved.value},
                                 {"low", value.lossSaved.low},
                                 {"high", value.lossSaved.high},
                                 {"n", value.lossSaved.n}};
            one["effective_sources_added"] = value.effectiveSources;
        }
        all.push_back(std::move(one));
    }
    return all;
}

/// What each source had of the supervision that was given: its part of the weight of those who voted, item by item.
/// Who says nothing of an item has no part of it. Empty where nobody voted at all.
std::vector<double> sharesSaid(const Panel& panel)
{
    const auto& sources = panel.table.sources;
    const auto& used = panel.pooled.weights;
    std::vector<double> shares(sources.size(), 0);
    std::size_t items = 0;
    for (std::size_t i = 0; i < panel.asked; ++i) {
        double all = 0;
        for (std::size_t j = 0; j < sources.size(); ++j)
            all += sources[j].labels[i] >= 0 ? used[j] : 0;
        if (!(all > 0)) continue;
        ++items;
        for (std::size_t j = 0; j < sources.size(); ++j)
            if (sources[j].labels[i] >= 0) shares[j] += used[j] / all;
    }
    if (items == 0) return {};
    for (double& share : shares)
        share /= static_cast<double>(items);
    return shares;
}

void reportWeights(events::EventSink& sink, const Panel& panel, std::int64_t step)
{
    const std::vector<double> shares = sharesSaid(panel);
    for (std::size_t j = 0; j < panel.table.sources.size(); ++j) {
        sink.point({"signal/weight/" + panel.table.sources[j].name, step, panel.table.sources[j].weight});
        if (!shares.empty()) sink.point({"signal/share/" + panel.table.sources[j].name, step, shares[j]});
    }
}

} // namespace

void reportPanel(const StageContext& context, const Panel& panel, int generation, std::int64_t step)
{
    reportVotes(context.sink, panel, generation);
    reportDegraded(context, panel, generation, step);
    const auto estimates = estimatesOf(context, panel);
    reportAlarms(context, panel, estimates, generation, step);
    reportWeights(context.sink, panel, step);

    const signals::SourceMatrix shared = signals::redundancy(panel.table, panel.anchors);
    const std::vector<std::size_t> judged = signals::judgedSources(panel.table, panel.anchors);
    const double effective = signals::effectiveSources(signals::among(shared, judged));
    const signals::MixNoise noise = noiseOf(context, panel);
    std::size_t covered = 0;
    for (std::size_t i = 0; i < panel.asked; ++i)
        covered += std::any_of(panel.table.sources.begin(), panel.table.sources.end(),
                               [i](const signals::SourceVotes& votes) { return votes.labels[i] >= 0; })
                       ? 1
                       : 0;
    const double coverage = static_cast<double>(covered) / static_cast<double>(std::max<std::size_t>(panel.asked, 1));
    if (!judged.empty()) context.sink.point({"signal/n_eff", step, effective});
    context.sink.point({"signal/noise", step, noise.calibrated});
    context.sink.point({"signal/noise/ci_high", step, noise.upper});
    context.sink.point({"signal/coverage", step, coverage});

    const std::size_t all = panel.table.sources.size();
    char sources[160];
    if (all == 1)
        std::snprintf(sources, sizeof sources, "Generation %d is taught by one source", generation);
    else if (judged.size() == all)
        std::snprintf(sources, sizeof sources, "Generation %d is taught by %zu sources worth %.1f independent ones",
                      generation, all, effective);
    else if (judged.empty())
        std::snprintf(sources, sizeof sources, "Generation %d is taught by %zu sources of which no anchor tells",
                      generation, all);
    else
        std::snprintf(sources, sizeof sources,
                      "Generation %d is taught by %zu sources, of which the %zu that label anchors are worth %.1f "
                      "independent ones",
                      generation, all, judged.size(), effective);
    const std::string& method = context.spec.experiment.signals.aggregate;
    context.sink.event(
        {.kind = kPooledEvent,
         .generation = generation,
         .step = step,
         .sentence = std::string(sources) + ", pooled by " + method + "; about " + share(noise.calibrated) +
                     " of their labels are wrong" +
                     (noise.anchors > 0
                          ? ", at most " + share(noise.upper) + " by " + std::to_string(noise.anchors) + " anchors."
                          : " by the pool's own account."),
         .detailsJson = ordered_json{{"aggregate", method},
                                     {"effective_sources", judged.empty() ? ordered_json() : ordered_json(effective)},
                                     {"unjudged", unjudgedIn(panel)},
                                     {"noise", noise.calibrated},
                                     {"noise_believed", noise.raw},
                                     {"noise_upper", noise.upper},
                                     {"anchors", noise.anchors},
                                     {"items", panel.asked},
                                     {"coverage", coverage},
                                     {"silent", panel.silent},
                                     {"redundancy", matrixJson(shared)},
                                     {"sources", sourcesJson(panel, estimates)}}
                            .dump()});
}

} // namespace gradus::pipeline
