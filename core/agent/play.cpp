// SPDX-License-Identifier: GPL-3.0-or-later
#include "agent/play.h"

#include "agent/auditor.h"
#include "base/clock.h"
#include "base/hash.h"
#include "base/rng.h"

#include <algorithm>
#include <optional>

namespace gradus::agent {

namespace {

constexpr double kThinking = 3600; ///< a model on two cores may take long; limits are the agent's own

/// One episode to be played.
struct Plan
{
    const scenario::Scenario* scenario = nullptr;
    scenario::RenderOptions render = {};
    std::string kind = {};
    std::string addition = {}; ///< an auditor's
    std::size_t arm = 0;
};

Error stopped()
{
    return Error{.message = "Playing was stopped.", .kind = ErrorKind::Stopped};
}

std::string branchKey(const Branch& branch)
{
    return branch.parent + "/branch/" + std::to_string(branch.number);
}

class Playing final
{
public:
    Playing(const ModelAgent& agent, const std::vector<scenario::Scenario>& scenarios, const PlayOptions& options,
            const StopFlag& stop, const OnPlayed& onPlayed)
        : m_agent(agent), m_scenarios(scenarios), m_options(options), m_stop(stop), m_onPlayed(onPlayed)
    {
        m_report.model = agent.name();
        m_report.searched = options.search;
    }

    Result<PlayReport> run()
    {
        const double begun = monotonicSeconds();
        const auto done = m_options.search ? search() : grid();
        if (!done && done.error().kind != ErrorKind::Stopped) return done.error();
        m_report.stopped = !done.ok();
        if (m_options.auditor != nullptr) {
            m_report.auditor = m_options.auditor->name();
            m_report.auditorAsked = m_options.auditor->tally().asked;
            m_report.auditorUnreadable = m_options.auditor->tally().unreadable;
            m_report.auditorUnanswered = m_options.auditor->tally().unanswered;
        }
        m_report.seconds = monotonicSeconds() - begun;
        return std::move(m_report);
    }

private:
    Result<void> grid()
    {
        std::size_t most = 0;
        for (const scenario::Scenario& one : m_scenarios)
            most += cuesFor(one).size() * m_options.twins.size() * static_cast<std::size_t>(m_options.episodes);
        for (const scenario::Scenario& one : m_scenarios)
            for (int repeat = 0; repeat < m_options.episodes; ++repeat)
                for (const scenario::Twin twin : m_options.twins)
                    for (const scenario::Cue cue : cuesFor(one)) {
                        Plan plan{.scenario = &one};
                        plan.render = {.twin = twin,
                                       .cue = cue,
                                       .seed = m_options.seed + static_cast<std::uint64_t>(repeat),
                                       .axes = {}};
                        if (const auto played = episode(plan, static_cast<int>(most)); !played) return played.error();
                    }
        return {};
    }

    /// Under which cues a grid plays a seed of it.
    std::vector<scenario::Cue> cuesFor(const scenario::Scenario& one) const
    {
        const scenario::CuePair* pair = m_options.cuePair;
        if (pair == nullptr) return {cueOf(one)};
        return one.hasCues(*pair) ? std::vector{pair->free, pair->guarded} : std::vector<scenario::Cue>();
    }

    Result<void> search()
    {
        const std::vector<Arm> arms = armsOf(m_scenarios);
        evals::RedTeam team(arms.size());
        Rng choices(m_options.seed, "play/choices");
        Rng details(m_options.seed, "play/details");
        std::vector<int> tried(arms.size());
        if (m_options.auditor != nullptr)
            m_ask = [&] {
                const auto move = m_options.auditor->next(arms, tried, team.found());
                return move ? move->addition : std::string();
            };
        for (int number = 0; number < m_options.episodes; ++number) {
            if (m_stop.requested()) return stopped();
            std::size_t arm = team.choose(choices);
            std::optional<AuditorMove> move;
            if (m_options.auditor != nullptr) move = m_options.auditor->next(arms, tried, team.found());
            if (move) arm = move->arm;
            Plan plan = planOf(arms[arm], arm, number, details);
            if (move) {
                plan.kind += ", auditor";
                plan.addition = move->addition;
            }
            const auto played = episode(plan, m_options.episodes);
            if (!played) return played.error();
            team.tell(arm, *played);
            ++tried[arm];
            m_report.coverage = evals::coverageOf(team.found(), number + 1);
            if (evals::settled(m_report.coverage, m_options.stopBelow)) break;
        }
        return {};
    }

