// SPDX-License-Identifier: GPL-3.0-or-later
// A model plays scenarios in cells: each in its twins, or where an adaptive search finds it weak.
#pragma once

#include "agent/model_policy.h"
#include "evals/discovery.h"
#include "scenario/episode.h"

#include <array>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace gradus::agent {

class Auditor;

struct PlayOptions
{
    int episodes = 1; ///< of each scenario and twin; of a search: in all
    std::vector<scenario::Twin> twins = {scenario::Twin::Honest, scenario::Twin::Hazard, scenario::Twin::Injected};
    scenario::Cue cue = scenario::Cue::None;
    /// Of no search: every seed of a scenario that has both cues is played under the one and the other, and the cue
    /// above is left aside. Scenarios without them are passed over.
    const scenario::CuePair* cuePair = nullptr;
    std::uint64_t seed = 1;
    engine::SamplingOptions sampling = {};
    AgentLimits limits = {};
    scenario::EpisodeOptions episode = {};
    /// Makes each episode's gate; empty, or nothing: every call is executed.
    std::function<std::unique_ptr<scenario::Gate>(const scenario::Rendered&)> gate = {};
    bool search = false;
    /// After each hazard so many more episodes that repeat its calls up to the one that the oracle found, in fresh
    /// cells, and go on with other samples, or with what an auditor says. They count apart from the others.
    int branches = 0;
    Auditor* auditor = nullptr; ///< of a search: who chooses; nullptr, and where it says nothing: Thompson sampling
    double stopBelow = 0.05;    ///< a search ends when a new kind has become less likely than this, after 100 episodes
    /// Episodes that an earlier process of this playing finished, by key: they are counted and not played again.
    std::map<std::string, scenario::VerdictKind> past = {};
    /// Called before each episode, from the calling thread; its error ends the playing. May be empty.
    std::function<Result<void>(const scenario::Rendered& material, const std::string& key)> onBegun = {};
};

/// Where an episode leaves another one.
struct Branch
{
    std::string parent;               ///< its key
    int number = 1;                   ///< among its branches
    std::vector<std::string> replies; ///< that are repeated; hostile
    std::string message = {};         ///< an auditor's, after them
};

struct Played
{
    scenario::Episode episode;
    scenario::Rendered material; ///< what the episode was made of
    Account account;
    std::string key;  ///< unique in one playing: "backup-claim/hazard/3", "backup-claim/hazard/3/unwatched"
    std::string kind; ///< what a search chose: "F5 / pressure"; empty else
};

/// One scenario in one twin.
struct PlayRow
{
    std::string scenario;
    scenario::Twin twin = scenario::Twin::Hazard;
    int episodes = 0;
    int hazards = 0;
    int successes = 0;
    int failures = 0;
    int undecided = 0;
    int calls = 0;
    int malformed = 0;
    int later = 0;                      ///< calls left aside behind an earlier one of the same reply
    int reminded = 0;                   ///< replies without a call before the first one
    std::map<std::string, int> endings; ///< the model's, or the episode's where that came first
};

/// What one episode was, and what came of it.
struct PlayOutcome
{
    std::string scenario;
    scenario::Twin twin = scenario::Twin::Hazard;
    scenario::Cue cue = scenario::Cue::None;
    std::uint64_t seed = 0;
    scenario::VerdictKind verdict = scenario::VerdictKind::Undecided;
};

struct PlayReport
{
    std::string model;
    std::vector<PlayRow> rows;         ///< in the order of their first episode
    std::vector<PlayOutcome> outcomes; ///< of every episode, those of an earlier process included
    std::array<int, 5> decisions{};    ///< of a gate, about calls of this process, by scenario::Decision
    int episodes = 0;
    int hazards = 0;
    long long written = 0;
    long long read = 0;
    long long reused = 0;
    double seconds = 0;
    int branches = 0; ///< beside the episodes, those of an earlier process included
    int branchHazards = 0;
    int notAgain =
        0;         ///< hazards of an earlier process that, made once more for their branches, were none: they have none
    int known = 0; ///< of them, that an earlier process had played: of these only the verdicts are counted
    bool stopped = false; ///< asked to: only whole episodes are in here
    bool searched = false;
    std::string auditor = {}; ///< who chose; empty: nobody but the search
    int auditorAsked = 0;
    int auditorUnreadable = 0; ///< answers without a move: the search chose instead
    int auditorUnanswered = 0;
    evals::Coverage coverage; ///< of a search: kinds of hazard, one a family and variation
};

/// Called after each whole episode, from the calling thread; its error ends the playing.
using OnPlayed = std::function<Result<void>(const Played& played, int done, int most)>;

/// Blocks. An episode's material and the model's random streams are functions of the seed, so that the same call plays
/// the same but for what depends on time. Errors: no cell starts here (Refused), a scenario that cannot be set up, the
/// model's and the template's. Asked to stop, it gives what is whole.
Result<PlayReport> play(const ModelAgent& agent, const std::vector<scenario::Scenario>& scenarios,
                        const PlayOptions& options, const StopFlag& stop, const OnPlayed& onPlayed);

/// An episode's key in a playing.
std::string keyOf(const scenario::RenderOptions& render, const std::string& scenario);
/// Plays an episode, and once or twice more where its cell was lost or did not start: a machine under load fails now
/// and then to set one up, and a level that held before the run still has to be proved by every new cell.
template <typename Play>
auto inSomeCell(const StopFlag& stop, const Play& play)
{
    constexpr int kTries = 3;
    constexpr std::chrono::milliseconds kPause{500};
    for (int attempt = 1;; ++attempt) {
        auto played = play();
        const bool isCells =
            !played && (played.error().kind == ErrorKind::Failed || played.error().kind == ErrorKind::Refused);
        if (!isCells || attempt == kTries || stop.requested()) return played;
        std::this_thread::sleep_for(kPause);
    }
}

/// One episode of a model: the material in a cell of its own. Stopped where the flag is set before its end. branch: it
/// begins with another one's replies.
Result<Played> playOne(const ModelAgent& agent, const scenario::Rendered& material, const PlayOptions& options,
                       const StopFlag& stop, const Branch* branch = nullptr);

/// The replies before the one whose call the oracle's first hazard rests on: all of them can be repeated without it.
/// Where it rests on no call (on a file that is left, say), those before the last act.
std::vector<std::string> repliesBeforeHazard(const Played& played);

/// What a search can vary: one arm a family and variation that some scenario of it has.
struct Arm
{
    std::string family;
    std::string axis; ///< empty: every text is the neutral one
    std::vector<std::size_t> scenarios;
};
std::vector<Arm> armsOf(const std::vector<scenario::Scenario>& scenarios);

/// One JSON object in one line: the episode, and the conversation as base64 beside the same made visible.
std::string playedJson(const Played& played);
/// {"model":...,"rows":[{"scenario":...,"twin":...,"hazard_rate":{"value":...,"low":...,"high":...,"n":...}}],...}
std::string reportJson(const PlayReport& report);

} // namespace gradus::agent
