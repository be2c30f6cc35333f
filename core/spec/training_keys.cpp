// SPDX-License-Identifier: GPL-3.0-or-later
#include "spec/training_keys.h"

namespace gradus::spec {

namespace {

constexpr double kMillion = 1e6;

} // namespace

std::vector<KeyInfo> trainingKeys()
{
    return {
        {"training", "labels", [](Experiment& e) -> Field { return &e.training.labels; },
         "Items that the predecessor labels for each generation; 0 takes all rows of a file.", 0, 10 * kMillion},
        {"training", "teacher_labels", [](Experiment& e) -> Field { return &e.training.teacherLabels; },
         "Items with true labels for the first generation; 0 takes as many as labels.", 0, 10 * kMillion},
        {"training", "canaries", [](Experiment& e) -> Field { return &e.training.canaries; },
         "Items with drawn labels that are planted among those a generation is taught; whoever answers them as drawn "
         "has memorised them. As many more are kept back to compare with.",
         0, 100000},
        {"training", "epochs", [](Experiment& e) -> Field { return &e.training.epochs; },
         "How often a generation sees its labelled items.", 1, 1000},
        {"training", "batch", [](Experiment& e) -> Field { return &e.training.batch; }, "Items in one step.", 1, 65536},
        {"training", "learning_rate", [](Experiment& e) -> Field { return &e.training.learningRate; },
         "Peak learning rate of the head.", 0, 10, true},
        {"training", "body_scale", [](Experiment& e) -> Field { return &e.training.bodyScale; },
         "The body's learning rate as a multiple of the head's; 0 freezes the body.", 0, 100},
        {"training", "weight_decay", [](Experiment& e) -> Field { return &e.training.weightDecay; },
         "Decoupled weight decay.", 0, 10},
        {"training", "warmup", [](Experiment& e) -> Field { return &e.training.warmup; },
         "Fraction of the steps in which the learning rate rises to its peak.", 0, 1},
        {"training",
         "decay",
         [](Experiment& e) -> Field {
             return TextOrCurve{&e.training.decay, &e.training.decayCurve, kDrawnDecay};
         },
         "How the learning rate falls after its peak in every tuning of the run: a name (\"wsd\" falls over the last "
         "fifth of the steps alone), or a curve of factors over the steps after warm-up.",
         0,
         1,
         false,
         {"cosine", "linear", "constant", "wsd"},
         {}},
        {"training",
         "soft_labels",
         [](Experiment& e) -> Field { return &e.training.softLabels; },
         "Whether a student learns from the predecessor's probabilities or from its decisions.",
         0,
         0,
         false,
         {"soft", "hard"},
         {}},
        {"training",
         "readout",
         [](Experiment& e) -> Field { return &e.training.readout; },
         "Where the head looks: at the last token, or at the mean of all positions.",
         0,
         0,
         false,
         {"last", "mean"},
         {}},
        {"training", "evaluate_every", [](Experiment& e) -> Field { return &e.training.evaluateEvery; },
         "Steps between two held-out evaluations; 0 makes ten in a generation.", 0, 1000 * kMillion},
        {"training", "checkpoint_every", [](Experiment& e) -> Field { return &e.training.checkpointEvery; },
         "Steps between two checkpoints; 0 writes one at the end of a generation only.", 0, 1000 * kMillion},
        {"training",
         "loss",
         [](Experiment& e) -> Field { return &e.training.loss; },
         "How a student takes its predecessor's labels; the first generation and the ceilings always use "
         "cross-entropy.",
         0,
         0,
         false,
         {"cross-entropy", "confidence", "product", "window", "forward", "generalised"},
         {}},
        {"training", "confidence_weight", [](Experiment& e) -> Field { return &e.training.confidenceWeight; },
         "Loss \"confidence\": share of the target that is the student's own decision.", 0, 1},
        {"training", "confidence_warmup", [](Experiment& e) -> Field { return &e.training.confidenceWarmup; },
         "Loss \"confidence\": share of the steps over which that share rises from 0.", 0, 1},
        {"training", "window", [](Experiment& e) -> Field { return &e.training.window; },
         "Loss \"window\": own confidence above chance up to which an item still teaches.", 0, 1, true},
        {"training", "noise_rate", [](Experiment& e) -> Field { return &e.training.noiseRate; },
         "Loss \"forward\": share of wrong labels, spread evenly over the other classes; 0 measures which label is "
         "given for which truth on the anchors.",
         0, 0.99},
        {"training", "generalised_q", [](Experiment& e) -> Field { return &e.training.generalisedQ; },
         "Loss \"generalised\": its exponent, towards 0 cross-entropy and at 1 the mean absolute error.", 0, 1, true},
        {"training", "clip", [](Experiment& e) -> Field { return &e.training.clip; },
         "A gradient longer than this is shortened to it; 0 never does.", 0, kMillion},
        {"training", "adapter_rank", [](Experiment& e) -> Field { return &e.training.adapterRank; },
         "Rank of the low-rank adapter on the attention's projections of model folders; 0 tunes all weights.", 0, 4096},
        {"training", "adapter_alpha", [](Experiment& e) -> Field { return &e.training.adapterAlpha; },
         "The adapter's update is scaled by alpha / rank.", 0, kMillion, true},
    };
}

std::vector<KeyInfo> conformityKeys()
{
    return {
        {"conformity", "episodes", [](Experiment& e) -> Field { return &e.conformity.episodes; },
         "Sandbox episodes of a generation's risk discovery at most; 0 leaves risk discovery and alignment out.", 0,
         kMillion},
        {"conformity", "scenarios", [](Experiment& e) -> Field { return &e.conformity.scenarios; },
         "What language models play in risk discovery and audits: families (F5), ids and files of scenarios with "
         "commas between them, or \"all\"; empty: the task's own sandboxed domain, where it has one."},
        {"conformity", "turns", [](Experiment& e) -> Field { return &e.conformity.turns; },
         "Replies of a model in one episode of a scenario at most.", 1, 1000},
        {"conformity", "turn_tokens", [](Experiment& e) -> Field { return &e.conformity.turnTokens; },
         "Tokens of one reply in a scenario at most.", 1, 1 << 20},
        {"conformity", "level", [](Experiment& e) -> Field { return &e.conformity.level; },
         "Where discovery's episodes are played: 0 simulated in the process, 2 real commands, each in a sandbox cell "
         "of its own; audits and grading are always simulated. Of scenarios: the highest level that they may need, 2 "
         "to 4.",
         0, 4},
        {"conformity", "temperature", [](Experiment& e) -> Field { return &e.conformity.temperature; },
         "Temperature at which a model acts in episodes and audits.", 0, 100, true},
        {"conformity", "stop_below", [](Experiment& e) -> Field { return &e.conformity.stopBelow; },
         "Discovery ends when the upper bound of the rate of new kinds of hazard is below this; 0 uses all episodes.",
         0, 1},
        {"conformity", "rounds", [](Experiment& e) -> Field { return &e.conformity.rounds; },
         "Rounds of discovery and alignment at most, while an audit of variations that discovery sees still shows too "
         "much harm; the gate looks at held-out twins alone.",
         1, 20},
        {"conformity", "audit", [](Experiment& e) -> Field { return &e.conformity.audit; },
         "Questions of each audit; each is put unwatched, watched and without a temptation.", 10, 100000},
        {"conformity", "verdicts", [](Experiment& e) -> Field { return &e.conformity.verdicts; },
         "Hazards for which a person says the safe behaviour; they anchor the pool of all other sources.", 4, 100000},
        {"conformity", "person_file", [](Experiment& e) -> Field { return &e.conformity.personFile; },
         "File of people's verdicts on hazards, as `gradus transcript export-labels` writes it: the person of stage 3 "
         "then says what it says, and verdicts and person_error are not read; empty: a simulated person."},
        {"conformity", "person_error", [](Experiment& e) -> Field { return &e.conformity.personError; },
         "Share of these verdicts that are wrong; the built-in world's person is simulated.", 0, 1},
        {"conformity", "tuning_epochs", [](Experiment& e) -> Field { return &e.conformity.tuningEpochs; },
         "How often supervised tuning sees the safe behaviours.", 1, 1000},
        {"conformity", "learning_rate", [](Experiment& e) -> Field { return &e.conformity.learningRate; },
         "Peak learning rate of the head while values are aligned.", 0, 10, true},
        {"conformity", "body_scale", [](Experiment& e) -> Field { return &e.conformity.bodyScale; },
         "The body's learning rate as a multiple of the head's; 0 freezes the body.", 0, 100},
        {"conformity", "replay", [](Experiment& e) -> Field { return &e.conformity.replay; },
         "Replayed items, half of them past hazards and half competence, for every hazard that is taught.", 0, 100},
        {"conformity",
         "preference",
         [](Experiment& e) -> Field { return &e.conformity.preference; },
         "Direct preference optimisation of the safe behaviour over the model's own, after supervised tuning.",
         0,
         0,
         false,
         {"none", "sigmoid", "conservative", "robust"},
         {}},
        {"conformity", "beta", [](Experiment& e) -> Field { return &e.conformity.beta; },
         "How closely preference optimisation keeps to the model it began with.", 0, 100, true},
        {"conformity", "smoothing", [](Experiment& e) -> Field { return &e.conformity.smoothing; },
         "Share of preferences that \"conservative\" and \"robust\" hold for wrong.", 0, 0.49},
        {"conformity", "preference_epochs", [](Experiment& e) -> Field { return &e.conformity.preferenceEpochs; },
         "How often preference optimisation sees its pairs.", 1, 1000},
        {"conformity", "harm_most", [](Experiment& e) -> Field { return &e.conformity.harmMost; },
         "Gate: upper bound of the harm rate on held-out twins up to which a generation passes.", 0, 1},
        {"conformity", "refusal_most", [](Experiment& e) -> Field { return &e.conformity.refusalMost; },
         "Gate: upper bound of the rate at which a person is asked although nothing tempts.", 0, 1},
        {"conformity", "competence_loss", [](Experiment& e) -> Field { return &e.conformity.competenceLoss; },
         "Gate: utility that alignment may cost, beyond the interval of the paired difference.", 0, 1},
    };
}

} // namespace gradus::spec
