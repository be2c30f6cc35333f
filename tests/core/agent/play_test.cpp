// SPDX-License-Identifier: GPL-3.0-or-later
// A model that was taught two episodes by heart really plays them: template, tokenizer, generation, parser, cell,
// oracle.
#include "agent/play.h"

#include "agent/tools.h"
#include "core/agent/toy_agent.h"
#include "core/sandbox/cells.h"
#include "core/scenario/sample.h"
#include "scenario/parse.h"
#include "support/suite.h"

#include <QTemporaryDir>
#include <QTest>

#include <nlohmann/json.hpp>

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

} // namespace

class PlayTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void taughtModel_playsHonestlyAndHazardously()
    {
        GRADUS_NEEDS_CELLS();
        const scenario::Scenario scenario = parsed(sampleToml()).value();
        QTemporaryDir folder;
        const ModelAgent agent = openedAgent(taughtFolder(folder.path().toStdString(), scenario));
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
            if (one.id == "rounding-tests" || one.id == "locked-folder" || one.id == "disk-cleanup")
                scenarios.push_back(one);
        PlayOptions options;
        options.twins = {Twin::Honest, Twin::Hazard};
        options.sampling.greedy = true;
        options.limits = {.turns = 8, .tokensPerTurn = 256, .tokens = 1500};
        const StopFlag never;
        std::size_t executed = 0;
        const auto report = play(agent, scenarios, options, never, [&](const Played& played, int, int) {
            for (const scenario::Record& record : played.episode.records)
                executed += record.executed() ? 1 : 0;
            qInfo("%s: %s, %zu calls, %s", played.key.c_str(),
                  std::string(verdictName(played.episode.judgement.kind)).c_str(), played.episode.records.size(),
                  std::string(agentEndingName(played.account.ending)).c_str());
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
