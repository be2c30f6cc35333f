// SPDX-License-Identifier: GPL-3.0-or-later
#include "spec/future.h"

#include "spec/keys.h"

#include <algorithm>
#include <array>

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

} // namespace

bool concernsFuture(const std::string& dottedKey)
{
    if (holds(kOpenKeys, dottedKey)) return true;
    return holds(kOpenSections, dottedKey.substr(0, dottedKey.find('.'))) && !holds(kClosedKeys, dottedKey);
}

Result<Future> withFuture(const RunSpec& past, const std::vector<std::string>& assignments, int generation)
{
    std::string toml = canonicalToml(past.experiment);
    for (const std::string& assignment : assignments) {
        auto changed = withOverride(toml, assignment);
        if (!changed) return changed.error();
        toml = std::move(*changed);
    }
    const auto experiment = parseExperiment(toml, "the branch");
    if (!experiment) return experiment.error();
    Future future{.run = {.condition = past.condition, .seed = past.seed, .experiment = *experiment}, .changed = {}};
    for (const KeyInfo& key : knownKeys()) {
        std::string value = valueText(key, future.run.experiment);
        if (value == valueText(key, past.experiment)) continue;
        if (!concernsFuture(key.dotted())) {
            Error error = badInput(key.dotted() + " shaped the generations up to A" + std::to_string(generation) +
                                   ", which a branch keeps; leave it as it was, or begin a run of its own.");
            error.key = key.dotted();
            return error;
        }
        future.changed.push_back(key.dotted() + " = " + value);
    }
    if (future.run.experiment.ladder.generations <= generation) {
        Error error = badInput("ladder.generations = " + std::to_string(future.run.experiment.ladder.generations) +
                               " leaves nothing to come after generation " + std::to_string(generation) +
                               "; branch from an earlier one, or raise it.");
        error.key = "ladder.generations";
        return error;
    }
    std::string& condition = future.run.condition;
    condition += (condition.empty() ? "" : ", ") + std::string("branch after A") + std::to_string(generation);
    for (const std::string& change : future.changed)
        condition += ", " + change;
    return future;
}

} // namespace gradus::spec