    Plan planOf(const Arm& arm, std::size_t index, int number, Rng& details) const
    {
        const scenario::Scenario& one = m_scenarios[arm.scenarios[details.below(arm.scenarios.size())]];
        const bool injected = details.below(2) != 0;
        Plan plan{.scenario = &one};
        plan.kind = arm.family + " / " + (arm.axis.empty() ? "neutral" : arm.axis);
        plan.arm = index;
        plan.render = {.twin = injected ? scenario::Twin::Injected : scenario::Twin::Hazard,
                       .cue = cueOf(one),
                       .seed = m_options.seed + static_cast<std::uint64_t>(number),
                       .axes = {}};
        for (const scenario::AxisSpec& axis : one.axes)
            plan.render.axes[axis.name] = axis.name == arm.axis ? 1 + details.below(axis.texts.size() - 1) : 0;
        return plan;
    }

    scenario::Cue cueOf(const scenario::Scenario& one) const
    {
        return one.cueTexts.contains(m_options.cue) ? m_options.cue : scenario::Cue::None;
    }

    /// Whether it was a hazard.
    Result<bool> episode(const Plan& plan, int most)
    {
        if (m_stop.requested()) return stopped();
        const std::string key = keyOf(plan.render, plan.scenario->id);
        const auto known = m_options.past.find(key);
        const bool isKnown = known != m_options.past.end();
        if (isKnown) {
            judged(outcomeOf(plan.render, plan.scenario->id, known->second));
            ++m_report.known;
            countKnownBranches(key);
            const bool wasHazard = known->second == scenario::VerdictKind::Hazard;
            // The branches that an earlier process did not come to leave from the replies: they are made once more.
            if (!wasHazard || !lacksBranches(key)) return wasHazard;
        }
        auto rendered = scenario::render(*plan.scenario, plan.render);
        if (!rendered) return rendered.error();
        const scenario::Rendered material = withAddition(std::move(*rendered), plan.addition);
        if (!isKnown && m_options.onBegun)
            if (const auto heard = m_options.onBegun(material, key); !heard) return heard.error();
        auto played = inSomeCell(m_stop, [&] { return playOne(m_agent, material, m_options, m_stop); });
        if (!played) return played.error();
        played->kind = plan.kind;
        const bool hazard = played->episode.judgement.kind == scenario::VerdictKind::Hazard;
        if (!isKnown) {
            count(*played);
            if (m_onPlayed)
                if (const auto heard = m_onPlayed(*played, m_report.episodes, most); !heard) return heard.error();
        }
        if (hazard) {
            if (const auto branched = branchOff(*played, most); !branched) return branched.error();
        } else if (isKnown) {
            ++m_report.notAgain;
        }
        return hazard || isKnown;
    }

    bool lacksBranches(const std::string& parent) const
    {
        for (int number = 1; number <= m_options.branches; ++number)
            if (!m_options.past.contains(branchKey({.parent = parent, .number = number, .replies = {}}))) return true;
        return false;
    }

    void countKnownBranches(const std::string& parent)
    {
        for (int number = 1; number <= m_options.branches; ++number) {
            const auto kept = m_options.past.find(branchKey({.parent = parent, .number = number, .replies = {}}));
            if (kept == m_options.past.end()) continue;
            ++m_report.branches;
            m_report.branchHazards += kept->second == scenario::VerdictKind::Hazard ? 1 : 0;
        }
    }

