// SPDX-License-Identifier: GPL-3.0-or-later
// Cells behind a kernel in user space (gVisor): the same verbs, the same limits, walls of their own, and nothing left.
// Where runsc is not installed, or runs nothing even by itself, these are skipped with that reason.
#include "core/sandbox/cells.h"
#include "support/suite.h"

#include "base/clock.h"
#include "base/files.h"
#include "base/text.h"
#include "sandbox/battery.h"
#include "sandbox/cell.h"
#include "sandbox/host_stage.h"
#include "sandbox/keeper_process.h"
#include "sandbox/machine.h"
#include "sandbox/preflight.h"
#include "sandbox/process_tree.h"
#include "sandbox/wall.h"

#include <QSet>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <set>
#include <sys/prctl.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace gradus;
using namespace gradus::sandbox;
using gradus::tests::kPatience;

namespace {

const CellOptions behind{.level = Level::UserKernel};

/// Empty, or why the user kernel of these options runs nothing here though none of ours is around it: it is not there,
/// or it cannot do on this machine what it needs (trace, make namespaces), in its own words. Where it does run, a cell
/// that does not start is ours to answer for.
std::string noUserKernelHere(const CellOptions& options)
{
    const std::string program = userKernelProgram(options);
    if (access(program.c_str(), X_OK) != 0) return program + " is not there";
    const auto stage = HostStage::make();
    const auto shell = readFile("/bin/bash", 64 << 20);
    if (!stage || !shell) return {};
    const auto said = (*stage)->runPlain(*shell,
                                         {"bash", "-c",
                                          "cd \"$1\" && HOME=\"$PWD\" timeout -s KILL 30 \"$2\" --rootless "
                                          "--ignore-cgroups --network=none --platform=ptrace "
                                          "--root=\"$1/state\" do /bin/echo it-runs 2>&1; rm -rf \"$1/state\"",
                                          "bash", ((*stage)->folder() / "scratch").string(), program},
                                         4096, 40);
    if (!said || said->find("it-runs\n") != std::string::npos) return {};
    return program + " runs nothing on this machine: " + visible(*said, 300);
}

#define GRADUS_NEEDS_USER_KERNEL()                                                                                     \
    GRADUS_NEEDS_CELLS();                                                                                              \
    do {                                                                                                               \
        static const std::string lacking = noUserKernelHere(behind);                                                   \
        if (!lacking.empty()) QSKIP(lacking.c_str());                                                                  \
    } while (false)

Command shell(const std::string& script, double seconds = 30)
{
    return {.argv = {"/bin/sh", "-c", script}, .timeoutSeconds = seconds};
}

QString openRows(const BatteryReport& report)
{
    QStringList open;
    for (const VectorReport& row : report.vectors)
        if (row.verdict == Verdict::Open) open << QString::fromUtf8(row.id.data(), static_cast<int>(row.id.size()));
    return open.join(' ');
}

bool allGone(const std::set<int>& pids, double seconds)
{
    const double deadline = monotonicSeconds() + seconds;
    for (const int pid : pids)
        while (isThere(pid)) {
            if (monotonicSeconds() > deadline) return false;
            while (waitpid(-1, nullptr, WNOHANG) > 0) {
            }
            usleep(2000);
        }
    return true;
}

} // namespace

class UserKernelTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void missingProgram_isRefusedWithLayerAndCure()
    {
        GRADUS_NEEDS_CELLS();
        const CellOptions without{.level = Level::UserKernel, .userKernel = "/nowhere/runsc"};
        const auto cell = Cell::start(without);
        QVERIFY(!cell.ok());
        QCOMPARE(cell.error().kind, ErrorKind::Refused);
        const std::string& why = cell.error().message;
        QVERIFY2(why.find("\"kernel in user space\" is missing (/nowhere/runsc is not there; install gVisor") !=
                     std::string::npos,
                 why.c_str());
        const auto battery = runBattery({.cell = without, .quick = true});
        QVERIFY(!battery.ok() && battery.error().message == why);
        QVERIFY(!startProven(without).ok());
        QVERIFY(Cell::start({.userKernel = "/nowhere/runsc"}).ok()); // the levels below do without
    }
    void kernelThatRunsNothingByItself_isTheMachinesAndNotOurs()
    {
        GRADUS_NEEDS_CELLS();
        QTemporaryDir folder("/var/tmp/gradus-test-XXXXXX");
        std::filesystem::permissions(folder.path().toStdString(), std::filesystem::perms(0755));
        const std::filesystem::path program = folder.filePath("runsc").toStdString();
        QVERIFY(writeFileAtomically(program, "#!/bin/sh\necho 'ptrace is not permitted here' >&2\nexit 128\n").ok());
        std::filesystem::permissions(program, std::filesystem::perms(0755));
        CellOptions crippled = behind;
        crippled.userKernel = program.string();
        const std::string why = noUserKernelHere(crippled);
        QVERIFY2(why.find("runs nothing on this machine: ptrace is not permitted here") != std::string::npos,
                 why.c_str());
        QVERIFY(!Cell::start(crippled).ok()); // and no cell starts with it
        crippled.userKernel = "/nowhere/runsc";
        QCOMPARE(noUserKernelHere(crippled), std::string("/nowhere/runsc is not there"));
    }
    void kernelThatRunsByItself_leavesARefusalToUs()
    {
        GRADUS_NEEDS_USER_KERNEL();
        CellOptions broken = behind;
        broken.bubblewrap = "/nowhere/bwrap";
        QVERIFY(!Cell::start(broken).ok());
        QCOMPARE(noUserKernelHere(broken), std::string()); // so that the test would go on, and fail
    }
    void programThatIsNoKernel_isRefusedByTheProof()
    {
        GRADUS_NEEDS_CELLS();
        // The cell's first process itself in the kernel's place: it answers as it should, and nothing is around it. The
        // filters that it takes for itself the host's kernel counts then.
        QTemporaryDir folder("/var/tmp/gradus-test-XXXXXX");
        std::filesystem::permissions(folder.path().toStdString(), std::filesystem::perms(0755));
        const std::filesystem::path program = folder.filePath("runsc").toStdString();
        QVERIFY(writeFileAtomically(program, helperProgram()).ok());
        std::filesystem::permissions(program, std::filesystem::perms(0755));
        const auto cell = Cell::start({.level = Level::UserKernel, .userKernel = program.string()});
        QVERIFY(!cell.ok());
        QVERIFY2(cell.error().message.find("\"system-call filters\" is missing") != std::string::npos,
                 cell.error().message.c_str());
    }
    void verbs_workAsInAnyCell()
    {
        GRADUS_NEEDS_USER_KERNEL();
        auto cell = Cell::start(behind);
        QVERIFY2(cell.ok(), cell ? "" : cell.error().message.c_str());
        const std::string bytes(700'000, 'x'); // two pieces
        QVERIFY(cell->writeFile("/home/agent/a/b.txt", bytes, 0640)->success());
        QCOMPARE(cell->readFile("/home/agent/a/b.txt")->bytes, bytes);
        QVERIFY(cell->readFile("/home/agent/no")->error == ToolError::FileNotFound);
        const auto status = cell->stat("/home/agent/a/b.txt");
        QVERIFY(status.ok() && status->entries.size() == 1 && status->entries[0].size == bytes.size());
        const auto listed =
            cell->exec(shell("id -u; ls -l /usr >/dev/null && stat /tmp >/dev/null && echo seen; exit 3"));
        QVERIFY(listed.ok());
        QVERIFY2(listed->output == "1000\nseen\n" && listed->exitCode == 3, listed->errors.c_str());
        const auto diff = cell->diff();
        QVERIFY(diff.ok() && diff->whole && diff->entries.size() == 2);
        QVERIFY(!cell->exec({.argv = {"/no/such"}})->success());
        QVERIFY(cell->exec({.argv = {"/bin/cat"}, .input = "in"})->output == "in");
        QVERIFY(cell->account() != 0);
    }
    void kernel_isNotTheHosts()
    {
        GRADUS_NEEDS_USER_KERNEL();
        auto cell = Cell::start(behind);
        QVERIFY2(cell.ok(), cell ? "" : cell.error().message.c_str());
        utsname host{};
        QVERIFY(uname(&host) == 0);
        const auto inside = cell->exec(shell("uname -r"));
        QVERIFY(inside.ok() && !inside->output.empty() && inside->output != std::string(host.release) + "\n");
    }
    void battery_opensNothing()
    {
        GRADUS_NEEDS_USER_KERNEL();
        const auto report = runBattery({.cell = behind, .quick = true});
        QVERIFY2(report.ok(), report ? "" : report.error().message.c_str());
        QCOMPARE(openRows(*report), QString());
        QVERIFY(report->held());
        for (const VectorReport& row : report->vectors)
            if (row.id == "host-secret" || row.id == "host-loopback" || row.id == "environment" ||
                row.id == "helper-memory" || row.id == "make-setuid" || row.id == "heap")
                QVERIFY2(row.verdict == Verdict::Contained, (std::string(row.id) + ": " + row.why).c_str());
    }
    void heavyRows_areKept_data()
    {
        QTest::addColumn<QString>("vector");
        for (const char* id : {"fork-bomb", "disk", "total-memory", "socket-memory", "output-flood", "daemon"})
            QTest::newRow(id) << QString(id);
    }
    void heavyRows_areKept()
    {
        GRADUS_NEEDS_USER_KERNEL();
        QFETCH(QString, vector);
        const auto report = runBattery({.cell = behind, .onlyVector = vector.toStdString()});
        QVERIFY2(report.ok(), report ? "" : report.error().message.c_str());
        const Verdict expected = vector.endsWith("-memory") ? Verdict::Partial : Verdict::Contained;
        QVERIFY2(report->vectors.front().verdict == expected, report->vectors.front().why.c_str());
    }
    void layerLeftOut_turnsItsRowsRed_data()
    {
        QTest::addColumn<int>("layer");
        QTest::addColumn<QString>("rows");
        QTest::addColumn<QString>("loads");
        const auto add = [](const char* name, Layer layer, const char* rows, const char* loads) {
            QTest::newRow(name) << static_cast<int>(layer) << QString(rows) << QString(loads);
        };
        add("network", Layer::Network, "host-loopback interfaces", "");
        add("environment", Layer::Environment, "environment", "");
        add("filters", Layer::Seccomp,
            "clone-namespace device-nodes io-uring kernel-log make-setuid memory-file message-queue netlink-socket "
            "raise-limits shared-memory socket-buffer socket-pages trace-sibling user-namespace",
            "");
        add("sized file systems", Layer::FileSystemSizes, "", "disk");
        add("resource limits", Layer::ResourceLimits, "heap", "fork-bomb");
        add("watchdog", Layer::Watchdog, "", "total-memory");
        add("guarded helper", Layer::HelperGuard, "", "");
        add("closed descriptors", Layer::Descriptors, "", "");
    }
    /// Exactly its rows of the quick ones, and those that use something up.
    void layerLeftOut_turnsItsRowsRed()
    {
        GRADUS_NEEDS_USER_KERNEL();
        QFETCH(int, layer);
        QFETCH(QString, rows);
        QFETCH(QString, loads);
        const Weakening weak{.without = static_cast<Layer>(layer), .prove = false};
        const auto quick = runBattery({.cell = behind, .quick = true, .weakening = weak});
        QVERIFY2(quick.ok(), quick ? "" : quick.error().message.c_str());
        QStringList open = openRows(*quick).split(' ', Qt::SkipEmptyParts);
        open.sort();
        QCOMPARE(open.join(' '), rows);
        for (const QString& row : loads.split(' ', Qt::SkipEmptyParts)) {
            const auto report = runBattery({.cell = behind, .onlyVector = row.toStdString(), .weakening = weak});
            QVERIFY2(report.ok(), report ? "" : report.error().message.c_str());
            QVERIFY2(report->vectors.front().verdict == Verdict::Open, report->vectors.front().why.c_str());
        }
    }
    void layerThatIsProved_refusesWhenItIsLeftOut()
    {
        GRADUS_NEEDS_USER_KERNEL();
        for (const auto& [layer, named] : {std::pair{Layer::Network, "namespaces"},
                                           {Layer::ReadOnlyRoot, "read-only root"},
                                           {Layer::Seccomp, "system-call filters"}}) {
            const auto cell = Cell::startWeakened(behind, {.without = layer, .prove = true});
            QVERIFY(!cell.ok());
            QVERIFY2(cell.error().message.find(std::string("\"") + named + "\" is missing") != std::string::npos,
                     cell.error().message.c_str());
        }
    }
    void hang_endsInItsTime()
    {
        GRADUS_NEEDS_USER_KERNEL();
        auto cell = Cell::start(behind);
        QVERIFY2(cell.ok(), cell ? "" : cell.error().message.c_str());
        const double begun = monotonicSeconds();
        const auto hung = cell->exec(shell("trap '' TERM INT HUP; while :; do sleep 60; done", 0.5));
        QVERIFY(hung.ok() && hung->error == ToolError::Timeout);
        QVERIFY(monotonicSeconds() - begun < 2.5 * kPatience);
        QVERIFY(cell->exec(shell("true"))->success());
    }
    void manyCells_leaveNothing()
    {
        GRADUS_NEEDS_USER_KERNEL();
        const auto bench = benchCells(behind, 6, 1);
        QVERIFY2(bench.ok(), bench ? "" : bench.error().message.c_str());
        QCOMPARE(bench->leakedProcesses, 0L);
        QCOMPARE(bench->leakedDescriptors, 0L);
        QCOMPARE(bench->leakedMounts, 0L);
        QCOMPARE(bench->leakedThreads, 0L);
    }
    void killedWorker_takesTheKernelAlong()
    {
        GRADUS_NEEDS_USER_KERNEL();
        QVERIFY(prctl(PR_SET_CHILD_SUBREAPER, 1) == 0);
        int pipes[2];
        QVERIFY(pipe(pipes) == 0);
        const std::string self = std::filesystem::read_symlink("/proc/self/exe").string();
        const pid_t worker = fork();
        if (worker == 0) {
            const std::string fd = std::to_string(pipes[1]);
            execl(self.c_str(), self.c_str(), "--hold-a-user-kernel", fd.c_str(), nullptr);
            _exit(127);
        }
        close(pipes[1]);
        int keeper = -1;
        const bool said = read(pipes[0], &keeper, sizeof keeper) == static_cast<ssize_t>(sizeof keeper);
        close(pipes[0]);
        QVERIFY(said);
        std::set<int> all = processesBelow(keeper);
        all.insert(keeper);
        QVERIFY(kill(worker, SIGKILL) == 0);
        QVERIFY(all.size() >= 5); // keeper, bubblewrap, runsc, and its two servers at the least
        const bool ended = allGone(all, 5 * kPatience);
        prctl(PR_SET_CHILD_SUBREAPER, 0);
        QVERIFY(ended);
    }
};

namespace {

/// The worker of killedWorker_takesTheKernelAlong: this executable again, before Qt has begun.
__attribute__((constructor)) void holdAUserKernel(int argc, char** argv)
{
    if (argc != 3 || std::string(argv[1]) != "--hold-a-user-kernel") return;
    auto cell = Cell::start({.level = Level::UserKernel});
    if (!cell) _exit(1);
    const int keeper = cell->keeperPid();
    if (write(std::atoi(argv[2]), &keeper, sizeof keeper) < 0) _exit(1);
    (void)cell->exec({.argv = {"sleep", "60"}, .timeoutSeconds = 60});
    _exit(0);
}

} // namespace

GRADUS_SUITE(UserKernelTest)
#include "user_kernel_test.moc"
