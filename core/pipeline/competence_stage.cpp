// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/competence_stage.h"

#include "base/files.h"
#include "base/hash.h"
#include "pipeline/anchor_labels.h"
#include "pipeline/canaries.h"
#include "pipeline/ceiling_labels.h"
#include "pipeline/chosen_writings.h"
#include "pipeline/evaluation.h"
#include "pipeline/label_noise.h"
#include "pipeline/panel_report.h"
#include "pipeline/run_items.h"
#include "pipeline/salience_probe.h"
#include "pipeline/supervision.h"

#include <algorithm>
#include <cstdio>

#include <nlohmann/json.hpp>
#include <utility>

namespace gradus::pipeline {

namespace {

std::string generationText(const StageContext& context, int generation)
{
    return "generation " + std::to_string(generation) + " of " +
           std::to_string(context.spec.experiment.ladder.generations);
}

engine::TuningOptions optionsFor(const StageContext& context, const CompetenceInput& input, const Supervision& taught,
                                 const std::string& purpose, const std::string& baseHash)
{
    // Truth is not weak: A_1 and every ceiling learn from it as it is.
    engine::TuningOptions options =
        tuningOptions(context, input.generation, input.supervisor != nullptr && purpose == "student");
    options.checkpointEvery = context.spec.experiment.training.checkpointEvery;
    options.checkpointFolder = context.weightsOf(input.generation).parent_path() / purpose;
    options.jobHash = sha256(spec::canonicalToml(context.spec.experiment) + "/" + std::to_string(input.generation) +
                             "/" + purpose + "/" + taught.fingerprint + "/" + baseHash);
    options.beforeCheckpoint = context.settle;
    return options;
}

PretrainProgress bodyProgress(const StageContext& context, const CompetenceInput& input)
{
    return [&context, &input](double, const std::string& activity) {
        context.meter.advance(0, generationText(context, input.generation) + ", " + activity, input.firstStep, 0);
        context.safePoint();
    };
}

/// Head and shuffle seeds are shared by student and ceiling: they differ in their labels and in nothing else.
Result<engine::TunedModel> freshBase(const StageContext& context, const CompetenceInput& input)
{
    return context.ladder.base(input.rung, context.head(),
                               context.seedFor("generation " + std::to_string(input.generation) + "/base"),
                               context.stop, bodyProgress(context, input));
}

/// The same base on the same items, taught by truth: C(A), the generation's ceiling.
Result<engine::TunedModel> trainCeiling(const StageContext& context, const CompetenceInput& input,
                                        const Supervision& truth, const std::string& baseHash)
{
    auto model = freshBase(context, input);
    if (!model) return model.error();
    const LadderRung& rung = context.ladder.at(input.rung);
    const double work = tuningWork(rung, 1, context.spec.experiment.training.batch);
    const auto onStep = [&](const engine::StepReport& report) {
        context.meter.advance(work,
                              generationText(context, input.generation) + ", ceiling of rung " + rung.name + ": step " +
                                  std::to_string(report.step) + " of " + std::to_string(report.totalSteps),
                              input.firstStep, report.tokensPerSecond);
    };
    const auto tuned =
        model->tune(labelledItems(truth), optionsFor(context, input, truth, "ceiling", baseHash), context.stop, onStep);
    if (!tuned) return tuned.error();
    return model;
}

/// Forward correction where no noise rate is given: which label the supervisor gives for which truth, on the anchors.
Result<void> measureNoise(const StageContext& context, const CompetenceInput& input, engine::WeakLoss& loss)
{
    const spec::Training& training = context.spec.experiment.training;
    if (loss.kind != engine::WeakLoss::Kind::Forward || training.noiseRate > 0) return {};
    const auto anchors = labelsOnAnchors(context, *input.supervisor);
    if (!anchors) return anchors.error();
    const int classes = context.task.classes();
    loss.noise = labelConfusion(*anchors, classes, training.softLabels == "soft");
    double kept = 0;
    for (std::size_t k = 0; k < static_cast<std::size_t>(classes); ++k)
        kept += loss.noise[k * static_cast<std::size_t>(classes) + k] / classes;
    char sentence[160];
    std::snprintf(sentence, sizeof sentence,
                  "The labels of generation %d are corrected for noise that %zu anchors put at %.1f %% a class.",
                  input.generation, anchors->truth.size(), 100 * (1 - kept));
    context.sink.event({.kind = kCorrectionEvent,
                        .generation = input.generation,
                        .step = input.firstStep,
                        .sentence = sentence,
                        .detailsJson = nlohmann::json{{"noise", loss.noise}, {"n", anchors->truth.size()}}.dump()});
    return {};
}

/// utility: held-out utility by step; a step that is made again replaces its value. noise: nullptr where truth teaches.
Result<engine::TunedModel> trainStudent(const StageContext& context, const CompetenceInput& input,
                                        const Supervision& taught, const Evaluation& evaluation,
                                        const std::string& baseHash, std::map<std::int64_t, double>& utility,
                                        const LabelNoise* noise)
{
    auto model = freshBase(context, input);
    if (!model) return model.error();
    const spec::Training& training = context.spec.experiment.training;
    engine::TuningOptions options = optionsFor(context, input, taught, "student", baseHash);
    if (context.ladder.at(input.rung).adapter.rank > 0)
        options.adapterFolder = context.folder / ("generation-" + std::to_string(input.generation) + "-adapter");
    if (auto measured = measureNoise(context, input, options.loss); !measured) return measured.error();
    const LadderRung& rung = context.ladder.at(input.rung);
    const double work = tuningWork(rung, 1, training.batch);
    std::optional<Error> failure;
    std::int64_t newest = input.firstStep;
    std::int64_t scored = input.firstStep; // the newest step with a measurement
    const CommandDesk::Offer onDemand(context.desk, [&]() -> Result<CommandDesk::Evaluated> {
        const bool isExtraPoint = newest != scored;
        const auto scores = evaluation.score(*model, Depth::Quick);
        if (!scores) return scores.error();
        // Not among `utility`: what detectors see must not depend on who looked when.
        if (isExtraPoint) reportScores(context.sink, *scores, newest);
        char sentence[80];
        std::snprintf(sentence, sizeof sentence, "utility %.3f on %lld items", scores->utility.value,
                      static_cast<long long>(scores->utility.n));
        return CommandDesk::Evaluated{sentence, isExtraPoint};
    });
    bool hasBegun = false;
    const auto onStep = [&](const engine::StepReport& report) {
        const std::int64_t step = newest = input.firstStep + report.step;
        // A resumed run makes everything after its checkpoint again, and what stands there may be of a measurement that
        // somebody asked for just before the kill.
        if (!std::exchange(hasBegun, true)) utility.erase(utility.lower_bound(step), utility.end());
        context.sink.point({"train/loss", step, report.loss});
        if (noise != nullptr && !failure && report.step == noise->warmSteps(report.totalSteps))
            if (const auto said = noise->report(*model, step); !said) failure = said.error();
        const std::int64_t every =
            training.evaluateEvery > 0 ? training.evaluateEvery : std::max<std::int64_t>(1, report.totalSteps / 10);
        const bool last = report.step == report.totalSteps;
        if (!failure && (report.step % every == 0 || last)) {
            if (report.tokensPerSecond > 0)
                context.sink.point({"throughput/tokens_per_s", step, report.tokensPerSecond});
            if (const auto scores = evaluation.score(*model, last ? Depth::Full : Depth::Quick); scores) {
                reportScores(context.sink, *scores, step);
                scored = step;
                utility[step] = scores->utility.value;
            } else
                failure = scores.error();
        }
        context.meter.advance(work,
                              generationText(context, input.generation) + ", competence: step " +
                                  std::to_string(report.step) + " of " + std::to_string(report.totalSteps),
                              step, report.tokensPerSecond);
    };
    const auto tuned = model->tune(labelledItems(taught), options, context.stop, onStep);
    if (!tuned) return tuned.error();
    if (failure) return *failure;
    return model;
}

events::GenerationRecord blankRecord(const StageContext& context, const CompetenceInput& input)
{
    const LadderRung& rung = context.ladder.at(input.rung);
    events::GenerationRecord record;
    record.generation = input.generation;
    record.rung = rung.name;
    record.parameters = rung.parameters;
    record.capacity = rung.capacity;
    record.capacityProxy = rung.capacityProxy;
    record.gap = input.gap;
    record.firstStep = input.firstStep;
    return record;
}

void fillRecord(events::GenerationRecord& record, const Scores& scores)
{
    record.utility = scores.utility;
    record.weak = scores.weak;
    record.ceiling = scores.ceiling;
    record.pgr = scores.pgr;
    record.pgrRefusal = scores.pgrRefusal;
    record.imitation = scores.imitation;
    record.excessImitation = scores.excessImitation;
    record.memorisation = scores.memorisation;
}

/// What a reader of the results must know about texts that were longer than the limit.
std::string cutNote(const Supervision& taught)
{
    if (taught.truncatedShare <= 0) return {};
    char text[120];
    std::snprintf(text, sizeof text, "%.1f %% of the texts were longer than the limit and lost their beginning",
                  100 * taught.truncatedShare);
    return text;
}

} // namespace

engine::TuningOptions tuningOptions(const StageContext& context, int generation, bool weak)
{
    const spec::Training& training = context.spec.experiment.training;
    engine::TuningOptions options;
    options.epochs = training.epochs;
    options.batch = training.batch;
    options.learningRate = training.learningRate;
    options.bodyScale = training.bodyScale;
    options.weightDecay = training.weightDecay;
    options.warmup = training.warmup;
    options.decay = training.decay;
    options.drawnDecay = schedule::Evaluator(training.decayCurve);
    options.clip = training.clip;
    if (weak)
        options.loss = {.kind = engine::weakLossOf(training.loss).value(),
                        .weight = training.confidenceWeight,
                        .warmup = training.confidenceWarmup,
                        .window = training.window,
                        .q = training.generalisedQ,
                        .noise = engine::evenNoise(training.noiseRate, context.task.classes())};
    options.seed = context.seedFor("generation " + std::to_string(generation) + "/shuffle");
    options.watch = context.desk;
    return options;
}

std::int64_t tuningSteps(const spec::Training& training, std::size_t items)
{
    const auto batch = static_cast<std::size_t>(training.batch);
    return training.epochs * static_cast<std::int64_t>((items + batch - 1) / batch);
}

double forwardFlops(const LadderRung& rung, const std::vector<std::vector<engine::Tokens>>& items)
{
    double tokens = 0;
    for (const auto& item : items)
        for (const engine::Tokens& sequence : item)
            tokens += static_cast<double>(sequence.size());
    return 2 * static_cast<double>(rung.parameters) * tokens;
}

double trainingFlops(const LadderRung& rung, const std::vector<std::vector<engine::Tokens>>& items, int epochs)
{
    return 3 * forwardFlops(rung, items) * epochs;
}

double tuningWork(const LadderRung& rung, std::int64_t steps, int batch)
{
    // Measured on the built-in ladder: a step costs about as much as 20,000 parameter-rows before any arithmetic.
    return static_cast<double>(steps) * (20000.0 + static_cast<double>(rung.parameters) * batch / 32.0);
}

Result<CompetenceOutput> runCompetence(const StageContext& context, const CompetenceInput& input)
{
    const spec::Training& training = context.spec.experiment.training;
    const auto baseHash = context.ladder.baseHash(input.rung, context.stop, bodyProgress(context, input));
    if (!baseHash) return baseHash.error();
    const auto probed = probedBase(context, input.rung, input.generation, bodyProgress(context, input));
    if (!probed) return probed.error();
    if (!probed->refusal.empty() && input.generation == 1)
        context.sink.event({.kind = kUnprobedEvent,
                            .generation = input.generation,
                            .step = input.firstStep,
                            .sentence = "How much can be read off the rungs before they are tuned (salience/probe) is "
                                        "not known in this run: " +
                                        probed->refusal + ".",
                            .detailsJson = {}});
    data::ItemSet pool = poolOf(context, input.generation);
    auto labels = input.supervisor != nullptr ? labelsOf(*input.supervisor, pool, input.generation) : Labels{};
    if (!labels) return labels.error();
    const RungItems items = context.ladder.read(input.rung, pool);
    const Supervision truth = taughtByTruth(context.task, pool, items);
    const Supervision taught = input.supervisor != nullptr ? taughtBy(context.task, labels->opinions, pool, items,
                                                                      training.softLabels == "soft")
                                                           : truth;
    const std::optional<Canaries> canaries = drawCanaries(context, input.generation, pool);
    // What is measured of the generation is measured on its own items; the planted ones are seen by the student alone.
    const Supervision shown = canaries ? withCanaries(context, taught, *canaries, input.rung) : taught;

    events::GenerationRecord record = blankRecord(context, input);
    context.sink.generation(record);
    events::StageEvent stage{.generation = input.generation,
                             .kind = events::StageKind::Competence,
                             .state = events::StageState::Running,
                             .step = input.firstStep,
                             .inputHash = sha256(shown.fingerprint + *baseHash),
                             .outputHash = {},
                             .note = cutNote(taught)};
    context.sink.stage(stage);
    if (input.gap) context.sink.point({"gap/delta", input.firstStep, *input.gap});
    reportCanaries(context, canaries, input.generation, input.firstStep);
    if (labels->panel) reportPanel(context, *labels->panel, input.generation, input.firstStep);

    Evaluation evaluation(context, taught, input);
    if (const auto ready = evaluation.prepare(); !ready) return ready.error();
    if (input.supervisor != nullptr && input.hasCeiling) {
        const auto ceiling = trainCeiling(context, input, truth, *baseHash);
        if (!ceiling) return ceiling.error();
        if (const auto known = evaluation.setCeiling(*ceiling, input.firstStep); !known) return known.error();
    }
    std::map<std::int64_t, double> utility(input.earlierUtility.upper_bound(input.firstStep),
                                           input.earlierUtility.end());
    std::optional<LabelNoise> noise;
    if (input.supervisor != nullptr) {
        noise.emplace(context, taught, input);
        if (const auto ready = noise->prepare(); !ready) return ready.error();
    }
    auto student = trainStudent(context, input, shown, evaluation, *baseHash, utility, noise ? &*noise : nullptr);
    if (!student) return student.error();

    const auto scores = evaluation.score(*student, Depth::Full);
    if (!scores) return scores.error();
    const auto weights = context.weightsOf(input.generation);
    if (const auto made = makeFolder(weights.parent_path()); !made) return made.error();
    const auto saved = student->save(weights);
    if (!saved) return saved.error();
    // Before the record that makes this generation a finished one: who goes on from it needs them.
    std::vector<int> ceiling = input.supervisor == nullptr ? scores->held.labels : evaluation.ceilingLabels();
    if (!ceiling.empty())
        if (const auto kept = writeCeilingLabels(context.ceilingOf(input.generation), evaluation.items(), ceiling);
            !kept)
            return kept.error();
    fillRecord(record, *scores);
    record.lastStep = input.firstStep + tuningSteps(training, shown.items.size());
    record.checkpointHash = *saved;
    record.flops = trainingFlops(context.ladder.at(input.rung), shown.items, training.epochs);
    reportFinalScores(context.sink, *scores, *record.lastStep);
    reportChosenWritings(context, scores->held.labels, input.generation, *record.lastStep);
    const auto salience = salienceOf(*probed, input.supervisor != nullptr ? scores->ceiling : scores->utility);
    if (salience) context.sink.estimate({"salience/probe", *record.lastStep, *salience});
    reportVerdicts(context.sink, evaluation.verdicts(*scores, utility, {input.salienceBefore, salience}),
                   input.generation, *record.lastStep);
    if (canaries) {
        const auto memorised = memorisationOf(context, *student, input.rung, *canaries);
        if (!memorised) return memorised.error();
        reportVerdicts(context.sink, {*memorised}, input.generation, *record.lastStep);
    }
    stage.state = events::StageState::Finished;
    stage.step = *record.lastStep;
    stage.outputHash = *saved;
    context.sink.stage(stage);
    context.sink.event({.kind = "checkpoint",
                        .generation = input.generation,
                        .step = *record.lastStep,
                        .sentence = "Weights of generation " + std::to_string(input.generation) + " saved.",
                        .detailsJson = "{\"sha256\":\"" + *saved + "\"}"});
    return CompetenceOutput{std::move(*student), std::move(record), salience, std::move(ceiling)};
}

} // namespace gradus::pipeline