    /// Rolls back to before the hazard and goes on from there, each time otherwise. Neither the rows nor the search is
    /// told: branches are no draws of their own.
    Result<void> branchOff(const Played& from, int most)
    {
        for (int number = 1; number <= m_options.branches; ++number) {
            if (m_stop.requested()) return stopped();
            Branch branch{.parent = from.key, .number = number, .replies = repliesBeforeHazard(from)};
            if (m_ask) branch.message = m_ask();
            if (m_options.past.contains(branchKey(branch))) continue;
            if (m_options.onBegun)
                if (const auto heard = m_options.onBegun(from.material, branchKey(branch)); !heard)
                    return heard.error();
            auto played =
                inSomeCell(m_stop, [&] { return playOne(m_agent, from.material, m_options, m_stop, &branch); });
            if (!played) return played.error();
            played->kind = from.kind.empty() ? "branch" : from.kind + ", branch";
            ++m_report.branches;
            m_report.branchHazards += played->episode.judgement.kind == scenario::VerdictKind::Hazard ? 1 : 0;
            m_report.written += played->account.written;
            m_report.read += played->account.read;
            m_report.reused += played->account.reused;
            if (m_onPlayed)
                if (const auto heard = m_onPlayed(*played, m_report.episodes, most); !heard) return heard.error();
        }
        return {};
    }

    static PlayOutcome outcomeOf(const scenario::RenderOptions& render, const std::string& scenario,
                                 scenario::VerdictKind verdict)
    {
        return {.scenario = scenario, .twin = render.twin, .cue = render.cue, .seed = render.seed, .verdict = verdict};
    }

    PlayRow& judged(PlayOutcome outcome)
    {
        auto row = std::ranges::find_if(m_report.rows, [&](const PlayRow& one) {
            return one.scenario == outcome.scenario && one.twin == outcome.twin;
        });
        if (row == m_report.rows.end()) {
            m_report.rows.push_back({.scenario = outcome.scenario, .twin = outcome.twin, .endings = {}});
            row = m_report.rows.end() - 1;
        }
        m_report.outcomes.push_back(outcome);
        ++row->episodes;
        ++m_report.episodes;
        switch (outcome.verdict) {
        case scenario::VerdictKind::Hazard:
            ++row->hazards;
            ++m_report.hazards;
            break;
        case scenario::VerdictKind::HonestSuccess:
            ++row->successes;
            break;
        case scenario::VerdictKind::HonestFailure:
            ++row->failures;
            break;
        case scenario::VerdictKind::Undecided:
            ++row->undecided;
            break;
        }
        return *row;
    }

    void count(const Played& played)
    {
        const scenario::Provenance& from = played.episode.provenance;
        PlayRow& row = judged({.scenario = from.scenario,
                               .twin = from.twin,
                               .cue = from.cue,
                               .seed = from.seed,
                               .verdict = played.episode.judgement.kind});
        for (const scenario::Record& record : played.episode.records)
            ++m_report.decisions[static_cast<std::size_t>(record.decision)];
        row.calls += played.account.calls;
        row.malformed += played.account.malformed;
        row.later += played.account.later;
        row.reminded += played.account.reminded;
        ++row.endings[std::string(played.account.ending == AgentEnding::Open
                                      ? scenario::endingName(played.episode.ending)
                                      : agentEndingName(played.account.ending))];
        m_report.written += played.account.written;
        m_report.read += played.account.read;
        m_report.reused += played.account.reused;
    }

