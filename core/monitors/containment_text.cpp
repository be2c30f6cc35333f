// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/clock.h"
#include "base/text.h"
#include "monitors/containment_study.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

namespace gradus::monitors {

namespace {

using Json = nlohmann::ordered_json;
using sandbox::Verdict;

constexpr std::array kVerdicts{Verdict::Contained, Verdict::Open, Verdict::Partial, Verdict::NotInformative,
                               Verdict::Absent};

long countOf(const sandbox::BatteryReport& battery, Verdict verdict)
{
    return std::count_if(battery.vectors.begin(), battery.vectors.end(),
                         [verdict](const sandbox::VectorReport& row) { return row.verdict == verdict; });
}

Json jsonOf(const Estimate& estimate)
{
    return {{"value", estimate.value}, {"low", estimate.low}, {"high", estimate.high}, {"scenarios", estimate.n}};
}

std::string shown(const Estimate& estimate)
{
    if (estimate.n == 0) return "–";
    return fixedText(estimate.value, 3) + " [" + fixedText(estimate.low, 3) + ", " + fixedText(estimate.high, 3) + "]";
}

std::string padded(std::string text, std::size_t width)
{
    const std::size_t length = characterCount(text);
    if (length < width) text.append(width - length, ' ');
    return text + "  ";
}

std::string batteryText(const LevelRow& row)
{
    if (!row.refused.empty()) return "not run: " + visible(row.refused, 200);
    std::string text;
    for (const Verdict verdict : kVerdicts)
        text += (text.empty() ? "" : ", ") + std::to_string(countOf(row.battery, verdict)) + " " +
                std::string(verdictName(verdict));
    return text;
}

std::string parityText(const ContainmentStudy& study)
{
    const auto good =
        std::count_if(study.parity.begin(), study.parity.end(), [](const ParityRow& row) { return row.held(); });
    std::string text =
        "Everyday tasks: " + std::to_string(good) + " of " + std::to_string(study.parity.size()) +
        " give in a cell what they give outside, or differ as they must (levels 2 to 4 share their walls).\n";
    for (const ParityRow& row : study.parity) {
        const bool expected = row.held() && !row.otherOutside.empty();
        if (row.held() && !expected) continue;
        text += "  " + row.task + ": outside " + visible(row.outside, 80) + "; in cells";
        for (const std::string& result : row.results)
            text += " " + visible(result, 80) + ";";
        text += expected ? " " + row.otherOutside + "\n" : " DIFFERS\n";
    }
    return text;
}

} // namespace

std::string containmentJson(const ContainmentStudy& study)
{
    Json out{{"held", study.held()},
             {"fault", study.fault()},
             {"seeds", study.options.seeds},
             {"quick", study.options.quick},
             {"scenarios", study.scenarios},
             {"interval", "95 %, percentile bootstrap over scenarios, Wilson over scenarios at 0 and 1"},
             {"started_at", study.startedAt},
             {"seconds", study.seconds},
             {"levels", Json::array()},
             {"tasks", Json::array()},
             {"fidelity", Json::array()},
             {"not_run", study.notRun}};
    if (study.options.player) out["model"] = visible(study.options.playerName);
    for (const LevelRow& row : study.levels) {
        Json level{{"level", row.level}, {"tried", row.tried}, {"refused", row.refused}};
        level["held"] = row.refused.empty() && row.battery.held();
        for (const Verdict verdict : kVerdicts)
            level["counts"][std::string(verdictName(verdict))] = countOf(row.battery, verdict);
        level["vectors"] = Json::array();
        for (const sandbox::VectorReport& vector : row.battery.vectors)
            level["vectors"].push_back(Json{{"id", std::string(vector.id)},
                                            {"verdict", std::string(verdictName(vector.verdict))},
                                            {"why", vector.why}});
        level["episodes"] = row.episodes;
        level["undecided"] = row.undecided;
        level["elicitation"] = jsonOf(row.hazards);
        level["honest_hazards"] = jsonOf(row.honestHazards);
        if (study.options.player) {
            level["model_episodes"] = row.playerEpisodes;
            level["model_undecided"] = row.playerUndecided;
            level["model_elicitation"] = jsonOf(row.playerHazards);
        }
        out["levels"].push_back(std::move(level));
    }
    for (const ParityRow& row : study.parity)
        out["tasks"].push_back(Json{{"task", row.task},
                                    {"same", row.same},
                                    {"as_outside", row.asOutside},
                                    {"outside", row.outside},
                                    {"expected_to_differ", row.otherOutside},
                                    {"results", row.results}});
    for (const FidelityRow& row : study.fidelity)
        out["fidelity"].push_back(Json{{"level", row.level},
                                       {"verdicts", jsonOf(row.verdicts)},
                                       {"ends", jsonOf(row.ends)},
                                       {"outputs", jsonOf(row.outputs)},
                                       {"files", jsonOf(row.files)}});
    return out.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string containmentTable(const ContainmentStudy& study)
{
    std::string text = "Ways out\n";
    for (const LevelRow& row : study.levels)
        text += "  level " + std::to_string(row.level) + "  " + batteryText(row) + "\n";
    text += "Scripts          hazardous ones that end as a hazard   honest ones that do\n";
    for (const LevelRow& row : study.levels)
        text += "  level " + std::to_string(row.level) + "        " +
                (row.episodes == 0 ? std::string("no programs, or not run")
                                   : padded(shown(row.hazards), 36) + shown(row.honestHazards) + "   " +
                                         std::to_string(row.episodes) + " episodes, " + std::to_string(row.undecided) +
                                         " undecided") +
                "\n";
    if (study.options.player) {
        text += "Model " + visible(study.options.playerName, 80) + ", tempting twins that end as a hazard\n";
        for (const LevelRow& row : study.levels)
            if (row.playerEpisodes > 0)
                text += "  level " + std::to_string(row.level) + "        " + padded(shown(row.playerHazards), 36) +
                        std::to_string(row.playerEpisodes) + " episodes, " + std::to_string(row.playerUndecided) +
                        " undecided\n";
    }
    text += "Same script, same observation (beside level 2 played once more)\n";
    for (const FidelityRow& row : study.fidelity)
        text += "  level " + std::to_string(row.level) + "  verdicts " + shown(row.verdicts) + ", ends of calls " +
                shown(row.ends) + ", outputs " + shown(row.outputs) + ", files left " + shown(row.files) + "\n";
    text += parityText(study);
    for (const std::string& sentence : study.notRun)
        text += "not run: " + visible(sentence, 300) + "\n";
    return text +
           "Level 0 runs no code, level 5 needs gVisor (--level 5). Intervals: 95 %, bootstrap over scenarios "
           "(Wilson at 0 and 1); " +
           counted(study.options.seeds.size(), "seed") + "; " + durationText(study.seconds) + ".\n";
}

} // namespace gradus::monitors
