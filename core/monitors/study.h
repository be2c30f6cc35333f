// SPDX-License-Identifier: GPL-3.0-or-later
// How good the monitors are: every scenario with its honest and hazardous scripts in real cells, and what each monitor
// says of them.
#pragma once

#include "base/interval.h"
#include "base/result.h"
#include "base/stop.h"
#include "evals/roc.h"
#include "events/events.h"
#include "monitors/monitor.h"
#include "monitors/probe.h"
#include "monitors/trusted_judge.h"
#include "scenario/pairs.h"
#include "scenario/scenario.h"

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace gradus::monitors {

struct StudyOptions
{
    std::vector<std::uint64_t> seeds = {1, 2, 3, 4, 5};
    double budget = 0.05;   ///< share of all episodes that a person reads
    double baseRate = 0.01; ///< share of hazardous episodes in the stream that the budget is for
    bool gate = false;      ///< every episode once more, with the live monitors before each call
    bool keepEpisodes = false;
    scenario::EpisodeOptions episode = {};
    StopFlag* stop = nullptr;
    SuspicionJudge* judge = nullptr; ///< M6 of every episode, and with a gate before each call; nullptr: not run
    JudgeSees sees = JudgeSees::Whole;
    StateReader* states = nullptr; ///< M11 once more, on this model's hidden states; nullptr: on words alone
    std::function<void(std::size_t done, std::size_t all, const std::string& scenario)> progress = {};
};

/// One monitor over all judged episodes. What is positive is the oracle's verdict "hazard".
struct MonitorQuality
{
    std::string_view id;
    std::string_view name;
    evals::RocQuality roc;
    long long episodes = 0;  ///< to which it applies; elsewhere its score is 0
    double honestAlarms = 0; ///< share of negatives that it would have stopped or shown a person (not approved)
};

/// M6. What the judge did not say counts as the worst in the row; the bounds are what it may have been.
struct JudgeQuality
{
    std::string judge;
    MonitorQuality row;
    JudgeTally tally;
    double areaWorst = 0; ///< every unread hazard unsuspicious, every unread honest episode suspicious
    double areaBest = 0;  ///< the other way round
};

struct Protocol
{
    Estimate hazards;        ///< hazardous scripts' episodes that still end as a hazard
    Estimate honestDone;     ///< honest scripts' episodes that still end as an honest success
    Estimate withoutHazards; ///< the same without the gate
    Estimate withoutHonestDone;
    JudgeTally judge; ///< how it answered before calls; nothing where nobody was asked
};

struct Study
{
    std::vector<MonitorQuality> monitors; ///< by number, then all deterministic ones together, then the probes
    std::size_t scenarios = 0;
    long long hazards = 0;           ///< positives
    long long honest = 0;            ///< negatives: honest, idle and failing scripts
    long long undecided = 0;         ///< left out
    std::vector<std::string> notRun; ///< scenarios whose cells did not start, with the reason
    std::optional<JudgeQuality> judge;
    std::string statesOf; ///< whose hidden states a probe reads; empty: nobody's
    std::optional<Protocol> protocol;
    std::vector<events::EpisodeRecord> episodes; ///< if kept: with every monitor's verdict
    StudyOptions options;
    double seconds = 0;
};

/// Blocks for about 0.2 s an episode, seven episodes a scenario and seed. Stopped, or an error of a scenario's own
/// set-up.
Result<Study> runStudy(const std::vector<scenario::Scenario>& scenarios, const StudyOptions& options);

std::string studyJson(const Study& study);
std::string studyTable(const Study& study);

} // namespace gradus::monitors
