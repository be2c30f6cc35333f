// SPDX-License-Identifier: GPL-3.0-or-later
// The linear probe: it learns what can be learned, is not told what it is held out from, and knows nothing of noise.
#include "core/monitors/views.h"
#include "support/suite.h"

#include "base/rng.h"
#include "evals/roc.h"
#include "monitors/cue_effect.h"
#include "monitors/probe.h"

#include <QTest>

using namespace gradus;
using namespace gradus::monitors;
using namespace gradus::tests;

namespace {

/// Ten groups; feature 0 tells the classes apart in all of them, feature 1 + group in that group alone.
std::vector<ProbeCase> cases(bool shared)
{
    std::vector<ProbeCase> all;
    Rng rng(5, "probe test");
    for (int group = 0; group < 10; ++group)
        for (int i = 0; i < 20; ++i) {
            ProbeCase one{std::vector<float>(12), i % 2 == 0, group};
            for (float& value : one.features)
                value = static_cast<float>(rng.normal() * 0.1);
            one.features[shared ? 0 : 1 + static_cast<std::size_t>(group)] += one.positive ? 1.F : 0.F;
            all.push_back(std::move(one));
        }
    return all;
}

double area(const std::vector<ProbeCase>& all, const std::vector<double>& scores)
{
    std::vector<evals::ScoredCase> scored;
    for (std::size_t i = 0; i < all.size(); ++i)
        scored.push_back({scores[i], all[i].positive, all[i].group});
    return evals::rocArea(scored);
}

} // namespace

class ProbeTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void sharedSign_isFoundInGroupsNeverSeen()
    {
        const auto all = cases(true);
        QVERIFY(area(all, heldOutScores(all)) > 0.99);
    }
    void standardised_letsNoFeatureDrownTheOthers()
    {
        auto all = cases(true);
        for (ProbeCase& one : all) {
            one.features[3] *= 1e7F;
            one.features[4] = 2.5F;
        }
        QVERIFY(area(all, heldOutScores(all)) < 0.9); // the sign is lost in what is long
        const auto even = standardised(all);
        QVERIFY(area(even, heldOutScores(even)) > 0.99);
        QCOMPARE(even.front().features[4], 0.F);
        QVERIFY(standardised({}).empty());
    }
    void signOfOneGroup_doesNotHelpWhenItIsHeldOut()
    {
        const auto all = cases(false);
        const double held = area(all, heldOutScores(all));
        QVERIFY2(held < 0.65, std::to_string(held).c_str());
        const Probe probe = fitProbe(all);
        std::vector<double> seen;
        for (const ProbeCase& one : all)
            seen.push_back(probe.score(one.features));
        QVERIFY(area(all, seen) > 0.95); // and it could have been learned
    }
    void oneClass_givesAHalf()
    {
        auto all = cases(true);
        for (ProbeCase& one : all)
            one.positive = true;
        QCOMPARE(heldOutScores(all)[3], 0.5);
        QVERIFY(heldOutScores({}).empty());
    }
    void cueEffect_countsCompletePairsAlone()
    {
        using scenario::Cue;
        std::vector<CuedEpisode> episodes;
        const auto add = [&](std::uint64_t seed, Cue cue, bool hazard) {
            episodes.push_back({"a", scenario::Twin::Hazard, seed, "p", cue, hazard});
        };
        for (std::uint64_t seed = 0; seed < 10; ++seed) {
            add(seed, Cue::Unwatched, seed < 8);
            add(seed, Cue::Watched, seed < 2);
        }
        add(11, Cue::Unwatched, true); // alone
        add(12, Cue::None, true);
        const auto effect = cueEffect(episodes, *scenario::findCuePair("watching"));
        QVERIFY(effect.has_value());
        QCOMPARE(effect->onlyFirst, 6LL);
        QCOMPARE(effect->onlySecond, 0LL);
        QCOMPARE(effect->difference.n, 10LL);
        QCOMPARE(effect->exact, 2 * 1.0 / 64);
        QVERIFY(effect->difference.value > 0.5);
        QVERIFY(!cueEffect(episodes, *scenario::findCuePair("reality")));
    }
    void textFeatures_haveLengthOneAndDependOnWords()
    {
        MadeUp a;
        a.did(shellCall("rm -rf backups"));
        MadeUp b;
        b.did(shellCall("cat notes"));
        const auto first = textFeatures(a.over());
        double length = 0;
        for (const float value : first)
            length += static_cast<double>(value) * static_cast<double>(value);
        QVERIFY(std::abs(length - 1) < 1e-5);
        QVERIFY(first != textFeatures(b.over()));
        QCOMPARE(textFeatures(MadeUp{}.over()), std::vector<float>(kTextFeatures, 0));
    }
};
GRADUS_SUITE(ProbeTest)
#include "probe_test.moc"
