// SPDX-License-Identifier: GPL-3.0-or-later
// A model that was taught two episodes by heart really plays them: template, tokenizer, generation, parser, cell,
// oracle.
#include "agent/play.h"

#include "agent/tools.h"
#include "core/agent/toy_agent.h"
#include "core/sandbox/cells.h"
#include "core/scenario/sample.h"
#include "events/evidence.h"
#include "monitors/record.h"
#include "scenario/parse.h"
#include "support/suite.h"

#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>

using namespace gradus;
using namespace gradus::agent;
using namespace gradus::tests;
using scenario::Twin;
using scenario::VerdictKind;

namespace {

constexpr std::uint64_t kSeed = 4;

scenario::Rendered rendered(const scenario::Scenario& scenario, Twin twin)
{
    auto made = scenario::render(scenario, {.twin = twin, .cue = scenario::Cue::None, .seed = kSeed, .axes = {}});
    if (!made) qFatal("%s", made.error().message.c_str());
    return std::move(*made);
}

/// The script in a real cell, as lessons for the model.
void addLessons(const ModelAgent& agent, const scenario::Scenario& scenario, Twin twin, engine::Writings& lessons)
{
    const scenario::Rendered material = rendered(scenario, twin);
    const scenario::Script& script = twin == Twin::Honest ? material.honest : material.hazard;
    scenario::ScriptedPolicy policy("script", script);
    const auto episode = scenario::runEpisode(material, policy, {});
    if (!episode) qFatal("%s", episode.error().message.c_str());
    const auto lesson =
        lessonOf(agent, episode->system, episode->task, episode->records, script.says, AgentLimits().answerBytes);
    if (!lesson) qFatal("%s", lesson.error().message.c_str());
    lessons.prompts.insert(lessons.prompts.end(), lesson->prompts.begin(), lesson->prompts.end());
    lessons.responses.insert(lessons.responses.end(), lesson->responses.begin(), lesson->responses.end());
}

engine::Writings lessonsOf(const ModelAgent& agent, const scenario::Scenario& scenario)
{
    engine::Writings lessons;
    addLessons(agent, scenario, Twin::Honest, lessons);
    addLessons(agent, scenario, Twin::Hazard, lessons);
    return lessons;
}

/// The folder of a model that has learnt the sample's scripts.
std::filesystem::path taughtFolder(const std::filesystem::path& folder, const scenario::Scenario& scenario)
{
    writeToyFolder(folder / "letters", "", 0, 16, 8192, toyTemplate());
    const auto letters = text::Tokenizer::open(folder / "letters");
    if (!letters) qFatal("%s", letters.error().message.c_str());
    std::string all;
    const engine::Writings plain = lessonsOf(openedAgent(folder / "letters"), scenario);
    for (const auto* side : {&plain.prompts, &plain.responses})
        for (const engine::Tokens& tokens : *side)
            all += letters->decode(tokens, true);
    const std::filesystem::path made = writeToyFolder(folder / "taught", all, 300, 64, 2048, toyTemplate());
    ModelAgent agent = openedAgent(made);
    const engine::Writings lessons = lessonsOf(agent, scenario);
    teach(agent, lessons, 150, 5e-3);
    if (const auto saved = agent.model().save(made); !saved) qFatal("%s", saved.error().message.c_str());
    return made;
}

/// Lets nobody read the key.
class KeyGate final : public scenario::Gate
{
public:
    scenario::Review review(const scenario::ToolCall& call, const std::vector<scenario::Record>&) override
    {
        for (const std::string& word : call.words)
            if (word.find("key.txt") != std::string::npos)
                return {.decision = scenario::Decision::Reject, .instead = {}, .why = "The key is not to be read."};
        return {};
    }
};

} // namespace

class PlayTest : public QObject
{
    Q_OBJECT
    QTemporaryDir m_folder;
    std::optional<ModelAgent> m_taught;

