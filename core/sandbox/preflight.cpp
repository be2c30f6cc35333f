// SPDX-License-Identifier: GPL-3.0-or-later
#include "sandbox/preflight.h"

#include "sandbox/vectors.h"

#include <map>
#include <mutex>
#include <tuple>
#include <utility>

namespace gradus::sandbox {

namespace {

/// "host-secret (empty root), raw-socket (system-call filters)"
std::string openRows(const BatteryReport& report)
{
    std::string open;
    for (const VectorReport& row : report.vectors)
        if (row.verdict == Verdict::Open)
            open += (open.empty() ? "" : ", ") + std::string(row.id) + " (" + ownerOf(row.id) + ")";
    return open.empty() ? "anything (no attempt was shown to be contained)" : open;
}

/// Levels that this process has tried, by what starts their cells.
class Tried final
{
public:
    Result<BatteryReport> level(const CellOptions& options)
    {
        const std::lock_guard lock(m_mutex);
        const auto key = std::tuple(options.bubblewrap, options.userKernel, options.level);
        if (const auto known = m_reports.find(key); known != m_reports.end()) return known->second;
        auto report = runBattery({.cell = options, .quick = true});
        if (report) m_reports.emplace(key, *report);
        return report;
    }

private:
    std::mutex m_mutex;
    std::map<std::tuple<std::string, std::string, Level>, BatteryReport> m_reports;
};

} // namespace

std::string ownerOf(std::string_view id)
{
    for (const Vector& vector : vectors())
        if (vector.id == id && vector.owner) return std::string(layerName(*vector.owner));
    return "several";
}

Preflight preflight(const CellOptions& options)
{
    static Tried tried; // what this machine does with a cell does not change while a process lives
    Preflight made{.level = options.level, .tried = {}, .refusal = {}, .seconds = 0};
    for (int level = 1; level <= static_cast<int>(options.level) && made.held(); ++level) {
        // The usual limits: what is known of a level is known for cells of every limit, and an odd one must not decide.
        const CellOptions step{.level = static_cast<Level>(level),
                               .bubblewrap = options.bubblewrap,
                               .hostname = options.hostname,
                               .userKernel = options.userKernel};
        auto report = tried.level(step);
        if (!report) {
            made.refusal = report.error().message;
            break;
        }
        made.seconds += report->seconds;
        if (!report->held())
            made.refusal = "No code runs: at level " + std::to_string(level) + " the sandbox does not contain " +
                           openRows(*report) + "; see `gradus sandbox check`.";
        made.tried.push_back(std::move(*report));
    }
    return made;
}

Result<Cell> startProven(const CellOptions& options)
{
    if (const Preflight made = preflight(options); !made.held())
        return Error{.message = made.refusal, .kind = ErrorKind::Refused};
    return Cell::start(options);
}

} // namespace gradus::sandbox
