// SPDX-License-Identifier: GPL-3.0-or-later
// Control groups of cells against a tree of folders that stands in for the kernel's: what is written, read and left.
// A kernel that delegates one is tried by the last test, and only there.
#include "sandbox/control_group.h"

#include "base/files.h"
#include "core/sandbox/cells.h"
#include "support/suite.h"

#include <QTemporaryDir>
#include <QTest>

#include <csignal>
#include <filesystem>
#include <unistd.h>

using namespace gradus;
using namespace gradus::sandbox;
namespace fs = std::filesystem;

namespace {

void put(const fs::path& file, const std::string& text)
{
    fs::create_directories(file.parent_path());
    if (const auto written = writeFileAtomically(file, text); !written) qFatal("%s", written.error().message.c_str());
}

std::string textOf(const fs::path& file)
{
    const auto text = readFile(file);
    return text ? *text : "absent";
}

/// A group as the kernel shows it. handsOn: what it lets its children have.
void makeGroup(const fs::path& folder, const std::string& controllers, const std::string& handsOn)
{
    put(folder / "cgroup.procs", "");
    put(folder / "cgroup.controllers", controllers);
    put(folder / "cgroup.subtree_control", handsOn);
}

std::vector<fs::path> groupsIn(const fs::path& folder)
{
    std::vector<fs::path> all;
    for (const auto& entry : fs::directory_iterator(folder))
        if (entry.path().filename().string().starts_with(ControlGroup::kPrefix)) all.push_back(entry.path());
    return all;
}

} // namespace

class ControlGroupTest : public QObject
{
    Q_OBJECT
    QTemporaryDir m_folder;

    fs::path fresh(const char* name) { return fs::path(m_folder.path().toStdString()) / name; }

private Q_SLOTS:
    void delegation_isTheNearestGroupThatHandsBothOn()
    {
        const fs::path mount = fresh("tree");
        const fs::path membership = fresh("membership");
        put(membership, "4:memory:/elsewhere\n0::/user/app/own\n");
        QVERIFY(findDelegation(mount, membership).why.find("not mounted") != std::string::npos);
        makeGroup(mount, "cpu memory pids", "cpu memory pids");
        makeGroup(mount / "user", "cpu memory pids", "memory pids");
        makeGroup(mount / "user/app", "cpu pids", "pids");        // without memory it is no use
        makeGroup(mount / "user/app/own", "cpu memory pids", ""); // this kernel does not let it
        QCOMPARE(findDelegation(mount, membership).folder, mount / "user");
        // It tried, left its own group for that, as the kernel asks, and came back. Nobody else's was written to.
        QCOMPARE(textOf(mount / "user/app/own/cgroup.subtree_control"), std::string("+memory +pids"));
        QCOMPARE(textOf(mount / "user/app/own/gradus.self/cgroup.procs"), std::string("0"));
        QCOMPARE(textOf(mount / "user/app/own/cgroup.procs"), std::string("0"));
        QCOMPARE(textOf(mount / "user/app/cgroup.subtree_control"), std::string("pids"));
        put(mount / "user/app/own/cgroup.subtree_control", "memory pids cpu");
        QCOMPARE(findDelegation(mount, membership).folder, mount / "user/app/own");
        // A path that leads elsewhere is nobody's.
        put(membership, "0::/user/../../etc\n");
        QCOMPARE(findDelegation(mount, membership).folder, mount);
    }

    void delegation_saysWhyThereIsNone()
    {
        const fs::path mount = fresh("bare");
        const fs::path membership = fresh("bare-membership");
        put(membership, "0::/\n");
        makeGroup(mount, "cpuset", "");
        const Delegation none = findDelegation(mount, membership);
        QVERIFY(!none.usable());
        QVERIFY2(none.why.find("has the controllers memory and pids") != std::string::npos, none.why.c_str());
        fs::remove(mount / "cgroup.procs");
        QVERIFY(findDelegation(mount, membership).why.find("is delegated") != std::string::npos);
    }

