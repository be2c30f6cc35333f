// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewmodels/future_draft.h"

#include "spec/future.h"
#include "spec/keys.h"
#include "spec/source_weights.h"
#include "spec/stored.h"
#include "store/store_reader.h"
#include "viewmodels/mix.h"

#include <algorithm>

namespace gradus::viewmodels {

Result<PastOfRun> pastOfRun(const std::filesystem::path& store, const std::string& run)
{
    const auto reader = store::StoreReader::open(store);
    if (!reader) return reader.error();
    const auto row = reader->findRun(run);
    if (!row) return row.error();
    const auto detail = reader->detail(row->id);
    if (!detail) return detail.error();
    const auto experiment = spec::parseStored(detail->specToml, "the run");
    if (!experiment) return badInput("The run has no experiment that can be branched: " + experiment.error().message);
    PastOfRun past{.uuid = QString::fromStdString(row->uuid),
                   .name =
                       QStringLiteral("%1, seed %2").arg(QString::fromStdString(row->experimentName)).arg(row->seed),
                   .run = {.condition = row->condition, .seed = row->seed, .experiment = *experiment}};
    for (const events::GenerationRecord& record : detail->generations)
        if (!record.checkpointHash.empty()) past.finished = std::max(past.finished, record.generation);
    if (past.finished < 1)
        return badInput(
            "No generation of this run has finished yet, so nothing can be kept of it; wait for the first.");
    past.generation = std::max(1, std::min(past.finished, experiment->ladder.generations - 1));
    return past;
}

std::optional<double> closedUntil(const PastOfRun& past, int generations)
{
    return spec::readUntil(past.generation, generations);
}

std::string futureText(const PastOfRun& past)
{
    const spec::Experiment& experiment = past.run.experiment;
    std::string text = spec::canonicalToml(experiment);
    const auto until = closedUntil(past, experiment.ladder.generations);
    if (!until) return text;
    schedule::Curve gap = experiment.gap.curve;
    if (spec::readsGapCurve(experiment) && gap.keys.size() > 1 && schedule::validate(gap)) {
        schedule::insertOnCurve(gap, *until);
        if (auto edited = spec::editToml(text, "gap.curve", spec::curveToml(gap))) text = std::move(*edited);
    }
    Mix mix;
    for (const spec::SignalSource& source : experiment.signals.sources)
        mix.weights.push_back(source.weight);
    mix.locked.assign(mix.weights.size(), false);
    if (!mix.weights.empty())
        if (auto edited = spec::withSourceWeights(text, 0, withMixKey(mix, *until).weights)) text = std::move(*edited);
    return text;
}

std::vector<std::string> assignmentsOf(const PastOfRun& past, const spec::Experiment& wanted)
{
    const auto base = spec::parseFuture(futureText(past), "the branch", past.run.experiment);
    std::vector<std::string> assignments;
    if (!base) return assignments;
    for (const spec::KeyInfo& key : spec::knownKeys()) {
        const std::string value = spec::valueText(key, wanted);
        if (!key.note && value != spec::valueText(key, *base)) assignments.push_back(key.dotted() + '=' + value);
    }
    return assignments;
}

} // namespace gradus::viewmodels
