// SPDX-License-Identifier: GPL-3.0-or-later
// Fits of curves whose law is known.
#include "forecast/capacity_fit.h"

#include "curves.h"
#include "support/suite.h"

#include <QTest>

using namespace gradus;
using namespace gradus::forecast;
using namespace gradus::forecast::tests;

namespace {

const FittedForm& formOf(const CapacityFit& fit, Form form)
{
    for (const FittedForm& one : fit.forms())
        if (one.form == form) return one;
    qFatal("no such form");
}

bool near(double a, double b, double tolerance)
{
    return std::abs(a - b) <= tolerance;
}

} // namespace

class CapacityFitTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void exactLogistic_isFoundAgain()
    {
        Rng rng(1, "none");
        const auto fit = CapacityFit::to(curveOf(logistic, 0, rng));
        QVERIFY(fit.ok());
        QVERIFY(near(formOf(*fit, Form::Logistic).slope.value, 1.2, 1e-2));
        QVERIFY(formOf(*fit, Form::Logistic).residual < 1e-3);
        QVERIFY(formOf(*fit, Form::Logistic).weight > 0.9);
        QVERIFY(near(fit->at(6.5).value, logistic(6.5), 0.01));
    }
    void exactPowerLaw_isFoundAgain()
    {
        // error .4 at 10^3, a power of N: .4 10^(-.2 (c - 3)), so b = -.2 ln 10 a decade.
        Rng rng(1, "none");
        const auto fit =
            CapacityFit::to(curveOf([](double c) { return 1 - 0.4 * std::pow(10.0, -0.2 * (c - 3)); }, 0, rng, 0));
        QVERIFY(near(formOf(*fit, Form::Power).slope.value, -0.2 * std::log(10.0), 1e-2));
        QVERIFY(near(fit->at(6.5).value, 1 - 0.4 * std::pow(10.0, -0.7), 0.02));
    }
    void saturation_isSeen()
    {
        Rng rng(1, "none");
        const auto law = [](double c) { return 0.8 - 0.3 * std::pow(10.0, -0.8 * (c - 3)); };
        const auto fit = CapacityFit::to(curveOf(law, 0, rng, 0));
        QVERIFY(formOf(*fit, Form::Saturating).weight > 0.5);
        QVERIFY(near(formOf(*fit, Form::Saturating).top, 0.8, 0.03));
        QVERIFY(fit->at(8).value < 0.9);
    }
    void imitation_isFittedUpsideDown()
    {
        CapacityCurve curve{.name = "c", .task = {}, .figure = Figure::Imitation, .floor = 0, .points = {}};
        for (const double c : kRungs)
            curve.points.push_back({c, 0.9 - 0.1 * (c - 3), 0.01, 3});
        const auto fit = CapacityFit::to(curve);
        QVERIFY(fit->at(6).value < 0.65);
        QVERIFY(fit->at(6).value > 0.5);
    }
    void interval_growsWithDistanceAndNoise()
    {
        Rng rng(gradus::tests::propertySeed(), "interval");
        const CapacityCurve quiet = curveOf(logistic, 0.005, rng);
        const CapacityCurve loud = curveOf(logistic, 0.04, rng);
        const auto width = [](const CapacityFit& fit, double c) { return fit.at(c).high - fit.at(c).low; };
        QVERIFY(width(*CapacityFit::to(loud), 6) > width(*CapacityFit::to(quiet), 6));
        CapacityCurve cut = quiet;
        cut.points.resize(4);
        QVERIFY(width(*CapacityFit::to(cut), 5.5) > width(*CapacityFit::to(cut), 4.6));
    }
    void interval_coversWhereTheLawIsAmongTheForms()
    {
        Rng rng(gradus::tests::propertySeed(), "coverage");
        int held = 0;
        const int repeats = 200;
        for (int repeat = 0; repeat < repeats; ++repeat) {
            CapacityCurve curve = curveOf(logistic, 0.01, rng);
            const double real = curve.points.back().value;
            curve.points.pop_back();
            const Estimate forecast = CapacityFit::to(curve)->at(5.5, 1, 1000);
            held += forecast.low <= real && real <= forecast.high ? 1 : 0;
        }
        // 90 % were asked for; the mixture of three forms may only be wider.
        QVERIFY2(held >= 0.86 * repeats, qPrintable(QString::number(held)));
    }
    void sameSeed_sameForecast()
    {
        Rng rng(1, "none");
        const auto fit = CapacityFit::to(curveOf(logistic, 0.01, rng));
        QCOMPARE(fit->at(7), fit->at(7));
        QVERIFY(fit->at(13).high <= 1 && fit->at(13).low >= 0);
    }
    void tooFewRungs_areRefusedWithTheCure()
    {
        CapacityCurve curve{.name = "short", .task = {}, .figure = Figure::Utility, .floor = 0, .points = {}};
        curve.points = {{3, 0.5, 0.01, 3}, {4, 0.6, 0.01, 3}, {4, 0.61, 0.01, 3}};
        const auto fit = CapacityFit::to(curve);
        QVERIFY(!fit.ok() && fit.error().kind == ErrorKind::BadInput);
        QVERIFY(fit.error().message.find("known at 2 capacities") != std::string::npos);
        QVERIFY(fit.error().message.find("template `scaling`") != std::string::npos);
    }
};
GRADUS_SUITE(CapacityFitTest)
#include "capacity_fit_test.moc"