    void group_setsItsLimitsAndReadsWhatTheKernelCounts()
    {
        const fs::path place = fresh("groups");
        fs::create_directories(place);
        CellLimits limits;
        limits.processes = 40;
        limits.processors = 1.5;
        auto group = ControlGroup::make({place, {}}, limits);
        QVERIFY2(group, group ? "" : group.error().message.c_str());
        const fs::path folder = group->folder();
        QCOMPARE(textOf(folder / "memory.max"), std::to_string((1024 + 64 + 64 + 64) * mebibyte));
        QCOMPARE(textOf(folder / "memory.swap.max"), std::string("0"));
        QCOMPARE(textOf(folder / "memory.oom.group"), std::string("1"));
        QCOMPARE(textOf(folder / "pids.max"), std::string("48"));
        QCOMPARE(textOf(folder / "cpu.max"), std::string("150000 100000"));
        QVERIFY(group->entrance().valid());
        QCOMPARE(group->events(), GroupEvents());
        QCOMPARE(eventsText(group->events()), std::string());
        put(folder / "memory.events", "low 0\nhigh 0\nmax 7\noom 1\noom_kill 2\noom_group_kill 1\n");
        put(folder / "pids.events", "max 3\n");
        QCOMPARE(group->events(), (GroupEvents{.memoryReached = 7, .memoryKills = 2, .processesRefused = 3}));
        QCOMPARE(eventsText(group->events()),
                 std::string("memory: 7 times at the limit, 2 processes ended; processes: 3 refused"));
        put(folder / "pids.events", "max max max\n"); // no number: none
        QCOMPARE(group->events().processesRefused, std::uint64_t{0});
        auto other = ControlGroup::make({place, {}}, limits);
        QVERIFY(other && other->folder() != folder);
        const auto nowhere = ControlGroup::make({fresh("absent"), {}}, limits);
        QVERIFY(!nowhere && nowhere.error().message.find("the watchdog keeps the totals") != std::string::npos);
    }

    void leftGroups_areRemovedWhereTheirProcessIsGone()
    {
        const fs::path place = fresh("left");
        const std::string own = ControlGroup::kPrefix + std::to_string(getpid()) + "-1";
        for (const std::string& name : {std::string("gradus-cell-999999999-1"), own, std::string("gradus-cell-x"),
                                        std::string("somebody-999999999-1")})
            fs::create_directories(place / name);
        QCOMPARE(removeLeftGroups(place), 1);
        QVERIFY(fs::exists(place / own) && fs::exists(place / "gradus-cell-x"));
        QVERIFY(fs::exists(place / "somebody-999999999-1"));
        QCOMPARE(removeLeftGroups(fresh("absent")), 0);
    }

    void cell_entersItsGroupAndTellsOfTheLimitsThere()
    {
        GRADUS_NEEDS_CELLS();
        CellOptions options;
        options.controlGroups = fresh("cells").string();
        fs::create_directories(options.controlGroups);
        auto cell = Cell::start(options);
        QVERIFY2(cell, cell ? "" : cell.error().message.c_str());
        QVERIFY(cell->isGrouped());
        const auto groups = groupsIn(options.controlGroups);
        QCOMPARE(groups.size(), std::size_t{1});
        QCOMPARE(textOf(groups[0] / "cgroup.procs"), std::string("0")); // bubblewrap itself, before the cell exists
        QCOMPARE(cell->limitsMet(), std::string());
        put(groups[0] / "pids.events", "max 5\n");
        QCOMPARE(cell->limitsMet(), std::string("processes: 5 refused"));
        // The kernel ends the whole group at once; the keeper sees no more than that it ended.
        put(groups[0] / "memory.events", "oom_kill 3\n");
        QVERIFY(::kill(cell->firstPid(), SIGKILL) == 0);
        QVERIFY(!cell->exec({.argv = {"/bin/true"}}).ok());
        QVERIFY2(cell->end().kind == EndKind::Memory, cell->end().sentence.c_str());
        QVERIFY(cell->end().sentence.find("The kernel ended the cell") != std::string::npos);
        // Without a group the same end is what it was.
        options.controlGroups = fresh("absent").string();
        auto plain = Cell::start(options);
        QVERIFY(plain && !plain->isGrouped());
        QVERIFY(::kill(plain->firstPid(), SIGKILL) == 0);
        QVERIFY(!plain->exec({.argv = {"/bin/true"}}).ok());
        QVERIFY(plain->end().kind != EndKind::Memory);
    }

    void delegatedGroup_holdsTheCellAndIsGoneAfterwards()
    {
        GRADUS_NEEDS_CELLS();
        if (!machineDelegation().usable()) QSKIP(machineDelegation().why.c_str());
        auto cell = Cell::start({});
        QVERIFY(cell && cell->isGrouped());
        QVERIFY(textOf("/proc/" + std::to_string(cell->firstPid()) + "/cgroup").find(ControlGroup::kPrefix) !=
                std::string::npos);
        const auto own = [] { // other tests have cells of their own beside these
            std::size_t count = 0;
            for (const auto& group : groupsIn(machineDelegation().folder))
                count +=
                    group.filename().string().starts_with(ControlGroup::kPrefix + std::to_string(::getpid()) + "-");
            return count;
        };
        QCOMPARE(own(), std::size_t{1});
        cell->shutdown();
        cell = failed("done");
        QCOMPARE(own(), std::size_t{0});
    }
};
GRADUS_SUITE(ControlGroupTest)
#include "control_group_test.moc"
