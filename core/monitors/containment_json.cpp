// SPDX-License-Identifier: GPL-3.0-or-later
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
             {"acts", Json::array()},
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
                                            {"name", std::string(vector.name)},
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
    for (const ActsRow& row : study.acts)
        out["acts"].push_back(Json{{"level", row.level},
                                   {"acts", row.acts},
                                   {"hazards", jsonOf(row.hazards)},
                                   {"honest_hazards", jsonOf(row.honestHazards)},
                                   {"outcomes", jsonOf(row.outcomes)},
                                   {"outputs", jsonOf(row.outputs)}});
    return out.dump(-1, ' ', false, Json::error_handler_t::replace);
}

} // namespace gradus::monitors
