// SPDX-License-Identifier: GPL-3.0-or-later
#include "spec/future.h"

#include "base/text.h"
#include "spec/drawn.h"
#include "spec/keys.h"
#include "spec/stored.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace gradus::spec {

namespace {

/// Sections of which later generations ask anew, but for the keys below.
constexpr std::array kOpenSections{"gap", "signals", "training", "conformity", "self", "compute"};

/// Keys of these sections that shaped what is kept, or what is kept must be read by.
constexpr std::array kClosedKeys{
    "training.teacher_labels", // the first generation's items
    "training.readout",        // where kept heads look
    "training.adapter_rank",   // what kept adapters are
    "training.adapter_alpha",
    "self.examples",      // the writer that every round goes back to
    "self.offline",       // and its pairs
    "self.probes",        // what all rounds are measured on
    "self.answer_tokens", // where held-out and offline pairs are cut
};

constexpr std::array kOpenKeys{"ladder.generations", "experiment.name", "experiment.question"};

template <typename List>
bool holds(const List& list, const std::string& text)
{
    return std::find(list.begin(), list.end(), text) != list.end();
}

constexpr int kSamples = 512;
constexpr double kSame = 1e-12; ///< relative: a key on the curve moves nothing by more

/// Does the curve run as it ran, up to there?
bool runsTheSame(const schedule::Curve& was, const schedule::Curve& wanted, double until)
{
    if (was == wanted) return true;
    const schedule::Evaluator before(was);
    const schedule::Evaluator after(wanted);
    for (int i = 0; i < kSamples; ++i) {
        const double x = schedule::samplePosition(0, until, i, kSamples);
        if (std::abs(before(x) - after(x)) > kSame * std::max(1.0, std::abs(before(x)))) return false;
    }
    return true;
}

Error refused(const std::string& key, const std::string& sentence)
{
    Error error = badInput(sentence);
    error.key = key;
    return error;
}

Error pastRefuses(const std::string& key, const std::string& what, int kept, double until)
{
    return refused(key, what + " cannot change before " + numberText(std::round(1000 * until) / 10) +
                            " % of the run: generations up to A" + std::to_string(kept) +
                            " were made by it. Draw after that, or branch from an earlier generation.");
}

/// A drawn number says of every generation that is there what it said when that was made.
Result<void> keepsDrawnNumbers(const Experiment& past, const Experiment& wanted, int kept)
{
    for (const DrawnNumber& number : wanted.drawn) {
        const KeyInfo& key = *findKey(number.key);
        for (int generation = 1; generation <= kept; ++generation)
            if (valueText(key, atGeneration(past, generation)) != valueText(key, atGeneration(wanted, generation)))
                return refused(number.key,
                               number.key + " cannot change for generation " + std::to_string(generation) +
                                   ", which a branch keeps. Draw after it, or branch from an earlier generation.");
    }
    return {};
}

const SignalSource* sourceOf(const Experiment& experiment, const std::string& name)
{
    for (const SignalSource& source : experiment.signals.sources)
        if (source.name == name) return &source;
    return nullptr;
}

Result<void> keepsCurves(const Experiment& past, const Experiment& wanted, int kept)
{
    const auto until = readUntil(kept, wanted.ladder.generations);
    if (!until) return {};
    const schedule::Curve& gap = wanted.gap.curve;
    if (readsGapCurve(past) && schedule::validate(past.gap.curve) && schedule::validate(gap) &&
        !runsTheSame(past.gap.curve, gap, *until))
        return pastRefuses("gap.curve", "The gap's curve (gap.curve)", kept, *until);
    for (const SignalSource& source : wanted.signals.sources)
        if (const SignalSource* before = sourceOf(past, source.name);
            before != nullptr && !runsTheSame(before->weight, source.weight, *until))
            return pastRefuses("signals.source", "The weight of \"" + visible(source.name, 60) + "\" (signals.source)",
                               kept, *until);
    return {};
}

} // namespace

bool concernsFuture(const std::string& dottedKey)
{
    if (holds(kOpenKeys, dottedKey)) return true;
    return holds(kOpenSections, dottedKey.substr(0, dottedKey.find('.'))) && !holds(kClosedKeys, dottedKey);
}

std::optional<double> readUntil(int kept, int generations)
{
    if (kept < 2) return std::nullopt;
    return std::clamp(weightPlace(kept, generations), 0.0, 1.0);
}

bool readsGapCurve(const Experiment& experiment)
{
    return experiment.gap.controller == "schedule";
}

Result<void> keepsPast(const Experiment& past, const Experiment& wanted, int kept)
{
    for (const KeyInfo& key : knownKeys())
        if (!key.note && !concernsFuture(key.dotted()) && valueText(key, wanted) != valueText(key, past))
            return refused(key.dotted(), key.dotted() + " shaped the generations up to A" + std::to_string(kept) +
                                             ", which a branch keeps; leave it as it was, or begin a run of its own.");
    if (wanted.ladder.generations <= kept)
        return refused("ladder.generations", "ladder.generations = " + std::to_string(wanted.ladder.generations) +
                                                 " leaves nothing to come after generation " + std::to_string(kept) +
                                                 "; branch from an earlier one, or raise it.");
    if (auto drawn = keepsDrawnNumbers(past, wanted, kept); !drawn) return drawn;
    return keepsCurves(past, wanted, kept);
}

Result<Experiment> parseFuture(const std::string& toml, const std::string& file, const Experiment& past)
{
    auto today = parseExperiment(toml, file);
    if (today || keysLeftAside(past).empty()) return today;
    auto stored = parseStored(toml, file);
    if (!stored) return today;
    for (const std::string& left : keysLeftAside(*stored)) {
        const KeyInfo& key = *findKey(left);
        if (valueText(key, *stored) != valueText(key, past)) return today;
    }
    return stored;
}

Result<Future> withFuture(const RunSpec& past, const std::vector<std::string>& assignments, int generation)
{
    std::string toml = canonicalToml(past.experiment);
    for (const std::string& assignment : assignments) {
        auto changed = withOverride(toml, assignment);
        if (!changed) return changed.error();
        toml = std::move(*changed);
    }
    const auto experiment = parseFuture(toml, "the branch", past.experiment);
    if (!experiment) return experiment.error();
    if (auto keeps = keepsPast(past.experiment, *experiment, generation); !keeps) return keeps.error();
    Future future{.run = {.condition = past.condition, .seed = past.seed, .experiment = *experiment}, .changed = {}};
    for (const KeyInfo& key : knownKeys()) {
        const std::string value = valueText(key, *experiment);
        if (value != valueText(key, past.experiment)) future.changed.push_back(key.dotted() + " = " + value);
    }
    std::string& condition = future.run.condition;
    condition += (condition.empty() ? "" : ", ") + std::string("branch after A") + std::to_string(generation);
    for (const std::string& change : future.changed)
        condition += ", " + change;
    return future;
}

} // namespace gradus::spec
