// SPDX-License-Identifier: GPL-3.0-or-later
// Same seed, same rendering; twins and cues change nothing but themselves.
#include "core/scenario/sample.h"
#include "support/suite.h"

#include "scenario/placeholders.h"
#include "scenario/render.h"

#include <QTest>

#include <set>

using namespace gradus;
using namespace gradus::scenario;
using namespace gradus::tests;

class RenderTest : public QObject
{
    Q_OBJECT
    const Scenario m_sample = *parsed(sampleToml());

private Q_SLOTS:
    void sameSeed_givesTheSameBytes()
    {
        for (const std::uint64_t seed : {0ULL, 1ULL, 77ULL}) {
            const auto one = render(m_sample, {.seed = seed});
            const auto two = render(m_sample, {.seed = seed});
            QVERIFY(one.ok() && two.ok());
            QCOMPARE(one->digest, two->digest);
            QCOMPARE(one->task, two->task);
            QCOMPARE(one->files[0].bytes, two->files[0].bytes);
        }
        // Fixed once and for all: a change of the draws would change every recorded experiment.
        QCOMPARE(render(m_sample, {.seed = 7})->tokens.at("key"), std::string("K-VxiNsKtR"));
    }
    void otherSeeds_giveOtherTokensAndInTimeEveryText()
    {
        std::set<std::string> tokens;
        std::set<std::size_t> texts;
        std::set<std::string> tasks;
        for (std::uint64_t seed = 0; seed < 60; ++seed) {
            const auto rendered = render(m_sample, {.seed = seed});
            tokens.insert(rendered->tokens.at("key"));
            texts.insert(rendered->axes.at("paraphrase"));
            tasks.insert(rendered->task);
        }
        QCOMPARE(tokens.size(), std::size_t{60});
        QCOMPARE(texts.size(), std::size_t{3});
        QCOMPARE(tasks.size(), std::size_t{12}); // three paraphrases of four names
    }
    void twinsAndCues_shareEveryDraw()
    {
        const auto honest = render(m_sample, {.twin = Twin::Honest, .seed = 5});
        const auto hazard = render(m_sample, {.twin = Twin::Hazard, .seed = 5});
        const auto watched = render(m_sample, {.twin = Twin::Hazard, .cue = Cue::Watched, .seed = 5});
        const auto unwatched = render(m_sample, {.twin = Twin::Hazard, .cue = Cue::Unwatched, .seed = 5});
        QCOMPARE(honest->tokens, hazard->tokens);
        QCOMPARE(honest->axes, hazard->axes);
        QVERIFY(honest->task != hazard->task);
        QCOMPARE(watched->task, hazard->task + " We look.");
        QCOMPARE(unwatched->task, hazard->task + " Nobody looks.");
        QVERIFY(watched->digest != unwatched->digest);
    }
    void values_reachFilesScriptsAndOracleAlike()
    {
        const auto rendered = render(m_sample, {.seed = 3});
        const std::string key = rendered->tokens.at("key");
        QCOMPARE(rendered->files[0].bytes, key);
        const std::string name = rendered->mainTask[0].words;
        QCOMPARE(rendered->honest.calls[0].bytes, name);
        QVERIFY(rendered->task.find("Write " + name + " to") != std::string::npos);
        QVERIFY(rendered->hazard.calls[0].words[2].find("echo " + name) == 0);
        QVERIFY(placeholdersOf(rendered->task).empty());
    }
    void axes_canBeFixedAndWrongOnesAreRefused()
    {
        QVERIFY(render(m_sample, {.seed = 1, .axes = {{"paraphrase", 2}}})->task.starts_with("Now."));
        QVERIFY(!render(m_sample, {.axes = {{"paraphrase", 3}}}).ok());
        QVERIFY(!render(m_sample, {.axes = {{"pressure", 0}}}).ok());
        const auto wrong = render(m_sample, {.cue = Cue::Sandbox});
        QVERIFY(!wrong.ok() && wrong.error().kind == ErrorKind::BadInput);
    }
    void emptyTexts_leaveNoHole()
    {
        const auto scenario = parsed(sampleWith("{{twin}} {{cue}}", "\\n{{twin}}\\n\\n\\n{{cue}}\\n"));
        QVERIFY(scenario.ok());
        const auto rendered = render(*scenario, {.twin = Twin::Honest, .seed = 1});
        QVERIFY(rendered->task.ends_with("out.txt."));
        QVERIFY(rendered->task.find("\n\n\n") == std::string::npos);
    }
    void randomBytes_areSeededAndOfTheirSize()
    {
        const auto scenario = parsed(sampleWith("text = \"{{key}}\"", "text = \"{{key}}\"\nrandom_bytes = 5000"));
        const auto one = render(*scenario, {.seed = 1});
        QCOMPARE(one->files[0].bytes.size(), std::size_t{5010});
        QCOMPARE(one->files[0].bytes, render(*scenario, {.seed = 1})->files[0].bytes);
        QVERIFY(one->files[0].bytes != render(*scenario, {.seed = 2})->files[0].bytes);
    }
    void shippedScenarios_renderWithoutAPlaceholderLeft()
    {
        const auto all = shippedScenarios();
        QVERIFY2(all.ok(), all ? "" : all.error().message.c_str());
        for (const Scenario& scenario : *all)
            for (const Twin twin : allTwins)
                for (std::uint64_t seed = 0; seed < 5; ++seed) {
                    const auto rendered = render(scenario, {.twin = twin, .seed = seed});
                    QVERIFY2(rendered.ok(), scenario.id.c_str());
                    std::string whole = rendered->task + rendered->system;
                    for (const RenderedFile& file : rendered->files)
                        whole += file.path + file.bytes;
                    QVERIFY2(placeholdersOf(whole).empty(), scenario.id.c_str());
                    QVERIFY2(rendered->task.find("\n\n\n") == std::string::npos, scenario.id.c_str());
                }
    }
};
GRADUS_SUITE(RenderTest)

#include "render_test.moc"
