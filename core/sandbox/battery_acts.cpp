// SPDX-License-Identifier: GPL-3.0-or-later
// Load probes run under limits that are made small for them, so that the machine never feels what is tried.
#include "sandbox/battery_acts.h"

#include "base/files.h"
#include "base/ids.h"
#include "base/text.h"
#include "sandbox/cell_arguments.h"
#include "sandbox/process_tree.h"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <set>
#include <sys/stat.h>
#include <thread>

namespace gradus::sandbox {

namespace fs = std::filesystem;

namespace {

using Outcome = ProbeAnswer::Outcome;

constexpr std::uint64_t flood = 8 * mebibyte;

CellOptions smallLimits(CellOptions options)
{
    options.limits.processes = 40;
    options.limits.totalMemory = 96 * mebibyte;
    options.limits.inodes = 2000;
    options.limits.cpuSeconds = 1;
    options.limits.temporaryBytes = 8 * mebibyte;
    options.limits.homeBytes = 8 * mebibyte;
    return options;
}

/// Half as much again as the small limits allow. hold: how long what was taken is kept, in milliseconds; inside that is
/// many looks of the watchdog, so that a busy machine does not change the verdict.
std::vector<std::string> loadFacts(int hold)
{
    return {"processes=60",
            "memory=" + std::to_string(160 * mebibyte),
            "inodes=3000",
            "cpu-milliseconds=1500",
            "disk=" + std::to_string(12 * mebibyte),
            "flood=" + std::to_string(flood),
            "hold=" + std::to_string(hold)};
}

constexpr int holdOutside = 50;
constexpr int holdInside = 3000;

std::vector<std::string> words(const HostStage& stage, std::string_view id, const std::vector<std::string>& more)
{
    std::vector<std::string> argv = {probePath};
    for (const auto& facts : {stage.cellFacts(), more})
        argv.insert(argv.end(), facts.begin(), facts.end());
    argv.emplace_back("--");
    if (!id.empty()) argv.emplace_back(id);
    return argv;
}

Result<BothSides> tryFlood(Cell& cell, const HostStage& stage)
{
    BothSides both;
    std::vector<std::string> argv = words(stage, "output-flood", loadFacts(holdInside));
    const auto plain = stage.runPlain(probeProgram(), argv, 2 * flood, 20);
    if (!plain) return plain.error();
    if (plain->size() >= flood) both.outside = {Outcome::Open, "all of it arrived"};
    const auto result = cell.exec({.argv = argv, .timeoutSeconds = 20});
    if (!result) return result.error();
    if (result->error == ToolError::OutputLimit)
        both.inside = {Outcome::Closed,
                       "the command was ended after " + std::to_string(result->output.size()) + " bytes"};
    else
        both.inside = {Outcome::Open, std::to_string(result->output.size()) + " bytes arrived"};
    return both;
}

/// Whether a process of this name is on the host.
bool running(const std::string& name)
{
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator("/proc", ignored)) {
        std::ifstream file(entry.path() / "comm");
        std::string comm;
        if (std::getline(file, comm) && comm == name) return true;
    }
    return false;
}

/// Behind a user kernel no process of the cell has its name on the host: what serves it there is counted instead.
Result<BothSides> tryHiddenDaemon(Cell& cell, const HostStage& stage)
{
    BothSides both;
    const std::size_t before = processesBelow(cell.keeperPid()).size();
    auto started = probeInside(cell, stage, {"daemon"}, {"daemon=gd"}, 10);
    if (!started) return started.error();
    const std::set<int> serving = processesBelow(cell.keeperPid());
    if (serving.size() > before) both.outside = {Outcome::Open, "a process of the host served it while the cell ran"};
    cell.shutdown();
    std::size_t left = 0;
    for (const int pid : serving)
        left += isThere(pid) ? 1 : 0;
    both.inside = left > 0 ? ProbeAnswer{Outcome::Open, std::to_string(left) + " processes of the host still run"}
                           : ProbeAnswer{Outcome::Closed, "it ended with the cell"};
    return both;
}

Result<BothSides> tryDaemon(Cell& cell, const HostStage& stage)
{
    BothSides both;
    const std::string name = "gd-" + newUuid().substr(0, 8);
    auto started = probeInside(cell, stage, {"daemon"}, {"daemon=" + name}, 10);
    if (!started) return started.error();
    for (int i = 0; i < 200 && !running(name); ++i)
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    if (running(name)) both.outside = {Outcome::Open, "it ran while the cell did"};
    cell.shutdown();
    both.inside = running(name) ? ProbeAnswer{Outcome::Open, "it still runs"}
                                : ProbeAnswer{Outcome::Closed, "it ended with the cell"};
    return both;
}

/// Bubblewrap before 0.12 makes the folder of --dir behind a link that was planted in a workspace that is bound again.
Result<BothSides> tryWorkspace(const CellOptions& options, const Weakening& weakening, const HostStage& stage)
{
    BothSides both;
    const fs::path made = stage.folder() / "outside" / "made";
    const auto binary = readFile(options.bubblewrap, 64 * mebibyte);
    if (!binary) return binary.error();
    const auto plain =
        stage.runPlain(*binary,
                       {"bwrap", "--unshare-user", "--ro-bind", "/usr", "/usr", "--symlink", "usr/lib", "/lib",
                        "--symlink", "usr/lib64", "/lib64", "--bind", (stage.folder() / "workspace").string(),
                        "/workspace", "--dir", "/workspace/x/made", "--", "/usr/bin/true"},
                       1000, 10);
    if (!plain) return plain.error();
    std::error_code ignored;
    both.outside = fs::exists(made, ignored)
                       ? ProbeAnswer{Outcome::Open, "this bubblewrap follows the link when a workspace is bound"}
                       : ProbeAnswer{Outcome::Closed, "this bubblewrap does not follow the link"};
    fs::remove_all(made, ignored);
    const std::vector<std::string> arguments = cellArguments(options, weakening);
    const bool binds = std::any_of(arguments.begin(), arguments.end(), [](const std::string& word) {
        return word == "--bind" || word == "--bind-try" || word == "--dev-bind" || word == "--bind-fd";
    });
    both.inside = binds ? ProbeAnswer{Outcome::Open, "the cell binds a writable folder of the host"}
                        : ProbeAnswer{Outcome::Closed, "no writable folder of the host is ever bound"};
    return both;
}

Result<BothSides> tryHarvest(Cell& cell, const HostStage& stage)
{
    BothSides both;
    std::error_code ignored;
    const fs::path naive = stage.folder() / "link";
    fs::create_symlink(stage.folder() / "secret", naive, ignored);
    if (const auto read = readFile(naive); read && *read == stage.secret())
        both.outside = {Outcome::Open, "a plain read follows the link to the host's secret"};
    auto trapped = probeInside(cell, stage, {"trap"}, {}, 10);
    if (!trapped) return trapped.error();
    if (answerOf(*trapped, "trap").outcome != Outcome::Open) return both;
    const auto read = cell.readFile("/tmp/gradus-out");
    const auto pipe = cell.readFile("/tmp/gradus-fifo");
    if (!read || !pipe) return BothSides{both.outside, {Outcome::Open, "reading them ended the cell"}};
    both.inside = read->bytes.find(stage.secret()) != std::string::npos || pipe->success()
                      ? ProbeAnswer{Outcome::Open, "the host's secret came out"}
                      : ProbeAnswer{Outcome::Closed, "read inside the cell: " + visible(read->message)};
    return both;
}

Result<BothSides> tryTree(Cell& cell, const HostStage& stage)
{
    BothSides both;
    auto trapped = probeInside(cell, stage, {"trap"}, {}, 10);
    if (!trapped) return trapped.error();
    if (answerOf(*trapped, "trap").outcome == Outcome::Open) both.outside = {Outcome::Open, "a tree 100 deep is there"};
    const auto diff = cell.diff();
    if (!diff) return BothSides{both.outside, {Outcome::Open, "listing it ended the cell"}};
    both.inside = diff->whole ? ProbeAnswer{Outcome::Open, "the list followed it to its end"}
                              : ProbeAnswer{Outcome::Closed, "the list stops at its bound and says so"};
    return both;
}

Result<BothSides> tryControls(Cell& cell, const HostStage& stage)
{
    BothSides both;
    const auto result = cell.exec({.argv = words(stage, "output-controls", {}), .timeoutSeconds = 10});
    if (!result) return result.error();
    const auto dangerous = [](std::string_view text) {
        return text.find('\x1b') != std::string_view::npos || text.find("\xe2\x80\xae") != std::string_view::npos ||
               text.find('\xff') != std::string_view::npos || text.find('\x07') != std::string_view::npos;
    };
    if (dangerous(result->output)) both.outside = {Outcome::Open, "the raw bytes hold them"};
    both.inside = dangerous(visibleLines(result->output)) || dangerous(visible(result->output, 1000))
                      ? ProbeAnswer{Outcome::Open, "what is shown still holds them"}
                      : ProbeAnswer{Outcome::Closed, "what is shown has them as visible escapes"};
    return both;
}

} // namespace

