// SPDX-License-Identifier: GPL-3.0-or-later
#include "spec/checks.h"

#include <algorithm>

namespace gradus::spec {

namespace {

Error rule(const char* key, std::string sentence)
{
    return errorAt({0, 0}, key, std::move(sentence));
}

Result<void> checkRounds(const Experiment& e)
{
    if (e.ladder.generations < 2)
        return rule("ladder.generations", "procedure = \"self-enhancement\" needs a model and one round or more; set "
                                          "ladder.generations to 2 or more.");
    return {};
}

/// Texts have no end that anybody could check, and their pairs are tuned on whole.
Result<void> checkTextRounds(const Experiment& e)
{
    const std::vector<std::string> pairs{"preferences", "rewardbench", "ultrafeedback", "ultrafeedback-aspects",
                                         "judged-pairs"};
    if (std::find(pairs.begin(), pairs.end(), e.task.name) == pairs.end())
        return rule("task.name", "task.name = \"" + e.task.name +
                                     "\" has no answers to a prompt; self-enhancement of a "
                                     "model folder needs \"preferences\", \"rewardbench\", \"ultrafeedback\" or "
                                     "\"judged-pairs\".");
    if (e.self.reward == "majority" || e.self.reward == "truth")
        return rule("self.reward", "self.reward = \"" + e.self.reward +
                                       "\" compares the ends of answers, which texts do "
                                       "not have; use \"likelihood\" or \"implicit\".");
    if (e.training.adapterRank > 0)
        return rule("training.adapter_rank",
                    "training.adapter_rank adapts a classifier, and self-enhancement tunes all "
                    "weights of a writer; set it to 0.");
    return checkRounds(e);
}

Result<void> checkDebate(const Experiment& e)
{
    if (e.ladder.generations != 1)
        return rule("ladder.generations", "procedure = \"debate\" trains one judge; set ladder.generations to 1.");
    const int rungs = rungCount(e.ladder);
    const std::pair<const char*, int> places[] = {
        {"debate.judge", e.debate.judge}, {"debate.debater", e.debate.debater}, {"debate.opponent", e.debate.opponent}};
    for (const auto& [key, rung] : places)
        if (rung >= rungs)
            return rule(key, std::string(key) + " = " + std::to_string(rung) + " is no rung of this ladder; use 0 to " +
                                 std::to_string(rungs - 1) + ".");
    return {};
}

/// Debaters quote what they have read and the judge has not.
Result<void> checkPassageDebate(const Experiment& e)
{
    if (e.task.name != "cosmosqa-choices")
        return rule("task.name", "task.name = \"" + e.task.name +
                                     "\" has no passages to quote; a debate of model folders needs "
                                     "\"cosmosqa-choices\" (your own columns: task.columns).");
    return checkDebate(e);
}

/// Such a procedure reads neither anchors nor what decides by them: to accept the key would promise a gate or a
/// decision that never comes.
Result<void> checkNothingMeasures(const Experiment& e, const std::string& procedure)
{
    if (measures(e.gap))
        return rule("gap.controller", "gap.controller = \"" + e.gap.controller +
                                          "\" chooses rungs by what it measures, and " + procedure +
                                          " takes the rungs that it is given; remove it.");
    if (judges(e.gap))
        return rule("gap.gate", "gap.gate = \"" + e.gap.gate + "\" rolls generations of a ladder back, and " +
                                    procedure + " has no such gate; remove it.");
    if (e.signals.anchors > 0)
        return rule("signals.anchors", "signals.anchors measure what a ladder is taught by, and " + procedure +
                                           " reads none; set it to 0.");
    return {};
}

} // namespace

bool placesItself(const Experiment& e)
{
    return e.experiment.procedure == kSelfEnhancement || e.experiment.procedure == kDebate;
}

Result<void> checkProtocol(const Experiment& e)
{
    if (e.task.prompts == "chat" && (!placesItself(e) || e.ladder.models.empty()))
        return rule("task.prompts", "task.prompts = \"chat\" is for model folders that debate or write, and this "
                                    "experiment has none; remove it.");
    if (!placesItself(e)) return {};
    const std::string procedure = "procedure = \"" + e.experiment.procedure + "\"";
    if (e.training.canaries > 0)
        return rule("training.canaries",
                    "training.canaries are planted among labelled items, and " + procedure + " has none; remove it.");
    if (!e.signals.sources.empty())
        return rule("signals.source", procedure + " takes no sources; remove [[signals.source]].");
    if (const auto unread = checkNothingMeasures(e, procedure); !unread) return unread;
    if (!e.ladder.models.empty()) return e.experiment.procedure == kDebate ? checkPassageDebate(e) : checkTextRounds(e);
    if (e.task.name != "builtin:registers/code")
        return rule("task.name", "task.name = \"" + e.task.name + "\" has no traces that can be checked, which " +
                                     procedure + " writes; use \"builtin:registers/code\".");
    if (e.ladder.family != "builtin:registers")
        return rule("ladder.family", procedure + " uses the shipped rungs; set ladder.family = \"builtin:registers\".");
    return e.experiment.procedure == kDebate ? checkDebate(e) : checkRounds(e);
}

} // namespace gradus::spec
