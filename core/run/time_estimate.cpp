// SPDX-License-Identifier: GPL-3.0-or-later
#include "run/time_estimate.h"

#include "pipeline/competence_stage.h"
#include "pipeline/passage_debate.h"
#include "pipeline/plan.h"
#include "pipeline/self_enhancement.h"
#include "run/speed_probe.h"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <map>
#include <optional>
#include <queue>

namespace gradus::run {

namespace {

/// A debate's time as a multiple of its judge's tuning, from one pass over the template's five conditions; a share of
/// an experiment's runs may be far from it, and the tick says that it is rough.
constexpr double kDebateBeside = 2.2;
/// Bag-of-words line, store, opening of the task, bootstrap of PGR: seconds a run, and seconds a generation.
constexpr double kRunOverhead = 0.35;
constexpr double kUsualTokens = 16; ///< of an item of the built-in world, where planned work was measured

bool isLadderRun(const spec::Experiment& experiment)
{
    const std::string& procedure = experiment.experiment.procedure;
    return procedure != spec::kSelfEnhancement && procedure != spec::kDebate;
}

double workOf(const spec::Experiment& experiment, const Workbench::Place& place)
{
    const std::string& procedure = experiment.experiment.procedure;
    const pipeline::Ladder& ladder = *place.ladder;
    if (procedure == spec::kSelfEnhancement)
        return pipeline::selfEnhancementWork(experiment, ladder.at(experiment.ladder.start));
    if (procedure == spec::kDebate) {
        const auto items = static_cast<std::size_t>(std::max(experiment.training.labels, 1));
        return kDebateBeside * pipeline::tuningWork(ladder.at(experiment.debate.judge),
                                                    pipeline::tuningSteps(experiment.training, items),
                                                    experiment.training.batch);
    }
    return pipeline::plannedWork(experiment, *place.task, ladder);
}

double middleOf(std::vector<double> values)
{
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
}

std::optional<RunTime> ofHistory(const RunHistory& history, const spec::Experiment& experiment,
                                 const Workbench::Place& place)
{
    std::vector<double> values;
    if (const auto same = history.bySettings.find(settingsOf(experiment)); same != history.bySettings.end()) {
        for (const PastRun& past : same->second)
            values.push_back(past.seconds);
        return RunTime{middleOf(values), TimeOrigin::SameRuns, static_cast<int>(values.size())};
    }
    const auto near = history.bySurroundings.find(surroundingsOf(experiment));
    if (near == history.bySurroundings.end()) return std::nullopt;
    for (const PastRun& past : near->second)
        values.push_back(past.seconds / std::max(1.0, workOf(past.experiment, place)));
    return RunTime{middleOf(values) * workOf(experiment, place), TimeOrigin::SameTask, static_cast<int>(values.size())};
}

/// Tries each rung once, however many runs use it.
class Probe final
{
public:
    Probe(const Workbench& bench, int atOnce) : m_bench(bench), m_atOnce(atOnce) {}

    Result<RunTime> of(const spec::Experiment& experiment)
    {
        const Workbench::Place& place = m_bench.placeOf(experiment);
        if (isLadderRun(experiment)) return ofParts(experiment, place);
        if (experiment.experiment.procedure == spec::kDebate && !experiment.ladder.models.empty())
            return ofPassages(experiment, place);
        const int rung =
            experiment.experiment.procedure == spec::kDebate ? experiment.debate.judge : experiment.ladder.start;
        const auto speed = speedOf(experiment, place, rung);
        if (!speed) return speed.error();
        const double unit = speed->step / pipeline::tuningWork(place.ladder->at(rung), 1, experiment.training.batch);
        return RunTime{kRunOverhead + unit * workOf(experiment, place), TimeOrigin::Rough, 0};
    }

private:
    Result<RunTime> ofParts(const spec::Experiment& experiment, const Workbench::Place& place)
    {
        RunTime time{kRunOverhead, TimeOrigin::Measured, 0};
        for (const auto& [rung, parts] :
             pipeline::plannedParts(experiment, *place.task, *place.ladder, heldOut(place))) {
            const auto speed = speedOf(experiment, place, rung);
            if (!speed) return speed.error();
            time.seconds += parts.steps * speed->step + parts.asked * speed->item + parts.bases * speed->load;
        }
        for (const spec::SignalSource* source : pipeline::folderSources(experiment)) {
            const auto speed = readerSpeed(experiment, place, *source);
            if (!speed) return speed.error();
            time.seconds += speed->load + pipeline::itemsRead(experiment, *place.task, heldOut(place)) * speed->item;
        }
        return time;
    }

