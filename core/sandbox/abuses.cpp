// SPDX-License-Identifier: GPL-3.0-or-later
#include "sandbox/abuses.h"

#include "base/clock.h"
#include "base/text.h"
#include "sandbox/cell.h"

namespace gradus::sandbox {

namespace {

constexpr double kSeconds = 30; ///< for one command

/// What is tried, and what has to come of it.
struct Abuse
{
    std::string name;
    std::string limit;
    std::string script;
    double seconds = kSeconds;
    bool (*isKept)(const Result<ExecResult>& result, const Cell& cell) = nullptr;
};

std::string mebibytes(std::uint64_t bytes)
{
    return std::to_string(bytes / mebibyte) + " MiB";
}

/// gVisor counts no files; they take memory, and making them takes time.
Abuse inodeFlood(const CellOptions& options)
{
    Abuse abuse{
        .name = "inode flood",
        .limit = std::to_string(options.limits.inodes) + " files",
        .script = "i=0; while :; do : > f$i; i=$((i+1)); done",
        .isKept = [](const Result<ExecResult>&, const Cell& cell) { return cell.end().kind == EndKind::Inodes; }};
    if (options.level != Level::UserKernel) return abuse;
    abuse.limit = std::to_string(options.limits.cpuSeconds) + " s of processor time, " +
                  mebibytes(options.limits.totalMemory) + " (files are not counted)";
    abuse.isKept = [](const Result<ExecResult>& result, const Cell& cell) {
        return cell.end().kind == EndKind::Memory || (result.ok() && (result->signal != 0 || !result->message.empty()));
    };
    return abuse;
}

std::vector<Abuse> abusesOf(const CellOptions& options)
{
    const CellLimits& limits = options.limits;
    return {
        {.name = "fork bomb",
         .limit = std::to_string(limits.processes) + " processes",
         .script = "n=0; while [ $n -lt 400 ]; do sleep 30 & n=$((n+1)); done; echo all",
         .isKept = [](const Result<ExecResult>& result,
                      const Cell&) { return result.ok() && result->output.find("all") == std::string::npos; }},
        {.name = "memory hog",
         .limit = mebibytes(limits.totalMemory) + " over all processes",
         // Each holds 200 MB, below the limit of one process; together they are over the cell's.
         .script = "for i in 1 2 3 4 5 6 7 8; do (head -c 200000000 /dev/zero | tail -c 200000000 | (sleep 20; cat) "
                   ">/dev/null) & done; wait",
         .isKept = [](const Result<ExecResult>&, const Cell& cell) { return cell.end().kind == EndKind::Memory; }},
        inodeFlood(options),
        {.name = "10 GiB of output",
         .limit = std::to_string(Command().outputCap >> 10) + " KiB a command",
         .script = "head -c 10737418240 /dev/zero",
         .isKept = [](const Result<ExecResult>& result,
                      const Cell&) { return result.ok() && result->error == ToolError::OutputLimit; }},
        {.name = "silent hang",
         .limit = "2 s, its command's time",
         .script = "trap '' TERM INT HUP; while :; do sleep 60; done",
         .seconds = 2,
         .isKept = [](const Result<ExecResult>& result,
                      const Cell&) { return result.ok() && result->error == ToolError::Timeout; }},
    };
}

} // namespace

Result<std::vector<AbuseRow>> tryAbuses(const CellOptions& options)
{
    std::vector<AbuseRow> rows;
    for (const Abuse& abuse : abusesOf(options)) {
        auto cell = Cell::start(options);
        if (!cell) return cell.error();
        AbuseRow row{.abuse = abuse.name, .limit = abuse.limit, .ended = {}};
        const double begun = monotonicSeconds();
        const auto result = cell->exec({.argv = {"/bin/sh", "-c", abuse.script}, .timeoutSeconds = abuse.seconds});
        row.seconds = monotonicSeconds() - begun;
        row.kept = abuse.isKept(result, *cell);
        const auto after = cell->exec({.argv = {"/bin/true"}, .timeoutSeconds = 5});
        row.goesOn = after && after->success();
        if (!result)
            row.ended = cell->end().sentence;
        else if (result->error != ToolError::None)
            row.ended = result->message;
        else
            row.ended = (result->signal != 0 ? "signal " + std::to_string(result->signal)
                                             : "code " + std::to_string(result->exitCode)) +
                        " " + visible(result->errors, 120);
        cell->shutdown();
        rows.push_back(std::move(row));
    }
    const auto last = Cell::start(options);
    if (!last) return failed("After what was tried no cell starts any more: " + last.error().message);
    return rows;
}

} // namespace gradus::sandbox
