// SPDX-License-Identifier: GPL-3.0-or-later
// Several cells of one episode: they reach what was declared, count it, share their limits, and end together.
#include "core/sandbox/cells.h"
#include "support/suite.h"

#include "base/clock.h"
#include "sandbox/battery.h"
#include "sandbox/joined_cells.h"
#include "sandbox/preflight.h"
#include "sandbox/process_tree.h"
#include "sandbox/vectors.h"

#include <QSet>
#include <QTest>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <sys/wait.h>
#include <unistd.h>

using namespace gradus;
using namespace gradus::sandbox;
using gradus::tests::kPatience;

namespace {

/// a reaches b at 9001, b reaches c at 9002.
NetworkPlan chain()
{
    return {.hosts = {{"a", ""}, {"b", "127.0.1.2"}, {"c", "127.0.1.3"}}, .joins = {{0, 1, 9001}, {1, 2, 9002}}};
}

CellOptions options()
{
    CellOptions made{.level = Level::SeveralHosts};
    made.limits = episodeLimits(made.limits, made.level);
    return made;
}

Result<JoinedCells> started()
{
    return JoinedCells::start(options(), chain());
}

Command shell(const std::string& script, double seconds = 10)
{
    return {.argv = {"bash", "-c", script}, .timeoutSeconds = seconds};
}

/// A service of the cell's own may take its time on a busy machine.
std::string untilHeard(int port)
{
    return "for i in $(seq 200); do (exec 3<>/dev/tcp/127.0.0.1/" + std::to_string(port) +
           ") 2>/dev/null && exit 0; sleep 0.05; done; exit 1";
}

/// Answers each connection with a line, and writes down what it was sent.
void serve(Cell& cell, int port)
{
    const std::string program = "import socket, threading\n"
                                "s = socket.create_server(('127.0.0.1', " +
                                std::to_string(port) +
                                "))\n"
                                "def one(c):\n"
                                "    data = c.makefile('rb').read()\n"
                                "    open('got', 'ab').write(data)\n"
                                "    c.sendall(b'%d bytes' % len(data))\n"
                                "    c.close()\n"
                                "while True:\n"
                                "    threading.Thread(target=one, args=(s.accept()[0],), daemon=True).start()\n";
    QVERIFY(cell.writeFile("serve.py", program).ok());
    const auto done = cell.exec(shell("setsid python3 serve.py >/dev/null 2>&1 </dev/null & " + untilHeard(port)));
    QVERIFY(done.ok() && done->success());
}

const char* const send =
    "python3 -c \"import socket, sys; s = socket.create_connection((sys.argv[1], int(sys.argv[2])), 5); "
    "s.sendall(b'x' * int(sys.argv[3])); s.shutdown(1); print(s.makefile().read())\" ";

bool allGone(const std::vector<int>& pids, double seconds)
{
    const double deadline = monotonicSeconds() + seconds;
    while (std::any_of(pids.begin(), pids.end(), isRunning) && monotonicSeconds() < deadline)
        usleep(2000);
    return std::none_of(pids.begin(), pids.end(), isRunning);
}

std::vector<int> firstsOf(JoinedCells& cells)
{
    std::vector<int> pids;
    for (std::size_t i = 0; i < cells.size(); ++i)
        pids.push_back(cells.host(i).firstPid());
    return pids;
}

QString listedOpen(const BatteryReport& report)
{
    QStringList open;
    for (const VectorReport& row : report.vectors)
        if (row.verdict == Verdict::Open) open += QString::fromUtf8(row.id.data(), static_cast<int>(row.id.size()));
    open.sort();
    return open.join(' ');
}

} // namespace

class JoinedCellsTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { GRADUS_NEEDS_CELLS(); }

    void declaredService_answersByNameAndIsCounted()
    {
        auto cells = started();
        QVERIFY2(cells.ok(), cells ? "" : cells.error().message.c_str());
        serve(cells->host(1), 9001);
        serve(cells->host(2), 9002);
        const auto first = cells->host(0).exec(shell(send + std::string("b 9001 100000")));
        QVERIFY(first.ok());
        QCOMPARE(first->output, std::string("100000 bytes\n"));
        const auto second = cells->host(1).exec(shell(send + std::string("c 9002 5")));
        QVERIFY(second.ok());
        QCOMPARE(second->output, std::string("5 bytes\n"));
        const auto kept = cells->host(1).stat("/home/agent/got");
        QVERIFY(kept.ok() && kept->entries.size() == 1 && kept->entries[0].size == 100000);
        const auto connections = cells->connections();
        QCOMPARE(connections.size(), std::size_t{2});
        QCOMPARE(connections[0].opened, std::uint64_t{1});
        QCOMPARE(connections[0].sent, std::uint64_t{100000});
        QCOMPARE(connections[0].received, std::uint64_t{12});
        QCOMPARE(connections[1].opened, std::uint64_t{1});
        QVERIFY(cells->alive());
        QCOMPARE(cells->shutdown().kind, EndKind::Asked);
    }
    void undeclaredWays_areClosed()
    {
        auto cells = started();
        QVERIFY(cells.ok());
        serve(cells->host(1), 9001);
        serve(cells->host(1), 9007);
        serve(cells->host(2), 9002);
        serve(cells->host(0), 9005);
        const auto tried = [&](std::size_t from, const char* to) {
            const auto result = cells->host(from).exec(shell(send + std::string(to) + " 1"));
            return result.ok() ? result->errors : std::string("lost");
        };
        for (const char* way : {"b 9007", "c 9002", "127.0.0.1 9007", "127.0.1.3 9002"})
            QVERIFY2(tried(0, way).find("refused") != std::string::npos, way);
        QVERIFY(tried(1, "127.0.1.1 9005").find("refused") != std::string::npos);
        QVERIFY(tried(2, "b 9001").find("refused") != std::string::npos);
        QCOMPARE(cells->connections()[1].opened, std::uint64_t{0});
    }
    void serviceThatIsNotThere_closesTheConnection()
    {
        auto cells = started();
        QVERIFY(cells.ok());
        const auto result = cells->host(0).exec(shell(send + std::string("b 9001 1"), 5));
        QVERIFY(result.ok() && result->error == ToolError::None);
        QCOMPARE(cells->connections()[0].opened, std::uint64_t{1});
        QVERIFY(cells->alive());
    }
    void moreConnectionsThanACellMayHave_areRefusedAndTheOthersGoOn()
    {
        auto cells = started();
        QVERIFY(cells.ok());
        // Holds what it accepts.
        QVERIFY(cells->host(1)
                    .writeFile("hold.py", "import socket\ns = socket.create_server(('127.0.0.1', 9001))\n"
                                          "held = []\nwhile True:\n    held.append(s.accept()[0])\n")
                    .ok());
        QVERIFY(
            cells->host(1)
                .exec(shell("setsid python3 hold.py >/dev/null 2>&1 </dev/null & echo $! > held; " + untilHeard(9001)))
                ->success());
        const auto many = cells->host(0).exec(
            shell("python3 -c \"import socket, time\nheld = [socket.create_connection(('b', 9001), 9) for i in "
                  "range(60)]\ntime.sleep(1)\nclosed = 0\nfor s in held:\n    s.setblocking(False)\n    try:\n        "
                  "closed += s.recv(1) == b''\n    except BlockingIOError:\n        pass\n    except "
                  "ConnectionError:\n        closed += 1\nprint(closed)\"",
                  30));
        QVERIFY(many.ok());
        QVERIFY2(many->output == "28\n", (many->output + many->errors).c_str());
        QCOMPARE(cells->connections()[0].opened, std::uint64_t{32});
        QCOMPARE(cells->connections()[0].refused, std::uint64_t{28});
        QVERIFY(cells->host(1)
                    .exec(shell("kill $(cat held); while kill -0 $(cat held) 2>/dev/null; do sleep 0.02; done"))
                    .ok());
        serve(cells->host(1), 9001);
        const auto after = cells->host(0).exec(shell(send + std::string("b 9001 3")));
        QVERIFY(after.ok());
        QCOMPARE(after->output, std::string("3 bytes\n"));
    }
    void moreBytesThanAnEpisodeMay_closeItsStreamsAndNothingElse()
    {
        auto cells = started();
        QVERIFY(cells.ok());
        QVERIFY(cells->host(1)
                    .writeFile("drop.py", "import socket, threading\ns = socket.create_server(('127.0.0.1', 9001))\n"
                                          "def one(c):\n    while c.recv(1 << 16):\n        pass\n"
                                          "while True:\n    threading.Thread(target=one, args=(s.accept()[0],), "
                                          "daemon=True).start()\n")
                    .ok());
        QVERIFY(cells->host(1)
                    .exec(shell("setsid python3 drop.py >/dev/null 2>&1 </dev/null & " + untilHeard(9001)))
                    ->success());
        // Several streams at once: the bound is passed while others of the same round have bytes.
        const auto flood = cells->host(0).exec(
            shell("python3 -c \"import socket\nheld = [socket.create_connection(('b', 9001), 9) for i in range(4)]\n"
                  "try:\n    while True:\n        for s in held:\n            s.sendall(bytes(1 << 20))\n"
                  "except OSError:\n    print('closed')\"",
                  60));
        QVERIFY(flood.ok());
        QVERIFY2(flood->output == "closed\n", (flood->output + flood->errors).c_str());
        const Connection record = cells->connections()[0];
        QVERIFY(record.sent > (std::uint64_t{256} << 20) && record.sent < (std::uint64_t{280} << 20));
        QCOMPARE(record.opened, std::uint64_t{4});
        // Nothing is carried any more, and the cells live.
        const auto after = cells->host(0).exec(shell(send + std::string("b 9001 3")));
        QVERIFY(after.ok() && !after->success());
        QCOMPARE(cells->connections()[0].refused, std::uint64_t{1});
        QVERIFY(cells->host(1).exec(shell("true"))->success());
    }
    void limitsOfAnEpisode_areSharedByItsHosts()
    {
        const CellLimits usual;
        const CellLimits whole = episodeLimits(usual, Level::SeveralHosts);
        QCOMPARE(whole.totalMemory, 3 * usual.totalMemory);
        const CellLimits share = shareOf(whole, 4);
        QVERIFY(4 * share.totalMemory <= whole.totalMemory && 4 * share.processes <= whole.processes);
        QVERIFY(4 * share.inodes <= whole.inodes && 4 * share.homeBytes <= whole.homeBytes);
        QCOMPARE(share.addressSpace, usual.addressSpace);
        for (const Level one : {Level::Services, Level::UserKernel})
            QCOMPARE(episodeLimits(usual, one).totalMemory, usual.totalMemory);
    }
    void limitMetOnOneHost_endsTheEpisodeWithItsName()
    {
        CellOptions small = options();
        small.limits.inodes = 3000;
        auto cells = JoinedCells::start(small, chain());
        QVERIFY(cells.ok());
        const std::vector<int> firsts = firstsOf(*cells);
        // A background flood on the second host, while the agent's own runs something else.
        QVERIFY(cells->host(1).exec(shell("(i=0; while :; do : > f$i; i=$((i+1)); done) >/dev/null 2>&1 &")).ok());
        QVERIFY(!cells->host(0).exec(shell("sleep 20", 20)).ok());
        QVERIFY(!cells->alive());
        const CellEnd end = cells->shutdown();
        QVERIFY2(end.kind == EndKind::Inodes && end.sentence.starts_with("Host b: "), end.sentence.c_str());
        QVERIFY(allGone(firsts, 1));
    }
    void keeperOfOneKilled_endsAll()
    {
        auto cells = started();
        QVERIFY(cells.ok());
        const std::vector<int> firsts = firstsOf(*cells);
        QVERIFY(kill(cells->host(2).keeperPid(), SIGKILL) == 0);
        QVERIFY2(allGone(firsts, 5.0 * kPatience), "a cell of the episode outlived the supervisor of another");
        QVERIFY(!cells->host(0).exec(shell("true")).ok());
        QVERIFY(cells->shutdown().kind != EndKind::Alive);
    }
    void workerKilled_endsAll()
    {
        int pipes[2];
        QVERIFY(pipe(pipes) == 0);
        const pid_t worker = fork();
        if (worker == 0) {
            execl("/proc/self/exe", "sandbox_test", "--hold-joined-cells", std::to_string(pipes[1]).c_str(), nullptr);
            _exit(1);
        }
        close(pipes[1]);
        int pids[3] = {0, 0, 0};
        QVERIFY(read(pipes[0], pids, sizeof pids) == static_cast<ssize_t>(sizeof pids));
        close(pipes[0]);
        QVERIFY(isRunning(pids[0]) && isRunning(pids[1]) && isRunning(pids[2]));
        QVERIFY(kill(worker, SIGKILL) == 0);
        QVERIFY(waitpid(worker, nullptr, 0) == worker);
        QVERIFY2(allGone({pids[0], pids[1], pids[2]}, 5.0 * kPatience), "a cell outlived the worker");
    }
    void severalHostsBelowLevelFour_areRefused()
    {
        CellOptions three = options();
        three.level = Level::Services;
        const auto cells = JoinedCells::start(three, chain());
        QVERIFY(!cells.ok() && cells.error().kind == ErrorKind::Refused);
        NetworkPlan odd = chain();
        odd.joins.push_back({0, 7, 9001});
        QVERIFY(!JoinedCells::start(options(), odd).ok());
    }
    void oneHost_isACell()
    {
        auto cells = JoinedCells::start({}, {.hosts = {{"devbox", {}}}, .joins = {}});
        QVERIFY2(cells.ok(), cells ? "" : cells.error().message.c_str());
        QVERIFY(cells->host(0).exec(shell("true"))->success());
        QVERIFY(cells->connections().empty());
        QVERIFY(cells->alive());
        QCOMPARE(cells->shutdown().kind, EndKind::Asked);
    }
    void asManyHostsAsThereMayBe_startAndReachTheLastOne()
    {
        NetworkPlan plan{.hosts = {{"a", ""}}, .joins = {}};
        for (std::size_t i = 1; i < kMostHosts; ++i) {
            plan.hosts.push_back({"h" + std::to_string(i), "127.0.1." + std::to_string(i)});
            plan.joins.push_back({i - 1, i, 9001});
        }
        for (const std::size_t hosts : {kMostHosts, std::size_t{5}}) { // 5: shares that are no whole numbers
            plan.hosts.resize(hosts);
            plan.joins.resize(hosts - 1);
            auto cells = JoinedCells::start(options(), plan);
            QVERIFY2(cells.ok(), cells ? "" : cells.error().message.c_str());
            serve(cells->host(hosts - 1), 9001);
            const std::string last = plan.hosts.back().name;
            const auto sent = cells->host(hosts - 2).exec(shell(send + last + " 9001 4"));
            QVERIFY(sent.ok());
            QCOMPARE(sent->output, std::string("4 bytes\n"));
        }
    }
    void commandsOfAJoinedCell_haveNothingOfItsWire()
    {
        auto cells = started();
        QVERIFY(cells.ok());
        const auto listed = cells->host(0).exec(shell("ls /proc/self/fd | wc -l; ls -l /proc/1/fd 2>&1 | tail -1"));
        QVERIFY(listed.ok());
        QVERIFY2(listed->output.starts_with("4\n"), listed->output.c_str()); // three streams and the listing's own
        QVERIFY2(listed->output.find("Permission denied") != std::string::npos, listed->output.c_str());
    }
    void levelFour_containsItsJoinsAndShares_data()
    {
        QTest::addColumn<int>("layer");
        QTest::addColumn<QString>("red");
        QTest::newRow("none") << -1 << "";
        QTest::newRow("declared joins") << static_cast<int>(Layer::DeclaredJoins)
                                        << "joined-back joined-host joined-port";
        QTest::newRow("shared budget") << static_cast<int>(Layer::SharedBudget) << "joined-memory joined-processes";
    }
    /// The whole quick battery, and the two rows of the shares: what a layer does not own stays as it was.
    void levelFour_containsItsJoinsAndShares()
    {
        QFETCH(int, layer);
        QFETCH(QString, red);
        Weakening weakening;
        if (layer >= 0) weakening = {.without = static_cast<Layer>(layer), .prove = false};
        const auto quick = runBattery({.cell = {.level = Level::SeveralHosts}, .quick = true, .weakening = weakening});
        QVERIFY2(quick.ok(), quick ? "" : quick.error().message.c_str());
        QStringList open = listedOpen(*quick).split(' ', Qt::SkipEmptyParts);
        for (const Vector& vector : vectors()) {
            if (vector.kind == VectorKind::Joined && layer < 0)
                for (const VectorReport& row : quick->vectors)
                    if (row.id == vector.id) QVERIFY2(row.verdict == Verdict::Contained, row.why.c_str());
            if (vector.kind != VectorKind::JoinedLoad) continue;
            const auto one = runBattery(
                {.cell = {.level = Level::SeveralHosts}, .onlyVector = std::string(vector.id), .weakening = weakening});
            QVERIFY2(one.ok(), one ? "" : one.error().message.c_str());
            open += listedOpen(*one).split(' ', Qt::SkipEmptyParts);
            if (layer < 0)
                QVERIFY2(one->vectors.front().verdict == Verdict::Contained, one->vectors.front().why.c_str());
        }
        open.sort();
        QCOMPARE(open.join(' '), red);
    }
    void withoutTheNetworkLayer_anotherLoopbackIsReached()
    {
        const auto weak = runBattery({.cell = {.level = Level::SeveralHosts},
                                      .onlyVector = "joined-loopback",
                                      .weakening = {.without = Layer::Network, .prove = false}});
        QVERIFY2(weak.ok(), weak ? "" : weak.error().message.c_str());
        QVERIFY2(weak->vectors.front().verdict == Verdict::Open, weak->vectors.front().why.c_str());
    }
    void joinedRows_areAbsentBelowLevelFour()
    {
        const auto report = runBattery({.cell = {.level = Level::Services}, .onlyVector = "joined-port"});
        QVERIFY(report.ok());
        QCOMPARE(report->vectors.front().verdict, Verdict::Absent);
    }
    void levelFour_opensOnlyWhereThreeHeld()
    {
        CellOptions four = options();
        const Preflight made = preflight(four);
        QVERIFY2(made.held(), made.refusal.c_str());
        QCOMPARE(made.tried.size(), std::size_t{4});
        QCOMPARE(made.tried.back().level, Level::SeveralHosts);
        four.bubblewrap = "/nowhere/bwrap";
        const auto refused = startProven(four, chain());
        QVERIFY(!refused.ok() && refused.error().kind == ErrorKind::Refused);
    }
};
namespace {

/// The worker of workerKilled_endsAll: this executable again, before Qt has begun.
__attribute__((constructor)) void holdJoinedCells(int argc, char** argv)
{
    if (argc != 3 || std::string(argv[1]) != "--hold-joined-cells") return;
    auto cells = started();
    if (!cells) _exit(1);
    const int pids[3] = {cells->host(0).firstPid(), cells->host(1).firstPid(), cells->host(2).firstPid()};
    if (write(std::atoi(argv[2]), pids, sizeof pids) < 0) _exit(1);
    (void)cells->host(0).exec({.argv = {"sleep", "60"}, .timeoutSeconds = 60});
    _exit(0);
}

} // namespace

GRADUS_SUITE(JoinedCellsTest)

#include "joined_cells_test.moc"
