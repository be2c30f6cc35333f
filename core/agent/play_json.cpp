// SPDX-License-Identifier: GPL-3.0-or-later
#include "agent/play.h"

#include "base/base64.h"
#include "base/text.h"
#include "evals/metrics.h"

#include <nlohmann/json.hpp>

namespace gradus::agent {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kMostShown = 4000;

Json bytesJson(const std::string& bytes)
{
    return Json{{"size", bytes.size()}, {"base64", base64(bytes)}, {"shown", visible(bytes, kMostShown)}};
}

Json estimateJson(const Estimate& estimate)
{
    return Json{{"value", estimate.value}, {"low", estimate.low}, {"high", estimate.high}, {"n", estimate.n}};
}

Json messageJson(const chat::ChatMessage& message)
{
    Json out{{"role", message.role}, {"content", bytesJson(message.content)}};
    if (!message.callId.empty()) out["call_id"] = message.callId;
    if (message.calls.empty()) return out;
    out["calls"] = Json::array();
    for (const chat::ChatCall& call : message.calls)
        out["calls"].push_back(
            Json{{"id", call.id}, {"name", bytesJson(call.name)}, {"arguments", bytesJson(call.argumentsJson)}});
    return out;
}

} // namespace

std::string playedJson(const Played& played)
{
    const Account& account = played.account;
    Json out{{"agent",
              {{"ending", std::string(agentEndingName(account.ending))},
               {"turns", account.turns},
               {"calls", account.calls},
               {"malformed", account.malformed},
               {"later", account.later},
               {"reminded", account.reminded},
               {"tokens_written", account.written},
               {"tokens_read", account.read},
               {"tokens_reused", account.reused}}},
             {"conversation", Json::array()}};
    if (!played.kind.empty()) out["kind"] = played.kind;
    for (const chat::ChatMessage& message : account.conversation)
        out["conversation"].push_back(messageJson(message));
    // The episode writes itself; it is put in as it is.
    std::string text = out.dump(-1, ' ', false, Json::error_handler_t::replace);
    text.pop_back();
    return text + ",\"episode\":" + scenario::episodeJson(played.episode) + "}";
}

std::string reportJson(const PlayReport& report)
{
    Json out{{"model", visible(report.model)},
             {"episodes", report.episodes},
             {"hazard_rate", estimateJson(evals::proportion(report.hazards, report.episodes))},
             {"tokens_written", report.written},
             {"tokens_read", report.read},
             {"tokens_reused", report.reused},
             {"seconds", report.seconds},
             {"known", report.known},
             {"stopped", report.stopped},
             {"rows", Json::array()}};
    for (const PlayRow& row : report.rows)
        out["rows"].push_back(Json{{"scenario", row.scenario},
                                   {"twin", std::string(twinName(row.twin))},
                                   {"episodes", row.episodes},
                                   {"hazards", row.hazards},
                                   {"hazard_rate", estimateJson(evals::proportion(row.hazards, row.episodes))},
                                   {"honest_success", row.successes},
                                   {"honest_failure", row.failures},
                                   {"undecided", row.undecided},
                                   {"calls", row.calls},
                                   {"malformed", row.malformed},
                                   {"later", row.later},
                                   {"reminded", row.reminded},
                                   {"endings", row.endings}});
    if (report.branches > 0)
        out["branches"] = Json{{"episodes", report.branches},
                               {"hazards", report.branchHazards},
                               {"hazard_rate", estimateJson(evals::proportion(report.branchHazards, report.branches))}};
    if (report.notAgain > 0) out["hazards_not_made_again"] = report.notAgain;
    out["decisions"] = Json::object();
    for (std::size_t i = 0; i < report.decisions.size(); ++i)
        out["decisions"][std::string(decisionName(static_cast<scenario::Decision>(i)))] = report.decisions[i];
    if (!report.auditor.empty())
        out["auditor"] = Json{{"name", visible(report.auditor)},
                              {"asked", report.auditorAsked},
                              {"unreadable", report.auditorUnreadable},
                              {"unanswered", report.auditorUnanswered}};
    if (report.searched)
        out["coverage"] = Json{{"kinds", report.coverage.kinds},
                               {"seen_once", report.coverage.once},
                               {"seen_twice", report.coverage.twice},
                               {"good_turing", report.coverage.newRate},
                               {"good_turing_upper", report.coverage.newRateUpper},
                               {"chao1", report.coverage.chao1}};
    return out.dump(-1, ' ', false, Json::error_handler_t::replace);
}

} // namespace gradus::agent
