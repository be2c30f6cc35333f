// SPDX-License-Identifier: GPL-3.0-or-later
// The verbs of a cell, and that nothing of it outlives it.
#include "core/sandbox/cells.h"
#include "support/suite.h"

#include "base/clock.h"
#include "base/files.h"

#include <QTest>

#include <csignal>
#include <filesystem>
#include <sys/stat.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

using namespace gradus;
using namespace gradus::sandbox;
using gradus::tests::kPatience;

namespace {

ExecResult shell(Cell& cell, const std::string& script, double seconds = 10, std::uint64_t cap = 256 << 10)
{
    auto result = cell.exec({.argv = {"/bin/sh", "-c", script}, .timeoutSeconds = seconds, .outputCap = cap});
    if (!result) {
        ExecResult lost;
        lost.error = ToolError::SandboxUnavailable;
        lost.message = result.error().message;
        return lost;
    }
    return *result;
}

std::size_t entries(const char* folder)
{
    std::error_code ignored;
    return static_cast<std::size_t>(
        std::distance(std::filesystem::directory_iterator(folder, ignored), std::filesystem::directory_iterator{}));
}

bool alive(int pid)
{
    return kill(pid, 0) == 0;
}

} // namespace

class CellTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { GRADUS_NEEDS_CELLS(); }

    void command_runsWithItsInputAndGivesBothStreamsAndItsCode()
    {
        auto cell = Cell::start({});
        QVERIFY2(cell.ok(), cell ? "" : cell.error().message.c_str());
        const auto result =
            cell->exec({.argv = {"/bin/sh", "-c", "cat; echo to-errors >&2; pwd; exit 7"}, .input = "hello\n"});
        QVERIFY(result.ok());
        QCOMPARE(result->exitCode, 7);
        QCOMPARE(result->output, std::string("hello\n/home/agent\n"));
        QCOMPARE(result->errors, std::string("to-errors\n"));
        QVERIFY(result->error == ToolError::None);
    }
    void largeInputAndOutput_passWholeThroughSmallPipes()
    {
        auto cell = Cell::start({});
        QVERIFY(cell.ok());
        const std::string bytes(400'000, 'x');
        const auto result = cell->exec({.argv = {"cat"}, .input = bytes, .outputCap = 1 << 20});
        QVERIFY(result.ok());
        QCOMPARE(result->output, bytes);
    }
    void state_staysBetweenCommandsAndDiffListsIt()
    {
        auto cell = Cell::start({});
        QVERIFY(cell.ok());
        QVERIFY(cell->writeFile("/home/agent/a/b.txt", "one")->success());
        QVERIFY(cell->writeFile("/home/agent/old.txt", "two")->success());
        QVERIFY(cell->mark().ok());
        QVERIFY(
            shell(*cell, "echo more >> a/b.txt; rm old.txt; ln -s /etc/passwd link; touch -d @0 a/b.txt").success());
        const auto diff = cell->diff();
        QVERIFY(diff.ok() && diff->success() && diff->whole);
        std::string lines;
        for (const FileEntry& entry : diff->entries)
            lines += std::string(1, static_cast<char>(entry.change)) + entry.path + "\n";
        QCOMPARE(lines, std::string("~/home/agent/a/b.txt\n+/home/agent/link\n-/home/agent/old.txt\n"));
        QCOMPARE(cell->readFile("/home/agent/a/b.txt")->bytes, std::string("onemore\n"));
        const auto status = cell->stat("/home/agent/link");
        QVERIFY(status.ok() && status->entries.size() == 1 && S_ISLNK(status->entries[0].mode));
    }
    void bigFile_isWrittenInPiecesAndReadBack()
    {
        auto cell = Cell::start({});
        QVERIFY(cell.ok());
        std::string bytes(3 << 20, '\0');
        for (std::size_t i = 0; i < bytes.size(); ++i)
            bytes[i] = static_cast<char>(i * 31 + i / 7);
        QVERIFY(cell->writeFile("/tmp/big", bytes)->success());
        QCOMPARE(cell->readFile("/tmp/big")->bytes, bytes);
        QVERIFY(cell->readFile("/tmp/big", 1000)->error == ToolError::OutputLimit);
        QVERIFY(cell->readFile("/tmp/big")->success()); // and the cell goes on
    }
    void failures_areNamedAsInspectNamesThem()
    {
        auto cell = Cell::start({});
        QVERIFY(cell.ok());
        QVERIFY(cell->readFile("/nowhere")->error == ToolError::FileNotFound);
        QVERIFY(cell->readFile("/home")->error == ToolError::IsADirectory);
        QVERIFY(cell->writeFile("/usr/x", "")->error == ToolError::Permission);
        QVERIFY(cell->writeFile("/home/agent", "")->error == ToolError::IsADirectory);
        QVERIFY(cell->exec({.argv = {"no-such-program"}})->error == ToolError::FileNotFound);
        QVERIFY(cell->exec({.argv = {"/etc/passwd"}})->error == ToolError::Permission);
        QVERIFY(shell(*cell, "sleep 20", 0.3).error == ToolError::Timeout);
        const ExecResult flood = shell(*cell, "yes", 10, 10'000);
        QVERIFY(flood.error == ToolError::OutputLimit);
        QCOMPARE(flood.output.size(), std::size_t{10'000});
        QVERIFY(shell(*cell, "true").success());
        QVERIFY(cell->exec({.argv = {}})->error == ToolError::Unknown);
        QVERIFY(cell->exec({.argv = {std::string("a\0b", 3)}})->error == ToolError::Unknown);
        QVERIFY(shell(*cell, "mkfifo p").success());
        QVERIFY(cell->readFile("/home/agent/p")->error == ToolError::Permission); // and does not wait for a writer
    }
    void pathsThatNoFileCanHave_areRefusedByEveryVerb()
    {
        auto cell = Cell::start({});
        QVERIFY(cell.ok());
        QVERIFY(cell->writeFile("/home/agent/secret", "x")->success());
        // Cut at its NUL byte the path would name another file than the one that was asked for.
        for (const std::string& path :
             {std::string("/home/agent/secret\0.txt", 22), std::string(5000, 'a'), std::string()}) {
            const auto written = cell->writeFile(path, "y");
            QVERIFY(written.ok() && written->error == ToolError::FileNotFound);
            const auto read = cell->readFile(path);
            QVERIFY(read.ok() && read->error == ToolError::FileNotFound && read->bytes.empty());
            const auto status = cell->stat(path);
            QVERIFY(status.ok() && status->error == ToolError::FileNotFound && status->entries.empty());
            QCOMPARE(read->message, written->message);
        }
        QVERIFY(shell(*cell, "true").success()); // and the cell goes on
        QCOMPARE(cell->readFile("/home/agent/secret")->bytes, std::string("x"));
    }
    void daemonThatHoldsTheStreams_isNotWaitedFor()
    {
        auto cell = Cell::start({});
        QVERIFY(cell.ok());
        const double begun = monotonicSeconds();
        const ExecResult result = shell(*cell, "setsid sh -c 'trap \"\" TERM HUP; sleep 60' & echo started");
        QVERIFY(result.success());
        QCOMPARE(result.output, std::string("started\n"));
        QVERIFY(monotonicSeconds() - begun < 2.0 * kPatience);
    }
    void environment_holdsNothingOfTheHosts()
    {
        qputenv("GRADUS_TEST_SECRET", "t0p");
        auto cell = Cell::start({});
        QVERIFY(cell.ok());
        const std::string all = cell->exec({.argv = {"env"}, .environment = {"MINE=1"}})->output;
        QVERIFY(all.find("t0p") == std::string::npos);
        QVERIFY(all.find("MINE=1\n") != std::string::npos);
        QVERIFY(all.find("HOME=/home/agent\n") != std::string::npos);
    }
    void account_isNotRoot()
    {
        auto cell = Cell::start({});
        QVERIFY(cell.ok());
        QVERIFY(cell->account() != 0);
        struct stat status
        {
        };
        QVERIFY(::stat(("/proc/" + std::to_string(cell->keeperPid())).c_str(), &status) == 0);
        QCOMPARE(status.st_uid, cell->account());
    }
    void levelWithoutPrograms_hasNone()
    {
        auto cell = Cell::start({.level = Level::Files});
        QVERIFY2(cell.ok(), cell ? "" : cell.error().message.c_str());
        QVERIFY(cell->exec({.argv = {"/bin/sh", "-c", "true"}})->error == ToolError::FileNotFound);
        QVERIFY(cell->writeFile("/home/agent/x", "y")->success());
    }
    void episodes_leakNothing()
    {
        {
            auto warm = Cell::start({});
        } // what is made once a program
        const auto mounts = readFile("/proc/self/mountinfo")->size();
        const std::size_t descriptors = entries("/proc/self/fd");
        const std::size_t threads = entries("/proc/self/task");
        for (int episode = 0; episode < 20; ++episode) {
            auto cell = Cell::start({});
            QVERIFY(cell.ok());
            QVERIFY(shell(*cell, "setsid sleep 100 & echo x > f; (sleep 50 &)").success());
            const int keeper = cell->keeperPid();
            const int first = cell->firstPid();
            QVERIFY(alive(keeper) && alive(first));
            QVERIFY(cell->shutdown().kind == EndKind::Asked);
            QVERIFY(!alive(keeper) && !alive(first));
        }
        QCOMPARE(readFile("/proc/self/mountinfo")->size(), mounts);
        QCOMPARE(entries("/proc/self/fd"), descriptors);
        QCOMPARE(entries("/proc/self/task"), threads);
        QVERIFY(waitpid(-1, nullptr, WNOHANG) < 0); // no child of ours is left, not even a dead one
    }
    void cellStartedFromAShortThread_outlivesTheThread()
    {
        Result<Cell> cell = failed("not started");
        std::thread([&cell] { cell = Cell::start({}); }).join();
        QVERIFY(cell.ok());
        QTest::qSleep(50);
        QVERIFY(shell(*cell, "true").success());
    }
    void cells_workSideBySideFromSeveralThreads()
    {
        std::vector<std::thread> threads;
        std::atomic<int> good = 0;
        for (int i = 0; i < 4; ++i)
            threads.emplace_back([i, &good] {
                auto cell = Cell::start({});
                if (!cell) return;
                const auto word = std::to_string(i);
                for (int round = 0; round < 5; ++round)
                    if (cell->exec({.argv = {"echo", word}})->output == word + "\n") ++good;
            });
        for (std::thread& thread : threads)
            thread.join();
        QCOMPARE(good.load(), 20);
    }
};

GRADUS_SUITE(CellTest)
#include "cell_test.moc"
