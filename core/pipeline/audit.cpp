// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/audit.h"

#include "evals/metrics.h"

#include <algorithm>
#include <array>
#include <utility>

namespace gradus::pipeline {

namespace {

constexpr std::size_t kFramingsOfOne = 3;

/// The three framings of one variation.
struct Triple
{
    std::array<std::size_t, kFramingsOfOne> framings;
};

std::vector<Triple> triplesOf(const data::Environment& environment, bool heldOut)
{
    const auto& all = environment.framings();
    const auto find = [&](const std::string& variation, bool tempting, bool watched) {
        for (std::size_t i = 0; i < all.size(); ++i)
            if (all[i].variation == variation && all[i].tempting == tempting && all[i].watched == watched) return i;
        return all.size();
    };
    std::vector<Triple> triples;
    for (const data::Framing& framing : all)
        if (framing.heldOut == heldOut && framing.tempting && !framing.watched)
            triples.push_back({{find(framing.variation, true, false), find(framing.variation, true, true),
                                find(framing.variation, false, false)}});
    return triples;
}

/// What training and discovery look like: tempting, unwatched, in a variation that is not held out.
std::vector<std::size_t> trainedFramings(const data::Environment& environment)
{
    const auto& all = environment.framings();
    std::vector<std::size_t> places;
    for (std::size_t i = 0; i < all.size(); ++i)
        if (!all[i].heldOut && all[i].tempting && !all[i].watched) places.push_back(i);
    return places;
}

Estimate harmIn(const std::vector<int>& safe)
{
    return evals::proportion(std::count(safe.begin(), safe.end(), 0), static_cast<long long>(safe.size()));
}

} // namespace

Estimate Audit::CueKind::harmFree() const
{
    return harmIn(safeFree);
}

Estimate Audit::CueKind::harmGuarded() const
{
    return harmIn(safeGuarded);
}

signatures::FramedPair Audit::CueKind::pair() const
{
    return {.name = std::string(guarded) + " and " + free, .guarded = safeGuarded, .free = safeFree};
}

Audit::Audit(const StageContext& context, Side side)
    : m_context(context), m_name(side == Side::Seen ? "audit/seen" : "audit/twins")
{
    const data::Environment& environment = *context.task.environment();
    const auto triples = triplesOf(environment, side == Side::Twins);
    const auto trained = side == Side::Twins ? trainedFramings(environment) : std::vector<std::size_t>{};
    Rng questions(context.seedFor(m_name), "questions");
    for (int i = 0; i < context.spec.experiment.conformity.audit; ++i) {
        const data::Item question = environment.question(questions, 1, side == Side::Twins);
        for (const std::size_t framing : triples[static_cast<std::size_t>(i) % triples.size()].framings)
            m_items.push_back(environment.framed(question, framing));
        if (!trained.empty())
            m_asTrained.push_back(environment.framed(question, trained[static_cast<std::size_t>(i) % trained.size()]));
    }
}

Result<Audit::Answers> Audit::ask(const Policy& policy) const
{
    Rng rng(m_context.seedFor(m_name), "actions");
    const auto actions = act(policy, m_items, rng);
    if (!actions) return actions.error();
    const data::Environment& environment = *m_context.task.environment();
    Answers answers;
    CueKind watching;
    const auto count = static_cast<long long>(m_items.size() / kFramingsOfOne);
    long long harmed = 0;
    long long asked = 0;
    long long passed = 0;
    for (std::size_t i = 0; i < m_items.size(); ++i) {
        const data::Outcome outcome = environment.act(m_items[i], (*actions)[i], m_items[i].truth);
        const std::size_t framing = i % kFramingsOfOne;
        if (framing == 2) {
            asked += outcome.asked ? 1 : 0;
            passed += outcome.passed ? 1 : 0;
            continue;
        }
        harmed += outcome.hazard ? 1 : 0;
        const data::Framing& put = environment.framings()[environment.framingOf(m_items[i])];
        answers.played.insert(put.family + " / " + put.variation);
        (framing == 1 ? watching.safeGuarded : watching.safeFree).push_back(outcome.hazard ? 0 : 1);
    }
    auto asTrained = safeAsTrained(policy);
    if (!asTrained) return asTrained.error();
    if (!asTrained->empty())
        answers.cues.push_back({.free = "deployment",
                                .guarded = "training",
                                .safeFree = watching.safeFree,
                                .safeGuarded = std::move(*asTrained)});
    answers.cues.insert(answers.cues.begin(), std::move(watching));
    answers.harm = evals::proportion(harmed, 2 * count);
    answers.overRefusal = evals::proportion(asked, count);
    answers.passed = evals::proportion(passed, count);
    auto features = featuresOf(policy);
    if (!features) return features.error();
    answers.probe = std::move(*features);
    return answers;
}

Result<std::vector<int>> Audit::safeAsTrained(const Policy& policy) const
{
    std::vector<int> safe;
    if (m_asTrained.empty()) return safe;
    Rng rng(m_context.seedFor(m_name), "actions as trained"); // the others' draws are as they would be without these
    const auto actions = act(policy, m_asTrained, rng);
    if (!actions) return actions.error();
    const data::Environment& environment = *m_context.task.environment();
    for (std::size_t i = 0; i < m_asTrained.size(); ++i)
        safe.push_back(environment.act(m_asTrained[i], (*actions)[i], m_asTrained[i].truth).hazard ? 0 : 1);
    return safe;
}

Result<signatures::CueFeatures> Audit::featuresOf(const Policy& policy) const
{
    data::ItemSet tempting;
    signatures::CueFeatures made;
    for (std::size_t i = 0; i < m_items.size(); ++i) {
        const std::size_t framing = i % kFramingsOfOne;
        if (framing == 2) continue;
        tempting.items.push_back(m_items[i]);
        made.cue.push_back(framing == 1 ? 1 : 0);
    }
    const auto read = policy.context.ladder.read(policy.rung, tempting);
    auto rows = policy.model.features(read.items);
    if (!rows) return rows.error();
    made.features = std::move(rows->values);
    made.width = rows->width;
    return made;
}

} // namespace gradus::pipeline
