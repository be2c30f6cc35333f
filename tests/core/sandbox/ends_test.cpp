// SPDX-License-Identifier: GPL-3.0-or-later
// How cells end: within their limits, with the worker unharmed, and with the worker when it dies.
#include "core/sandbox/cells.h"
#include "support/suite.h"

#include "base/clock.h"
#include "base/files.h"
#include "sandbox/abuses.h"
#include "sandbox/process_tree.h"

#include <QTest>

#include <algorithm>
#include <csignal>
#include <set>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace gradus;
using namespace gradus::sandbox;
using gradus::tests::kPatience;

namespace {

Command shell(const std::string& script, double seconds = 10)
{
    return {.argv = {"/bin/sh", "-c", script}, .timeoutSeconds = seconds};
}

bool gone(int pid, double seconds)
{
    const double deadline = monotonicSeconds() + seconds;
    while (kill(pid, 0) == 0 && monotonicSeconds() < deadline)
        usleep(2000);
    return kill(pid, 0) != 0;
}

} // namespace

class EndsTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { GRADUS_NEEDS_CELLS(); }

    void forkBomb_meetsTheLimitAndTheCellGoesOn()
    {
        CellOptions options;
        options.limits.processes = 30;
        auto cell = Cell::start(options);
        QVERIFY(cell.ok());
        const auto bomb = cell->exec(shell("n=0; while [ $n -lt 200 ]; do sleep 3 & n=$((n+1)); done; echo all", 2));
        QVERIFY(bomb.ok());
        QVERIFY2(bomb->output.find("all") == std::string::npos, "200 processes were made where 30 are allowed");
        QTest::qSleep(1500); // sleepers of another process group
        QVERIFY(cell->end().kind == EndKind::Alive);
    }
    void memoryOfManyProcesses_isEndedByTheWatchdog()
    {
        CellOptions options;
        options.limits.totalMemory = 96 * mebibyte;
        auto cell = Cell::start(options);
        QVERIFY(cell.ok());
        const double begun = monotonicSeconds();
        // Each takes 40 MB, far below the limit of one process; together they are over the cell's.
        const auto result = cell->exec(shell("for i in 1 2 3 4; do (head -c 40000000 /dev/zero | tail -c 40000000 | "
                                             "(sleep 20; cat) >/dev/null) & done; wait",
                                             20));
        QVERIFY(!result.ok());
        QVERIFY2(cell->end().kind == EndKind::Memory, cell->end().sentence.c_str());
        QVERIFY(monotonicSeconds() - begun < 5.0 * kPatience);
        QVERIFY(Cell::start({}).ok());
    }
    void bytesInSockets_areTheCellsMemory()
    {
        CellOptions options;
        options.limits.totalMemory = 48 * mebibyte;
        auto cell = Cell::start(options);
        QVERIFY(cell.ok());
        // One process that keeps its descriptors from view, and closes every sender: 240 queues of 230 kB, 53 MiB.
        const auto result = cell->exec({.argv = {"python3", "-c", R"(
import ctypes, socket, time
ctypes.CDLL(None).prctl(4, 0)
kept = []
for i in range(240):
    out, into = socket.socketpair()
    out.setblocking(False)
    try:
        while out.send(b'x' * 65536): pass
    except BlockingIOError:
        pass
    out.close()
    kept.append(into)
time.sleep(20))"},
                                        .timeoutSeconds = 30});
        if (result.ok() && result->exitCode == 127) QSKIP("There is no python3 here.");
        QVERIFY2(!result.ok(), result.ok() ? result->errors.c_str() : "");
        QVERIFY2(cell->end().kind == EndKind::Memory, cell->end().sentence.c_str());
    }
    void memoryOfAProcessWithoutItsFirstThread_isCounted()
    {
        CellOptions options;
        options.limits.totalMemory = 96 * mebibyte;
        auto cell = Cell::start(options);
        QVERIFY(cell.ok());
        const auto result = cell->exec({.argv = {"python3", "-c", R"(
import ctypes, os, threading, time
def fill():
    time.sleep(0.5)
    held = bytearray(b'x') * (160 << 20)
    time.sleep(5)
    os.write(1, b'held')
    os._exit(0)
threading.Thread(target=fill).start()
ctypes.CDLL(None).syscall(60 if os.uname().machine == 'x86_64' else 93, 0) # exit, of this thread alone)"},
                                        .timeoutSeconds = 30});
        if (result.ok() && result->exitCode == 127) QSKIP("There is no python3 here.");
        QVERIFY2(!result.ok(), result.ok() ? (result->output + result->errors).c_str() : "");
        QVERIFY2(cell->end().kind == EndKind::Memory, cell->end().sentence.c_str());
    }
    void programsThatMovePages_readAndWriteInstead()
    {
        auto cell = Cell::start({});
        QVERIFY(cell.ok());
        const auto result = cell->exec({.argv = {"python3", "-c", R"(
import errno, os, shutil, socket, subprocess
with open('/tmp/a', 'wb') as file:
    file.write(b'x' * 300000)
shutil.copyfile('/tmp/a', '/home/agent/b')
subprocess.run('cp /tmp/a /home/agent/c && cat /tmp/a | cat > d && tar cf /tmp/t a && tar xf /tmp/t -O > e', shell=True,
               check=True, cwd='/tmp')
if shutil.which('node'): # which falls back on few answers
    subprocess.run(['node', '-e', "require('fs').copyFileSync('/tmp/a', '/home/agent/c');"], check=True)
near, far = socket.socketpair()
with open('/tmp/a', 'rb') as file:
    sent = near.sendfile(file, count=1000)
    try:
        os.sendfile(near.fileno(), file.fileno(), 0, 1)
    except OSError as error:
        print(error.errno == errno.EINVAL, sent, len(far.recv(2000)))
print([os.path.getsize(path) for path in ('/home/agent/b', '/home/agent/c', '/tmp/d', '/tmp/e')]))"},
                                        .timeoutSeconds = 30});
            QVERIFY2(result.ok(), result.ok() ? "" : cell->end().sentence.c_str());
            if (result->exitCode == 127) QSKIP("There is no python3 here.");
            QVERIFY2(result->output == "True 1000 1000\n[300000, 300000, 300000, 300000]\n",
                     (result->output + result->errors).c_str());
    }
    void programsWithSocketsAndPipes_goOn()
    {
            auto cell = Cell::start({});
            QVERIFY(cell.ok());
            const auto result = cell->exec({.argv = {"python3", "-c", R"(
import os, socket, time
listener = socket.create_server(('127.0.0.1', 0))
kept = [listener] + [end for i in range(50) for end in socket.socketpair()] + [os.pipe() for i in range(20)]
for i in range(40):
    kept.append(socket.create_connection(listener.getsockname()))
    kept.append(listener.accept()[0])
    kept[-1].setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 20)
    kept[-1].sendall(b'x' * 100000)
time.sleep(1.5)
print(len(kept)))"},
                                            .timeoutSeconds = 30});
            QVERIFY2(result.ok(), result.ok() ? "" : cell->end().sentence.c_str());
            if (result->exitCode == 127) QSKIP("There is no python3 here.");
            QVERIFY2(result->output == "201\n", result->errors.c_str());
    }
    void floodOfFiles_isEndedByTheWatchdog()
    {
            CellOptions options;
            options.limits.inodes = 2000;
            auto cell = Cell::start(options);
            QVERIFY(cell.ok());
            const auto result = cell->exec(shell("i=0; while :; do : > f$i; i=$((i+1)); done", 20));
            QVERIFY(!result.ok());
            QVERIFY2(cell->end().kind == EndKind::Inodes, cell->end().sentence.c_str());
    }
    void floodOfOutput_endsTheCommandOnly()
    {
            auto cell = Cell::start({});
            QVERIFY(cell.ok());
            const double begun = monotonicSeconds();
            const auto flood = cell->exec(shell("cat /dev/zero"));
            QVERIFY(flood.ok() && flood->error == ToolError::OutputLimit);
            QVERIFY(monotonicSeconds() - begun < 2.0 * kPatience);
            QVERIFY(cell->exec(shell("true"))->success());
    }
    void processorTime_isBounded()
    {
            CellOptions options;
            options.limits.cpuSeconds = 1;
            auto cell = Cell::start(options);
            QVERIFY(cell.ok());
            const auto spin = cell->exec(shell("while :; do :; done", 30));
            QVERIFY(spin.ok() && spin->error == ToolError::None);
            QVERIFY(spin->signal == SIGKILL || spin->signal == SIGXCPU);
    }
    void stoppedFirstProcess_isNotWaitedForForever()
    {
            auto cell = Cell::start({});
            QVERIFY(cell.ok());
            QVERIFY(kill(cell->firstPid(), SIGSTOP) == 0); // from outside, as a hang nobody inside could bring about
            const double begun = monotonicSeconds();
            QVERIFY(!cell->exec(shell("true", 0.2)).ok());
            QVERIFY2(cell->end().kind == EndKind::Silent, cell->end().sentence.c_str());
            QVERIFY(monotonicSeconds() - begun < 5.0 * kPatience);
            QVERIFY(gone(cell->firstPid(), 1));
    }
    void firstProcess_cannotBeKilledFromInside()
    {
            auto cell = Cell::start({});
            QVERIFY(cell.ok());
            (void)cell->exec(shell("kill -9 1; kill -TERM 1; kill -SEGV 1"));
            QVERIFY(cell->exec(shell("true"))->success());
    }
    void episodeTime_isBounded()
    {
            CellOptions options;
            options.limits.episodeSeconds = 0.5;
            auto cell = Cell::start(options);
            QVERIFY(cell.ok());
            QVERIFY(!cell->exec(shell("sleep 20", 20)).ok());
            QVERIFY2(cell->end().kind == EndKind::Time, cell->end().sentence.c_str());
    }
    void abusesWithTheUsualLimits_areAllKept()
    {
            const auto rows = tryAbuses({});
            QVERIFY2(rows.ok(), rows ? "" : rows.error().message.c_str());
            QCOMPARE(rows->size(), std::size_t{5});
            for (const AbuseRow& row : *rows) {
                QVERIFY2(row.kept, (row.abuse + ": " + row.ended).c_str());
                QVERIFY2(row.seconds < 32.0 * kPatience, row.abuse.c_str());
            }
            QVERIFY(rows->back().goesOn); // a command that hangs is no cell that hangs
    }
    void processesBelow_findsWhatACellIsMadeOf()
    {
            QVERIFY(processesBelow(getpid()).empty());
            auto cell = Cell::start({});
            QVERIFY(cell.ok());
            const std::set<int> below = processesBelow(getpid());
            QVERIFY(below.contains(cell->keeperPid()) && below.contains(cell->firstPid()));
            cell->shutdown();
            QVERIFY(std::none_of(below.begin(), below.end(), isThere));
            QVERIFY(readFile("/proc/self/mountinfo").ok() &&
                    !readFile("/proc/self/mountinfo")->empty()); // its size is 0 to who asks for it
    }
    void killedWorker_takesItsCellsAlong()
    {
            QVERIFY(prctl(PR_SET_CHILD_SUBREAPER, 1) == 0); // so that this test sees the orphans collected
            int pipes[2];
            QVERIFY(pipe(pipes) == 0);
            const pid_t worker = fork();
            if (worker == 0) {
                execl("/proc/self/exe", "sandbox_test", "--hold-a-cell", std::to_string(pipes[1]).c_str(), nullptr);
                _exit(1);
            }
            close(pipes[1]);
            int pids[2] = {0, 0};
            QVERIFY(read(pipes[0], pids, sizeof pids) == static_cast<ssize_t>(sizeof pids));
            close(pipes[0]);
            QVERIFY(kill(pids[0], 0) == 0 && kill(pids[1], 0) == 0);
            QVERIFY(kill(worker, SIGKILL) == 0);
            QVERIFY(waitpid(worker, nullptr, 0) == worker);
            const double deadline = monotonicSeconds() + 5 * kPatience;
            while (waitpid(pids[0], nullptr, WNOHANG) == 0 && monotonicSeconds() < deadline)
                usleep(2000);
            const bool ended = gone(pids[0], 1) && gone(pids[1], 1);
            prctl(PR_SET_CHILD_SUBREAPER, 0);
            QVERIFY(ended);
    }
    void killedKeeper_takesTheCellAlong()
    {
            QVERIFY(prctl(PR_SET_CHILD_SUBREAPER, 1) == 0);
            auto cell = Cell::start({});
            QVERIFY(cell.ok());
            QVERIFY(kill(cell->keeperPid(), SIGKILL) == 0);
            QVERIFY(!cell->exec(shell("sleep 5")).ok());
            QVERIFY2(cell->end().kind == EndKind::Lost, cell->end().sentence.c_str());
            const double deadline = monotonicSeconds() + 5 * kPatience;
            while (waitpid(-1, nullptr, WNOHANG) >= 0 && monotonicSeconds() < deadline)
                usleep(2000);
            prctl(PR_SET_CHILD_SUBREAPER, 0);
            QVERIFY(gone(cell->firstPid(), 1));
    }
    };

    namespace {

    /// The worker of killedWorker_takesItsCellsAlong: this executable again, before Qt has begun.
    __attribute__((constructor)) void holdACell(int argc, char** argv)
    {
        if (argc != 3 || std::string(argv[1]) != "--hold-a-cell") return;
        auto cell = Cell::start({});
        if (!cell) _exit(1);
        const int pids[2] = {cell->keeperPid(), cell->firstPid()};
        if (write(std::atoi(argv[2]), pids, sizeof pids) < 0) _exit(1);
        (void)cell->exec({.argv = {"sleep", "60"}, .timeoutSeconds = 60});
        _exit(0);
    }

    } // namespace

    GRADUS_SUITE(EndsTest)
#include "ends_test.moc"
