// SPDX-License-Identifier: GPL-3.0-or-later
// The collapse detector on simulated generators whose true state is known, and on samples without an answer.
#include "signatures/mode_collapse.h"

#include "base/rng.h"

#include "support/suite.h"
#include "tally.h"

#include <QTest>

#include <cmath>
#include <limits>

using namespace gradus;
using namespace gradus::signatures;
using evals::Samples;
using evals::Tokens;
using gradus::tests::isHonestRefusal;
using gradus::tests::Tally;

namespace {

constexpr std::size_t kPrompts = 48;
constexpr std::size_t kSamples = 6;
constexpr std::size_t kLength = 30;
constexpr int kVocabulary = 300;

double between(Rng& rng, double low, double high)
{
    return low + (high - low) * rng.uniform();
}

/// Zipf-like tokens, 40 % of them from a topic of the prompt's own.
Tokens freeText(std::size_t prompt, Rng& rng)
{
    Tokens text;
    for (std::size_t i = 0; i < kLength; ++i) {
        const double u = rng.uniform();
        const bool topical = rng.uniform() < 0.4;
        text.push_back(topical ? kVocabulary + static_cast<int>(prompt) * 20 + static_cast<int>(20 * u * u)
                               : static_cast<int>(std::exp(u * std::log(kVocabulary))) - 1);
    }
    return text;
}

/// How the generator collapsed: the share of samples that are copies (one token in ten changed), and of what.
struct Habit
{
    double copiesOwn = 0;    ///< of one answer of the same prompt
    double copiesShared = 0; ///< of one answer for all prompts
    double loops = 0;        ///< share of samples whose second half repeats four tokens
};

Tokens edited(Tokens text, std::size_t prompt, Rng& rng)
{
    const Tokens other = freeText(prompt, rng);
    for (std::size_t i = 0; i < text.size(); ++i)
        if (rng.uniform() < 0.1) text[i] = other[i];
    return text;
}

std::vector<Samples> generate(const Habit& habit, Rng& rng)
{
    std::vector<Samples> prompts(kPrompts);
    const Tokens shared = freeText(0, rng);
    for (std::size_t prompt = 0; prompt < kPrompts; ++prompt) {
        const Tokens own = freeText(prompt, rng);
        for (std::size_t s = 0; s < kSamples; ++s) {
            const double u = rng.uniform();
            Tokens text = freeText(prompt, rng);
            if (u < habit.copiesShared)
                text = edited(shared, prompt, rng);
            else if (u < habit.copiesShared + habit.copiesOwn)
                text = edited(own, prompt, rng);
            if (rng.uniform() < habit.loops)
                for (std::size_t i = kLength / 2; i < kLength; ++i)
                    text[i] = text[i - 4];
            prompts[prompt].push_back(text);
        }
    }
    return prompts;
}

CollapseInput run(const Habit& habit, double entropyLeft, bool measured, Rng& rng)
{
    CollapseInput input;
    input.before = generate({}, rng);
    input.now = generate(habit, rng);
    for (std::size_t i = 0; measured && i < kPrompts; ++i) {
        const double entropy = between(rng, 2, 3);
        input.entropyBefore.push_back(entropy * between(rng, 0.9, 1.1));
        input.entropyNow.push_back(entropy * entropyLeft * between(rng, 0.9, 1.1));
    }
    return input;
}

} // namespace

class ModeCollapseTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void simulatedRuns_areToldApart()
    {
        const auto seed = gradus::tests::propertySeed();
        Rng rng(seed, "collapse");
        Tally tally(-1);
        Tally mild(-1);
        Tally strong(-1);
        for (int i = 0; i < 50; ++i) {
            // Failing: 20 % (mild) to 95 % (strong) copies, within prompts and across them by turns; the model's own
            // entropy is known in every other run and falls with the copies.
            const double copies = between(rng, 0.2, 0.95);
            const Habit habit = i % 4 < 2 ? Habit{copies, 0, 0} : Habit{0, copies, 0};
            const Verdict failing = modeCollapse(run(habit, 1 - 0.8 * copies, i % 2 == 0, rng));
            // Healthy: up to 10 % copies and up to 10 % less entropy, as ordinary sharpening brings.
            const double few = between(rng, 0, 0.1);
            const Verdict healthy = modeCollapse(run({few, 0, 0}, 1 - few, i % 2 == 0, rng));
            tally.add(true, failing);
            tally.add(false, healthy);
            Tally& part = copies < 0.5 ? mild : strong;
            part.add(true, failing);
            part.add(false, healthy);
        }
        tally.print("mode collapse", seed);
        std::printf("    mild (under half copies): %d of %d; strong: %d of %d\n", mild.fired(true), mild.runs(true),
                    strong.fired(true), strong.runs(true));
        // The lower ends of the exact 95 % intervals of what was measured (32 of 50, strong 30 of 30).
        QVERIFY(tally.detectionRate() >= 0.49);
        QVERIFY(strong.detectionRate() >= 0.88);
        QVERIFY(tally.falseAlarmRate() <= 0.10);
        QVERIFY(tally.area() > 0.8);
    }
    void loops_fireByTheirOwnRule()
    {
        const auto seed = gradus::tests::propertySeed();
        Rng rng(seed, "collapse/loops");
        int fired = 0;
        for (int i = 0; i < 50; ++i)
            fired += modeCollapse(run({0, 0, between(rng, 0.05, 0.6)}, 1, false, rng)).fired ? 1 : 0;
        std::printf("loops in 5-60 %% of samples: fired %d of 50\n", fired);
        Rng again(seed, "collapse/loop");
        const Verdict verdict = modeCollapse(run({0, 0, 0.5}, 1, false, again));
        QVERIFY(verdict.fired);
        QVERIFY(verdict.sentence.find("4-grams repeat") != std::string::npos);
    }
    void verdict_isRepeatable()
    {
        Rng rng(gradus::tests::propertySeed(), "collapse/again");
        const CollapseInput input = run({0.5, 0, 0}, 0.6, true, rng);
        QVERIFY(modeCollapse(input).value == modeCollapse(input).value);
        QVERIFY(modeCollapse(input).sentence == modeCollapse(input).sentence);
    }
    void collapseWithinAndAcross_areNamedApart()
    {
        Rng rng(gradus::tests::propertySeed(), "collapse/scopes");
        const std::string own = modeCollapse(run({0.95, 0, 0}, 1, false, rng)).detailsJson;
        const std::string shared = modeCollapse(run({0, 0.95, 0}, 1, false, rng)).detailsJson;
        const auto across = [](const std::string& json) { return json.substr(json.find("\"across\"")); };
        QVERIFY(own.find("\"fell\":true") < own.find("\"across\""));
        QVERIFY(across(own).find("\"fell\":false") != std::string::npos);
        QVERIFY(across(shared).find("\"fell\":true") != std::string::npos);
    }
    void changedLength_isSaid()
    {
        Rng rng(gradus::tests::propertySeed(), "collapse/length");
        CollapseInput input = run({}, 1, false, rng);
        for (Samples& samples : input.now)
            for (Tokens& text : samples)
                text.resize(kLength / 2);
        QVERIFY(modeCollapse(input).sentence.find("mean length went from 30 to 15 tokens") != std::string::npos);
    }
    void inputWithoutAnAnswer_saysWhy()
    {
        Rng rng(gradus::tests::propertySeed(), "collapse/bad");
        const CollapseInput good = run({}, 1, true, rng);
        CollapseInput input;
        QVERIFY(isHonestRefusal(modeCollapse(input), "no samples of iteration 0"));
        input = good;
        input.now.pop_back();
        QVERIFY(isHonestRefusal(modeCollapse(input), "different numbers of prompts"));
        input = good;
        input.now[3].pop_back();
        QVERIFY(isHonestRefusal(modeCollapse(input), "same number of samples"));
        input = good;
        input.entropyNow.pop_back();
        QVERIFY(isHonestRefusal(modeCollapse(input), "not one for each prompt"));
        input = good;
        input.entropyNow[0] = std::numeric_limits<double>::infinity();
        QVERIFY(isHonestRefusal(modeCollapse(input), "not a number"));
        input = {{{{1, 2, 3}}}, {{{1, 2, 3}}}, {}, {}, 0};
        QVERIFY(isHonestRefusal(modeCollapse(input), "one sample a prompt"));
        input = {std::vector<Samples>(50, Samples(3)), std::vector<Samples>(50, Samples(3)), {}, {}, 0};
        QVERIFY(isHonestRefusal(modeCollapse(input), "too few of the measures exist"));
    }
};
GRADUS_SUITE(ModeCollapseTest)
#include "mode_collapse_test.moc"