    /// Folders that debate: what they read of passages is most of it.
    Result<RunTime> ofPassages(const spec::Experiment& experiment, const Workbench::Place& place)
    {
        const spec::Debate& debate = experiment.debate;
        const pipeline::PassageReading reading = pipeline::readingOf(experiment, *place.task);
        const auto judge = speedOf(experiment, place, debate.judge);
        if (!judge) return judge.error();
        const auto held = static_cast<double>(heldOut(place));
        const auto taught = pipeline::tuningSteps(experiment.training,
                                                  static_cast<std::size_t>(std::max(experiment.training.labels, 1)));
        RunTime time{kRunOverhead + judge->load, TimeOrigin::Rough, 0};
        constexpr double kOrders = 4; // which side has the truth, and who speaks first
        time.seconds += reading.judged * (static_cast<double>(taught) * judge->step + kOrders * held * judge->item);
        std::vector<int> debaters{debate.debater};
        if (debate.protocol == "debate" && debate.opponent != debate.debater) debaters.push_back(debate.opponent);
        for (const int rung : debaters) {
            const auto debater = speedOf(experiment, place, rung);
            if (!debater) return debater.error();
            time.seconds += debater->load + reading.believed * (held + experiment.training.labels) * debater->item;
        }
        return time;
    }

    std::size_t heldOut(const Workbench::Place& place)
    {
        const auto known = m_heldOut.find(&place);
        if (known != m_heldOut.end()) return known->second;
        return m_heldOut[&place] = place.task->test().items.size();
    }

    Result<ReaderSpeed> readerSpeed(const spec::Experiment& experiment, const Workbench::Place& place,
                                    const spec::SignalSource& source)
    {
        const auto key = std::make_pair(&place, source.folder + "/" + std::to_string(experiment.compute.threads) +
                                                    experiment.compute.device);
        const auto known = m_readers.find(key);
        if (known != m_readers.end()) return known->second;
        const auto speed = measureReader(experiment, *place.task, source);
        if (speed) m_readers[key] = *speed;
        return speed;
    }

    Result<RungSpeed> speedOf(const spec::Experiment& experiment, const Workbench::Place& place, int rung)
    {
        // What changes the speed of a step, beside place and rung.
        const std::string how = std::to_string(experiment.training.batch) + "/" +
                                std::to_string(experiment.compute.threads) + experiment.compute.device + "/" +
                                (experiment.training.bodyScale > 0 ? "body" : "head") + "/" + std::to_string(rung);
        const auto key = std::make_pair(&place, how);
        const auto known = m_speeds.find(key);
        if (known != m_speeds.end()) return known->second;
        const auto speed = measureRung(experiment, *place.task, *place.ladder, rung, m_atOnce);
        if (speed) m_speeds[key] = *speed;
        return speed;
    }

    const Workbench& m_bench;
    int m_atOnce;
    std::map<std::pair<const Workbench::Place*, std::string>, RungSpeed> m_speeds;
    std::map<std::pair<const Workbench::Place*, std::string>, ReaderSpeed> m_readers; ///< likewise, of sources
    std::map<const Workbench::Place*, std::size_t> m_heldOut;
};

} // namespace

Result<std::vector<RunTime>> estimateTimes(const std::vector<spec::RunSpec>& runs, const Workbench& bench,
                                           const RunHistory& history, const TimeRequest& request)
{
    std::map<std::string, std::optional<RunTime>> known; // seeds share their settings
    double unknownWork = 0;
    for (const spec::RunSpec& run : runs) {
        const Workbench::Place& place = bench.placeOf(run.experiment);
        const std::string settings = settingsOf(run.experiment);
        if (!known.contains(settings)) known[settings] = ofHistory(history, run.experiment, place);
        if (!known[settings])
            unknownWork += workOf(run.experiment, place) * std::max(1.0, place.task->maxTokens() / kUsualTokens);
    }
    const bool tries = unknownWork >= request.leastWork;
    Probe probe(bench, request.atOnce);
    std::vector<RunTime> times;
    for (const spec::RunSpec& run : runs) {
        std::optional<RunTime>& time = known[settingsOf(run.experiment)];
        if (!time && tries) {
            const auto now = probe.of(run.experiment);
            if (!now) return now.error();
            time = *now;
        }
        times.push_back(time.value_or(RunTime{}));
    }
    return times;
}

double wallTime(const std::vector<RunTime>& times, int atOnce)
{
    std::priority_queue<double, std::vector<double>, std::greater<>> ends;
    double last = 0;
    for (const RunTime& time : times) {
        double begins = 0;
        if (static_cast<int>(ends.size()) >= std::max(1, atOnce)) {
            begins = ends.top();
            ends.pop();
        }
        ends.push(begins + time.seconds);
        last = std::max(last, begins + time.seconds);
    }
    return last;
}

double peakMemory()
{
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);)
        if (line.starts_with("VmHWM:")) return std::atof(line.c_str() + 6) * 1024;
    return 0;
}

} // namespace gradus::run