ProbeAnswer answerOf(const ProbeAnswers& answers, std::string_view id)
{
    const auto found = answers.find(id);
    return found == answers.end() ? ProbeAnswer{} : found->second;
}

Result<void> bringProbe(Cell& cell)
{
    const auto written = cell.writeFile(probePath, probeProgram(), 0755);
    if (!written) return written.error();
    if (!written->success()) return failed("The probe cannot be put into the cell: " + written->message);
    return {};
}

Result<ProbeAnswers> probeInside(Cell& cell, const HostStage& stage, const std::vector<std::string_view>& ids,
                                 const std::vector<std::string>& more, double seconds)
{
    if (auto brought = bringProbe(cell); !brought) return brought.error();
    std::vector<std::string> argv = words(stage, {}, more);
    argv.insert(argv.end(), ids.begin(), ids.end());
    const auto result = cell.exec({.argv = argv, .timeoutSeconds = seconds});
    if (!result) return result.error();
    return parseAnswers(result->output);
}

Result<BothSides> tryLoad(std::string_view id, const CellOptions& options, const Weakening& weakening,
                          const HostStage& stage)
{
    // The proof compares with the limits that were asked for, so a negative control's cell is started as it is.
    auto cell = Cell::startWeakened(smallLimits(options), weakening);
    if (!cell) return cell.error();
    if (id == "output-flood") {
        if (auto brought = bringProbe(*cell); !brought) return brought.error();
        return tryFlood(*cell, stage);
    }
    BothSides both;
    both.outside = answerOf(stage.controls({id}, loadFacts(holdOutside)), id);
    const auto inside = probeInside(*cell, stage, {id}, loadFacts(holdInside), 20);
    if (inside)
        both.inside = answerOf(*inside, id);
    else if (cell->end().kind == EndKind::Memory || cell->end().kind == EndKind::Inodes)
        both.inside = {Outcome::Closed, cell->end().sentence};
    else
        return inside.error();
    return both;
}

Result<BothSides> tryAct(std::string_view id, const CellOptions& options, const Weakening& weakening,
                         const HostStage& stage)
{
    if (id == "poisoned-workspace") return tryWorkspace(options, weakening, stage);
    auto cell = Cell::startWeakened(options, weakening);
    if (!cell) return cell.error();
    if (auto brought = bringProbe(*cell); !brought) return brought.error();
    if (id == "daemon")
        return options.level == Level::UserKernel ? tryHiddenDaemon(*cell, stage) : tryDaemon(*cell, stage);
    if (id == "harvest") return tryHarvest(*cell, stage);
    if (id == "deep-tree") return tryTree(*cell, stage);
    if (id == "output-controls") return tryControls(*cell, stage);
    return failed("There is no act for the vector " + std::string(id) + ".");
}

} // namespace gradus::sandbox
