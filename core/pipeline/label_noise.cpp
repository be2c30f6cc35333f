// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/label_noise.h"

#include "base/rng.h"
#include "pipeline/anchor_labels.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <utility>

#include <nlohmann/json.hpp>

namespace gradus::pipeline {

namespace {

using nlohmann::ordered_json;
using signals::NoiseEstimate;

constexpr double kLeastProbability = 1e-9;

struct MethodName
{
    const char* method;
    const char* words;
    const char* series;
};
constexpr std::array kMethods{
    MethodName{"anchors", "Anchors", "noise/anchors"},
    MethodName{"confident", "Confident learning", "noise/confident"},
    MethodName{"loss-mixture", "The loss mixture", "noise/loss_mixture"},
};

const MethodName& nameOf(const NoiseEstimate& estimate)
{
    return *std::find_if(kMethods.begin(), kMethods.end(),
                         [&](const MethodName& name) { return estimate.method == name.method; });
}

NoiseEstimate without(const char* method, const std::string& why)
{
    NoiseEstimate estimate;
    estimate.method = method;
    estimate.refusal = why;
    return estimate;
}

std::vector<std::vector<engine::Tokens>> at(const std::vector<std::vector<engine::Tokens>>& items,
                                            const std::vector<std::size_t>& places)
{
    std::vector<std::vector<engine::Tokens>> some;
    for (const std::size_t place : places)
        some.push_back(items[place]);
    return some;
}

std::vector<float> rowsAt(const std::vector<float>& rows, std::size_t width, const std::vector<std::size_t>& places)
{
    std::vector<float> some;
    for (const std::size_t place : places) {
        const auto row = rows.begin() + static_cast<std::ptrdiff_t>(place * width);
        some.insert(some.end(), row, row + static_cast<std::ptrdiff_t>(width));
    }
    return some;
}

std::string percent(double rate)
{
    char text[16];
    std::snprintf(text, sizeof text, "%.1f %%", 100 * rate);
    return text;
}

ordered_json jsonOf(const NoiseEstimate& estimate, const std::string& of)
{
    if (!estimate.refusal.empty()) return {{"of", of}, {"method", estimate.method}, {"refusal", estimate.refusal}};
    return {{"of", of},
            {"method", estimate.method},
            {"estimate", estimate.estimate},
            {"low", estimate.lower},
            {"high", estimate.upper},
            {"n", estimate.n}};
}

} // namespace

LabelNoise::LabelNoise(const StageContext& context, const Supervision& taught, const CompetenceInput& input)
    : m_context(context), m_taught(taught), m_input(input)
{
}

std::int64_t LabelNoise::warmSteps(std::int64_t totalSteps) const
{
    return totalSteps / std::max(1, m_context.spec.experiment.training.epochs);
}

Result<void> LabelNoise::prepare()
{
    auto anchors = onAnchors();
    if (!anchors) return anchors.error();
    m_known.push_back(std::move(*anchors));
    auto heads = fromHeads();
    if (!heads) return heads.error();
    m_known.push_back(std::move(*heads));
    return {};
}

Result<NoiseEstimate> LabelNoise::onAnchors() const
{
    const auto anchors = labelsOnAnchors(m_context, *m_input.supervisor);
    if (!anchors) return anchors.error();
    if (anchors->truth.empty()) return without("anchors", "There are no anchors: set signals.anchors to have some.");
    signals::Anchors all{{}, anchors->truth};
    for (std::size_t a = 0; a < anchors->truth.size(); ++a)
        all.items.push_back(a);
    return signals::anchorNoise({.name = "the supervisor", .labels = anchors->opinions.labels, .probabilities = {}},
                                all);
}

/// Two folds of a fixed order: each is judged by a head on the student's frozen base that was taught the other one.
Result<NoiseEstimate> LabelNoise::fromHeads() const
{
    const int classes = m_context.task.classes();
    const auto count = static_cast<std::int64_t>(m_taught.items.size());
    if (count < 2) return without("confident", "Confident learning needs two items or more: raise training.labels.");
    const auto base = m_context.ladder.base(
        m_input.rung, m_context.head(), m_context.seedFor("generation " + std::to_string(m_input.generation) + "/base"),
        m_context.stop, {});
    if (!base) return base.error();
    const auto order =
        permutation(count, Rng(m_context.seedFor("noise " + std::to_string(m_input.generation)), "noise/folds"));
    std::array<std::vector<std::size_t>, 2> folds;
    for (std::size_t i = 0; i < order.size(); ++i)
        folds[i % 2].push_back(static_cast<std::size_t>(order[i]));
    const auto outputs = static_cast<std::size_t>(m_taught.actions);
    std::vector<float> probabilities(m_taught.items.size() * static_cast<std::size_t>(classes));
    for (std::size_t fold = 0; fold < 2; ++fold) {
        const auto& seen = folds[1 - fold];
        auto rows = base->frozenTrials(at(m_taught.items, seen), {rowsAt(m_taught.targets, outputs, seen)},
                                       at(m_taught.items, folds[fold]),
                                       tuningOptions(m_context, m_input.generation, true), m_context.stop);
        if (!rows) return rows.error();
        const Opinions opinions = opinionsFrom(std::move(rows->front()), m_taught.actions, classes);
        for (std::size_t i = 0; i < folds[fold].size(); ++i)
            std::copy_n(opinions.probabilities.begin() + static_cast<std::ptrdiff_t>(i) * classes, classes,
                        probabilities.begin() + static_cast<std::ptrdiff_t>(folds[fold][i]) * classes);
    }
    return signals::confidentNoise(m_taught.labels, probabilities, classes);
}

Result<NoiseEstimate> LabelNoise::fromLosses(const engine::TunedModel& student) const
{
    const int classes = m_context.task.classes();
    const auto opinions = opinionsOf(student, m_taught.items, classes);
    if (!opinions) return opinions.error();
    std::vector<double> losses;
    for (std::size_t i = 0; i < m_taught.labels.size(); ++i)
        losses.push_back(-std::log(
            std::max(kLeastProbability,
                     static_cast<double>(opinions->probabilities[i * static_cast<std::size_t>(classes) +
                                                                 static_cast<std::size_t>(m_taught.labels[i])]))));
    return signals::lossMixtureNoise(losses);
}

Result<void> LabelNoise::report(const engine::TunedModel& student, std::int64_t step) const
{
    auto losses = fromLosses(student);
    if (!losses) return losses.error();
    std::vector<NoiseEstimate> all = m_known;
    all.push_back(std::move(*losses));
    const std::string of = "labels of generation " + std::to_string(m_input.generation);
    ordered_json told = ordered_json::array();
    for (const NoiseEstimate& estimate : all) {
        const MethodName& name = nameOf(estimate);
        told.push_back(jsonOf(estimate, of));
        std::string sentence = std::string(name.words);
        if (estimate.refusal.empty())
            sentence += (estimate.method == "anchors" ? " put " : " puts ") + std::string("the noise of the ") + of +
                        " at " + percent(estimate.estimate) + " (" + percent(estimate.lower) + " to " +
                        percent(estimate.upper) + ").";
        else
            sentence += (estimate.method == "anchors" ? " say" : " says") +
                        std::string(" nothing of the noise of the ") + of + ". " + estimate.refusal;
        m_context.sink.event({.kind = kLabelNoiseEvent,
                              .generation = m_input.generation,
                              .step = step,
                              .sentence = sentence,
                              .detailsJson = told.back().dump()});
        if (estimate.refusal.empty())
            m_context.sink.estimate(
                {name.series,
                 step,
                 {.value = estimate.estimate, .low = estimate.lower, .high = estimate.upper, .n = estimate.n}});
    }
    if (const auto alarm = signals::disagreementAlarm(all))
        m_context.sink.event(
            {.kind = "alert",
             .generation = m_input.generation,
             .step = step,
             .sentence = *alarm,
             .detailsJson = ordered_json{{"rule", signals::kDisagreementRule}, {"estimates", told}}.dump()});
    return {};
}

} // namespace gradus::pipeline
