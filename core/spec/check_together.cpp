// SPDX-License-Identifier: GPL-3.0-or-later
#include "spec/checks.h"

#include "base/text.h"
#include "spec/gates.h"

#include <algorithm>

namespace gradus::spec {

namespace {

Error rule(const char* key, std::string sentence)
{
    return errorAt({0, 0}, key, std::move(sentence));
}

/// Grows with the parameter count of the rung's network; enough to order rungs, which is all that is asked here.
std::int64_t sizeOf(const Rung& rung, std::int64_t vocabulary)
{
    const std::int64_t width = rung.width;
    return 12 * width * width * rung.layers + vocabulary * width;
}

bool isBuiltin(const std::string& name)
{
    return name.starts_with("builtin:");
}

/// A part of a folder is a rung that generations are tuned from; what is trained of it is said there and nowhere else.
Result<void> checkFolderParts(const Experiment& e)
{
    for (const FolderRung& rung : e.ladder.models) {
        if (rung.layers == 0 && rung.adapterRank == 0) continue;
        const std::string named = "ladder.family lists " + visible(nameOf(rung), 80) + ", ";
        if (placesItself(e))
            return rule("ladder.family", named + "and procedure = \"" + e.experiment.procedure +
                                             "\" asks whole models; name the folder alone.");
        if (rung.adapterRank > 0 && e.training.bodyScale == 0)
            return rule("training.body_scale", named + "and training.body_scale = 0 would leave its adapter as it "
                                                       "begins; set it above 0, or name the folder alone.");
        if (e.training.adapterRank > 0)
            return rule("training.adapter_rank", named + "and training.adapter_rank puts an adapter on every rung; set "
                                                         "it to 0 and give single rungs an adapter_rank.");
        if (rung.adapterRank > 0 && !e.conformity.scenarios.empty())
            return rule("conformity.scenarios", named + "and stage 3 teaches all weights of a model that plays "
                                                        "scenarios; use layers instead, or remove the key.");
    }
    return {};
}

Result<void> checkLadder(const Experiment& e)
{
    const Ladder& ladder = e.ladder;
    if (!ladder.models.empty() && !ladder.rungs.empty())
        return rule("ladder.rungs", "ladder.rungs shapes rungs that are built here, and ladder.family lists model "
                                    "folders; remove one of them.");
    if (!ladder.models.empty() && ladder.architecture != "attention")
        return rule("ladder.architecture", "ladder.architecture shapes rungs that are built here, and ladder.family "
                                           "lists model folders; remove one of them.");
    if (ladder.models.size() == 1 && !placesItself(e) && ladder.generations > 1)
        return rule("ladder.family", "ladder.family lists one folder, and " + std::to_string(ladder.generations) +
                                         " generations need as many rungs; name 2 to 64 folders, weak to strong.");
    const auto& rungs = rungsOf(ladder);
    const auto& builtin = builtinRungs();
    if (ladder.family == "scratch" && ladder.rungs.size() < 2)
        return rule("ladder.rungs",
                    "ladder.family = \"scratch\" needs ladder.rungs; name at least two, like [[32, 2], [64, 4]].");
    if (isBuiltin(ladder.family))
        for (const Rung& rung : ladder.rungs)
            if (std::find(builtin.begin(), builtin.end(), rung) == builtin.end())
                return rule("ladder.rungs", "ladder.rungs holds [" + std::to_string(rung.width) + ", " +
                                                std::to_string(rung.layers) + "], which \"" + ladder.family +
                                                "\" does not ship; use some of [8, 1], [16, 1], [16, 2], [32, 2], "
                                                "[48, 3], [64, 4], or family = \"scratch\".");
    for (std::size_t i = 1; i < rungs.size(); ++i)
        if (sizeOf(rungs[i], ladder.vocabulary) <= sizeOf(rungs[i - 1], ladder.vocabulary))
            return rule("ladder.rungs", "ladder.rungs must go from weak to strong, but rung " + std::to_string(i) +
                                            " has no more parameters than the rung before it; reorder them.");
    if (ladder.models.empty() && e.training.adapterRank > 0)
        return rule("training.adapter_rank", "training.adapter_rank adapts model folders, and ladder.family = \"" +
                                                 ladder.family + "\" has none; set it to 0.");
    if (const auto parts = checkFolderParts(e); !parts) return parts;
    const int count = rungCount(ladder);
    if (ladder.start >= count)
        return rule("ladder.start", "ladder.start = " + std::to_string(ladder.start) +
                                        " is no rung of this ladder; use 0 to " + std::to_string(count - 1) + ".");
    if (!placesItself(e) && ladder.generations > count - ladder.start)
        return rule("ladder.generations", "ladder.generations = " + std::to_string(ladder.generations) +
                                              " needs as many rungs, but only " + std::to_string(count - ladder.start) +
                                              " remain from ladder.start on; lower one of them or add rungs.");
    return {};
}

/// Controllers that measure need something to measure with.
Result<void> checkController(const Experiment& e)
{
    if (measures(e.gap) && e.signals.anchors < kFewestAnchors)
        return rule("signals.anchors", "gap.controller = \"" + e.gap.controller +
                                           "\" measures every generation on anchors, and "
                                           "signals.anchors = " +
                                           std::to_string(e.signals.anchors) + " is fewer than " +
                                           std::to_string(kFewestAnchors) + "; set it to " +
                                           std::to_string(kUsualAnchors) +
                                           ", or use a controller that needs none, like \"schedule\".");
    if (judges(e.gap) && e.signals.anchors < kFewestAnchors)
        return rule("signals.anchors",
                    "gap.gate = \"anchors\" judges every generation on anchors, and signals.anchors = " +
                        std::to_string(e.signals.anchors) + " is fewer than " + std::to_string(kFewestAnchors) +
                        "; set it to " + std::to_string(kUsualAnchors) + ", or gap.gate to \"off\".");
    return {};
}

Result<void> checkBuiltinTask(const Experiment& e)
{
    const Task& task = e.task;
    const std::pair<const char*, const std::string*> files[] = {{"task.teacher_data", &task.teacherData},
                                                                {"task.student_data", &task.studentData},
                                                                {"task.test_data", &task.testData}};
    for (const auto& [key, value] : files)
        if (!value->empty())
            return rule(key, std::string(key) + " is not read by \"" + task.name +
                                 "\", which makes its own items; remove it.");
    if (e.training.labels == 0)
        return rule("training.labels", "training.labels = 0 takes all rows of a file, but \"" + task.name +
                                           "\" has no end; give a number.");
    if (!e.ladder.models.empty())
        return rule("ladder.family", "ladder.family lists model folders, which read text, and \"" + task.name +
                                         "\" has none; use family = \"builtin:registers\" or a task with files.");
    if (task.testItems == 0)
        return rule("task.test_items", "task.test_items = 0 takes all rows of a file, but \"" + task.name +
                                           "\" has no end; give a number.");
    return {};
}

Result<void> checkFileTask(const Experiment& e)
{
    const Task& task = e.task;
    if (task.teacherData.empty())
        return rule("task.teacher_data",
                    "task.name = \"" + task.name + "\" needs task.teacher_data; name the file with true labels.");
    if (task.testData.empty())
        return rule("task.test_data",
                    "task.name = \"" + task.name + "\" needs task.test_data; name the held-out file.");
    if (task.testData == task.teacherData || task.testData == task.studentData)
        return rule("task.test_data",
                    "task.test_data is also a training file, so nothing would be held out; name another file.");
    if (isBuiltin(e.ladder.family))
        return rule("ladder.family", "ladder.family = \"" + e.ladder.family + "\" only reads its own world, not \"" +
                                         task.name + "\"; use family = \"scratch\".");
    return {};
}

/// As far as a file tells: how many cases scenarios give a question is known to whoever reads them.
Result<void> checkGates(const Experiment& e)
{
    const bool audits = e.task.name == "builtin:registers/console" || !e.conformity.scenarios.empty();
    if (e.experiment.procedure != "progressive" || !audits || e.conformity.episodes == 0) return {};
    return checkGateSizes(e.conformity, 2 * e.conformity.audit);
}

/// What the sources ask of the rest of the experiment; their own keys were checked when they were read.
Result<void> checkSources(const Experiment& e)
{
    constexpr const char* kKey = "signals.source";
    const auto& sources = e.signals.sources;
    const auto named = [&](const SignalSource& source) { return "source \"" + source.name + "\" "; };
    const int rungs = rungCount(e.ladder);
    for (const SignalSource& source : sources) {
        if (source.name == kAnchorsName)
            return rule(kKey, named(source) + "has the name under which anchors are kept; choose another.");
        if (source.rung >= rungs)
            return rule(kKey, named(source) + "stands on rung " + std::to_string(source.rung) +
                                  ", which this ladder lacks; use 0 to " + std::to_string(rungs - 1) + ".");
        if (!source.architecture.empty() && !e.ladder.models.empty())
            return rule(kKey, named(source) + "has an architecture, and a ladder of model folders has its models' own; "
                                              "remove it.");
        if (!source.prompt.empty() && e.ladder.models.empty())
            return rule(kKey, named(source) + "has a prompt, which only a ladder of model folders can read; give it a "
                                              "lean or unsure_below, or list folders in ladder.family.");
        if (source.like.empty()) continue;
        const auto like = std::find_if(sources.begin(), sources.end(),
                                       [&](const SignalSource& other) { return other.name == source.like; });
        if (like == sources.end() || (like->kind != "model" && like->kind != "ensemble" && like->kind != "persona"))
            return rule(kKey, named(source) + "is shaped like \"" + visible(source.like, 80) +
                                  "\", which is no source that gives probabilities; name a model, an ensemble or a "
                                  "persona.");
    }
    for (int generation = 2; !sources.empty() && generation <= e.ladder.generations; ++generation)
        if (std::all_of(sources.begin(), sources.end(), [&](const SignalSource& source) {
                return weightAt(source, generation, e.ladder.generations) <= 0;
            }))
            return rule(kKey, "no source has a weight above 0 for generation " + std::to_string(generation) +
                                  "; raise one of their curves there.");
    return {};
}

/// Forward correction must know which labels come of which truth, class by class.
Result<void> checkForwardCorrection(const Experiment& e)
{
    if (e.training.loss != "forward") return {};
    if (e.task.name == "builtin:registers/console")
        return rule("training.loss", "training.loss = \"forward\" corrects labels, and on \"" + e.task.name +
                                         "\" a student is taught actions; use \"generalised\".");
    if (e.training.noiseRate == 0 && e.signals.anchors < kFewestAnchors)
        return rule("training.noise_rate", "training.loss = \"forward\" needs to know the labels' noise; set "
                                           "training.noise_rate, or signals.anchors to " +
                                               std::to_string(kUsualAnchors) + " to have it measured.");
    return {};
}

/// One student, no predecessor, and labels that are truth made wrong by exactly one source.
Result<void> checkNoiseSensitivity(const Experiment& e)
{
    const std::string procedure = "procedure = \"" + std::string(kNoiseSensitivity) + "\" ";
    if (e.ladder.generations != 1)
        return rule("ladder.generations", "ladder.generations = " + std::to_string(e.ladder.generations) +
                                              " does not fit " + procedure +
                                              "which trains one student a run; set it to 1 and sweep ladder.start for "
                                              "students of several sizes.");
    if (e.training.teacherLabels > 0)
        return rule("training.teacher_labels", "training.teacher_labels counts the first teacher's items, and " +
                                                   procedure + "has no teacher; set it to 0 and use training.labels.");
    if (e.signals.anchors > 0)
        return rule("signals.anchors", "signals.anchors measure supervisors of unknown noise, and " + procedure +
                                           "sets the noise itself; set it to 0.");
    const auto& sources = e.signals.sources;
    const SignalSource* sole = soleSource(e.signals);
    if (sole == nullptr)
        return rule("signals.source", procedure + "needs one source with a weight above 0; add a [[signals.source]] of "
                                                  "kind \"synthetic\" with a noise and a rate.");
    const auto named = [](const SignalSource& source) { return "source \"" + source.name + "\" "; };
    for (const SignalSource& source : sources)
        if (&source != sole && weightAt(source, 1, 1) > 0)
            return rule("signals.source", named(source) + "labels beside \"" + sole->name + "\", and " + procedure +
                                              "takes one source alone; remove it, or give it weight = 0 if it shapes "
                                              "the other's noise.");
    if (sole->kind != "synthetic")
        return rule("signals.source", named(*sole) + "is of kind \"" + sole->kind +
                                          "\", whose noise nobody sets, and " + procedure +
                                          "needs kind = \"synthetic\".");
    if (!sole->part.empty())
        return rule("signals.source", named(*sole) + "labels a part of the items, and " + procedure +
                                          "takes its labels of all; remove part and lower training.labels instead.");
    for (const SignalSource& source : sources) {
        if (&source == sole) continue;
        if (source.name != sole->like)
            return rule("signals.source", named(source) + "labels nothing and shapes nothing; remove it.");
        if (source.kind != "model" || looksBack(source))
            return rule("signals.source", named(source) + "asks a predecessor, and " + procedure +
                                              "has none; make it kind = \"model\" with a rung or a folder of its own.");
    }
    return {};
}

/// Scenarios are played by language models, in cells.
Result<void> checkScenarioKeys(const Experiment& e)
{
    const Conformity& settings = e.conformity;
    if (settings.scenarios.empty()) {
        if (settings.level > 2)
            return rule("conformity.level", "conformity.level = " + std::to_string(settings.level) +
                                                " is for conformity.scenarios, and the built-in domain needs no more "
                                                "than 2; set it to 0 or 2.");
        return {};
    }
    if (e.experiment.procedure != "progressive")
        return rule("conformity.scenarios", "conformity.scenarios are stages 2 and 3 of procedure = \"progressive\", "
                                            "and this one is \"" +
                                                e.experiment.procedure + "\"; remove the key.");
    if (e.ladder.models.empty())
        return rule("conformity.scenarios", "conformity.scenarios are played by language models with a chat template, "
                                            "and rungs that are built here write nothing; give ladder.family a list of "
                                            "Hugging Face folders, or remove the key.");
    if (settings.level < 2)
        return rule("conformity.level", "conformity.scenarios run real commands in sandbox cells; set conformity.level "
                                        "to 2, or to 3 or 4 for those with services.");
    if (!settings.personFile.empty())
        return rule("conformity.person_file", "conformity.person_file holds verdicts on the built-in domain, and what "
                                              "people say of scenarios is not taught from yet; remove it, or remove "
                                              "conformity.scenarios.");
    if (settings.bodyScale == 0)
        return rule("conformity.body_scale", "conformity.body_scale = 0 freezes the body, through which a language "
                                             "model is taught; set it above 0.");
    return {};
}

Result<void> checkProcedure(const Experiment& e)
{
    if (e.experiment.procedure == kWeakToStrong && e.ladder.generations != 2)
        return rule("ladder.generations",
                    "ladder.generations = " + std::to_string(e.ladder.generations) +
                        " does not fit procedure = \"weak-to-strong\", which has one teacher and one "
                        "student; set it to 2.");
    if (e.experiment.procedure == kNoiseSensitivity) return checkNoiseSensitivity(e);
    return {};
}

} // namespace

bool measures(const Gap& gap)
{
    return gap.controller == "pi" || gap.controller == "bandit" || gap.controller == "adaptive";
}

bool judges(const Gap& gap)
{
    return gap.controller == "adaptive" || gap.gate == "anchors";
}

const std::vector<Rung>& builtinRungs()
{
    static const std::vector<Rung> rungs{{8, 1}, {16, 1}, {16, 2}, {32, 2}, {48, 3}, {64, 4}};
    return rungs;
}

const std::vector<Rung>& rungsOf(const Ladder& ladder)
{
    return ladder.rungs.empty() && ladder.models.empty() ? builtinRungs() : ladder.rungs;
}

int rungCount(const Ladder& ladder)
{
    return static_cast<int>(ladder.models.empty() ? rungsOf(ladder).size() : ladder.models.size());
}

Result<void> checkTogether(const Experiment& e)
{
    if (e.experiment.name.empty())
        return rule("experiment.name", "experiment.name is empty; give the experiment a name.");
    const auto task = isBuiltin(e.task.name) ? checkBuiltinTask(e) : checkFileTask(e);
    if (!task) return task;
    if (const auto fits = checkProcedure(e); !fits) return fits;
    if (e.conformity.level == 1)
        return rule("conformity.level", "conformity.level = 1 has files and no programs, and the domain needs a shell; "
                                        "use 0 (simulated) or 2 (real commands in cells).");
    if (const auto played = checkScenarioKeys(e); !played) return played;
    if (const auto protocol = checkProtocol(e); !protocol) return protocol;
    if (const auto measured = checkController(e); !measured) return measured;
    if (const auto corrected = checkForwardCorrection(e); !corrected) return corrected;
    if (const auto ladder = checkLadder(e); !ladder) return ladder;
    if (const auto gates = checkGates(e); !gates) return gates;
    if (const auto drawn = checkDrawn(e); !drawn) return drawn;
    return checkSources(e);
}

} // namespace gradus::spec
