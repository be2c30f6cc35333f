// SPDX-License-Identifier: GPL-3.0-or-later
#include "run/speed_probe.h"

#include "base/clock.h"
#include "base/stop.h"
#include "engine/device.h"
#include "pipeline/class_reader.h"
#include "pipeline/supervision.h"

#include <algorithm>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

namespace gradus::run {

namespace {

constexpr int kSteps = 12;
constexpr int kUnmeasured = 2; ///< the first steps pay for memory that later ones use again
constexpr int kItems = 400;
constexpr int kReadItems = 20; ///< by a folder that is a source
constexpr int kAsked = 3;      ///< times, of which the middle one counts: others may use the machine too
/// A rung whose step is long is tried on less of it, and not more often than it must: a check may not take as long as
/// what it asks about.
constexpr double kMostWork = 2e11; ///< floating-point operations at a time, some seconds of one core
constexpr double kMostSeconds = 6; ///< of steps, and of asking
constexpr int kFewestSteps = 2;
constexpr double kTunedPass = 6; ///< operations a parameter and token, forward and back
constexpr double kReadPass = 2;

double middleOf(std::vector<double> values)
{
    if (values.empty()) return 0;
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
}

Result<engine::TunedModel> baseOf(const spec::Experiment& experiment, const data::Task& task,
                                  const pipeline::Ladder& ladder, int rung)
{
    engine::HeadShape head;
    head.kind = task.read() == data::Read::Compare ? engine::HeadKind::Compare : engine::HeadKind::Classify;
    head.classes = pipeline::actionsOf(task);
    head.readout = experiment.training.readout == "mean" ? engine::Readout::Mean : engine::Readout::LastToken;
    const pipeline::LadderRung& at = ladder.at(rung);
    if (at.folder.empty()) return engine::TunedModel::initialise(at.shape, head, 1);
    return ladder.base(rung, head, 1, StopFlag{}, {});
}

/// Mean tokens of an item, all its sequences together.
double tokensOf(const std::vector<std::vector<engine::Tokens>>& items)
{
    std::size_t tokens = 0;
    for (const auto& item : items)
        for (const engine::Tokens& sequence : item)
            tokens += sequence.size();
    return static_cast<double>(tokens) / static_cast<double>(std::max<std::size_t>(1, items.size()));
}

/// Median of the steps' seconds; the first ones count only where there are no others.
Result<double> stepSeconds(engine::TunedModel& model, const engine::LabelledItems& taught,
                           const engine::TuningOptions& options)
{
    std::vector<double> steps;
    StopFlag enough;
    const double begun = monotonicSeconds();
    double last = begun;
    const auto tuned = model.tune(taught, options, enough, [&](const engine::StepReport& report) {
        const double now = monotonicSeconds();
        if (report.step == kUnmeasured + 1) steps.clear();
        steps.push_back(now - last);
        last = now;
        if (report.step >= kFewestSteps && now - begun > kMostSeconds) enough.request();
    });
    if (!tuned && !enough.requested()) return tuned.error();
    return middleOf(std::move(steps));
}

Result<RungSpeed> measuredOnce(const spec::Experiment& experiment, const data::Task& task,
                               const pipeline::Ladder& ladder, int rung)
{
    engine::useThreads(experiment.compute.threads);
    engine::useDevice(experiment.compute.device);
    const spec::Training& training = experiment.training;
    const auto items = ladder.read(rung, task.pool(1, std::max(kItems, kSteps * training.batch), 1)).items;
    RungSpeed speed;
    const double begun = monotonicSeconds();
    auto model = baseOf(experiment, task, ladder, rung);
    if (!model) return model.error();
    speed.load = monotonicSeconds() - begun;

    const double item = static_cast<double>(ladder.at(rung).parameters) * tokensOf(items);
    const auto classes = static_cast<std::size_t>(pipeline::actionsOf(task));
    const int batch = triedAtOnce(kTunedPass * item, training.batch);
    engine::LabelledItems taught{.items = {}, .targets = {}, .classes = static_cast<int>(classes)};
    for (std::size_t i = 0; i < items.size() && i < static_cast<std::size_t>(kSteps * batch); ++i) {
        taught.items.push_back(items[i]);
        taught.targets.insert(taught.targets.end(), classes, 1.0F / static_cast<float>(classes));
    }
    if (taught.items.empty()) return speed;
    engine::TuningOptions options;
    options.epochs =
        (kSteps * batch + static_cast<int>(taught.items.size()) - 1) / static_cast<int>(taught.items.size());
    options.batch = batch;
    options.learningRate = training.learningRate;
    options.bodyScale = training.bodyScale;
    const auto step = stepSeconds(*model, taught, options);
    if (!step) return step.error();
    speed.step = *step * training.batch / batch;

    const std::vector<std::vector<engine::Tokens>> asked(
        items.begin(),
        items.begin() + std::min<std::ptrdiff_t>(triedAtOnce(kReadPass * item, kItems), std::ssize(items)));
    std::vector<double> answers;
    const double first = monotonicSeconds();
    for (int i = 0; i < kAsked && monotonicSeconds() - first < kMostSeconds / 2; ++i) {
        const double last = monotonicSeconds();
        if (const auto answer = model->predict(asked); !answer) return answer.error();
        answers.push_back((monotonicSeconds() - last) / static_cast<double>(asked.size()));
    }
    speed.item = middleOf(std::move(answers));
    return speed;
}

} // namespace

int triedAtOnce(double work, int most)
{
    return static_cast<int>(std::clamp(kMostWork / std::max(work, 1.0), 1.0, static_cast<double>(std::max(1, most))));
}

Result<ReaderSpeed> measureReader(const spec::Experiment& experiment, const data::Task& task,
                                  const spec::SignalSource& source)
{
    engine::useThreads(experiment.compute.threads);
    engine::useDevice(experiment.compute.device);
    ReaderSpeed speed;
    const double begun = monotonicSeconds();
    const auto reader = pipeline::ClassReader::open(source.folder, source.answers, task.maxTokens());
    if (!reader) return reader.error();
    speed.load = monotonicSeconds() - begun;
    const double first = monotonicSeconds();
    const data::ItemSet some = task.pool(2, kReadItems, 1);
    std::size_t done = 0;
    for (const data::Item& item : some.items) {
        if (const auto read = reader->read(item); !read) return read.error();
        const double spent = monotonicSeconds() - first;
        speed.item = spent / static_cast<double>(++done); // items differ in length: their mean is what all of them take
        if (spent > kMostSeconds / 2) break;
    }
    return speed;
}

Result<RungSpeed> measureRung(const spec::Experiment& experiment, const data::Task& task,
                              const pipeline::Ladder& ladder, int rung, int atOnce)
{
    const auto count = static_cast<std::size_t>(std::max(1, atOnce));
    std::vector<std::optional<Result<RungSpeed>>> all(count);
    std::vector<std::thread> threads;
    for (auto& one : all)
        threads.emplace_back([&] { one.emplace(measuredOnce(experiment, task, ladder, rung)); });
    for (std::thread& thread : threads)
        thread.join();
    RungSpeed mean;
    for (const auto& one : all) {
        if (!*one) return one->error();
        mean.step += (*one)->step / static_cast<double>(count);
        mean.item += (*one)->item / static_cast<double>(count);
        mean.load += (*one)->load / static_cast<double>(count);
    }
    return mean;
}

} // namespace gradus::run
