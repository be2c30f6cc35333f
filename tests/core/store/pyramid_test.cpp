// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/pyramid.h"

#include "base/rng.h"
#include "store/database.h"
#include "store/opening.h"
#include "store/series_rows.h"
#include "store/store_check.h"
#include "store_support.h"
#include "support/suite.h"

#include <QTest>

#include <cmath>
#include <limits>
#include <map>

using namespace gradus;
using namespace gradus::store;
using namespace gradus::tests;

namespace {

constexpr std::int64_t kAll = std::numeric_limits<std::int64_t>::max() / 2;
using Values = std::map<std::int64_t, double>;

bool same(double a, double b)
{
    return (std::isnan(a) && std::isnan(b)) || a == b;
}

/// What the buckets of a level must be, straight from the definition.
std::vector<Bucket> bruteForce(const Values& values, int level)
{
    std::map<std::int64_t, Bucket> buckets;
    for (const auto& [step, value] : values) {
        Bucket& b = buckets[step >> (3 * level)];
        if (b.count == 0) b = {step, step, std::nan(""), std::nan(""), value, 0};
        b.lastStep = step;
        b.last = value;
        ++b.count;
        if (std::isnan(value)) continue;
        b.minimum = std::isnan(b.minimum) ? value : std::min(b.minimum, value);
        b.maximum = std::isnan(b.maximum) ? value : std::max(b.maximum, value);
    }
    std::vector<Bucket> all;
    for (const auto& [index, bucket] : buckets)
        all.push_back(bucket);
    return all;
}

double randomValue(Rng& rng)
{
    switch (rng.below(12)) {
    case 0:
        return std::nan("");
    case 1:
        return std::numeric_limits<double>::infinity();
    case 2:
        return -std::numeric_limits<double>::infinity();
    default:
        return rng.normal();
    }
}

} // namespace

class PyramidTest : public QObject
{
    Q_OBJECT

    static void compareAllLevels(const std::filesystem::path& path, const Values& values)
    {
        Database database = must(openForReading(path));
        const std::int64_t top = must(database.integer("SELECT max(level) FROM pyramid"));
        QVERIFY(top >= 1);
        QCOMPARE(bruteForce(values, static_cast<int>(top)).size(), std::size_t{1});
        for (int level = 1; level <= top; ++level) {
            const auto stored = must(readBuckets(database, 1, level, {-kAll, kAll}));
            const auto expected = bruteForce(values, level);
            QCOMPARE(stored.size(), expected.size());
            for (std::size_t i = 0; i < stored.size(); ++i) {
                QCOMPARE(stored[i].firstStep, expected[i].firstStep);
                QCOMPARE(stored[i].lastStep, expected[i].lastStep);
                QCOMPARE(stored[i].count, expected[i].count);
                QVERIFY(same(stored[i].minimum, expected[i].minimum) && same(stored[i].maximum, expected[i].maximum));
                QVERIFY(same(stored[i].last, expected[i].last));
            }
        }
    }

private Q_SLOTS:
    void randomWrites_leaveEveryLevelAsTheDefinitionSays()
    {
        Rng rng(propertySeed(), "pyramid");
        for (int round = 0; round < 4; ++round) {
            OneRun one;
            Values values;
            std::int64_t step = 0;
            for (int batch = 0; batch < 12; ++batch) {
                const std::int64_t stride = 1 + static_cast<std::int64_t>(rng.below(round == 3 ? 5000 : 3));
                for (std::uint64_t i = rng.below(300); i > 0; --i) {
                    // Mostly appended, sometimes replaced or filled in behind, as a resumed run does.
                    const bool back = rng.below(10) == 0;
                    const std::int64_t at =
                        back ? static_cast<std::int64_t>(rng.below(static_cast<std::uint64_t>(step) + 1))
                             : (step += stride);
                    values[at] = randomValue(rng);
                    one.sink().point({"a", at, values[at]});
                }
                must(one.writer->flush());
            }
            one.writer.reset();
            compareAllLevels(one.path, values);
            QVERIFY(must(checkStore(one.path)).sound());
        }
    }

    void pointsBeforeTheFirst_growThePyramidTheOtherWay()
    {
        OneRun one;
        Values values;
        for (const std::int64_t step : {1000, 1001, 5, 0, 70'000}) {
            values[step] = static_cast<double>(step);
            one.sink().point({"a", step, values[step]});
            must(one.writer->flush());
        }
        one.writer.reset();
        compareAllLevels(one.path, values);
    }

    void damagedPyramid_isNoticedAndRebuilt()
    {
        OneRun one;
        Values values;
        for (std::int64_t step = 0; step < 20'000; ++step)
            one.sink().point({"a", step, values[step] = std::sin(static_cast<double>(step))});
        one.writer.reset();
        QVERIFY(must(checkStore(one.path)).sound());
        for (const char* damage :
             {"UPDATE pyramid SET maximum = maximum + 1 WHERE level = 1 AND bucket = 7",
              "UPDATE pyramid SET last = NULL WHERE level = 3 AND bucket = 1", "DELETE FROM pyramid WHERE level = 2",
              "DELETE FROM pyramid", "INSERT INTO pyramid VALUES (1, 1, 99999, 0, 0, 0, 0, 0, 1)"}) {
            {
                Database database = must(openForWriting(one.path));
                must(database.script(damage));
            }
            const CheckReport report = must(checkStore(one.path));
            QVERIFY2(!report.pyramidIsRight && report.damage.empty(), damage);
            must(repairPyramid(one.path));
            QVERIFY2(must(checkStore(one.path)).sound(), damage);
            compareAllLevels(one.path, values);
        }
    }

    void buckets_coverTheRangeAndHoldItsExtremes()
    {
        OneRun one;
        constexpr std::int64_t kPoints = 100'000;
        for (std::int64_t step = 0; step < kPoints; ++step)
            one.sink().point({"a", step, step == 54'321 ? 99.0 : std::sin(static_cast<double>(step))});
        must(one.writer->flush());
        const StoreReader reader = one.reader();
        for (const int most : {1, 7, 100, 2000, 200'000}) {
            const auto buckets = must(reader.buckets(one.run, "a", 0, kPoints - 1, most));
            QVERIFY(!buckets.empty() && static_cast<int>(buckets.size()) <= most);
            QVERIFY(static_cast<int>(buckets.size()) >= std::min<int>(most, kPoints) / 4);
            double highest = -1;
            std::int64_t count = 0;
            for (const Bucket& bucket : buckets) {
                highest = std::max(highest, bucket.maximum);
                count += bucket.count;
            }
            QCOMPARE(highest, 99.0); // one spike in a hundred thousand points is never lost
            QCOMPARE(count, kPoints);
            QCOMPARE(buckets.front().firstStep, std::int64_t{0});
            QCOMPARE(buckets.back().lastStep, kPoints - 1);
        }
        QVERIFY(must(reader.buckets(one.run, "a", 10, 5, 100)).empty());
        QVERIFY(must(reader.buckets(one.run, "absent", 0, 5, 100)).empty());
        QCOMPARE(must(reader.buckets(one.run, "a", 10, 12, 100)).size(), std::size_t{3});
    }
};
GRADUS_SUITE(PyramidTest)
#include "pyramid_test.moc"
