// SPDX-License-Identifier: GPL-3.0-or-later
#include "spec/drawn.h"

#include "base/rng.h"
#include "support/suite.h"

#include <QTest>

#include <cmath>

using namespace gradus;
using namespace gradus::spec;

namespace {

const std::string kFalling = "[ladder]\ngenerations = 5\n"
                             "[training]\n"
                             "epochs = { keys = [[0, 2], [1, 5]], interpolation = \"linear\" } # more and more\n"
                             "learning_rate = { keys = [[0.0, 0.01], [1.0, 0.001]], interpolation = \"linear\" }\n";

Experiment parsed(const std::string& toml)
{
    auto experiment = parseExperiment(toml, "e.toml");
    if (!experiment) throw std::runtime_error(experiment.error().message);
    return *experiment;
}

std::string refusal(const std::string& toml)
{
    const auto experiment = parseExperiment(toml, "e.toml");
    return experiment ? "" : experiment.error().message;
}

} // namespace

class DrawnTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void drawnNumbers_haveOneValueAGeneration()
    {
        const Experiment run = parsed(kFalling);
        QCOMPARE(run.drawn.size(), std::size_t{2});
        QCOMPARE(run.training.epochs, 2); // where its curve begins
        const int epochs[] = {2, 2, 3, 4, 5};
        for (int generation = 1; generation <= 5; ++generation) {
            const Experiment at = atGeneration(run, generation);
            QVERIFY(at.drawn.empty());
            QCOMPARE(at.training.epochs, epochs[generation - 1]);
            const double place = weightPlace(std::max(2, generation), 5);
            QCOMPARE(at.training.learningRate, schedule::Evaluator(*drawnCurve(run, "training.learning_rate"))(place));
        }
        QCOMPARE(atGeneration(run, 1).training.learningRate, 0.01);
        QCOMPARE(atGeneration(run, 5).training.learningRate, 0.001);
    }
    void canonicalText_holdsTheCurvesAndReadsBackToItself()
    {
        const Experiment run = parsed(kFalling);
        const std::string text = canonicalToml(run);
        QVERIFY(text.find("learning_rate = { keys = [[0.0, 0.01], [1.0, 0.001]]") != std::string::npos);
        QCOMPARE(canonicalToml(parsed(text)), text);
        QVERIFY(hashOf(run) != hashOf(atGeneration(run, 1)));
    }
    void aNumberGivenOnce_hasTheTextThatItAlwaysHad()
    {
        const Experiment plain = parsed("[training]\nlearning_rate = 0.01\n");
        QCOMPARE(canonicalToml(parsed("[training]\nlearning_rate = { keys = [[0.5, 0.01]] }\n")), canonicalToml(plain));
        QVERIFY(plain.drawn.empty());
    }
    void anOverride_drawsAndGivesOnce()
    {
        const std::string curve = "{ keys = [[0, 3], [1, 1]] }";
        const auto drawn = withOverride("[ladder]\ngenerations = 4\n", "training.epochs=" + curve);
        QVERIFY2(drawn.ok(), drawn ? "" : drawn.error().message.c_str());
        QCOMPARE(parsed(*drawn).drawn.size(), std::size_t{1});
        const auto once = withOverride(*drawn, "training.epochs=4");
        QVERIFY(once.ok() && parsed(*once).drawn.empty());
    }
    void aSweep_mayDrawInOneConditionAlone()
    {
        const auto runs = expand(parsed("[ladder]\ngenerations = 4\n[training]\nepochs = { keys = [[0, 3], [1, 1]] }\n"
                                        "[sweep]\n\"training.epochs\" = [2, { keys = [[0, 1], [1, 2]] }]\n"));
        QVERIFY2(runs.ok(), runs ? "" : runs.error().message.c_str());
        QCOMPARE(runs->size(), std::size_t{2});
        QVERIFY(runs->at(0).experiment.drawn.empty());
        QCOMPARE(runs->at(0).experiment.training.epochs, 2);
        QCOMPARE(atGeneration(runs->at(1).experiment, 4).training.epochs, 2);
    }
    void badCurves_areRefusedWithPlaceAndCure()
    {
        const std::string three = "[ladder]\ngenerations = 4\n[training]\n";
        QVERIFY(refusal(three + "learning_rate = { keys = [[0, 0.1], [1, 0]] }\n").find("e.toml:4:") == 0);
        QVERIFY(refusal(three + "learning_rate = { keys = [[0, 0.1], [1, 0]] }\n").find("has the value 0; use a") !=
                std::string::npos);
        QVERIFY(refusal(three + "labels = { keys = [[0, 100], [1, 200]] }\n").find("training.labels is a table") !=
                std::string::npos);
        QVERIFY(refusal("[ladder]\ngenerations = 2\n[training]\nepochs = { keys = [[0, 3], [1, 1]] }\n")
                    .find("nothing but the curve's beginning would be read; give one number, or three generations") !=
                std::string::npos);
        // Keys that hold together where the curve begins and not where it ends.
        const std::string late = refusal("[experiment]\nprocedure = \"debate\"\n[ladder]\ngenerations = 3\n"
                                         "[training]\nepochs = { keys = [[0, 3], [1, 1]] }\n");
        QVERIFY2(!late.empty(), late.c_str());
    }
    void decay_isANameOrACurve()
    {
        const Experiment named = parsed("[training]\ndecay = \"wsd\"\n");
        QCOMPARE(named.training.decay, std::string("wsd"));
        const Experiment drawn =
            parsed("[training]\ndecay = { keys = [[0, 1], [1, 0.1]], interpolation = \"linear\" }\n");
        QCOMPARE(drawn.training.decay, std::string(kDrawnDecay));
        QCOMPARE(drawn.training.decayCurve.keys.back().y, 0.1);
        QCOMPARE(canonicalToml(parsed(canonicalToml(drawn))), canonicalToml(drawn));
        QVERIFY(refusal("[training]\ndecay = \"drawn\"\n").find("\"wsd\", or a curve") != std::string::npos);
        QVERIFY(refusal("[training]\ndecay = { keys = [[0, 2]] }\n").find("has the value 2") != std::string::npos);
        const auto set = withOverride("", "training.decay={ keys = [[0, 1], [1, 0]] }");
        QVERIFY(set.ok() && parsed(*set).training.decay == kDrawnDecay);
        const auto word = withOverride("", "training.decay=linear");
        QVERIFY(word.ok() && parsed(*word).training.decay == "linear");
    }
    /// Whatever is drawn within a key's bounds, every generation's number lies within them and is the curve's.
    void anyCurveWithinTheBounds_staysWithinThem()
    {
        Rng rng(tests::propertySeed(), "drawn");
        for (const KeyInfo& key : knownKeys()) {
            if (!key.drawable) continue;
            for (int trial = 0; trial < 20; ++trial) {
                const int generations = 3 + static_cast<int>(rng.below(10));
                const double least = key.aboveLeast ? key.least + 1e-6 : key.least;
                schedule::Curve curve;
                for (const double x : {0.0, 0.3, 1.0})
                    curve.keys.push_back({.x = x, .y = least + rng.uniform() * (key.most - least)});
                const auto toml = withOverride("[ladder]\ngenerations = 1\n", key.dotted() + "=" + curveToml(curve));
                Experiment run;
                run.ladder.generations = generations;
                run.drawn = {{key.dotted(), curve}};
                QVERIFY(!toml.ok() || !parseExperiment(*toml, "e.toml").ok()); // one generation reads no curve
                for (int generation = 1; generation <= generations; ++generation) {
                    const double value = drawnValue(key, curve, generation, generations);
                    QVERIFY(value <= key.most && value >= key.least);
                    const double exact = schedule::Evaluator(curve)(weightPlace(std::max(generation, 2), generations));
                    QVERIFY(std::abs(value - exact) <= 0.5);
                    QCOMPARE(valueText(key, atGeneration(run, generation)), drawnToml(key, {{{.x = 0, .y = value}}}));
                }
            }
        }
    }
};

GRADUS_SUITE(DrawnTest)
#include "drawn_test.moc"
