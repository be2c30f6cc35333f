// SPDX-License-Identifier: GPL-3.0-or-later
#include "spec/checks.h"

namespace gradus::spec {

namespace {

Error rule(const char* key, std::string sentence)
{
    return errorAt({0, 0}, key, std::move(sentence));
}

} // namespace

bool placesItself(const Experiment& e)
{
    return e.experiment.procedure == "self-enhancement";
}

Result<void> checkProtocol(const Experiment& e)
{
    if (!placesItself(e)) return {};
    const std::string procedure = "procedure = \"" + e.experiment.procedure + "\"";
    if (e.task.name != "builtin:registers/code")
        return rule("task.name", "task.name = \"" + e.task.name + "\" has no traces that can be checked, which " +
                                     procedure + " writes; use \"builtin:registers/code\".");
    if (e.ladder.family != "builtin:registers")
        return rule("ladder.family", procedure + " uses the shipped rungs; set ladder.family = \"builtin:registers\".");
    if (!e.signals.sources.empty())
        return rule("signals.source", procedure + " has no sources beside itself; remove [[signals.source]].");
    if (e.ladder.generations < 2)
        return rule("ladder.generations", procedure + " needs a model and one round or more; set ladder.generations to "
                                                      "2 or more.");
    return {};
}

} // namespace gradus::spec
