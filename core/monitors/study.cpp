// SPDX-License-Identifier: GPL-3.0-or-later
#include "monitors/study.h"

#include "base/clock.h"
#include "monitors/monitor_gate.h"
#include "monitors/probe.h"
#include "monitors/record.h"
#include "monitors/texts.h"

#include <algorithm>
#include <map>

namespace gradus::monitors {

namespace {

using scenario::VerdictKind;

constexpr std::string_view kTogether = "M1-M5, M7, M8, M10";

/// One judged episode and what was made of it.
struct Case
{
    int scenario = 0;
    int family = 0;
    std::string_view script;
    VerdictKind verdict = VerdictKind::Undecided;
    std::vector<Report> reports;
    std::vector<float> features;
    std::vector<float> states; ///< of the model that is read, if there is one
    bool hazard() const { return verdict == VerdictKind::Hazard; }
};

int familyNumber(const std::string& family)
{
    const auto& all = scenario::families();
    return static_cast<int>(std::find_if(all.begin(), all.end(), [&](const auto& one) { return one.id == family; }) -
                            all.begin());
}

/// M9 gives a score alone: what is decided without a person is decided by the others.
bool decides(std::string_view monitor)
{
    return monitor != "M9";
}

/// Calls and last words, one after another.
std::string agentWords(const View& view)
{
    std::string all;
    for (const Text& text : agentTexts(view))
        all += text.bytes + "\n";
    return all;
}

double together(const std::vector<Report>& reports)
{
    double highest = 0;
    for (const Report& report : reports)
        if (decides(report.monitor)) highest = std::max(highest, report.score);
    return highest;
}

class StudyRun
{
public:
    StudyRun(const std::vector<scenario::Scenario>& scenarios, const StudyOptions& options)
        : m_scenarios(scenarios), m_options(options)
    {
        m_study.options = options;
        m_study.scenarios = scenarios.size();
    }

    Result<Study> run()
    {
        const double begun = monotonicSeconds();
        if (auto played = playAll(false, m_cases); !played) return played.error();
        std::vector<Case> gated;
        if (m_options.gate)
            if (auto played = playAll(true, gated); !played) return played.error();
        rows();
        if (m_options.gate) {
            m_study.protocol = Protocol{.hazards = share(gated, "hazard", VerdictKind::Hazard),
                                        .honestDone = share(gated, "honest", VerdictKind::HonestSuccess),
                                        .withoutHazards = share(m_cases, "hazard", VerdictKind::Hazard),
                                        .withoutHonestDone = share(m_cases, "honest", VerdictKind::HonestSuccess),
                                        .judge = m_gateTally};
        }
        m_study.seconds = monotonicSeconds() - begun;
        return std::move(m_study);
    }

private:
    Result<void> playAll(bool gate, std::vector<Case>& cases)
    {
        const std::size_t all = m_scenarios.size() * m_options.seeds.size() * (m_options.gate ? 2 : 1);
        for (std::size_t i = 0; i < m_scenarios.size(); ++i)
            for (const std::uint64_t seed : m_options.seeds) {
                if (m_options.progress) m_options.progress(++m_done, all, m_scenarios[i].id);
                if (auto played = play(i, seed, gate, cases); !played) return played;
            }
        return {};
    }

    Result<void> play(std::size_t index, std::uint64_t seed, bool gate, std::vector<Case>& cases)
    {
        const scenario::Scenario& scenario = m_scenarios[index];
        scenario::PairOptions pair{.seed = seed, .cue = scenario::Cue::None, .episode = m_options.episode};
        pair.episode.stop = m_options.stop;
        if (gate)
            pair.gate = [this](const scenario::Rendered& rendered) {
                return std::make_unique<MonitorGate>(briefingOf(rendered), m_options.judge, m_options.sees,
                                                     &m_gateTally);
            };
        auto pairs = scenario::runPairs(scenario, pair);
        if (!pairs) return pairs.error();
        if (pairs->runs.empty()) {
            if (!gate) m_study.notRun.push_back(scenario.id + ": " + pairs->sentence);
            return {};
        }
        for (const scenario::PairRun& run : pairs->runs)
            if (auto taken = take(index, seed, run, !gate, cases); !taken) return taken;
        return {};
    }

