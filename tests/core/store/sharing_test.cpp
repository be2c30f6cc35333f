// SPDX-License-Identifier: GPL-3.0-or-later
// Several threads and processes on one store: kills, claims, full disks, read-only folders.
#include "base/rng.h"
#include "store/store_check.h"
#include "store/store_facts.h"
#include "store_support.h"
#include "support/suite.h"

#include <QElapsedTimer>
#include <QFile>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include <array>
#include <atomic>
#include <cstdio>
#include <thread>

#include <sys/mount.h>
#include <sys/stat.h>

using namespace gradus;
using namespace gradus::store;
using namespace gradus::tests;

namespace {

QStringList child(const char* verb, const OneRun& one)
{
    return {QString::fromLatin1(verb), QString::fromStdString(one.path.string()), QString::number(one.run)};
}

/// N of the last "acknowledged N" line.
std::int64_t lastAcknowledged(const QByteArray& output)
{
    std::int64_t last = -1;
    for (const QByteArray& line : output.split('\n'))
        if (line.startsWith("acknowledged ")) last = line.mid(13).toLongLong();
    return last;
}

/// A file system of a megabyte at a folder, while this lives.
class SmallDisk final
{
public:
    explicit SmallDisk(const QString& folder)
        : m_folder(folder.toStdString()), m_isThere(::mount("tmpfs", m_folder.c_str(), "tmpfs", 0, "size=1m") == 0)
    {
    }
    ~SmallDisk()
    {
        if (m_isThere) ::umount2(m_folder.c_str(), MNT_DETACH);
    }
    Q_DISABLE_COPY_MOVE(SmallDisk)

    bool isThere() const { return m_isThere; }
    std::filesystem::path filler() const { return m_folder / "filler"; }
    void fill() const
    {
        std::FILE* file = std::fopen(filler().c_str(), "wb");
        const std::array<char, 4096> block = {};
        while (file && std::fwrite(block.data(), 1, block.size(), file) == block.size() && std::fflush(file) == 0) {
        }
        if (file) (void)std::fclose(file);
    }

private:
    std::filesystem::path m_folder;
    bool m_isThere;
};

} // namespace

class SharingTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void killedWriter_losesNothingItAcknowledged()
    {
        Rng rng(propertySeed(), "kill");
        OneRun one;
        one.writer.reset();
        for (int kill = 0; kill < 20; ++kill) {
            const QByteArray output = killChildAfter(child("write", one), 1 + static_cast<int>(rng.below(12)));
            const std::int64_t acknowledged = lastAcknowledged(output);
            QVERIFY(acknowledged >= 0);
            const StoreReader reader = one.reader();
            for (const char* name : {"a", "b", "c"}) {
                const auto points = must(reader.series(one.run, name)).points;
                QVERIFY(static_cast<std::int64_t>(points.size()) > acknowledged);
                for (std::size_t i = 0; i < points.size(); ++i) { // no gap, no double, no wrong value
                    QCOMPARE(points[i].step, static_cast<std::int64_t>(i));
                    QCOMPARE(points[i].value, static_cast<double>(i) * 0.5);
                }
            }
            // Points survive a kill as they were said; events come with the next commit.
            const auto events = must(reader.detail(one.run)).events;
            QVERIFY(static_cast<std::int64_t>(events.size()) > acknowledged);
            QVERIFY(events.size() <= must(reader.series(one.run, "a")).points.size());
        }
        const auto report = must(checkStore(one.path));
        QVERIFY(report.sound());
    }

    void killedWriter_losesNoPointThatItSaid()
    {
        Rng rng(propertySeed(), "kill without a flush");
        OneRun one;
        for (int kill = 0; kill < 12; ++kill) {
            if (!one.writer) one.writer = must(StoreWriter::open(one.path));
            one.run = addRun(*one.writer); // nothing of a longer life before stands in for what this one said
            one.writer.reset();
            const QByteArray output = killChildAfter(child("say", one), 1 + static_cast<int>(rng.below(3000)));
            std::int64_t said = -1;
            for (const QByteArray& line : output.split('\n'))
                if (line.startsWith("said ") && line.endsWith('.')) said = line.mid(5).chopped(1).toLongLong();
            QVERIFY(said >= 0);
            must(store::recoverStore(one.path));
            const auto points = must(one.reader().series(one.run, "loss")).points;
            QVERIFY2(static_cast<std::int64_t>(points.size()) > said, qPrintable(QString::number(said)));
            for (std::size_t i = 0; i < points.size(); ++i) {
                QCOMPARE(points[i].step, static_cast<std::int64_t>(i));
                QCOMPARE(points[i].value, static_cast<double>(i) * 0.25);
            }
        }
        QVERIFY(must(checkStore(one.path)).sound());
        for (const auto& file : std::filesystem::directory_iterator(one.path.parent_path()))
            QVERIFY2(file.path().string().find("-points-") == std::string::npos, file.path().c_str());
    }

    void twoWritersAndTwoReaders_getInNobodysWay()
    {
        OneRun one;
        const std::int64_t second = addRun(*one.writer, "second");
        const auto other = must(StoreWriter::open(one.path));
        constexpr std::int64_t kSteps = 3000;
        std::atomic<int> errors{0};
        const auto write = [&](StoreWriter& writer, std::int64_t run) {
            for (std::int64_t step = 0; step < kSteps; ++step) {
                writer.sink(run).point({"a", step, 1.0});
                if (step % 500 != 0) continue;
                errors += writer.flush() ? 0 : 1;
                errors += writer.takeCommands(run) ? 0 : 1;
            }
            errors += writer.flush() ? 0 : 1;
        };
        const auto read = [&](std::int64_t run) {
            const auto reader = StoreReader::open(one.path);
            PointCursor cursor;
            std::int64_t next = 0;
            while (reader && errors == 0 && next < kSteps) {
                const auto news = reader->pointsSince(run, cursor);
                errors += news && reader->runs() ? 0 : 1;
                if (!news) return;
                for (const SeriesPoints& series : *news)
                    for (const PointRow& point : series.points)
                        errors += point.step == next++ ? 0 : 1;
                std::this_thread::sleep_for(std::chrono::milliseconds(2));
            }
            errors += reader ? 0 : 1;
        };
        std::vector<std::thread> threads;
        threads.emplace_back(write, std::ref(*one.writer), one.run);
        threads.emplace_back(write, std::ref(*other), second);
        threads.emplace_back(read, one.run);
        threads.emplace_back(read, second);
        for (int i = 0; i < 20; ++i)
            errors += other->postCommand(one.run, "stop") ? 0 : 1;
        for (std::thread& thread : threads)
            thread.join();
        QCOMPARE(errors.load(), 0);
        one.writer.reset();
        QVERIFY(must(checkStore(one.path)).sound());
    }

    void oneWriter_servesManyThreads()
    {
        OneRun one;
        std::vector<std::thread> threads;
        for (int t = 0; t < 4; ++t)
            threads.emplace_back([&one, t] {
                for (std::int64_t step = 0; step < 2000; ++step) {
                    one.sink().point({"t" + std::to_string(t), step, 1.0});
                    if (step % 100 == 0) one.sink().progress({0.5, 1, 1, 1, "busy", step, 1});
                    if (step % 400 == 0) must(one.writer->flush());
                }
            });
        for (std::thread& thread : threads)
            thread.join();
        must(one.writer->flush());
        PointCursor cursor;
        for (const SeriesPoints& series : must(one.reader().pointsSince(one.run, cursor)))
            QCOMPARE(series.points.size(), std::size_t{2000});
        QCOMPARE(cursor.size(), std::size_t{4});
    }

    void fullDisk_stopsWithOneSentenceAndKeepsWhatWasAcknowledged()
    {
        OneRun one;
        one.writer.reset();
        const ChildResult result = runChild(child("fill", one));
        QCOMPARE(result.exitCode, 0);
        const QByteArray sentence = result.output.trimmed().split('\n').last();
        QVERIFY2(sentence.contains("store") && sentence.contains("gradus.db"), sentence.constData());
        const auto points = must(one.reader().series(one.run, "a")).points;
        QVERIFY(static_cast<std::int64_t>(points.size()) > lastAcknowledged(result.output));
        must(StoreWriter::open(one.path)).reset(); // with room again, work goes on
        QVERIFY(must(checkStore(one.path)).sound());
    }

    void readOnlyFolder_canBeReadAndNotWritten()
    {
        OneRun one;
        one.writer.reset();
        const std::string folder = one.folder.path().toStdString();
        std::filesystem::remove(one.path.string() + "-shm");
        std::filesystem::remove(one.path.string() + "-wal");
        ::chmod(folder.c_str(), 0555);
        ::chmod(one.path.c_str(), 0444);
        const ChildResult result = runChild(child("unprivileged", one));
        ::chmod(folder.c_str(), 0755);
        QCOMPARE(result.exitCode, 0);
        QVERIFY2(result.output.contains("runs 1\n"), result.output.constData());
        QVERIFY2(result.output.contains("read-only for this user"), result.output.constData());
    }

    void readOnlyFolderWithUnmergedChanges_isReadWholeOrRefused()
    {
        OneRun one; // its writer stays open, so that the WAL holds everything
        const std::string folder = one.folder.path().toStdString();
        ::chmod(folder.c_str(), 0555);
        for (const char* beside : {"", "-wal", "-shm"})
            ::chmod((one.path.string() + beside).c_str(), 0444);
        const ChildResult result = runChild(child("unprivileged", one));
        ::chmod(folder.c_str(), 0755);
        QVERIFY2(result.output.contains("runs 1\n") || result.output.contains("not yet merged"),
                 result.output.constData());
    }

    // With not one byte left, a reader of a store that nobody has open cannot make its index beside it.
    void finishedStoreOnAFullDisk_isRead()
    {
        OneRun one;
        one.writer.reset();
        const QTemporaryDir place;
        const SmallDisk disk(place.path());
        if (!disk.isThere()) QSKIP("needs the right to mount a file system in memory");
        const std::filesystem::path store = place.filePath("gradus.db").toStdString();
        std::filesystem::copy_file(one.path, store);
        disk.fill();
        const auto reader = StoreReader::open(store);
        QVERIFY2(reader, reader ? "" : reader.error().message.c_str());
        QCOMPARE(must(reader->runs()).size(), std::size_t(1));
        QVERIFY(must(checkStore(store)).sound());
        QVERIFY(StoreReader::open(store)); // what the first left beside it is in nobody's way
        // Changes that were never merged are not passed over.
        std::filesystem::remove(disk.filler());
        QFile wal(QString::fromStdString(store.string() + "-wal"));
        QVERIFY(wal.open(QIODevice::WriteOnly) && wal.write(QByteArray(40'000, 'x')) == 40'000);
        wal.close();
        std::filesystem::remove(store.string() + "-shm");
        disk.fill();
        QVERIFY(!StoreReader::open(store));
    }

    void unreadableStore_isBadInput()
    {
        OneRun one;
        one.writer.reset();
        ::chmod(one.folder.path().toStdString().c_str(), 0755);
        ::chmod(one.path.c_str(), 0000);
        const ChildResult result = runChild(child("unprivileged", one));
        QCOMPARE(result.exitCode, 0);
        QVERIFY2(result.output.startsWith("reader: Cannot open the store"), result.output.constData());
    }

    void claimedRun_isRefusedWhileItsOwnerLives()
    {
        OneRun one;
        QProcess owner;
        owner.start(QCoreApplication::applicationFilePath(), QStringList() << "--child" << child("claim", one));
        QVERIFY(owner.waitForReadyRead(30'000));
        QCOMPARE(owner.readAllStandardOutput(), QByteArray("claimed\n"));
        const auto refused = one.writer->claim(one.run);
        QVERIFY(!refused);
        QCOMPARE(refused.error().kind, ErrorKind::Refused);
        QVERIFY(refused.error().message.find(std::to_string(owner.processId())) != std::string::npos);
        QVERIFY(must(one.reader().runs()).front().state == RunState::Running);
        owner.kill();
        QVERIFY(owner.waitForFinished(30'000));
        QVERIFY(must(one.reader().runs()).front().state == RunState::Crashed);
        must(one.writer->claim(one.run));
        QVERIFY(must(one.reader().runs()).front().state == RunState::Running);
    }
};
GRADUS_SUITE(SharingTest)
#include "sharing_test.moc"
