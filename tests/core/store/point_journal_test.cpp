// SPDX-License-Identifier: GPL-3.0-or-later
// What is taken up from journals, from whose, and how much of a torn one counts.
#include "store/point_journal.h"

#include "store_support.h"

#include "base/files.h"
#include "base/rng.h"
#include "store/store_facts.h"
#include "support/suite.h"

#include <QTest>

#include <cmath>
#include <cstring>
#include <limits>
#include <optional>

using namespace gradus;
using namespace gradus::store;
using namespace gradus::tests;

namespace {

std::vector<std::filesystem::path> journalsIn(const std::filesystem::path& folder)
{
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::directory_iterator(folder))
        if (entry.path().string().find("-points-") != std::string::npos) files.push_back(entry.path());
    return files;
}

/// The bytes of this process's journal, as if a process that is gone had left them.
std::string bytesOfGone(const std::filesystem::path& folder)
{
    const auto files = journalsIn(folder);
    if (files.size() != 1) throw std::runtime_error("one journal was expected");
    return must(readFile(files.front())); // a copy has nobody's lock
}

/// A store with one run and no writer, and a journal to fill.
struct Left
{
    OneRun one;
    std::optional<PointJournal> journal;
    JournalPlace loss;
    JournalPlace rate;

    Left()
    {
        one.writer.reset();
        journal.emplace(std::move(*PointJournal::create(one.path)));
    }
    void say(JournalPlace& place, const char* series, std::int64_t step, double value)
    {
        if (!journal->append(place, one.run, series, {step, 100.0 + static_cast<double>(step), value}))
            throw std::runtime_error("full");
    }
    /// Puts these bytes where a gone process would have left them, and takes them up.
    std::int64_t takeUp(const std::string& bytes)
    {
        const auto file = one.path.string() + "-points-1-0";
        must(writeFileAtomically(file, bytes));
        return must(recoverStore(one.path));
    }
    std::vector<PointRow> points(const char* series) { return must(one.reader().series(one.run, series)).points; }
};

} // namespace

class PointJournalTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void bothHalves_areTakenUp_theNewerLast()
    {
        Left left;
        left.say(left.loss, "loss", 1, 10);
        left.say(left.rate, "a series' name; with \"signs\"", 1, 0.5);
        left.say(left.loss, "loss", 2, 20);
        left.journal->turn();
        left.say(left.loss, "loss", 2, 21); // said again: the newer counts
        left.say(left.loss, "loss", 3, std::numeric_limits<double>::quiet_NaN());
        QCOMPARE(left.takeUp(bytesOfGone(left.one.path.parent_path())), std::int64_t{5});
        const auto loss = left.points("loss");
        QCOMPARE(loss.size(), std::size_t{3});
        QVERIFY(loss[0].value == 10 && loss[1].value == 21 && std::isnan(loss[2].value));
        QCOMPARE(loss[0].wall, 101.0);
        QCOMPARE(left.points("a series' name; with \"signs\"").size(), std::size_t{1});
        QCOMPARE(journalsIn(left.one.path.parent_path()).size(), std::size_t{1}); // this process's own stays
        QCOMPARE(must(recoverStore(left.one.path)), std::int64_t{0});
    }

    void whatWasCommitted_isForgotten()
    {
        Left left;
        left.say(left.loss, "loss", 1, 10);
        left.journal->turn();
        left.say(left.loss, "loss", 2, 20);
        left.journal->forgetTurned();
        left.journal->turn();
        left.say(left.loss, "loss", 3, 30); // in the half that was forgotten: named anew
        QCOMPARE(left.takeUp(bytesOfGone(left.one.path.parent_path())), std::int64_t{2});
        QCOMPARE(left.points("loss").size(), std::size_t{2});
        QCOMPARE(left.points("loss").front().step, std::int64_t{2});
    }

    void livingProcess_keepsItsOwn()
    {
        Left left;
        left.say(left.loss, "loss", 1, 10);
        QCOMPARE(must(recoverStore(left.one.path)), std::int64_t{0});
        QVERIFY(left.points("loss").empty());
    }

    void anotherStoreOfThatName_getsNothing()
    {
        Left left;
        left.say(left.loss, "loss", 1, 10);
        const std::string bytes = bytesOfGone(left.one.path.parent_path());
        std::filesystem::copy_file(left.one.path, left.one.path.string() + ".copy");
        std::filesystem::rename(left.one.path.string() + ".copy", left.one.path);
        QCOMPARE(left.takeUp(bytes), std::int64_t{0});
        QVERIFY(left.points("loss").empty());
        QCOMPARE(journalsIn(left.one.path.parent_path()).size(), std::size_t{2}); // it is not this store's to remove
    }

    void runThatIsGone_isPassedOver()
    {
        Left left;
        left.say(left.loss, "loss", 1, 10);
        JournalPlace other;
        QVERIFY(left.journal->append(other, left.one.run + 77, "loss", {1, 1, 1}));
        QCOMPARE(left.takeUp(bytesOfGone(left.one.path.parent_path())), std::int64_t{1});
    }

    void recordsOfTheFillingBefore_areNone()
    {
        Left left;
        for (std::int64_t step = 0; step < 5; ++step)
            left.say(left.loss, "loss", step, 1);
        left.journal->turn();
        left.journal->forgetTurned();
        std::string bytes = bytesOfGone(left.one.path.parent_path());
        // As if the page with the count had reached the disk before the others: used is at byte 16.
        const std::uint64_t used = 6 * 40 + 8;
        std::memcpy(bytes.data() + 16, &used, sizeof used);
        QCOMPARE(left.takeUp(bytes), std::int64_t{0});
    }

    void fullHalf_saysSo_andTakesMoreAfterItsTurn()
    {
        Left left;
        std::int64_t kept = 0;
        while (left.journal->append(left.loss, left.one.run, "loss", {kept, 0, 1}))
            ++kept;
        QVERIFY(kept > 100'000);
        left.journal->turn();
        QVERIFY(left.journal->append(left.loss, left.one.run, "loss", {kept, 0, 1}));
        left.journal->forgetTurned();
        left.journal->turn();
        QVERIFY(left.journal->append(left.loss, left.one.run, "loss", {kept + 1, 0, 1}));
    }

    void tornBytes_countAsFarAsTheyHold_andNeverMore()
    {
        Rng rng(propertySeed(), "torn journal");
        Left left;
        for (std::int64_t step = 0; step < 50; ++step)
            left.say(left.loss, "loss", step, static_cast<double>(step));
        const std::string whole = bytesOfGone(left.one.path.parent_path());
        for (int round = 0; round < 60; ++round) {
            std::string torn = whole;
            const std::size_t places = 1 + rng.below(3);
            for (std::size_t i = 0; i < places; ++i) {
                // In the header, or among the records.
                const std::size_t at = rng.below(2) == 0 ? 8 + rng.below(60) : 4096 + rng.below(2200);
                torn[at] = static_cast<char>(rng.below(256));
            }
            if (rng.below(8) == 0) torn.resize(rng.below(torn.size()));
            (void)left.takeUp(torn);
            const auto points = left.points("loss");
            for (const PointRow& point : points) // a flipped bit is no value
                QCOMPARE(point.value, static_cast<double>(point.step));
            QVERIFY(points.size() <= 50);
            std::filesystem::remove(left.one.path.string() + "-points-1-0"); // one that is none is left alone
        }
    }
};
GRADUS_SUITE(PointJournalTest)
#include "point_journal_test.moc"
