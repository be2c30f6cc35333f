// SPDX-License-Identifier: GPL-3.0-or-later
#include "run/preflight.h"

#include "base/text.h"
#include "pipeline/plan.h"
#include "run/memory_estimate.h"
#include "run/preflight_checks.h"
#include "run/run_history.h"
#include "run/slots.h"
#include "run/time_estimate.h"
#include "run/workbench.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <limits>
#include <optional>
#include <set>
#include <thread>

#include <nlohmann/json.hpp>

namespace gradus::run {

namespace {

/// What a run of any size takes beyond this process so far: the store's cache, held-out answers, the allocator's pools.
/// Measured on the built-in ladder and on rungs from scratch (tests/bench/memory_accuracy.py).
constexpr double kWorking = 40.0 * (1 << 20);
/// Of all runs together, as TimeRequest counts it: about an hour of one core on the built-in ladder.
constexpr double kLongWork = 3e10;

/// "fixed small: 16,1 -> 16,2 (gap 0.25) -> 32,2 (gap 0.58)"
std::string planText(const spec::RunSpec& run, const pipeline::Ladder& ladder)
{
    std::string text = run.condition.empty() ? "rungs: " : run.condition + ": ";
    for (const pipeline::PlannedGeneration& planned : pipeline::planGenerations(run.experiment, ladder.capacities())) {
        char gap[40] = "";
        if (planned.gap) std::snprintf(gap, sizeof gap, " (gap %.2f)", *planned.gap);
        text += (planned.generation > 1 ? " → " : "") + ladder.at(planned.rung).name + gap;
    }
    return text;
}

/// "ladder: small, 3 of 5 layers at 5.12 log10 parameters; small at 5.31 log10 parameters": of folders, whose sizes no
/// experiment file says.
std::string ladderNote(const pipeline::Ladder& ladder)
{
    std::string text;
    for (const pipeline::LadderRung& rung : ladder.rungs()) {
        char capacity[40];
        std::snprintf(capacity, sizeof capacity, " at %.2f ", rung.capacity);
        text += (text.empty() ? "ladder: " : "; ") + rung.name + capacity + rung.capacityProxy;
    }
    return text;
}

double mostTuned(const spec::RunSpec& run, const pipeline::Ladder& ladder)
{
    double most = 0;
    for (const pipeline::PlannedGeneration& planned : pipeline::planGenerations(run.experiment, ladder.capacities()))
        most = std::max(most, static_cast<double>(ladder.at(planned.rung).tunedParameters()));
    return most;
}

/// Weights of every generation and of sources' own supervisors, and, for student and ceiling while they are tuned, a
/// checkpoint of what is tuned with Adam's two moments: an adapter's is small beside its model.
double diskOf(const spec::RunSpec& run, const pipeline::Ladder& ladder)
{
    double bytes = 0;
    for (const pipeline::PlannedGeneration& planned : pipeline::planGenerations(run.experiment, ladder.capacities()))
        bytes += 4.0 * static_cast<double>(ladder.at(planned.rung).parameters);
    for (const spec::SignalSource* source : pipeline::ownSupervisors(run.experiment))
        bytes += 4.0 * static_cast<double>(ladder.at(source->rung).parameters);
    return bytes + 2 * 3 * 4.0 * mostTuned(run, ladder);
}

std::string planNote(const spec::RunSpec& run, const pipeline::Ladder& ladder)
{
    if (!spec::measures(run.experiment.gap))
        return planText(run, ladder) +
               (spec::judges(run.experiment.gap)
                    ? "; a generation that loses on the anchors is tried again with a smaller gap"
                    : "");
    return planText(run, ladder) + "; a guess: " + run.experiment.gap.controller + " decides by what it measures on " +
           std::to_string(run.experiment.signals.anchors) + " anchors";
}

/// Bytes of a line of /proc/meminfo; 0 where the system does not tell.
double memoryLine(const std::string& name)
{
    std::ifstream file("/proc/meminfo");
    for (std::string line; std::getline(file, line);)
        if (line.starts_with(name)) return std::atof(line.c_str() + name.size()) * 1024;
    return 0;
}

std::optional<double> freeSpace(const std::filesystem::path& folder)
{
    std::error_code code;
    std::filesystem::path existing = folder;
    while (!existing.empty() && !std::filesystem::exists(existing, code) && existing.has_parent_path())
        existing = existing.parent_path();
    const auto space = std::filesystem::space(existing, code);
    if (code) return std::nullopt;
    return static_cast<double>(space.available);
}

} // namespace

const char* nameOf(TickState state)
{
    switch (state) {
    case TickState::Passed:
        return "pass";
    case TickState::Warned:
        return "warn";
    case TickState::Refused:
        return "fail";
    }
    return "fail";
}

bool Preflight::isRefused() const
{
    return std::any_of(ticks.begin(), ticks.end(), [](const Tick& tick) { return tick.state == TickState::Refused; });
}

Result<Preflight> preflight(const spec::Experiment& experiment, const PreflightOptions& options)
{
    const auto runs = spec::expand(experiment);
    if (!runs) return runs.error();
    const std::filesystem::path folder = std::filesystem::absolute(options.store).parent_path();
    const auto bench = Workbench::open(*runs, folder / "models");
    if (!bench) return bench.error();
    const int cores = std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
    Preflight findings;
    findings.runs = static_cast<int>(runs->size());
    findings.atOnce = slotsFor(*runs, options.jobs, cores);
    std::set<std::string> conditions;
    std::set<const pipeline::Ladder*> ladders;
    double each = 0;
    const double program = peakMemory(); // the library and the task
    for (const spec::RunSpec& run : *runs) {
        const pipeline::Ladder& ladder = *bench->placeOf(run.experiment).ladder;
        findings.disk += diskOf(run, ladder);
        if (!conditions.insert(run.condition).second) continue; // seeds need the same
        each = std::max(each, memoryOf(run.experiment, bench->placeOf(run.experiment)).sum());
        if (ladders.insert(&ladder).second && !run.experiment.ladder.models.empty())
            findings.notes.push_back(ladderNote(ladder));
        findings.notes.push_back(planNote(run, ladder));
    }
    findings.conditions = static_cast<int>(conditions.size());
    findings.memory = program + kWorking + findings.atOnce * each;
    const Tick memory = memoryTick(findings.memory, memoryLine("MemAvailable:"), memoryLine("MemTotal:"));
    const RunHistory history = readHistory(*runs, options.store);
    // What does not fit is not tried: it would be refused after minutes, or take the machine with it.
    const double leastWork = memory.state == TickState::Refused ? std::numeric_limits<double>::infinity()
                             : options.triesOnlyLong            ? kLongWork
                                                                : 0;
    const auto times = estimateTimes(*runs, *bench, history, {.atOnce = findings.atOnce, .leastWork = leastWork});
    if (!times) return times.error();
    findings.seconds = wallTime(*times, findings.atOnce);
    for (const RunTime& time : *times)
        findings.coreSeconds += time.seconds;

    findings.ticks.push_back({.id = "file",
                              .title = "File",
                              .figure = std::to_string(findings.runs) + (findings.runs == 1 ? " run" : " runs"),
                              .sentence = std::to_string(findings.conditions) +
                                          (findings.conditions == 1 ? " condition" : " conditions") + " x " +
                                          std::to_string(findings.runs / std::max(1, findings.conditions)) +
                                          " seeds; every key is known and within its bounds."});
    findings.ticks.push_back(memory);
    findings.ticks.push_back(diskTick(findings.disk, freeSpace(folder), folder.string()));
    findings.ticks.push_back(timeTick(*times, findings.seconds, options.mostHours));
    findings.ticks.push_back(slotsTick(*runs, findings.atOnce, cores));
    findings.ticks.push_back(seedsTick(*runs, comparisonsOf(*runs, options.toml), seedDeviation(history, *runs)));
    findings.ticks.push_back(ceilingTick(*runs, *bench));
    findings.ticks.push_back(graderTick(*runs, *bench));
    findings.ticks.push_back(dataTick(*runs, *bench));
    if (const auto mix = mixTick(experiment, options.toml)) findings.ticks.push_back(*mix);
    return findings;
}

Preflight refusedBy(const Error& error)
{
    Preflight findings;
    findings.ticks.push_back({.id = "file",
                              .title = "File",
                              .state = TickState::Refused,
                              .figure = {},
                              .sentence = error.message,
                              .cure = error.key.empty() ? "Mend the file." : "Mend " + error.key + " in the file."});
    return findings;
}

Result<void> admitted(const Preflight& findings)
{
    for (const Tick& tick : findings.ticks)
        if (tick.state == TickState::Refused)
            return badInput(tick.title + ": " + (tick.figure.empty() ? "" : tick.figure + " needed. ") + tick.sentence +
                            " " + tick.cure);
    return {};
}

std::string preflightJson(const Preflight& findings, const std::string& file, const std::string& hash)
{
    using nlohmann::json;
    json ticks = json::array();
    json warnings = json::array();
    for (const Tick& tick : findings.ticks) {
        ticks.push_back({{"id", tick.id},
                         {"title", tick.title},
                         {"state", nameOf(tick.state)},
                         {"figure", tick.figure},
                         {"sentence", tick.sentence},
                         {"cure", tick.cure}});
        if (tick.state == TickState::Warned) warnings.push_back(tick.title + ": " + tick.sentence + " " + tick.cure);
    }
    return json{{"file", file},
                {"hash", hash},
                {"runs", findings.runs},
                {"conditions", findings.conditions},
                {"at_once", findings.atOnce},
                {"seconds", findings.seconds},
                {"core_seconds", findings.coreSeconds},
                {"disk_bytes", findings.disk},
                {"memory_bytes", findings.memory},
                {"ticks", ticks},
                {"notes", findings.notes},
                {"warnings", warnings}}
        .dump(2, ' ', false, json::error_handler_t::replace);
}

std::string preflightText(const Preflight& findings)
{
    std::string text;
    for (const Tick& tick : findings.ticks) {
        char head[120];
        std::snprintf(head, sizeof head, "  %-4s  %-15s  %-12s  ", nameOf(tick.state), tick.title.c_str(),
                      tick.figure.c_str());
        text += head + visible(tick.sentence, 1000) + "\n";
        if (tick.state != TickState::Passed) text += "        " + std::string(33, ' ') + tick.cure + "\n";
    }
    for (const std::string& note : findings.notes)
        text += "  " + visible(note, 1000) + "\n";
    return text;
}

} // namespace gradus::run
