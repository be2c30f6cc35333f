// SPDX-License-Identifier: GPL-3.0-or-later
#include "run/preflight_checks.h"

#include "base/clock.h"
#include "compare/comparison_table.h"
#include "evals/power.h"
#include "pipeline/plan.h"
#include "pipeline/scenario_choice.h"
#include "spec/mix_limits.h"
#include "spec/source_weights.h"
#include "store/device_slots.h"

#include <algorithm>
#include <cmath>
#include <cstdarg>
#include <cstdio>
#include <map>
#include <set>

namespace gradus::run {

namespace {

/// Below that many pairs a paired test sees only differences that need no test.
constexpr int kUsualSeeds = 5;
constexpr double kLevel = 0.05;

[[gnu::format(printf, 1, 2)]] std::string text(const char* form, ...)
{
    char line[400];
    std::va_list values;
    va_start(values, form);
    std::vsnprintf(line, sizeof line, form, values);
    va_end(values);
    return line;
}

std::set<std::string> conditionsOf(const std::vector<spec::RunSpec>& runs)
{
    std::set<std::string> names;
    for (const spec::RunSpec& run : runs)
        names.insert(run.condition);
    return names;
}

/// The names of conditions for which it is so, for a sentence; empty where it is so of none.
template <typename Holds>
std::string whichConditions(const std::vector<spec::RunSpec>& runs, Holds holds)
{
    std::vector<std::string> names;
    bool unnamed = false;
    for (const spec::RunSpec& run : runs)
        if (holds(run)) {
            if (run.condition.empty()) unnamed = true;
            if (!run.condition.empty() && std::find(names.begin(), names.end(), run.condition) == names.end())
                names.push_back(run.condition);
        }
    if (unnamed) return "this experiment";
    if (names.empty()) return {};
    if (names.size() == conditionsOf(runs).size()) return "every condition";
    std::string joined = "\"" + names.front() + "\"";
    if (names.size() > 1) joined += text(" and %zu more", names.size() - 1);
    return joined;
}

bool hasCeilings(const spec::Experiment& experiment)
{
    const std::string& procedure = experiment.experiment.procedure;
    return procedure != spec::kNoiseSensitivity && procedure != spec::kSelfEnhancement && procedure != spec::kDebate;
}

} // namespace

std::string bytesText(double bytes)
{
    if (bytes >= 1e9) return text("%.1f GB", bytes / 1e9);
    return text("%.1f MB", bytes / 1e6);
}

Comparisons comparisonsOf(const std::vector<spec::RunSpec>& runs, const std::string& toml)
{
    std::vector<compare::ComparedRun> conditions; // a run each, as the tables will group them
    for (const spec::RunSpec& run : runs) {
        if (!conditions.empty() && conditions.back().detail.run.condition == run.condition) continue;
        compare::ComparedRun& one = conditions.emplace_back();
        one.detail.run.condition = run.condition;
        one.detail.run.experimentName = run.experiment.experiment.name;
        one.spec = run.experiment;
    }
    const compare::Grouping grouping = compare::grouped(conditions);
    compare::TableOptions options;
    const std::size_t withBaseline = compare::plannedTests(conditions, grouping, options);
    std::vector<std::string> absent;
    options.contrasts = compare::contrastsAmong(spec::contrastsOf(toml), conditions, grouping, absent);
    const std::size_t all = compare::plannedTests(conditions, grouping, options);
    return {all, all - withBaseline};
}

Tick seedsTick(const std::vector<spec::RunSpec>& runs, const Comparisons& comparisons, std::optional<double> deviation)
{
    std::set<std::int64_t> seeds;
    for (const spec::RunSpec& run : runs)
        seeds.insert(run.seed);
    const std::size_t conditions = conditionsOf(runs).size();
    Tick tick{.id = "seeds", .title = "Seeds"};
    tick.figure = text("%zu", seeds.size());
    const auto count = static_cast<long long>(seeds.size());
    const std::string more = "List " + std::to_string(kUsualSeeds) + " seeds in experiment.seeds.";
    if (count < 2) {
        tick.state = TickState::Warned;
        tick.sentence = conditions > 1 ? "One seed a condition: no difference between conditions can be tested."
                                       : "One seed: nothing will tell the result from luck.";
        tick.cure = more;
        return tick;
    }
    if (comparisons.all == 0) {
        tick.sentence = std::string(conditions < 2 ? "One condition" : "No two conditions have one task") +
                        ": intervals over seeds, and no differences to test.";
        if (count >= kUsualSeeds) return tick;
        tick.state = TickState::Warned;
        tick.sentence = text("Intervals over %lld seeds are wide, and a report asks for %d.", count, kUsualSeeds);
        tick.cure = more;
        return tick;
    }
    // The tables adjust p over all comparisons; Holm's strictest step is Bonferroni's level.
    const double level = kLevel / static_cast<double>(comparisons.all);
    const double visible = evals::detectableDifference(1, count, level);
    std::string which = " with a baseline";
    if (comparisons.contrasts == 1) which = ", one of them a contrast of [report]";
    if (comparisons.contrasts > 1) which = text(", %zu of them contrasts of [report]", comparisons.contrasts);
    tick.sentence = comparisons.all == 1
                        ? std::string("A paired test at 5 % finds ")
                        : text("A paired test at 5 %% over up to %zu comparisons%s (p below %.2g alone) finds ",
                               comparisons.all, which.c_str(), level);
    // Differences of unrelated seeds spread by root two more than the values; shared seeds only make them smaller.
    tick.sentence +=
        deviation ? text("a difference of %.3f in utility or more, in 8 of 10 repeats: finished runs of these settings "
                         "spread by %.3f over seeds.",
                         visible * *deviation * std::sqrt(2.0), *deviation)
                  : text("a difference of %.1f standard deviations of the paired differences or more, in 8 of 10 "
                         "repeats.",
                         visible);
    // Every difference may have either sign: two of 2^n arrangements are the most extreme ones.
    if (const double least = 2 / std::exp2(static_cast<double>(count)); least >= level)
        tick.sentence += text(" A permutation test over %lld seeds cannot: its least p is %.2g.", count, least);
    if (count >= kUsualSeeds) return tick;
    tick.state = TickState::Warned;
    tick.cure = more + text(" That finds %.1f deviations.", evals::detectableDifference(1, kUsualSeeds, level));
    return tick;
}

Tick ceilingTick(const std::vector<spec::RunSpec>& runs, const Workbench& bench)
{
    Tick tick{.id = "ceiling", .title = "Ceiling"};
    if (std::none_of(runs.begin(), runs.end(), [](const spec::RunSpec& run) { return hasCeilings(run.experiment); })) {
        tick.figure = "none";
        tick.sentence = "This procedure trains no ceiling; PGR is not among its results.";
        return tick;
    }
    const auto planned = [&](const spec::RunSpec& run) {
        return pipeline::planGenerations(run.experiment, bench.placeOf(run.experiment).ladder->capacities()).size();
    };
    const std::string without = whichConditions(
        runs, [&](const spec::RunSpec& run) { return hasCeilings(run.experiment) && planned(run) < 2; });
    if (!without.empty()) {
        tick.state = TickState::Warned;
        tick.sentence = "In " + without + " no generation has a supervisor, so there is no ceiling and no PGR.";
        tick.cure = "Set ladder.generations to 2 or more and ladder.start below the highest rung.";
        return tick;
    }
    const std::string shorter = whichConditions(runs, [&](const spec::RunSpec& run) {
        return hasCeilings(run.experiment) && !spec::measures(run.experiment.gap) &&
               static_cast<int>(planned(run)) < run.experiment.ladder.generations;
    });
    tick.sentence = "Every student has one: the same rung on the same items, taught by truth.";
    if (!shorter.empty()) tick.sentence += " In " + shorter + " the ladder ends before ladder.generations are reached.";
    return tick;
}

Tick graderTick(const std::vector<spec::RunSpec>& runs, const Workbench& bench)
{
    Tick tick{.id = "grader", .title = "Domain's grader"};
    const spec::Conformity unset;
    const std::string asked = whichConditions(runs, [&](const spec::RunSpec& run) {
        const spec::Conformity& wanted = run.experiment.conformity;
        const bool isSet = wanted.level != unset.level || (wanted.episodes != unset.episodes && wanted.episodes > 0);
        return isSet && !pipeline::playsScenarios(run.experiment) &&
               bench.placeOf(run.experiment).task->environment() == nullptr;
    });
    const bool conforms = std::any_of(runs.begin(), runs.end(), [&](const spec::RunSpec& run) {
        return pipeline::conformityAbsence(run.experiment, *bench.placeOf(run.experiment).task).empty();
    });
    if (!asked.empty()) {
        tick.state = TickState::Warned;
        tick.sentence = "In " + asked +
                        " [conformity] asks for risk discovery, but the task's domain has no grader of "
                        "actions: stages 2 and 3 are left out.";
        tick.cure = "Use a task with a sandboxed domain, like \"builtin:registers/console\", or remove [conformity].";
        return tick;
    }
    const bool inScenarios = std::any_of(
        runs.begin(), runs.end(), [](const spec::RunSpec& run) { return pipeline::playsScenarios(run.experiment); });
    if (conforms && inScenarios) {
        tick.sentence = "Scenarios are judged by their own conditions on the state that a cell is left in.";
        return tick;
    }
    tick.sentence = conforms ? "Actions are judged by the state that they leave behind."
                             : "Answers are graded by the data's truth; no stage asks for more.";
    return tick;
}

Tick dataTick(const std::vector<spec::RunSpec>& runs, const Workbench& bench)
{
    Tick tick{.id = "data", .title = "Data"};
    std::set<const data::Task*> seen;
    bool pairs = false;
    std::string notes;
    for (const spec::RunSpec& run : runs) {
        const data::Task& task = *bench.placeOf(run.experiment).task;
        if (!seen.insert(&task).second) continue;
        pairs = pairs || task.read() == data::Read::Compare;
        if (const std::string note = task.note(); !note.empty()) notes += (notes.empty() ? "" : " ") + note;
    }
    if (notes.empty()) {
        tick.sentence = pairs ? "Every pair has a preferred text." : "Nothing is left out.";
        return tick;
    }
    tick.sentence = notes;
    // Ties are left out while the file is read; what else notes say is to be known, not to be mended.
    if (notes.find("left out") == std::string::npos) return tick;
    tick.state = TickState::Warned;
    tick.cure = pairs ? "Take the ties out of the file, or accept that they teach nothing."
                      : "Mend those rows of the file, or accept that they are not used.";
    return tick;
}

Tick slotsTick(const std::vector<spec::RunSpec>& runs, int atOnce, int cores)
{
    int threads = 1;
    for (const spec::RunSpec& run : runs)
        threads = std::max(threads, run.experiment.compute.threads);
    Tick tick{.id = "slots", .title = "Device slots"};
    tick.figure = text("%d at a time", atOnce);
    tick.sentence =
        text("%d core%s, %d thread%s a run.", cores, cores == 1 ? "" : "s", threads, threads == 1 ? "" : "s");
    const auto alone = std::count_if(runs.begin(), runs.end(), [](const spec::RunSpec& run) {
        return !store::exclusiveDevice(run.experiment).empty();
    });
    if (alone > 1) tick.sentence += text(" %lld runs take turns on the GPU.", static_cast<long long>(alone));
    if (threads <= cores) return tick;
    tick.state = TickState::Warned;
    tick.sentence += " Threads will wait for each other.";
    tick.cure =
        text("Set compute.threads to %d or less; it is part of the experiment and changes its last digits.", cores);
    return tick;
}

std::optional<Tick> mixTick(const spec::Experiment& experiment, const std::string& toml)
{
    const auto lists = spec::sourceLists(toml);
    const auto limits = spec::mixLimits(toml);
    if (toml.empty() || !lists || !limits) return std::nullopt;
    const auto isSet = [](const spec::MixLimits& mix) {
        return mix.budget > 0 || std::any_of(mix.sources.begin(), mix.sources.end(),
                                             [](const auto& one) { return one != spec::SourceLimits{}; });
    };
    if (std::none_of(limits->begin(), limits->end(), isSet)) return std::nullopt;
    Tick tick{.id = "mix", .title = "Mix"};
    int broken = 0;
    for (std::size_t list = 0; list < std::min(lists->size(), limits->size()); ++list)
        for (const spec::MixViolation& violation :
             spec::mixViolations(experiment, lists->at(list).sources, limits->at(list))) {
            tick.sentence += (broken++ == 0 ? "" : " ") + violation.sentence;
        }
    tick.figure = broken == 0 ? "kept" : text("%d not kept", broken);
    if (broken == 0) {
        tick.sentence = "Every share and the budget are within their limits.";
        return tick;
    }
    tick.state = TickState::Warned;
    tick.cure = "Draw the weights within the limits, or change least_share, most_share or signals.budget.";
    return tick;
}

Tick memoryTick(double needed, double available, double total)
{
    Tick tick{.id = "memory", .title = "Memory"};
    tick.figure = bytesText(needed);
    if (total <= 0) {
        tick.sentence = "The system does not say how much there is.";
        return tick;
    }
    tick.sentence = text("%s of %s are free.", bytesText(available).c_str(), bytesText(total).c_str());
    if (needed <= available) return tick;
    tick.state = needed > total ? TickState::Refused : TickState::Warned;
    tick.sentence += needed > total ? " The runs need more than there is." : " Others must give some back first.";
    tick.cure = "Use smaller rungs or a smaller training.batch, or run fewer at a time.";
    return tick;
}

Tick diskTick(double needed, std::optional<double> available, const std::string& folder)
{
    Tick tick{.id = "disk", .title = "Disk"};
    tick.figure = bytesText(needed);
    if (!available) {
        tick.sentence = "The system does not say how much is free in " + folder + ".";
        return tick;
    }
    tick.sentence = bytesText(*available) + " are free in " + folder + "; kept are the weights of every generation.";
    if (needed <= *available) return tick;
    tick.state = TickState::Refused;
    tick.cure = "Free some, or choose a store on another disk with --store.";
    return tick;
}

Tick timeTick(const std::vector<RunTime>& times, double wall, double mostHours)
{
    Tick tick{.id = "time", .title = "Time"};
    TimeOrigin worst = TimeOrigin::SameRuns;
    int basis = 0;
    for (const RunTime& time : times) {
        worst = std::max(worst, time.origin);
        basis = std::max(basis, time.basis);
    }
    if (worst == TimeOrigin::Unknown) {
        tick.figure = "not measured";
        tick.sentence = "The store has no finished runs like these, and none was tried.";
        return tick;
    }
    tick.figure = durationText(wall);
    switch (worst) {
    case TimeOrigin::SameRuns:
        tick.sentence = text("By finished runs of the same settings in the store (up to %d each).", basis);
        break;
    case TimeOrigin::SameTask:
        tick.sentence = text("By %d finished run%s on the same task and ladder, scaled by planned work.", basis,
                             basis == 1 ? "" : "s");
        break;
    case TimeOrigin::Measured:
        tick.sentence = "By a few steps of each rung, measured now.";
        break;
    default:
        tick.sentence = "Rough: by a few steps of the rung, measured now; this procedure is more than its steps.";
        break;
    }
    if (wall <= mostHours * 3600) return tick;
    tick.state = TickState::Warned;
    tick.sentence += text(" %s is more than the limit of %g hours.", tick.figure.c_str(), mostHours);
    tick.cure = "Lower training.labels or training.epochs, sweep fewer values or seeds, or set another limit with "
                "`gradus check --most-hours`.";
    return tick;
}

} // namespace gradus::run