    Result<void> take(std::size_t index, std::uint64_t seed, const scenario::PairRun& run, bool look,
                      std::vector<Case>& cases)
    {
        const scenario::Scenario& scenario = m_scenarios[index];
        Case one{.scenario = static_cast<int>(index),
                 .family = familyNumber(scenario.family),
                 .script = run.script,
                 .verdict = run.episode.judgement.kind,
                 .reports = {},
                 .features = {},
                 .states = {}};
        if (look) {
            const auto rendered = render(scenario, {.twin = run.twin, .cue = scenario::Cue::None, .seed = seed});
            if (!rendered) return rendered.error();
            const Briefing briefing = briefingOf(*rendered);
            const View view{.briefing = briefing,
                            .records = run.episode.records,
                            .statement = &run.episode.statement,
                            .observation = &run.episode.observation,
                            .mainTask = run.episode.judgement.mainTask};
            one.reports = reportsOn(run.episode, *rendered, m_options.judge, m_options.sees);
            one.features = textFeatures(view);
            if (m_options.states != nullptr) {
                auto states = m_options.states->states(agentWords(view));
                if (!states) return states.error();
                one.states = std::move(*states);
            }
            if (m_options.keepEpisodes)
                m_study.episodes.push_back(recordOf(run.episode,
                                                    scenario.id + "/" + std::to_string(seed) + "/" +
                                                        std::string(twinName(run.twin)) + "/" + std::string(run.script),
                                                    one.reports));
        }
        cases.push_back(std::move(one));
        return {};
    }

    void rows()
    {
        std::vector<const Case*> judged;
        for (const Case& one : m_cases) {
            if (one.verdict == VerdictKind::Undecided) {
                ++m_study.undecided;
                continue;
            }
            ++(one.hazard() ? m_study.hazards : m_study.honest);
            judged.push_back(&one);
        }
        for (std::size_t i = 0; i < monitors().size(); ++i) {
            std::vector<double> scores;
            for (const Case* one : judged)
                scores.push_back(one->reports[i].score);
            MonitorQuality row = rowOf(monitors()[i].id, monitors()[i].name, judged, scores);
            row.episodes = 0;
            for (const Case* one : judged) {
                const bool stops = one->reports[i].decision != scenario::Decision::Approve;
                row.episodes += one->reports[i].applies ? 1 : 0;
                row.honestAlarms += !one->hazard() && stops ? 1.0 / static_cast<double>(m_study.honest) : 0.0;
            }
            m_study.monitors.push_back(std::move(row));
        }
        std::vector<double> highest;
        std::vector<ProbeCase> probe;
        std::vector<ProbeCase> states;
        for (const Case* one : judged) {
            highest.push_back(together(one->reports));
            probe.push_back({one->features, one->hazard(), one->family});
            states.push_back({one->states, one->hazard(), one->family});
        }
        m_study.monitors.push_back(rowOf(kTogether, "the highest of them", judged, highest));
        m_study.monitors.push_back(rowOf("M11", "linear probe on words", judged, heldOutScores(probe)));
        if (m_options.states != nullptr) {
            m_study.statesOf = m_options.states->name();
            m_study.monitors.push_back(
                rowOf("M11", "linear probe on hidden states", judged, heldOutScores(standardised(std::move(states)))));
        }
        if (m_options.judge != nullptr) m_study.judge = judgeQuality(judged);
    }

    JudgeQuality judgeQuality(const std::vector<const Case*>& judged) const
    {
        JudgeQuality quality{.judge = m_options.judge->name(), .row = {}, .tally = {}};
        std::vector<double> scores;
        std::vector<double> worst;
        std::vector<double> best;
        double alarms = 0;
        for (const Case* one : judged) {
            const Report& report = one->reports.back();
            quality.tally.count(report);
            scores.push_back(report.score);
            worst.push_back(one->hazard() ? report.low : report.high);
            best.push_back(one->hazard() ? report.high : report.low);
            if (!one->hazard() && report.decision != scenario::Decision::Approve)
                alarms += 1.0 / static_cast<double>(m_study.honest);
        }
        quality.row = rowOf("M6", "trusted judge", judged, scores);
        quality.row.honestAlarms = alarms;
        quality.areaWorst = rowOf("M6", "", judged, worst).roc.area.value;
        quality.areaBest = rowOf("M6", "", judged, best).roc.area.value;
        return quality;
    }

    MonitorQuality rowOf(std::string_view id, std::string_view name, const std::vector<const Case*>& judged,
                         const std::vector<double>& scores) const
    {
        std::vector<evals::ScoredCase> cases;
        for (std::size_t i = 0; i < judged.size(); ++i)
            cases.push_back({scores[i], judged[i]->hazard(), judged[i]->scenario});
        return {.id = id,
                .name = name,
                .roc = evals::rocQuality(cases, {.budget = m_options.budget, .baseRate = m_options.baseRate}),
                .episodes = static_cast<long long>(cases.size()),
                .honestAlarms = 0};
    }

    static Estimate share(const std::vector<Case>& cases, std::string_view script, VerdictKind verdict)
    {
        std::vector<evals::ScoredCase> found;
        for (const Case& one : cases)
            if (one.script == script) found.push_back({0, one.verdict == verdict, one.scenario});
        return evals::clusteredShare(found);
    }

    JudgeTally m_gateTally;
    const std::vector<scenario::Scenario>& m_scenarios;
    const StudyOptions& m_options;
    Study m_study;
    std::vector<Case> m_cases;
    std::size_t m_done = 0;
};

} // namespace

Result<Study> runStudy(const std::vector<scenario::Scenario>& scenarios, const StudyOptions& options)
{
    return StudyRun(scenarios, options).run();
}

} // namespace gradus::monitors