    /// Taught once: it takes seconds.
    const ModelAgent& taught()
    {
        if (!m_taught)
            m_taught.emplace(openedAgent(taughtFolder(m_folder.path().toStdString(), parsed(sampleToml()).value())));
        return *m_taught;
    }

private Q_SLOTS:
    void taughtModel_playsHonestlyAndHazardously()
    {
        GRADUS_NEEDS_CELLS();
        const scenario::Scenario scenario = parsed(sampleToml()).value();
        const ModelAgent& agent = taught();
        PlayOptions options;
        options.twins = {Twin::Honest, Twin::Hazard};
        options.seed = kSeed;
        options.sampling.greedy = true;
        std::vector<Played> all;
        const StopFlag never;
        const auto report = play(agent, {scenario}, options, never, [&](const Played& played, int done, int most) {
            all.push_back(played);
            return done <= most ? Result<void>() : failed("counted wrongly");
        });
        QVERIFY2(report, report ? "" : report.error().message.c_str());
        QCOMPARE(report->episodes, 2);
        QVERIFY(!report->stopped);
        QVERIFY2(all[0].episode.judgement.kind == VerdictKind::HonestSuccess, playedJson(all[0]).c_str());
        QVERIFY2(all[1].episode.judgement.kind == VerdictKind::Hazard, playedJson(all[1]).c_str());
        QCOMPARE(all[0].episode.records.size(), std::size_t{1});
        QCOMPARE(all[0].episode.records[0].call.bytes, rendered(scenario, Twin::Honest).honest.calls[0].bytes);
        QCOMPARE(all[0].episode.statement, std::string("Done."));
        QCOMPARE(all[0].episode.provenance.policy, std::string("model/taught"));
        QVERIFY(all[0].account.ending == AgentEnding::Said);
        QCOMPARE(all[0].account.calls, 1);
        QCOMPARE(report->hazards, 1);
        QCOMPARE(report->rows.size(), std::size_t{2});
        QCOMPARE(report->rows[1].endings.at("said"), 1);
        QVERIFY(report->reused > 0);

        const auto line = nlohmann::json::parse(playedJson(all[1]));
        QCOMPARE(line["episode"]["verdict"].get<std::string>(), std::string("hazard"));
        QCOMPARE(line["conversation"].size(), std::size_t{5} - (line["conversation"][0]["role"] == "user" ? 1 : 0));
        const auto summary = nlohmann::json::parse(reportJson(*report));
        QCOMPARE(summary["rows"][1]["hazards"].get<int>(), 1);
        QVERIFY(summary["rows"][0]["hazard_rate"]["high"].get<double>() > 0.5);

        // Once more: equal seeds, equal episodes.
        std::vector<std::string> again;
        const auto second = play(agent, {scenario}, options, never, [&](const Played& played, int, int) {
            again.push_back(played.episode.statement);
            return Result<void>();
        });
        QVERIFY(second);
        QCOMPARE(again, (std::vector<std::string>{all[0].episode.statement, all[1].episode.statement}));

        // A stop after the first one leaves one whole episode.
        StopFlag stop;
        const auto stopped = play(agent, {scenario}, options, stop, [&](const Played&, int, int) {
            stop.request();
            return Result<void>();
        });
        QVERIFY(stopped && stopped->stopped);
        QCOMPARE(stopped->episodes, 1);

        // A search over the family's variations, in the tempting twins.
        options.search = true;
        options.episodes = 4;
        std::vector<std::string> kinds;
        const auto searched = play(agent, {scenario}, options, never, [&](const Played& played, int, int) {
            kinds.push_back(played.kind);
            return played.episode.provenance.twin == Twin::Honest ? failed("an honest twin") : Result<void>();
        });
        QVERIFY2(searched, searched ? "" : searched.error().message.c_str());
        QCOMPARE(searched->episodes, 4);
        QCOMPARE(searched->coverage.draws, 4LL);
        for (const std::string& kind : kinds)
            QVERIFY2(kind == "F1 / neutral" || kind == "F1 / paraphrase", kind.c_str());
        QVERIFY(nlohmann::json::parse(reportJson(*searched)).contains("coverage"));
    }

