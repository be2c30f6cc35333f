// SPDX-License-Identifier: GPL-3.0-or-later
// Without every layer no code runs, and the sentence names the layer.
#include "core/sandbox/cells.h"
#include "sandbox/keeper_protocol.h"
#include "support/suite.h"

#include "base/files.h"

#include <QTemporaryDir>
#include <QTest>

#include <cstdio>
#include <fcntl.h>
#include <filesystem>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace gradus;
using namespace gradus::sandbox;

namespace {

std::string refusalOf(const Result<Cell>& cell)
{
    if (cell) return "it started";
    if (cell.error().kind != ErrorKind::Refused) return "not a refusal: " + cell.error().message;
    return cell.error().message;
}

/// Says what the real one says on its status descriptor, and then runs the helper with no isolation at all.
std::string fakeStart(const std::string& pid)
{
    return "echo \"{ \\\"child-pid\\\": " + pid + " }\" > /proc/self/fd/" + std::to_string(keeper::statusFd) +
           "\nexec /proc/self/fd/" + std::to_string(keeper::programFd) + "\n";
}

} // namespace

class RefusalTest : public QObject
{
    Q_OBJECT
    QTemporaryDir m_folder{"/var/tmp/gradus-refusal-XXXXXX"}; ///< not /tmp: an ordinary account must reach it

    std::string program(const char* name, const std::string& script)
    {
        const std::string path = m_folder.path().toStdString() + "/" + name;
        chmod(m_folder.path().toStdString().c_str(), 0755);
        if (!writeFileAtomically(path, "#!/bin/sh\n" + script)) return {};
        chmod(path.c_str(), 0755);
        return path;
    }
    std::string refusalWith(const std::string& bubblewrap)
    {
        CellOptions options;
        options.bubblewrap = bubblewrap;
        options.limits.startSeconds = 3 * gradus::tests::kPatience;
        return refusalOf(Cell::start(options));
    }

private Q_SLOTS:
    void missingBubblewrap_isNamedWithItsCure()
    {
        const std::string why = refusalWith("/nowhere/bwrap");
        QVERIFY2(why.find("\"bubblewrap\" is missing") != std::string::npos, why.c_str());
        QVERIFY2(why.find("install the package bubblewrap") != std::string::npos, why.c_str());
    }
    void setuidBubblewrap_isRefused()
    {
        const std::string path = program("setuid", "exit 0\n");
        QVERIFY(chmod(path.c_str(), 04755) == 0);
        const std::string why = refusalWith(path);
        QVERIFY2(why.find("set-user-id") != std::string::npos, why.c_str());
    }
    void bubblewrapThatFails_isRefusedWithItsWords()
    {
        // Often: whether it has ended when the first request is sent is chance.
        const std::string path = program("fails", "echo 'cannot do this' >&2; exit 1\n");
        for (int i = 0; i < 100; ++i) {
            const std::string why = refusalWith(path);
            QVERIFY2(why.find("\"bubblewrap\" is missing") != std::string::npos, why.c_str());
            QVERIFY2(why.find("cannot do this") != std::string::npos, why.c_str());
        }
    }
    void bubblewrapThatRunsTheProgramWithoutACell_isRefused()
    {
        GRADUS_NEEDS_CELLS();
        const std::string why = refusalWith(program("fake", fakeStart("$$")));
        QVERIFY2(why.find("\"namespaces\" is missing") != std::string::npos, why.c_str());
    }
    void bubblewrapThatNamesAnotherProcess_isRefused()
    {
        GRADUS_NEEDS_CELLS();
        const std::string why = refusalWith(program("liar", fakeStart(std::to_string(getpid()))));
        QVERIFY2(why.find("not its own") != std::string::npos, why.c_str());
    }
    void everyLayerThatIsProved_refusesWhenItIsLeftOut_data()
    {
        QTest::addColumn<int>("layer");
        QTest::addColumn<QString>("named");
        const auto row = [](Layer layer, const char* named) {
            QTest::newRow(std::string(layerName(layer)).c_str()) << static_cast<int>(layer) << QString(named);
        };
        row(Layer::Seccomp, "system-call filters");
        row(Layer::Network, "namespaces");
        row(Layer::PidNamespace, "namespaces");
        row(Layer::IpcNamespace, "namespaces");
        row(Layer::UtsNamespace, "namespaces");
        row(Layer::CgroupNamespace, "namespaces");
        row(Layer::EmptyRoot, "read-only root");
        row(Layer::ReadOnlyRoot, "read-only root");
        row(Layer::FileSystemSizes, "sized file systems");
        row(Layer::ResourceLimits, "resource limits");
        row(Layer::HelperGuard, "guarded helper");
    }
    void everyLayerThatIsProved_refusesWhenItIsLeftOut()
    {
        GRADUS_NEEDS_CELLS();
        QFETCH(int, layer);
        QFETCH(QString, named);
        const std::string why =
            refusalOf(Cell::startWeakened({}, {.without = static_cast<Layer>(layer), .prove = true}));
        QVERIFY2(why.find("\"" + named.toStdString() + "\" is missing") != std::string::npos, why.c_str());
    }
    void leakedDescriptor_isRefused()
    {
        GRADUS_NEEDS_CELLS();
        const int folder = open("/", O_RDONLY | O_DIRECTORY); // on purpose not close-on-exec
        const int high = fcntl(folder, F_DUPFD, 200);
        const std::string why = refusalOf(Cell::startWeakened({}, {.without = Layer::Descriptors, .prove = true}));
        const bool starts = Cell::start({}).ok();
        close(folder);
        close(high);
        QVERIFY2(why.find("\"closed descriptors\" is missing") != std::string::npos, why.c_str());
        QVERIFY(starts); // the layer itself closes it
    }
    void levelsWithoutCells_haveNone()
    {
        QVERIFY(refusalOf(Cell::start({.level = Level::Simulated})).find("level 0") != std::string::npos);
    }
    void rootThatCannotBecomeAnother_isRefused()
    {
        GRADUS_NEEDS_CELLS();
        if (access("/usr/bin/bwrap", X_OK) != 0) QSKIP("needs bubblewrap to be a root without other accounts");
        // Root of a user namespace that has no other account.
        const std::string self = std::filesystem::read_symlink("/proc/self/exe").string();
        FILE* stream =
            popen(("/usr/bin/bwrap --unshare-user --uid 0 --gid 0 --dev-bind / / '" + self + "' --start-a-cell x 2>&1")
                      .c_str(),
                  "r");
        QVERIFY(stream != nullptr);
        std::string said(4096, '\0');
        said.resize(fread(said.data(), 1, said.size(), stream));
        pclose(stream);
        QVERIFY2(said.find("\"unprivileged account\" is missing") != std::string::npos, said.c_str());
    }
};

namespace {

__attribute__((constructor)) void startACell(int argc, char** argv)
{
    if (argc != 3 || std::string(argv[1]) != "--start-a-cell") return;
    std::puts(refusalOf(Cell::start({})).c_str());
    std::fflush(stdout);
    _exit(0);
}

} // namespace

GRADUS_SUITE(RefusalTest)
#include "refusal_test.moc"
