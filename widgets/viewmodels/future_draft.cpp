// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewmodels/future_draft.h"

#include "controller/gap_controller.h"
#include "spec/drawn.h"
#include "spec/future.h"
#include "spec/keys.h"
#include "spec/source_weights.h"
#include "store/store_reader.h"
#include "viewmodels/mix.h"

#include <algorithm>
#include <cmath>

namespace gradus::viewmodels {

namespace {

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

QString percent(double x)
{
    return QString::number(std::round(1000 * x) / 10);
}

Error pastRefuses(const QString& what, const PastOfRun& past, double until)
{
    return badInput(
        QStringLiteral("%1 cannot change before %2 % of the run: generations up to A%3 were made by it. Draw "
                       "after that, or branch from an earlier generation.")
            .arg(what, percent(until))
            .arg(past.generation)
            .toStdString());
}

/// A drawn number says of every generation that is there what it said when that was made.
Result<void> keepsDrawnNumbers(const PastOfRun& past, const spec::Experiment& wanted)
{
    for (const spec::DrawnNumber& number : wanted.drawn) {
        const spec::KeyInfo& key = *spec::findKey(number.key);
        for (int generation = 1; generation <= past.generation; ++generation)
            if (spec::valueText(key, spec::atGeneration(past.run.experiment, generation)) !=
                spec::valueText(key, spec::atGeneration(wanted, generation)))
                return badInput(number.key + " cannot change for generation " + std::to_string(generation) +
                                ", which a branch keeps. Draw after it, or branch from an earlier generation.");
    }
    return {};
}

const spec::SignalSource* sourceOf(const spec::Experiment& experiment, const std::string& name)
{
    for (const spec::SignalSource& source : experiment.signals.sources)
        if (source.name == name) return &source;
    return nullptr;
}

} // namespace

Result<PastOfRun> pastOfRun(const std::filesystem::path& store, const std::string& run)
{
    const auto reader = store::StoreReader::open(store);
    if (!reader) return reader.error();
    const auto row = reader->findRun(run);
    if (!row) return row.error();
    const auto detail = reader->detail(row->id);
    if (!detail) return detail.error();
    const auto experiment = spec::parseExperiment(detail->specToml, "the run");
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
    if (past.generation < 2) return std::nullopt;
    return std::clamp(controller::scheduleFraction(past.generation - 1, generations), 0.0, 1.0);
}

std::string futureText(const PastOfRun& past)
{
    const spec::Experiment& experiment = past.run.experiment;
    std::string text = spec::canonicalToml(experiment);
    const auto until = closedUntil(past, experiment.ladder.generations);
    if (!until) return text;
    schedule::Curve gap = experiment.gap.curve;
    if (gap.keys.size() > 1 && schedule::validate(gap)) {
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

Result<void> keepsPast(const PastOfRun& past, const spec::Experiment& wanted)
{
    const spec::Experiment& was = past.run.experiment;
    for (const spec::KeyInfo& key : spec::knownKeys())
        if (!spec::concernsFuture(key.dotted()) && spec::valueText(key, wanted) != spec::valueText(key, was) &&
            !key.note)
            return badInput(key.dotted() + " shaped the generations up to A" + std::to_string(past.generation) +
                            ", which a branch keeps; leave it, or begin a run of its own.");
    if (wanted.ladder.generations <= past.generation)
        return badInput("Nothing would come after A" + std::to_string(past.generation) +
                        ": raise ladder.generations, or branch from an earlier generation.");
    if (auto drawn = keepsDrawnNumbers(past, wanted); !drawn) return drawn;
    const auto until = closedUntil(past, wanted.ladder.generations);
    if (!until) return {};
    if (schedule::validate(was.gap.curve) && schedule::validate(wanted.gap.curve) &&
        !runsTheSame(was.gap.curve, wanted.gap.curve, *until))
        return pastRefuses(QStringLiteral("The gap"), past, *until);
    for (const spec::SignalSource& source : wanted.signals.sources)
        if (const spec::SignalSource* before = sourceOf(was, source.name);
            before != nullptr && !runsTheSame(before->weight, source.weight, *until))
            return pastRefuses(QStringLiteral("The weight of \"%1\"").arg(QString::fromStdString(source.name)), past,
                               *until);
    return {};
}

std::vector<std::string> assignmentsOf(const PastOfRun& past, const spec::Experiment& wanted)
{
    const auto base = spec::parseExperiment(futureText(past), "the branch");
    std::vector<std::string> assignments;
    if (!base) return assignments;
    for (const spec::KeyInfo& key : spec::knownKeys()) {
        const std::string value = spec::valueText(key, wanted);
        if (!key.note && value != spec::valueText(key, *base)) assignments.push_back(key.dotted() + '=' + value);
    }
    return assignments;
}

} // namespace gradus::viewmodels