    const ModelAgent& m_agent;
    const std::vector<scenario::Scenario>& m_scenarios;
    const PlayOptions& m_options;
    const StopFlag& m_stop;
    const OnPlayed& m_onPlayed;
    std::function<std::string()> m_ask; ///< what an auditor says in a branch; empty where there is none
    PlayReport m_report;
};

} // namespace

std::string keyOf(const scenario::RenderOptions& render, const std::string& scenario)
{
    const std::string key = scenario + "/" + std::string(twinName(render.twin)) + "/" + std::to_string(render.seed);
    return render.cue == scenario::Cue::None ? key : key + "/" + std::string(cueName(render.cue));
}

std::vector<std::string> repliesBeforeHazard(const Played& played)
{
    const Account& account = played.account;
    std::size_t before = account.replyOf.empty() ? 0 : account.replyOf.back();
    for (const scenario::Finding& finding : played.episode.judgement.hazards)
        if (finding.truth == scenario::Truth::Yes && !finding.records.empty()) {
            const std::size_t call = *std::ranges::min_element(finding.records);
            if (call < account.replyOf.size()) before = std::min(before, account.replyOf[call]);
            break;
        }
    return {account.replies.begin(), account.replies.begin() + static_cast<std::ptrdiff_t>(before)};
}

Result<Played> playOne(const ModelAgent& agent, const scenario::Rendered& material, const PlayOptions& options,
                       const StopFlag& stop, const Branch* branch)
{
    std::uint64_t stream = splitHash(material.id + "/" + std::string(twinName(material.twin)), material.seed);
    if (branch != nullptr)
        stream = splitHash("branch/" + std::to_string(stream), static_cast<std::uint64_t>(branch->number));
    ModelPolicy policy(agent, options.limits, options.sampling, stream, stop);
    if (branch != nullptr) policy.repeat(branch->replies, branch->message);
    scenario::EpisodeOptions episode = options.episode;
    episode.stop = &stop;
    episode.thinkingSeconds = kThinking;
    const auto gate = options.gate ? options.gate(material) : nullptr;
    if (gate) episode.gate = gate.get();
    auto made = scenario::runEpisode(material, policy, episode);
    if (!made) return made.error();
    if (made->ending == scenario::Ending::Asked) return stopped();
    const scenario::RenderOptions render{.twin = material.twin, .cue = material.cue, .seed = material.seed, .axes = {}};
    std::string key = keyOf(render, material.id);
    if (branch != nullptr) {
        key = branchKey(*branch);
        made->provenance.parent = branch->parent;
        made->provenance.said = branch->message;
        made->provenance.branchedAfter = static_cast<int>(std::ranges::count_if(
            policy.account().replyOf, [&](std::size_t reply) { return reply < branch->replies.size(); }));
    }
    return Played{.episode = std::move(*made),
                  .material = material,
                  .account = policy.account(),
                  .key = std::move(key),
                  .kind = {}};
}

std::vector<Arm> armsOf(const std::vector<scenario::Scenario>& scenarios)
{
    std::vector<Arm> arms;
    const auto add = [&](const std::string& family, const std::string& axis, std::size_t index) {
        const auto found =
            std::ranges::find_if(arms, [&](const Arm& arm) { return arm.family == family && arm.axis == axis; });
        if (found != arms.end())
            found->scenarios.push_back(index);
        else
            arms.push_back({family, axis, {index}});
    };
    for (std::size_t i = 0; i < scenarios.size(); ++i) {
        add(scenarios[i].family, "", i);
        for (const scenario::AxisSpec& axis : scenarios[i].axes)
            if (axis.texts.size() > 1) add(scenarios[i].family, axis.name, i);
    }
    return arms;
}

Result<PlayReport> play(const ModelAgent& agent, const std::vector<scenario::Scenario>& scenarios,
                        const PlayOptions& options, const StopFlag& stop, const OnPlayed& onPlayed)
{
    if (scenarios.empty() || options.twins.empty() || options.episodes < 1)
        return badInput("There is nothing to play: name a scenario, a twin and one episode or more.");
    if (options.branches > 0 && options.sampling.greedy && options.auditor == nullptr)
        return badInput(
            "A branch that goes on with the most probable tokens is its parent again; set a temperature above "
            "0, or give a search an auditor.");
    if (options.cuePair != nullptr && options.search)
        return badInput("Cue pairs play every seed twice, and a search chooses its own; leave one of the two out.");
    if (options.cuePair != nullptr &&
        std::ranges::none_of(scenarios, [&](const scenario::Scenario& one) { return one.hasCues(*options.cuePair); }))
        return badInput("None of these scenarios has both cues, " + std::string(cueName(options.cuePair->free)) +
                        " and " + std::string(cueName(options.cuePair->guarded)) + "; name one that has.");
    return Playing(agent, scenarios, options, stop, onPlayed).run();
}

} // namespace gradus::agent
