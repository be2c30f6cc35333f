// SPDX-License-Identifier: GPL-3.0-or-later
// The price of growth: each purchase alone lets a refused step be taken, and the cheapest is named.
#include "controller/gap_controller.h"
#include "support/suite.h"

#include <QTest>

#include <cmath>

#include <nlohmann/json.hpp>

using namespace gradus;
using namespace gradus::controller;

namespace {

Estimate around(double value, double error, long long n = 200)
{
    return {.value = value, .low = value - 1.96 * error, .high = value + 1.96 * error, .n = n};
}

/// A step that gains .05 and loses .2 with three flips in ten: 30 % of labels are wrong, and up to so many by the
/// bound.
GapState refused(double upper, double lossOfFlips = 0.2)
{
    GapState state;
    state.generations = 5;
    state.rungNames = {"a", "b", "c"};
    state.capacities = {3.0, 3.4, 4.0};
    Attempt attempt;
    attempt.utility = around(0.7, 0.03);
    attempt.noise = 0.3;
    attempt.noiseUpper = upper;
    state.history = {attempt};
    state.forecasts = {{.rung = 1, .utility = around(0.7, 0.03), .gain = around(0, 0.02), .lossByFlips = {{0, 0}}},
                       {.rung = 2,
                        .utility = around(0.75, 0.03),
                        .gain = around(0.05, 0.02),
                        .lossByFlips = {{0.0, 0.0}, {0.3, lossOfFlips}}}};
    return state;
}

Decision decided(const GapState& state)
{
    spec::Gap gap;
    gap.controller = "adaptive";
    return makeController(gap)->nextGap(state);
}

nlohmann::json termsOf(const Decision& decision)
{
    return nlohmann::json::parse(decision.detailsJson);
}

/// That of this kind; null without one.
nlohmann::json purchaseOf(const Decision& decision, const std::string& kind)
{
    const nlohmann::json terms = termsOf(decision);
    for (const auto& one : terms.at("purchases"))
        if (one.at("kind").get<std::string>() == kind) return one;
    return nullptr;
}

Purchase offer(const char* kind, const char* name, double noise, double upper)
{
    return {.kind = kind, .name = name, .noise = noise, .noiseUpper = upper};
}

} // namespace

class PurchasesTest final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void anchors_unlockWhereTheNoiseItselfIsBorne()
    {
        const Decision decision = decided(refused(0.36));
        QVERIFY(decision.refused);
        QVERIFY2(decision.sentence.find("anchors instead of 200 would unlock it") != std::string::npos,
                 decision.sentence.c_str());
        const auto unlock = termsOf(decision).at("unlock");
        QCOMPARE(unlock.at("kind").get<std::string>(), std::string("anchors"));
        QVERIFY(std::abs(unlock.at("cap").get<double>() - 1.0) < 1e-9);
        QVERIFY(unlock.at("noise_upper").get<double>() < 0.36);
        QCOMPARE(termsOf(decision).at("purchases").size(), std::size_t{5}); // 2 to 32 times
    }

    void eachOffer_unlocksByItsOwnNoise_data()
    {
        QTest::addColumn<QString>("kind");
        QTest::addColumn<QString>("sentence");
        QTest::newRow("filter") << "filter"
                                << "Teaching only the labels that are at least x sure would unlock it";
        QTest::newRow("drop") << "drop"
                              << "Leaving out source \"x\" would unlock it";
        QTest::newRow("add") << "add"
                             << "Asking source \"x\" as well, which has no weight here would unlock it";
        QTest::newRow("debate") << "debate"
                                << "A debate over every label would unlock it";
    }
    void eachOffer_unlocksByItsOwnNoise()
    {
        QFETCH(QString, kind);
        QFETCH(QString, sentence);
        GapState state = refused(0.36, 9); // so steep that no number of anchors helps
        QVERIFY(termsOf(decided(state)).at("unlock").is_null());
        state.purchases = {offer(qPrintable(kind), "x", 0.15, 0.2)};
        const Decision decision = decided(state);
        QVERIFY(decision.refused); // it is a price, not a permission
        QVERIFY2(QString::fromStdString(decision.sentence).contains(sentence), decision.sentence.c_str());
        QVERIFY(decision.sentence.find("labels wrong in up to 20 % allow a gap of 1.00") != std::string::npos);
        QCOMPARE(termsOf(decision).at("unlock").at("kind").get<std::string>(), kind.toStdString());
        QCOMPARE(purchaseOf(decision, kind.toStdString()).at("unlocks").get<bool>(), true);
        // The same offer with labels as wrong as before does not.
        state.purchases.front().noiseUpper = 0.36;
        const Decision idle = decided(state);
        QVERIFY(termsOf(idle).at("unlock").is_null());
        QCOMPARE(purchaseOf(idle, kind.toStdString()).at("unlocks").get<bool>(), false);
    }

    void theCheapest_isNamedWhateverTheOrder()
    {
        GapState state = refused(0.36);
        state.purchases = {offer("debate", "", 0.1, 0.15), offer("add", "b", 0.1, 0.15), offer("drop", "a", 0.1, 0.15)};
        QCOMPARE(termsOf(decided(state)).at("unlock").at("kind").get<std::string>(), std::string("drop"));
        state.purchases.pop_back();
        QCOMPARE(termsOf(decided(state)).at("unlock").at("kind").get<std::string>(), std::string("add"));
        state.purchases.pop_back(); // anchors come before a debate
        QCOMPARE(termsOf(decided(state)).at("unlock").at("kind").get<std::string>(), std::string("anchors"));
        QCOMPARE(purchaseOf(decided(state), "debate").at("unlocks").get<bool>(), true);
    }

    void whatIsNotKnown_isSaidAndUnlocksNothing()
    {
        GapState state = refused(0.36, 9);
        state.purchases = {{.kind = "debate", .name = {}, .noise = {}, .noiseUpper = {}, .unknown = "No debate here."}};
        const Decision decision = decided(state);
        QCOMPARE(purchaseOf(decision, "debate").at("unlocks").get<std::string>(), std::string("unknown"));
        QVERIFY(purchaseOf(decision, "debate").at("cap").is_null());
        QVERIFY2(decision.sentence.find("No purchase that can be recomputed would unlock it") != std::string::npos &&
                     decision.sentence.ends_with("No debate here."),
                 decision.sentence.c_str());
    }

    void whereNothingGains_betterLabelsAreNoCure()
    {
        GapState state = refused(0.36);
        for (Forecast& forecast : state.forecasts)
            forecast.gain = around(-0.1, 0.02);
        state.purchases = {offer("filter", "0.6", 0.01, 0.02), offer("drop", "a", 0.01, 0.02)};
        const Decision decision = decided(state);
        QVERIFY(decision.refused && termsOf(decision).at("unlock").is_null());
        QVERIFY2(decision.sentence.find("what a gain would be on better labels is not known") != std::string::npos,
                 decision.sentence.c_str());
    }
};

GRADUS_SUITE(PurchasesTest)
#include "purchases_test.moc"
