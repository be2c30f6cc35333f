// SPDX-License-Identifier: GPL-3.0-or-later
// Smoothing against numbers worked out by hand; gaps and numbers that are none; constants; and its price.
#include "viewmodels/smoothing.h"

#include "support/suite.h"

#include <QElapsedTimer>
#include <QTest>

#include <cmath>
#include <limits>

using namespace gradus;
using namespace gradus::viewmodels;

namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInf = std::numeric_limits<double>::infinity();
constexpr SmoothingKind kKinds[] = {SmoothingKind::Ema, SmoothingKind::TimeEma, SmoothingKind::Gaussian,
                                    SmoothingKind::Mean, SmoothingKind::Median};

QVector<double> evenly(qsizetype count)
{
    QVector<double> x;
    for (qsizetype i = 0; i < count; ++i)
        x << static_cast<double>(i);
    return x;
}

bool near(const QVector<double>& got, const QVector<double>& wanted)
{
    if (got.size() != wanted.size()) return false;
    for (qsizetype i = 0; i < got.size(); ++i) {
        const bool same = got[i] == wanted[i] || (std::isnan(got[i]) && std::isnan(wanted[i]));
        if (!same && !(std::abs(got[i] - wanted[i]) < 1e-12)) return false;
    }
    return true;
}

} // namespace

class SmoothingTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void none_isTheCurveItself()
    {
        const QVector<double> y{3, 1, kNan, 4};
        QVERIFY(near(smoothed(evenly(4), y, {}), y));
        QCOMPARE(stampOf({}), QString());
    }

    void ema_isDebiased()
    {
        // Weight 0.5: sums 1, 0.5*1+3, ... over masses 1, 1.5, 1.75.
        QVERIFY(near(smoothed(evenly(3), {1, 3, 7}, {SmoothingKind::Ema, 50}), {1, 3.5 / 1.5, (3.5 / 2 + 7) / 1.75}));
        QVERIFY(near(smoothed(evenly(3), {1, 3, 7}, {SmoothingKind::Ema, 0}), {1, 3, 7}));
    }

    void timeEma_fadesByDistanceOnTheAxis()
    {
        // The axis counts as 1,000 points: a step of one thousandth weighs 0.5, one of two thousandths 0.25.
        QVector<double> x{0, 1, 3, 1000};
        const auto got = smoothed(x, {1, 3, 7, 5}, {SmoothingKind::TimeEma, 50});
        QVERIFY(near({got[0], got[1], got[2]}, {1, 3.5 / 1.5, (3.5 / 4 + 7) / (1.5 / 4 + 1)}));
        QVERIFY(std::abs(got[3] - 5) < 1e-9); // nothing of the past is left
        // On even steps of a thousand points it is the ordinary one.
        QVector<double> y;
        for (int i = 0; i <= 1000; ++i)
            y << std::sin(i * 0.1);
        QVERIFY(near(smoothed(evenly(1001), y, {SmoothingKind::TimeEma, 80}),
                     smoothed(evenly(1001), y, {SmoothingKind::Ema, 80})));
    }

    void runningKinds_areCentredAndShorterAtTheEnds()
    {
        const QVector<double> y{1, 2, 9, 4, 5};
        QVERIFY(near(smoothed(evenly(5), y, {SmoothingKind::Mean, 1}), {1.5, 4, 5, 6, 4.5}));
        QVERIFY(near(smoothed(evenly(5), y, {SmoothingKind::Median, 1}), {1.5, 2, 4, 5, 4.5}));
        QVERIFY(near(smoothed(evenly(5), y, {SmoothingKind::Median, 100}), {4, 4, 4, 4, 4}));
    }

    void gaussian_hasItsWeights()
    {
        // Strength 2: one point of standard deviation, three to each side.
        const double a = std::exp(-0.5);
        const double b = std::exp(-2.0);
        const auto got = smoothed(evenly(3), {0, 0, 1}, {SmoothingKind::Gaussian, 2});
        QVERIFY(near(got, {b / (1 + a + b), a / (1 + 2 * a), 1 / (1 + a + b)}));
        QCOMPARE(stampOf({SmoothingKind::Gaussian, 30}), QStringLiteral("Gaussian, sd 15 points"));
    }

    void constants_comeOutExactly()
    {
        const QVector<double> y(500, 0.1);
        for (const SmoothingKind kind : kKinds)
            for (const double strength : {1.0, 37.0, 99.0, 100.0})
                QCOMPARE(smoothed(evenly(500), y, {kind, strength}), y);
    }

    void nothingReachesAcrossAGap()
    {
        const QVector<double> left{1, 5, 2};
        const QVector<double> right{70, 40};
        for (const SmoothingKind kind : kKinds)
            for (const double hole : {kNan, kInf, -kInf}) {
                const Smoothing how{kind, 40};
                const QVector<double> x{0, 1, 2, 3, 4, 5};
                const auto got = smoothed(x, left + QVector<double>{hole} + right, how);
                QVERIFY(got[3] == hole || (std::isnan(got[3]) && std::isnan(hole)));
                // As if each side stood alone (on an axis of the same length).
                for (int i = 0; i < 3; ++i)
                    QVERIFY(got[i] >= 1 && got[i] <= 5);
                for (int i = 4; i < 6; ++i)
                    QVERIFY(got[i] >= 40 && got[i] <= 70);
                if (kind != SmoothingKind::TimeEma) QVERIFY(near(got.mid(4), smoothed(evenly(2), right, how)));
            }
        const QVector<double> nothing(4, kNan);
        QVERIFY(near(smoothed(evenly(4), nothing, {SmoothingKind::Median, 10}), nothing));
        QVERIFY(smoothed({}, {}, {SmoothingKind::Ema, 10}).isEmpty());
        QVERIFY(near(smoothed({5}, {2}, {SmoothingKind::TimeEma, 99}), {2})); // an axis of no length
    }

    void stamp_saysKindAndStrength()
    {
        QCOMPARE(stampOf({SmoothingKind::Ema, 60}), QStringLiteral("EMA 0.60"));
        QCOMPARE(stampOf({SmoothingKind::TimeEma, 100}), QStringLiteral("time-weighted EMA 0.999"));
        QCOMPARE(stampOf({SmoothingKind::Mean, 10}), QStringLiteral("mean of 21"));
        QCOMPARE(stampOf({SmoothingKind::Median, 10}), QStringLiteral("median of 21"));
    }

    void fiftyThousandPoints_areSmoothedWithinAFrame()
    {
        constexpr qsizetype kCount = 50'000;
        QVector<double> y;
        for (qsizetype i = 0; i < kCount; ++i)
            y << std::sin(static_cast<double>(i) * 0.37) + static_cast<double>(i % 97) * 0.01;
        const QVector<double> x = evenly(kCount);
        for (const SmoothingKind kind : kKinds) {
            double best = 1e9;
            for (int i = 0; i < 5; ++i) {
                QElapsedTimer timer;
                timer.start();
                const auto got = smoothed(x, y, {kind, 60});
                best = std::min(best, static_cast<double>(timer.nsecsElapsed()) / 1e6);
                QVERIFY(got.size() == kCount);
            }
            qInfo("%s of %lld points: %.2f ms", qPrintable(stampOf({kind, 60})), static_cast<long long>(kCount), best);
            QVERIFY2(best < 16 * tests::kPatience,
                     "the longest series that is smoothed costs less than a frame, once a change");
        }
    }
};
GRADUS_SUITE(SmoothingTest)
#include "smoothing_test.moc"