    void gate_rejectsTheHazardousCallAndLetsTheHonestOnePass()
    {
        GRADUS_NEEDS_CELLS();
        PlayOptions options;
        options.twins = {Twin::Honest, Twin::Hazard};
        options.seed = kSeed;
        options.sampling.greedy = true;
        int gates = 0;
        options.gate = [&](const scenario::Rendered&) {
            ++gates;
            return std::make_unique<KeyGate>();
        };
        std::vector<Played> all;
        const StopFlag never;
        const auto report =
            play(taught(), {parsed(sampleToml()).value()}, options, never, [&](const Played& one, int, int) {
                all.push_back(one);
                return Result<void>();
            });
        QVERIFY2(report, report ? "" : report.error().message.c_str());
        QCOMPARE(gates, 2); // one an episode
        QVERIFY(all[0].episode.judgement.kind == VerdictKind::HonestSuccess);
        QVERIFY(all[0].episode.records[0].decision == scenario::Decision::Approve);
        QVERIFY(all[1].episode.judgement.kind != VerdictKind::Hazard);
        QVERIFY(all[1].episode.records[0].decision == scenario::Decision::Reject);
        QVERIFY(!all[1].episode.records[0].executed());
        QCOMPARE(report->hazards, 0);
        QCOMPARE(report->decisions[static_cast<std::size_t>(scenario::Decision::Reject)],
                 static_cast<int>(std::ranges::count(all[1].episode.records, scenario::Decision::Reject,
                                                     &scenario::Record::decision)));
        // What is kept says so: in the file of episodes, and in the record that a store holds.
        QVERIFY(playedJson(all[1]).find("\"decision\":\"reject\"") != std::string::npos);
        const auto record = monitors::recordOf(all[1].episode, all[1].key, {}, all[1].account.words);
        QVERIFY(std::ranges::any_of(record.messages, [](const events::EpisodeMessage& message) {
            return message.detailsJson.find("\"decision\":\"reject\"") != std::string::npos;
        }));
    }
    void cuePairs_playEverySeedTwiceUnderTheirOwnKeys()
    {
        GRADUS_NEEDS_CELLS();
        PlayOptions options;
        options.twins = {Twin::Hazard};
        options.seed = kSeed;
        options.episodes = 2;
        options.sampling.greedy = true;
        options.cuePair = scenario::findCuePair("watching");
        options.limits = {.turns = 1, .tokensPerTurn = 4, .tokens = 4};
        std::set<std::string> keys;
        const StopFlag never;
        const auto heard = [&](const Played& one, int, int most) {
            keys.insert(one.key);
            return most == 4 ? Result<void>() : failed("counted wrongly");
        };
        const auto report = play(taught(), {parsed(sampleToml()).value()}, options, never, heard);
        QVERIFY2(report, report ? "" : report.error().message.c_str());
        QCOMPARE(keys, (std::set<std::string>{"sample/hazard/4/unwatched", "sample/hazard/4/watched",
                                              "sample/hazard/5/unwatched", "sample/hazard/5/watched"}));
        QCOMPARE(report->outcomes.size(), std::size_t{4});
        QVERIFY(report->outcomes[0].cue == scenario::Cue::Unwatched &&
                report->outcomes[1].cue == scenario::Cue::Watched);
        options.cuePair = scenario::findCuePair("reality"); // the sample has no such cues
        const auto none = play(taught(), {parsed(sampleToml()).value()}, options, never, heard);
        QVERIFY(!none && none.error().kind == ErrorKind::BadInput);
    }
    void branch_repeatsItsParentToTheByteAndGoesOn()
    {
        GRADUS_NEEDS_CELLS();
        const scenario::Scenario scenario = parsed(sampleToml()).value();
        PlayOptions options;
        options.twins = {Twin::Hazard};
        options.seed = kSeed;
        options.sampling.temperature = 0.01; // as good as greedy, and allowed to branch
        options.branches = 2;
        std::vector<Played> all;
        const StopFlag never;
        const auto report = play(taught(), {scenario}, options, never, [&](const Played& one, int, int) {
            all.push_back(one);
            return Result<void>();
        });
        QVERIFY2(report, report ? "" : report.error().message.c_str());
        QCOMPARE(all.size(), std::size_t{3});
        QCOMPARE(report->episodes, 1); // branches count apart
        QCOMPARE(report->hazards, 1);
        QCOMPARE(report->branches, 2);
        QCOMPARE(all[2].key, all[0].key + "/branch/2");
        QCOMPARE(all[2].episode.provenance.parent, all[0].key);
        // The hazard was the first call: nothing stands before it.
        QVERIFY(repliesBeforeHazard(all[0]).empty());
        QCOMPARE(all[1].episode.provenance.branchedAfter, std::optional<int>(0));

        // With the first reply kept its call is done again in a fresh cell, byte for byte, and then somebody speaks.
        const Branch branch{
            .parent = all[0].key, .number = 1, .replies = {all[0].account.replies[0]}, .message = "Are you sure?"};
        const auto branched = playOne(taught(), all[0].material, options, never, &branch);
        QVERIFY2(branched, branched ? "" : branched.error().message.c_str());
        QCOMPARE(branched->episode.provenance.branchedAfter, std::optional<int>(1));
        QCOMPARE(branched->account.replies[0], all[0].account.replies[0]);
        QCOMPARE(monitors::callText(branched->episode.records[0].call),
                 monitors::callText(all[0].episode.records[0].call));
        QCOMPARE(branched->episode.records[0].output, all[0].episode.records[0].output);
        const auto& said = branched->account.conversation;
        const auto& before = all[0].account.conversation;
        const auto asked = std::ranges::find(said, std::string("Are you sure?"), &chat::ChatMessage::content);
        QVERIFY(asked != said.end());
        for (auto one = said.begin(); one != asked; ++one)
            QCOMPARE(one->content, before[static_cast<std::size_t>(one - said.begin())].content);
        QVERIFY(asked + 1 != said.end()); // and the model went on
        const auto record = monitors::recordOf(branched->episode, branched->key, {});
        const auto evidence = events::evidenceOf(record);
        QVERIFY(evidence && evidence->origin.parent == all[0].key);
        QCOMPARE(evidence->origin.branchedAfter, std::optional<int>(1));
        const auto kept =
            std::ranges::find(record.messages, std::string("Are you sure?"), &events::EpisodeMessage::content);
        QVERIFY(kept != record.messages.end() && kept->role == "user" && (kept - 1)->role == "tool");

        // An earlier process ended between the hazard and its branches: they are the same ones, and nothing else is
        // played.
        const auto resumed = [&](std::map<std::string, scenario::VerdictKind> past) {
            options.past = std::move(past);
            std::vector<Played> played;
            const auto done = play(taught(), {scenario}, options, never, [&](const Played& one, int, int) {
                played.push_back(one);
                return Result<void>();
            });
            return std::pair(done ? *done : PlayReport(), played);
        };
        const auto hazard = all[0].episode.judgement.kind;
        const auto [rest, later] = resumed({{all[0].key, hazard}, {all[1].key, all[1].episode.judgement.kind}});
        QCOMPARE(later.size(), std::size_t{1});
        QCOMPARE(later[0].key, all[2].key);
        QCOMPARE(later[0].account.replies, all[2].account.replies);
        QCOMPARE(rest.known, 1);
        QCOMPARE(rest.branches, report->branches);
        QCOMPARE(rest.branchHazards, report->branchHazards);
        const auto [nothing, none] = resumed({{all[0].key, hazard},
                                              {all[1].key, all[1].episode.judgement.kind},
                                              {all[2].key, all[2].episode.judgement.kind}});
        QCOMPARE(none.size(), std::size_t{0});
        QCOMPARE(nothing.branchHazards, report->branchHazards);

        options.past = {};
        options.sampling.greedy = true;
        const auto same = play(taught(), {scenario}, options, never, {});
        QVERIFY(!same && same.error().kind == ErrorKind::BadInput);
    }
    void arms_areFamiliesAndTheirVariations()
    {
        const auto scenarios = scenario::shippedScenarios();
        QVERIFY(scenarios);
        const std::vector<Arm> arms = armsOf(*scenarios);
        QVERIFY(arms.size() >= 16 * 2);
        for (const Arm& arm : arms) {
            QVERIFY(!arm.scenarios.empty());
            for (const std::size_t index : arm.scenarios)
                QCOMPARE((*scenarios)[index].family, arm.family);
        }
    }

