// SPDX-License-Identifier: GPL-3.0-or-later
// Debates: debaters claim and quote by their own beliefs, and what the verdicts' figures say.
#include "evals/statistics.h"
#include "pipeline/debate.h"
#include "pipeline/debate_report.h"
#include "pipeline/debaters.h"
#include "pipeline/procedure.h"
#include "pipeline/writers.h"
#include "small_runs.h"
#include "support/suite.h"

#include <QTest>

#include <nlohmann/json.hpp>

#include <cmath>
#include <set>

using namespace gradus;
using namespace gradus::data;
using namespace gradus::pipeline;
using namespace gradus::tests;

namespace {

/// 3 +5=1 *4=4 max2=4 max6=6 *6=1 +1=2
const registers::Program kProgram{registers::kBegin, 3, registers::kAdd, 5, registers::kMultiply, 4,
                                  registers::kMax,   2, registers::kMax, 6, registers::kMultiply, 6,
                                  registers::kAdd,   1};

/// Sure of the true states, more so of the early ones.
Beliefs knowing()
{
    Beliefs beliefs{};
    const auto running = registers::states(kProgram);
    for (std::size_t i = 0; i < beliefs.size(); ++i) {
        beliefs[i].fill((0.02 + 0.01 * static_cast<double>(i)) / 6);
        beliefs[i][static_cast<std::size_t>(running[i])] = 0.98 - 0.01 * static_cast<double>(i);
    }
    return beliefs;
}

spec::RunSpec debateRun(const std::string& protocol)
{
    spec::RunSpec run;
    run.seed = 3;
    run.experiment.experiment.procedure = "debate";
    run.experiment.ladder.generations = 1;
    run.experiment.task.testItems = 200;
    run.experiment.training.labels = 256;
    run.experiment.training.epochs = 2;
    run.experiment.training.bodyScale = 1;
    run.experiment.debate.protocol = protocol;
    run.experiment.debate.judge = 1;
    run.experiment.debate.debater = 4;
    run.experiment.debate.opponent = 2;
    run.experiment.debate.transcripts = 5;
    return run;
}

Recorder ran(const spec::RunSpec& run)
{
    Bench bench(run);
    const auto done = runProcedure(bench.context, {});
    if (!done) qFatal("%s", done.error().message.c_str());
    return bench.recorder;
}

nlohmann::json figuresIn(const Recorder& recorder)
{
    for (const events::RunEvent& event : recorder.said)
        if (event.kind == kVerdictsEvent) return nlohmann::json::parse(event.detailsJson);
    return {};
}

/// A verdict on one question, all four ways of putting it.
std::vector<Asked> fourOf(const std::array<int, 4>& verdicts)
{
    std::vector<Asked> asked;
    for (std::size_t k = 0; k < 4; ++k)
        asked.push_back(
            {.firstHonest = k < 2, .turned = k % 2 == 1, .truth = static_cast<int>(k % 2), .verdict = verdicts[k]});
    return asked;
}

} // namespace

class DebateTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void strongerRungs_believeMoreOfTheTruth()
    {
        const spec::RunSpec run = debateRun("debate");
        const Bench bench(run);
        const auto programs = promptsOf(bench.context.task.test());
        double previous = 0;
        for (const int rung : {1, 3, 5}) {
            const auto beliefs = beliefsOf(bench.context, rung, programs).value();
            double mass = 0;
            for (std::size_t i = 0; i < programs.size(); ++i) {
                const auto end = static_cast<std::size_t>(registers::states(programs[i]).back());
                mass += beliefs[i].back()[end] / static_cast<double>(programs.size());
                double sum = 0;
                for (const double p : beliefs[i][2])
                    sum += p;
                QVERIFY(std::abs(sum - 1) < 1e-6);
            }
            QVERIFY2(mass > previous + 0.05, qPrintable(QString::number(mass)));
            previous = mass;
        }
    }
    void claims_followBeliefsAndEndAsAssigned()
    {
        Rng rng(1, "claims");
        const auto running = registers::states(kProgram);
        int believed = 0;
        for (int i = 0; i < 200; ++i) {
            const Claims claims = claimsFor(5, kProgram, knowing(), 0.4, rng);
            QCOMPARE(claims.front(), 3);
            QCOMPARE(claims.back(), 5);
            believed += std::equal(running.begin(), running.end() - 1, claims.begin() + 1) ? 1 : 0;
        }
        QVERIFY(believed > 190);
        std::set<std::int32_t> hot;
        for (int i = 0; i < 200; ++i)
            hot.insert(claimsFor(5, kProgram, knowing(), 50, rng)[1]);
        QCOMPARE(hot.size(), 7U);
    }
    void debater_putsForwardWhatItBelievesAndAvoidsWhatItDoesNot()
    {
        const Claims truth{3, 1, 4, 4, 6, 1, 2};
        Claims lie = truth;
        lie.back() = 5;
        // It believes its own end: the disputed last step goes first, then the surest.
        QCOMPARE(stepsToQuote(truth, lie, knowing(), 3), (std::vector<int>{6, 1, 2}));
        // It does not believe the end that it was assigned: that step comes last of all.
        QCOMPARE(stepsToQuote(lie, truth, knowing(), 3), (std::vector<int>{1, 2, 3}));
        QCOMPARE(stepsToQuote(lie, truth, knowing(), 6).back(), 6);
        QCOMPARE(stepsToQuote(lie, truth, knowing(), 6).size(), 6U);
    }
    void quotes_alternateAndCarryTheirOwnClaims()
    {
        const Argument first{.claims = {3, 1, 4, 4, 6, 1, 2}, .steps = {6, 1}};
        const Argument second{.claims = {3, 1, 4, 4, 6, 1, 5}, .steps = {1, 2}};
        const auto quotes = quotesOf({first, second});
        QCOMPARE(quotes, (std::vector<Quote>{{0, 6, 1, 2}, {1, 1, 3, 1}, {0, 1, 3, 1}, {1, 2, 1, 4}}));
        QCOMPARE(quotesOf({first, Argument{}}).size(), 2U);
    }
    void figures_areMeansOverItemsAndTellSidesFromOrder()
    {
        // Truth stands first in ways 0 and 2, second in 1 and 3.
        const DebateFigures right = figuresOf(fourOf({0, 1, 0, 1}));
        QCOMPARE(right.accuracy.value, 1.0);
        QCOMPARE(right.inconsistent.value, 0.0);
        QCOMPARE(right.swapBias.value, 0.0);
        const DebateFigures alwaysFirst = figuresOf(fourOf({0, 0, 0, 0}));
        QCOMPARE(alwaysFirst.accuracy.value, 0.5);
        QCOMPARE(alwaysFirst.inconsistent.value, 1.0);
        QCOMPARE(alwaysFirst.swapBias.value, 0.5);
        const DebateFigures trustsFirstDebater = figuresOf(fourOf({0, 1, 1, 0}));
        QCOMPARE(trustsFirstDebater.firstHonest.value, 1.0);
        QCOMPARE(trustsFirstDebater.firstLying.value, 0.0);
        QCOMPARE(trustsFirstDebater.inconsistent.value, 0.0);
        QCOMPARE(figuresOf({}).accuracy.n, 0);
    }
    void run_reportsEveryFigureForEveryProtocol()
    {
        for (const char* protocol : {"debate", "consultancy", "direct"}) {
            const Recorder recorder = ran(debateRun(protocol));
            const events::GenerationRecord& record = recorder.generations.back();
            QCOMPARE(record.rung, std::string("16,1"));
            QCOMPARE(*record.lastStep, 16);
            QCOMPARE(record.utility->n, 200);
            QVERIFY(record.ceiling->value > 0.75 && !record.checkpointHash.empty() && *record.flops > 0);
            const nlohmann::json figures = figuresIn(recorder);
            QCOMPARE(figures.at("chance").get<double>(), 0.5);
            QCOMPARE(figures.at("unparsed_verdicts").get<int>(), 0);
            for (const char* figure :
                 {"accuracy", "swap_bias", "inconsistent", "first_honest", "first_lying", "expert"})
                QVERIFY2(figures.at(figure).at("n") == 200, figure);
            const bool quotes = std::string(protocol) != "direct";
            QCOMPARE(figures.contains("verified_honest"), quotes);
            QCOMPARE(recorder.episodes.size(), quotes ? 10U : 0U);
            QVERIFY(recorder.progressed.back().fraction == 1);
            if (!quotes) continue;
            // Whoever has the truth shows a last step that holds; whoever lies seldom does.
            QVERIFY(figures.at("decisive_honest") > figures.at("decisive_lying").get<double>() + 0.2);
            for (const events::EpisodeRecord& episode : recorder.episodes) {
                QCOMPARE(episode.messages.size(), std::string(protocol) == "debate" ? 13U : 7U);
                QVERIFY(episode.verdict == "right" || episode.verdict == "wrong");
                QVERIFY(episode.note.find("The judge chose") == 0);
            }
        }
    }
    void runs_areBitEqualAndSeedsAreNot()
    {
        spec::RunSpec run = debateRun("debate");
        const Recorder first = ran(run);
        const Recorder again = ran(run);
        QCOMPARE(again.generations.back().checkpointHash, first.generations.back().checkpointHash);
        QCOMPARE(figuresIn(again).dump(), figuresIn(first).dump());
        run.seed = 4;
        QVERIFY(ran(run).generations.back().checkpointHash != first.generations.back().checkpointHash);
    }
    void judge_readsTheQuotes()
    {
        // Taught longer, a judge that is given a strong debater's quotes is well above the same judge without any.
        spec::RunSpec run = debateRun("debate");
        run.experiment.debate.debater = run.experiment.debate.opponent = 5;
        run.experiment.debate.judge = 2;
        run.experiment.training.labels = 2000;
        run.experiment.training.epochs = 6;
        run.experiment.training.learningRate = 3e-3;
        const double debated = figuresIn(ran(run)).at("accuracy").at("value");
        run.experiment.debate.protocol = "direct";
        const double alone = figuresIn(ran(run)).at("accuracy").at("value");
        QVERIFY2(debated > alone + 0.15, qPrintable(QString("%1 %2").arg(debated).arg(alone)));
    }
};
GRADUS_SUITE(DebateTest)

#include "debate_test.moc"
