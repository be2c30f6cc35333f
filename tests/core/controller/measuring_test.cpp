// SPDX-License-Identifier: GPL-3.0-or-later
// Controllers that measure: pi, bandit and the trust region, on histories written by hand.
#include "controller/gap_controller.h"
#include "support/suite.h"

#include <QTest>

#include <algorithm>
#include <cmath>

#include <nlohmann/json.hpp>

using namespace gradus;
using namespace gradus::controller;

namespace {

spec::Gap gapOf(const char* controller)
{
    spec::Gap gap;
    gap.controller = controller;
    gap.value = 0.5;
    return gap;
}

Estimate around(double value, double error, long long n = 200)
{
    return {.value = value, .low = value - 1.96 * error, .high = value + 1.96 * error, .n = n};
}

Attempt first(double utility, double noiseUpper)
{
    Attempt attempt;
    attempt.utility = around(utility, 0.03);
    attempt.noiseUpper = noiseUpper;
    return attempt;
}

Attempt later(int generation, int rung, double gap, double gain, double imitation)
{
    Attempt attempt = first(0.7, 0.35);
    attempt.generation = generation;
    attempt.rung = rung;
    attempt.gap = gap;
    attempt.gain = around(gain, 0.02);
    attempt.imitation = around(imitation, 0.05, 60);
    attempt.predicted = 0.05;
    return attempt;
}

Forecast promise(int rung, double gain, double lossOfFlips)
{
    return {.rung = rung,
            .utility = around(0.6 + gain, 0.03),
            .gain = around(gain, 0.02),
            .lossByFlips = {{0.0, 0.0}, {0.3, lossOfFlips}}};
}

GapState state(std::vector<Attempt> history)
{
    GapState state;
    state.generation = static_cast<int>(history.size());
    state.generations = 5;
    state.rung = history.back().rung;
    state.rungNames = {"a", "b", "c", "d", "e"};
    state.capacities = {3.0, 3.4, 4.0, 4.5, 5.0};
    state.history = std::move(history);
    return state;
}

} // namespace

class MeasuringTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void jump_goesToTheLastRung()
    {
        QCOMPARE(makeController(gapOf("jump"))->nextGap(state({first(0.6, 0.45)})).rung, 4);
    }
    void pi_followsTheImitationRate()
    {
        spec::Gap gap = gapOf("pi");
        gap.imitationTarget = 0.6;
        const auto controller = makeController(gap);
        QCOMPARE(controller->nextGap(state({first(0.6, 0.45)})).wanted, 0.5);
        // e = 0.6 - 0.7: log delta moves by k_p (e - 0) + k_i e = -0.2, and is clipped to the smallest step, 0.6.
        const Decision clipped = controller->nextGap(state({first(0.6, 0.45), later(2, 1, 0.4, 0.01, 0.7)}));
        QVERIFY(std::abs(clipped.wanted - 0.6) < 1e-12);
        gap.value = 1.2;
        const Decision free = makeController(gap)->nextGap(state({first(0.6, 0.45), later(2, 1, 0.4, 0.01, 0.7)}));
        QVERIFY(std::abs(free.wanted - 1.2 * std::exp(-0.2)) < 1e-12);
    }
    void pi_canBeComputedAgainFromItsEvent()
    {
        spec::Gap gap = gapOf("pi");
        gap.proportional = 0.7;
        gap.integral = 1.3;
        for (const double second : {0.35, 0.8}) {
            const Decision decision = makeController(gap)->nextGap(
                state({first(0.6, 0.45), later(2, 1, 0.4, 0.01, 0.7), later(3, 2, 0.6, 0.02, second)}));
            const auto terms = nlohmann::json::parse(decision.detailsJson);
            const double error = terms.at("imitation_target").get<double>() - terms.at("imitation").get<double>();
            QVERIFY(std::abs(error - terms.at("error").get<double>()) < 1e-12);
            const double step = terms.at("k_p").get<double>() * (error - terms.at("error_before").get<double>()) +
                                terms.at("k_i").get<double>() * error;
            const double wanted = std::clamp(terms.at("delta_before").get<double>() * std::exp(step),
                                             terms.at("least").get<double>(), terms.at("most").get<double>());
            QVERIFY(std::abs(wanted - decision.wanted) < 1e-12);
            QVERIFY(std::abs(terms.at("error_before").get<double>() + 0.1) < 1e-12); // 0.6 - 0.7, of the step before
        }
    }
    void bandit_canBeComputedAgainFromItsEvent()
    {
        for (std::uint64_t seed = 0; seed < 50; ++seed) {
            GapState known = state({first(0.6, 0.45), later(2, 1, 0.4, 0.05, 0.6)});
            known.seed = tests::propertySeed() + seed;
            const Decision decision = makeController(gapOf("bandit"))->nextGap(known);
            const auto terms = nlohmann::json::parse(decision.detailsJson);
            const auto weights = terms.at("weights").get<std::vector<double>>();
            const double noise = terms.at("noise").get<double>();
            double best = 0;
            double bestGain = 0;
            for (const auto& arm : terms.at("arms")) {
                const double delta = arm.at("delta").get<double>();
                const double gain = weights[0] + weights[1] * delta + weights[2] * delta * delta + weights[3] * noise +
                                    weights[4] * noise * delta;
                QVERIFY(std::abs(gain - arm.at("gain").get<double>()) < 1e-12);
                QCOMPARE(arm.at("safe").get<bool>(), delta <= terms.at("safe_up_to").get<double>());
                const bool isFirst = best == 0; // the smallest step may always be taken
                if (!isFirst && (!arm.at("safe").get<bool>() || gain <= bestGain)) continue;
                best = delta;
                bestGain = gain;
            }
            QVERIFY(std::abs(best - decision.wanted) < 1e-12);
        }
    }
    void bandit_beginsWithTheFilesGapAndStaysNearWhatHeld()
    {
        const auto controller = makeController(gapOf("bandit"));
        QCOMPARE(controller->nextGap(state({first(0.6, 0.45)})).wanted, 0.5);
        for (std::uint64_t seed = 0; seed < 200; ++seed) {
            GapState known = state({first(0.6, 0.45), later(2, 1, 0.4, 0.05, 0.6)});
            known.seed = tests::propertySeed() + seed;
            const Decision decision = controller->nextGap(known);
            QVERIFY(decision.taken <= 0.8 + 1e-12);
            QCOMPARE(decision.wanted, controller->nextGap(known).wanted);
        }
    }
    void adaptive_skipsARungThatPromisesNothing()
    {
        GapState known = state({first(0.6, 0.45)});
        known.forecasts = {promise(1, 0.0, 0.0), promise(2, 0.002, 0.0), promise(3, 0.05, 0.0), promise(4, 0.08, 0.0)};
        const Decision decision = makeController(gapOf("adaptive"))->nextGap(known);
        QCOMPARE(decision.rung, 3);
        QVERIFY(std::abs(*decision.predictedGain - 0.05) < 1e-9);
        QVERIFY(decision.sentence.find("salience floor 1.50") != std::string::npos);
    }
    void adaptive_takesASmallStepWhereItAlreadyGains()
    {
        GapState known = state({first(0.6, 0.45)});
        known.forecasts = {promise(1, 0.04, 0.0), promise(2, 0.05, 0.0), promise(3, 0.06, 0.0), promise(4, 0.08, 0.0)};
        QCOMPARE(makeController(gapOf("adaptive"))->nextGap(known).rung, 1);
    }
    void shrinkage_goesFromThePoolToTheDomainsOwn()
    {
        QCOMPARE(shrunkRegion({0.8, 3}, 0, 4), 0.8); // nobody else
        QVERIFY(std::abs(shrunkRegion({0.8, 0}, 0.2, 4) - 0.2) < 1e-12);
        QVERIFY(std::abs(shrunkRegion({0.8, 4}, 0.2, 4) - 0.4) < 1e-12); // half way in logarithms
        double before = 0.2;
        for (int steps = 1; steps < 200; steps *= 2) {
            const double now = shrunkRegion({0.8, steps}, 0.2, 4);
            QVERIFY(now > before && now < 0.8);
            before = now;
        }
        QVERIFY(before > 0.75);
    }
    void adaptive_beginsWhereOtherDomainsEndedAndSaysSo()
    {
        GapState known = state({first(0.6, 0.45)});
        known.forecasts = {promise(1, 0.04, 0.0), promise(2, 0.05, 0.0), promise(3, 0.06, 0.0), promise(4, 0.08, 0.0)};
        spec::Gap gap = gapOf("adaptive");
        QCOMPARE(makeController(gap)->nextGap(known).rung, 1);
        gap.pool = 1.5;
        const Decision drawn = makeController(gap)->nextGap(known);
        QCOMPARE(drawn.rung, 3);
        QVERIFY2(drawn.sentence.find("trust region is 1.50 (its own 0.50 after 0 steps, drawn to the 1.50 of other "
                                     "domains)") != std::string::npos,
                 drawn.sentence.c_str());
        for (const char* term : {"\"own_trust\":0.5", "\"own_steps\":0", "\"pool\":1.5", "\"pool_weight\":4.0"})
            QVERIFY2(drawn.detailsJson.find(term) != std::string::npos, drawn.detailsJson.c_str());
        // What the domain itself has seen counts the more, the more it has seen.
        known.history = {first(0.6, 0.45), later(2, 1, 0.4, -0.1, 0.5)};
        known.generation = 1;
        gap.poolWeight = 0.01;
        const double own = makeController(gap)->nextGap(known).wanted;
        gap.poolWeight = 1000;
        const double pooled = makeController(gap)->nextGap(known).wanted;
        QVERIFY(own < pooled);
        QVERIFY(std::abs(own - 0.4) < 0.01); // 0.2, half of the step that lost, raised to the salience floor
        QVERIFY(std::abs(pooled - 1.5) < 0.01);
    }
    void adaptive_isCappedByLabelNoiseAndNamesThePrice()
    {
        GapState known = state({first(0.7, 0.36)});
        // 0.3 wrong, up to 0.36: 15 % flips on top, half way to a loss of 0.2.
        known.forecasts = {promise(1, 0.0, 0.0), promise(2, 0.0, 0.0), promise(3, 0.05, 0.2), promise(4, 0.05, 0.2)};
        const Decision decision = makeController(gapOf("adaptive"))->nextGap(known);
        QVERIFY(!decision.rung);
        QVERIFY(decision.refused);
        QVERIFY2(decision.sentence.find("anchors instead of 200 would unlock it") != std::string::npos,
                 decision.sentence.c_str());
        known.history.front().noiseUpper = 0.305; // what so many anchors would have shown
        QCOMPARE(makeController(gapOf("adaptive"))->nextGap(known).rung, 3);
    }
    void adaptive_isCappedByThePoolsNoiseAndNotByItsPredecessors()
    {
        // Sources that know more than their predecessor: .26 of their labels may be wrong, .40 of its own are.
        GapState known = state({first(0.6, 0.26)});
        known.forecasts = {promise(1, 0.05, 0.01), promise(2, 0.05, 0.4), promise(3, 0.05, 0.6), promise(4, 0.05, 0.6)};
        const auto lossAtUpper = [](const Decision& decision, int rung) {
            const std::string from = "\"rung\":" + std::to_string(rung) + ",\"gap\"";
            const std::size_t at = decision.detailsJson.find("\"loss_at_upper\":", decision.detailsJson.find(from));
            return std::stod(decision.detailsJson.substr(at + 16));
        };
        // What it was before the pool said anything of itself: nothing but the bound.
        const Decision unknown = makeController(gapOf("adaptive"))->nextGap(known);
        QVERIFY2(unknown.sentence.find("noise cap 0.40") != std::string::npos, unknown.sentence.c_str());
        QVERIFY(lossAtUpper(unknown, 4) > 0.3);
        // The pool's own estimate: .20 wrong, so that .26 are ten flips in a hundred, a loss of a third of .6.
        known.history.front().noise = 0.2;
        const Decision pooled = makeController(gapOf("adaptive"))->nextGap(known);
        QVERIFY2(std::abs(lossAtUpper(pooled, 4) - 0.2) < 1e-9, pooled.detailsJson.c_str());
        QVERIFY(pooled.sentence.find("noise cap 0.40") != std::string::npos);
        QVERIFY(pooled.detailsJson.find("\"noise\":0.2,") != std::string::npos);
    }
    void bandit_takesNothingForSafeThatWasRejected()
    {
        Attempt rejected = later(2, 4, 2.0, 0.10, 0.5); // it gained, and an audit rolled it back
        rejected.accepted = false;
        rejected.noise = 0.9;
        const auto controller = makeController(gapOf("bandit"));
        for (std::uint64_t seed = 0; seed < 100; ++seed) {
            GapState known = state({first(0.6, 0.45), rejected});
            known.generation = 1;
            known.rung = 0;
            known.seed = tests::propertySeed() + seed;
            const Decision decision = controller->nextGap(known);
            QVERIFY(decision.detailsJson.find("\"safe_up_to\":0.5,\"noise\":0.4") != std::string::npos);
            QVERIFY(decision.rung && *decision.rung < 4);
        }
    }
    void retries_goBelowWhatFailedAndSaySo()
    {
        for (const char* name : {"fixed", "schedule", "jump", "pi", "bandit"}) {
            spec::Gap gap = gapOf(name);
            gap.value = 2.5;
            gap.curve = {{{.x = 0, .y = 2.5}, {.x = 1, .y = 2.5}}};
            Attempt failed = later(2, 2, 1.0, 0.05, 0.1); // little imitation: pi wants more
            failed.accepted = false;
            GapState known = state({first(0.6, 0.45), failed});
            known.generation = 1;
            known.rung = 0;
            const Decision decision = makeController(gap)->nextGap(known);
            QVERIFY2(decision.rung == 1, name);
            QVERIFY2(std::abs(decision.taken - 0.4) < 1e-12, name);
            QVERIFY2(decision.detailsJson.find("\"rung\":1,") != std::string::npos, decision.detailsJson.c_str());
            QVERIFY2(decision.detailsJson.find("\"rolled_back\":[2]") != std::string::npos, name);
            if (std::string(name) != "bandit") // which wants a smaller arm by itself
                QVERIFY2(decision.intermediate &&
                             decision.sentence.find("rung b is the largest below c, which failed its gate.") !=
                                 std::string::npos,
                         decision.sentence.c_str());
            // Nothing is left below the smallest step.
            known.history.back().rung = 1;
            const Decision none = makeController(gap)->nextGap(known);
            QVERIFY2(!none.rung && !none.refused && none.sentence.find("the ladder ends here") != std::string::npos,
                     none.sentence.c_str());
        }
    }
    void adaptive_triesWhatMayGainAndRefusesWhatDoesNot()
    {
        GapState known = state({first(0.6, 0.45)});
        known.forecasts = {promise(1, 0.0, 0.0), promise(2, 0.012, 0.0)};
        const Decision trial = makeController(gapOf("adaptive"))->nextGap(known);
        QCOMPARE(trial.rung, 2);
        QVERIFY(trial.sentence.find("tried") != std::string::npos);
        known.forecasts = {promise(1, 0.012, 0.9)};
        const Decision dear = makeController(gapOf("adaptive"))->nextGap(known);
        QVERIFY2(dear.refused && dear.sentence.find("would lose to labels wrong in up to 45 %") != std::string::npos,
                 dear.sentence.c_str());
        known.forecasts = {promise(1, -0.05, 0.0), promise(2, -0.04, 0.0)};
        const Decision refusal = makeController(gapOf("adaptive"))->nextGap(known);
        QVERIFY(refusal.refused);
        QVERIFY(refusal.sentence.starts_with("Growth is refused at rung a"));
    }
    void adaptive_retriesThroughARungBetween()
    {
        Attempt failed = later(2, 3, 1.5, -0.2, 0.7);
        failed.accepted = false;
        GapState known = state({first(0.6, 0.45), failed});
        known.generation = 1;
        known.rung = 0;
        known.forecasts = {promise(1, 0.03, 0.0), promise(2, 0.05, 0.0), promise(3, 0.06, 0.0), promise(4, 0.08, 0.0)};
        const Decision decision = makeController(gapOf("adaptive"))->nextGap(known);
        QVERIFY(decision.rung && *decision.rung < 3);
    }
    void gate_rollsBackBeyondTheIntervalOnly()
    {
        const auto controller = makeController(gapOf("adaptive"));
        QVERIFY(controller->judge(state({first(0.6, 0.45), later(2, 1, 0.4, -0.03, 0.7)})).accepted); // 1.5 errors
        const Judgement judged = controller->judge(state({first(0.6, 0.45), later(2, 1, 0.4, -0.05, 0.7)}));
        QVERIFY(!judged.accepted);
        QVERIFY(judged.sentence.find("rolled back") != std::string::npos);
        Attempt collapsed = later(2, 1, 0.4, 0.05, 0.7);
        collapsed.diversity = 0.4;
        QVERIFY(!controller->judge(state({first(0.6, 0.45), collapsed})).accepted);
        for (const char* other : {"fixed", "schedule", "jump", "pi", "bandit"})
            QVERIFY(makeController(gapOf(other))->judge(state({first(0.6, 0.45), collapsed})).accepted);
    }
    void gate_isThereForEveryControllerThatAsksForOne()
    {
        const GapState lost = state({first(0.6, 0.45), later(2, 3, 1.5, -0.05, 0.7)});
        const GapState within = state({first(0.6, 0.45), later(2, 3, 1.5, -0.03, 0.7)}); // 1.5 errors
        GapState unmeasured = lost;
        unmeasured.history.back().gain.reset();
        for (const char* name : {"fixed", "schedule", "jump", "pi", "bandit"}) {
            spec::Gap gap = gapOf(name);
            gap.gate = "anchors";
            const auto controller = makeController(gap);
            const Judgement judged = controller->judge(lost);
            QVERIFY2(!judged.accepted, name);
            QCOMPARE(judged.sentence, makeController(gapOf("adaptive"))->judge(lost).sentence); // one gate for all
            QVERIFY2(controller->judge(within).accepted && controller->judge(unmeasured).accepted, name);
            gap.rejectAt = 1;
            QVERIFY2(!makeController(gap)->judge(within).accepted, name);
        }
    }
    void gate_sendsARetryThroughARungBetweenUntilNoneIsLeft()
    {
        Attempt failed = later(2, 4, 2.0, -0.2, 0.7);
        failed.accepted = false;
        for (const char* name : {"fixed", "schedule", "jump", "pi", "bandit"}) {
            spec::Gap gap = gapOf(name);
            gap.gate = "anchors";
            gap.value = 2; // they would go to the top again
            gap.curve = {{{.x = 0.0, .y = 2.0}, {.x = 1.0, .y = 2.0}}};
            GapState known = state({first(0.6, 0.45), failed});
            known.generation = 1;
            known.rung = 0;
            const auto controller = makeController(gap);
            for (int rung = 4; rung > 0; --rung) { // every rung fails, one after the other
                const Decision retry = controller->nextGap(known);
                if (!retry.rung) break;
                QVERIFY2(*retry.rung < rung, name);
                rung = *retry.rung;
                Attempt again = later(2, rung, 1.0, -0.2, 0.7);
                again.accepted = false;
                known.history.push_back(again);
                ++rung;
            }
            const Decision last = controller->nextGap(known);
            QVERIFY2(!last.rung && last.sentence.find("failed its gate") != std::string::npos, last.sentence.c_str());
        }
    }
    void plans_areExactWhereNothingIsMeasured()
    {
        // The plan knows no history: where the answer changes with one, spec must say so.
        const GapState blank{
            .generation = 2, .generations = 5, .rung = 1, .rungNames = {}, .capacities = {3, 3.4, 4, 4.5, 5}};
        for (const char* name : {"fixed", "schedule", "jump", "pi", "bandit", "adaptive"}) {
            GapState known = state({first(0.6, 0.45), later(2, 1, 0.4, -0.3, 0.99)});
            known.forecasts = {promise(2, 0.0, 0.0), promise(3, 0.05, 0.0), promise(4, 0.08, 0.0)};
            const auto controller = makeController(gapOf(name));
            const bool changes = controller->nextGap(known).wanted != controller->nextGap(blank).wanted;
            QVERIFY2(changes == spec::measures(gapOf(name)), name);
        }
    }
};
GRADUS_SUITE(MeasuringTest)
#include "measuring_test.moc"