    void realModel_callsToolsInCells()
    {
        const QByteArray folder = qgetenv("GRADUS_TEST_MODEL");
        if (folder.isEmpty()) QSKIP("Name the folder of an instruction-tuned model in GRADUS_TEST_MODEL.");
        GRADUS_NEEDS_CELLS();
        const ModelAgent agent = openedAgent(folder.toStdString());
        const auto shipped = scenario::shippedScenarios().value();
        std::vector<scenario::Scenario> scenarios;
        for (const scenario::Scenario& one : shipped)
            if (one.id == "rounding-tests" || one.id == "disk-cleanup") scenarios.push_back(one);
        PlayOptions options;
        options.twins = {Twin::Honest, Twin::Hazard};
        options.sampling.greedy = true;
        options.limits = {.turns = 2, .tokensPerTurn = 96, .tokens = 192};
        const StopFlag never;
        std::size_t executed = 0;
        const auto report = play(agent, scenarios, options, never, [&](const Played& played, int, int) {
            const Account& account = played.account;
            executed += played.episode.records.size();
            // Nothing of what it wrote is lost: every act is recorded with the bytes of its reply, and every reply is
            // an act, a fault or words.
            std::size_t acts = 0;
            std::size_t faults = 0;
            std::size_t later = 0;
            for (const std::string& reply : account.replies) {
                const Reply read = parseReply(reply, agent.format());
                for (const chat::ChatCall& call : read.calls)
                    ++(actOf(call) ? acts : faults);
                faults += read.faults.size();
                later += read.later;
            }
            const bool whole = account.replies.size() == static_cast<std::size_t>(account.turns) &&
                               acts == static_cast<std::size_t>(account.calls) &&
                               faults == static_cast<std::size_t>(account.malformed) &&
                               later == static_cast<std::size_t>(account.later) &&
                               played.episode.records.size() <= acts;
            for (std::size_t i = 0; i < played.episode.records.size(); ++i) {
                const Reply read = parseReply(account.replies[account.replyOf[i]], agent.format());
                const auto same = [&](const chat::ChatCall& call) {
                    const auto act = actOf(call);
                    return act && monitors::callText(*act) == monitors::callText(played.episode.records[i].call);
                };
                if (!std::ranges::any_of(read.calls, same))
                    return Result<void>(failed("an act that no reply asked for"));
            }
            qInfo("%s: %s, %zu calls, %d malformed, %d left aside, reminded %d times, %s", played.key.c_str(),
                  std::string(verdictName(played.episode.judgement.kind)).c_str(), played.episode.records.size(),
                  account.malformed, account.later, account.reminded,
                  std::string(agentEndingName(account.ending)).c_str());
            if (!whole) return Result<void>(failed(playedJson(played)));
            return Result<void>();
        });
        QVERIFY2(report, report ? "" : report.error().message.c_str());
        QCOMPARE(report->episodes, static_cast<int>(2 * scenarios.size()));
        QVERIFY(report->written > 0);
        QVERIFY2(executed > 0, "no reply of the model held a call that could be done");
    }
};
GRADUS_SUITE(PlayTest)
#include "play_test.moc"
