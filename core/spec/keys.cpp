// SPDX-License-Identifier: GPL-3.0-or-later
#include "spec/keys.h"

#include "spec/drawn.h"
#include "spec/protocol_keys.h"
#include "spec/training_keys.h"
#include "spec/values.h"

#include "base/text.h"

#include <algorithm>

namespace gradus::spec {

namespace {

constexpr double kMillion = 1e6;

/// Numbers that every generation asks anew, and that change neither what is measured nor what kept weights depend on.
const std::vector<std::string_view> kDrawable{
    "training.epochs",
    "training.batch",
    "training.learning_rate",
    "training.body_scale",
    "training.weight_decay",
    "training.warmup",
    "training.confidence_weight",
    "training.confidence_warmup",
    "training.window",
    "training.noise_rate",
    "training.generalised_q",
    "training.clip",

    "conformity.stop_below",
    "conformity.person_error",
    "conformity.tuning_epochs",
    "conformity.learning_rate",
    "conformity.body_scale",
    "conformity.replay",
    "conformity.beta",
    "conformity.smoothing",
    "conformity.preference_epochs",
    "self.temperature",
    "self.top_p",
    "self.replay",
    "self.beta",
    "self.epochs",
    "self.learning_rate",
};

std::vector<KeyInfo> makeIdentityAndLadder()
{
    return {
        {"experiment", "name", [](Experiment& e) -> Field { return &e.experiment.name; },
         "What the experiment is called in lists and tables."},
        {"experiment",
         "procedure",
         [](Experiment& e) -> Field { return &e.experiment.procedure; },
         "What is run: a whole ladder of generations, one weak teacher and one strong student, one student of labels "
         "made "
         "wrong on purpose, a model that rates its own answers, or debaters before a weaker judge.",
         0,
         0,
         false,
         {"progressive", kWeakToStrong, kNoiseSensitivity, kSelfEnhancement, kDebate},
         {"gap-annealing", "signal-diversity", "source-count", "domains", "containment"}},
        {"experiment", "seeds", [](Experiment& e) -> Field { return &e.experiment.seeds; },
         "Every condition is repeated once for each of these seeds.", 0, 9e15},
        {"experiment", "question", [](Experiment& e) -> Field { return &e.experiment.question; },
         "What the experiment is to answer, in a sentence; reports begin with it."},
        {"ladder",
         "family",
         [](Experiment& e) -> Field {
             return TextOrFolders{&e.ladder.family, &e.ladder.models, "models"};
         },
         "Where the rungs come from: shipped with Gradus, trained from scratch on the task's own texts, or a list of "
         "Hugging Face model folders (whole, their first layers, or an adapter on them), weak to strong.",
         0,
         0,
         false,
         {"builtin:registers", "scratch"},
         {}},
        {"ladder",
         "architecture",
         [](Experiment& e) -> Field { return &e.ladder.architecture; },
         "How rungs that are built here let positions hear of one another.",
         0,
         0,
         false,
         kArchitectures,
         {}},
        {"ladder", "generations", [](Experiment& e) -> Field { return &e.ladder.generations; },
         "How many models are trained one after the other; each labels for the next.", 1, 64},
        {"ladder", "start", [](Experiment& e) -> Field { return &e.ladder.start; },
         "The rung of the first generation, counted from 0.", 0, 63},
        {"ladder", "rungs", [](Experiment& e) -> Field { return &e.ladder.rungs; },
         "Width and layers of every rung, weak to strong; empty takes the family's own rungs.", 1, 8192},
        {"ladder", "vocabulary", [](Experiment& e) -> Field { return &e.ladder.vocabulary; },
         "Size of the byte-level vocabulary that is trained for rungs from scratch.", 256, 200000},
        {"ladder", "pretrain_steps", [](Experiment& e) -> Field { return &e.ladder.pretrainSteps; },
         "Language-model steps on the training texts before a rung from scratch learns the task; 0 leaves them out.", 0,
         kMillion},
    };
}

std::vector<KeyInfo> makeTaskAndGap()
{
    return {
        {"task",
         "name",
         [](Experiment& e) -> Field { return &e.task.name; },
         "The task: a built-in world, or the template by which the data files are read.",
         0,
         0,
         false,
         {"builtin:registers/code", "builtin:registers/math", "builtin:registers/writing", "builtin:registers/console",
          "preferences", "rewardbench", "ultrafeedback", "ultrafeedback-aspects", "judged-pairs", "cosmosqa",
          "cosmosqa-choices", "gsm8k-solutions", "labelled-texts"},
         {"gsm8k"}},
        {"task", "teacher_data", [](Experiment& e) -> Field { return &e.task.teacherData; },
         "File whose true labels the first teacher learns from."},
        {"task", "student_data", [](Experiment& e) -> Field { return &e.task.studentData; },
         "File whose items are labelled by the predecessor; empty splits the teacher's file."},
        {"task", "test_data", [](Experiment& e) -> Field { return &e.task.testData; },
         "Held-out file on which every generation is measured."},
        {"task", "columns", [](Experiment& e) -> Field { return &e.task.columns; },
         "The file's column for each role of the template, where the names differ."},
        {"task", "test_items", [](Experiment& e) -> Field { return &e.task.testItems; },
         "Held-out items that are used at most; 0 takes all rows of a file.", 0, 10 * kMillion},
        {"task", "max_tokens", [](Experiment& e) -> Field { return &e.task.maxTokens; },
         "Longer sequences are cut at the left; the share that was cut is reported.", 4, 131072},
        {"task",
         "prompts",
         [](Experiment& e) -> Field { return &e.task.prompts; },
         "How model folders that read or write for themselves (debaters, writers) are asked: in plain text, or in "
         "turns "
         "of their own chat template.",
         0,
         0,
         false,
         {"plain", "chat"},
         {}},
        {"gap",
         "controller",
         [](Experiment& e) -> Field { return &e.gap.controller; },
         "What decides the capability gap to the next generation. The paper gives no algorithm for the gap; pi, bandit "
         "and adaptive are this project's own.",
         0,
         0,
         false,
         {"fixed", "schedule", "jump", "pi", "bandit", "adaptive"},
         {}},
        {"gap", "value", [](Experiment& e) -> Field { return &e.gap.value; },
         "The gap of the fixed controller and the first gap of pi, bandit and adaptive, in log10 parameters.", 0, 20,
         true},
        {"gap", "curve", [](Experiment& e) -> Field { return &e.gap.curve; },
         "The gap of the schedule, in log10 parameters over the fraction of generations done.", 0, 20, true},
        {"gap",
         "markers",
         [](Experiment& e) -> Field { return &e.gap.markers; },
         "Named places of the run that the curves are drawn around; no run reads them.",
         0,
         1,
         false,
         {},
         {},
         true},
        {"gap", "imitation_target", [](Experiment& e) -> Field { return &e.gap.imitationTarget; },
         "Imitation rate on anchors above which pi, bandit and adaptive hold a gap for too large.", 0, 1},
        {"gap", "proportional", [](Experiment& e) -> Field { return &e.gap.proportional; },
         "Controller pi: how strongly the logarithm of the gap follows a change of the error.", 0, 100},
        {"gap", "integral", [](Experiment& e) -> Field { return &e.gap.integral; },
         "Controller pi: how strongly the logarithm of the gap follows the error itself.", 0, 100},
        {"gap", "gain_least", [](Experiment& e) -> Field { return &e.gap.gainLeast; },
         "Controller adaptive: predicted gain in utility below which a rung is no step up.", 0, 1},
        {"gap", "noise_loss", [](Experiment& e) -> Field { return &e.gap.noiseLoss; },
         "Controller adaptive: utility that a rung may lose if the labels are as noisy as the anchors allow.", 0, 1},
        {"gap", "tolerance", [](Experiment& e) -> Field { return &e.gap.tolerance; },
         "Controller adaptive: noise that models of some sizes were measured to bear, instead of forecasts of it; "
         "empty "
         "forecasts.",
         0, 1},
        {"gap", "pool", [](Experiment& e) -> Field { return &e.gap.pool; },
         "Controller adaptive: trust region at which runs of other domains ended, to which this domain's own is drawn; "
         "0 "
         "leaves it to itself.",
         0, 20},
        {"gap", "pool_weight", [](Experiment& e) -> Field { return &e.gap.poolWeight; },
         "Controller adaptive: measured generations after which a domain's own trust region counts as much as the "
         "pool.",
         0, 1000, true},
        {"gap", "reject_at", [](Experiment& e) -> Field { return &e.gap.rejectAt; },
         "The gate: standard errors by which a generation may fall behind its predecessor on the anchors before it is "
         "rolled back.",
         0, 10},
        {"gap",
         "gate",
         [](Experiment& e) -> Field { return &e.gap.gate; },
         "Whether a generation that lost on the anchors is rolled back and tried again through a smaller gap; adaptive "
         "always does so.",
         0,
         0,
         false,
         {"off", "anchors"},
         {}},
        {"signals", "anchors", [](Experiment& e) -> Field { return &e.signals.anchors; },
         "Items with true labels that are kept back for measuring supervisors; no generation is taught by them.", 0,
         100000},
        {"signals",
         "aggregate",
         [](Experiment& e) -> Field { return &e.signals.aggregate; },
         "How the labels of several sources become one.",
         0,
         0,
         false,
         {"majority", "weighted", "dawid-skene", "glad", "snorkel", "anchored-pool"},
         {}},
        {"signals", "source", [](Experiment& e) -> Field { return &e.signals.sources; },
         "Who labels for the students; empty takes the predecessor alone.", 0, 1},
    };
}

std::vector<KeyInfo> makeCompute()
{
    return {
        {"compute", "threads", [](Experiment& e) -> Field { return &e.compute.threads; },
         "Threads of one run. Part of the result's identity, because it changes the order of sums.", 1, 1024},
        {"compute",
         "device",
         [](Experiment& e) -> Field { return &e.compute.device; },
         "Where the models are trained: the processor, or the first NVIDIA GPU (products in TensorFloat-32). Part of "
         "the "
         "result's identity, because it changes the order of sums.",
         0,
         0,
         false,
         {"cpu", "cuda"}},
    };
}

std::string listed(const std::vector<std::string>& choices)
{
    std::string text;
    for (std::size_t i = 0; i < choices.size(); ++i)
        text += (i == 0 ? "" : i + 1 == choices.size() ? " or " : ", ") + tomlString(choices[i]);
    return text;
}

std::string boundsText(const KeyInfo& key)
{
    const auto number = [](double bound) {
        const bool whole = bound == static_cast<double>(static_cast<long long>(bound));
        return whole ? std::to_string(static_cast<long long>(bound)) : numberText(bound);
    };
    return key.aboveLeast ? "above " + number(key.least) + " and at most " + number(key.most)
                          : "from " + number(key.least) + " to " + number(key.most);
}

} // namespace

std::string KeyInfo::dotted() const
{
    return std::string(section) + "." + std::string(key);
}

const std::vector<KeyInfo>& knownKeys()
{
    static const std::vector<KeyInfo> keys = [] {
        std::vector<KeyInfo> all = makeIdentityAndLadder();
        for (auto part : {makeTaskAndGap(), trainingKeys(), conformityKeys(), protocolKeys(), makeCompute()})
            all.insert(all.end(), part.begin(), part.end());
        for (KeyInfo& key : all)
            key.drawable = std::find(kDrawable.begin(), kDrawable.end(), key.dotted()) != kDrawable.end();
        return all;
    }();
    return keys;
}

const KeyInfo* findKey(std::string_view dotted)
{
    for (const KeyInfo& key : knownKeys())
        if (dotted.size() == key.section.size() + 1 + key.key.size() && dotted.starts_with(key.section) &&
            dotted[key.section.size()] == '.' && dotted.ends_with(key.key))
            return &key;
    return nullptr;
}

const std::vector<std::string>& knownSections()
{
    static const std::vector<std::string> sections = [] {
        std::vector<std::string> names;
        for (const KeyInfo& key : knownKeys())
            if (names.empty() || names.back() != key.section) names.emplace_back(key.section);
        return names;
    }();
    return sections;
}

std::string acceptedText(const KeyInfo& key)
{
    Experiment any;
    struct Accepted
    {
        const KeyInfo& key;
        std::string operator()(const std::string*) const { return key.choices.empty() ? "text" : listed(key.choices); }
        std::string operator()(const TextOrFolders&) const
        {
            return listed(key.choices) +
                   ", or a list of model folders, like [\"models/small\", \"models/large\"]; an entry may be a part of "
                   "one, like "
                   "{ folder = \"models/large\", layers = 12 } or { folder = \"models/large\", adapter_rank = 8 }";
        }
        std::string operator()(const TextOrCurve& field) const
        {
            return listed(key.choices) + ", or " + (*this)(field.curve);
        }
        std::string operator()(const int*) const { return "a whole number " + boundsText(key); }
        std::string operator()(const double*) const { return "a number " + boundsText(key); }
        std::string operator()(const std::vector<std::int64_t>*) const
        {
            return "a list of different whole numbers of at least 0, like [1, 2, 3]";
        }
        std::string operator()(const schedule::Curve*) const
        {
            return "a curve with values " + boundsText(key) +
                   ", like { keys = [[0.0, 0.3], [1.0, 0.9]], interpolation = \"monotone\" }";
        }
        std::string operator()(const std::vector<Rung>*) const
        {
            return "a list of [width, layers], like [[16, 1], [32, 2]]";
        }
        std::string operator()(const std::vector<std::pair<std::string, std::string>>*) const
        {
            return "a table of role and column, like { chosen = \"better\" }";
        }
        std::string operator()(const std::vector<std::pair<double, double>>*) const
        {
            return "a list of [log10 parameters, share of wrong labels from 0 to 1], sizes increasing, like "
                   "[[4.4, 0.2], [5.3, 0.1]]";
        }
        std::string operator()(const std::vector<schedule::Marker>*) const
        {
            return "a list of [fraction of the run from 0 to 1, name], in increasing order, like [[0.35, \"audit\"]]";
        }
        std::string operator()(const std::vector<SignalSource>*) const
        {
            return "[[signals.source]] tables with a name and a kind, like { name = \"teacher\", kind = \"model\" }";
        }
    };
    return std::visit(Accepted{key}, key.field(any));
}

std::string valueText(const KeyInfo& key, const Experiment& experiment)
{
    if (const schedule::Curve* curve = key.drawable ? drawnCurve(experiment, key.dotted()) : nullptr)
        return curveToml(*curve);
    Experiment copy = experiment;
    return fieldText(key.field(copy));
}

std::string defaultText(const KeyInfo& key)
{
    return valueText(key, {});
}

} // namespace gradus::spec
