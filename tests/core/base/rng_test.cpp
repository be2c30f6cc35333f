// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/hash.h"
#include "base/ids.h"
#include "base/rng.h"

#include "support/suite.h"

#include <QTest>

#include <algorithm>
#include <set>

using namespace gradus;

class RngTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    // Known answers of Philox4x32-10 from the authors' Random123 distribution.
    void philox_matchesPublishedVectors()
    {
        const PhiloxBlock zero = philox(0, 0, 0);
        QCOMPARE(zero.word[0], 0x6627e8d5U);
        QCOMPARE(zero.word[1], 0xe169c58dU);
        QCOMPARE(zero.word[2], 0xbc57ac4cU);
        QCOMPARE(zero.word[3], 0x9b00dbd8U);
        const PhiloxBlock ones = philox(~0ULL, ~0ULL, ~0ULL);
        QCOMPARE(ones.word[0], 0x408f276dU);
        QCOMPARE(ones.word[1], 0x41c83b0eU);
        QCOMPARE(ones.word[2], 0xa20bc7c6U);
        QCOMPARE(ones.word[3], 0x6d5451fdU);
    }
    void streams_areIndependentOfEachOtherAndRepeatable()
    {
        Rng first(7, "shuffle");
        Rng again(7, "shuffle");
        Rng other(7, "init");
        QCOMPARE(first.nextBits(), again.nextBits());
        QVERIFY(first.nextBits() != other.nextBits());
    }
    void seek_continuesExactlyWhereTheStreamWas()
    {
        Rng rng(3, "x");
        for (int i = 0; i < 10; ++i)
            rng.nextBits();
        Rng resumed(3, "x");
        resumed.seek(rng.position());
        QCOMPARE(resumed.nextBits(), rng.nextBits());
    }
    void normal_hasMeanZeroAndVarianceOne()
    {
        Rng rng(tests::propertySeed(), "normal");
        const int n = 100000;
        double sum = 0;
        double squares = 0;
        for (int i = 0; i < n; ++i) {
            const double x = rng.normal();
            sum += x;
            squares += x * x;
        }
        QVERIFY(std::abs(sum / n) < 5.0 / std::sqrt(n)); // five standard errors
        QVERIFY(std::abs(squares / n - 1) < 5.0 * std::sqrt(2.0 / n));
    }
    void permutation_isAPermutation()
    {
        const auto order = permutation(1000, Rng(1, "p"));
        const std::set<std::int64_t> distinct(order.begin(), order.end());
        QCOMPARE(distinct.size(), 1000U);
        QVERIFY(!std::is_sorted(order.begin(), order.end()));
    }
    void below_staysBelow()
    {
        Rng rng(tests::propertySeed(), "below");
        for (std::uint64_t n = 1; n < 500; ++n)
            QVERIFY(rng.below(n) < n);
    }
    void sha256_matchesPublishedVector()
    {
        QCOMPARE(QString::fromStdString(sha256("abc")),
                 QStringLiteral("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"));
    }
    void uuid_isVersionFourAndUnique()
    {
        const std::string a = newUuid();
        QCOMPARE(a.size(), 36U);
        QCOMPARE(a[14], '4');
        QVERIFY(a != newUuid());
    }
};
GRADUS_SUITE(RngTest)
#include "rng_test.moc"
