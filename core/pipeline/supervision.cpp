// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/supervision.h"

#include "base/hash.h"
#include "data/environment.h"

#include <algorithm>
#include <numeric>
#include <span>

namespace gradus::pipeline {

namespace {

Supervision assemble(const data::Task& task, const data::ItemSet& set, RungItems items, std::vector<float> answers,
                     std::vector<int> labels)
{
    Supervision supervision;
    supervision.items = std::move(items.items);
    supervision.truth = truthOf(set);
    supervision.targets = lessonsOf(task, set, std::move(answers));
    supervision.actions = actionsOf(task);
    supervision.labels = std::move(labels);
    supervision.truncatedShare = items.truncatedShare;
    supervision.fingerprint =
        sha256(set.fingerprint + sha256({reinterpret_cast<const char*>(supervision.targets.data()),
                                         supervision.targets.size() * sizeof(float)}));
    return supervision;
}

} // namespace

std::vector<float> oneHot(const std::vector<int>& labels, int classes)
{
    std::vector<float> rows(labels.size() * static_cast<std::size_t>(classes), 0.0F);
    for (std::size_t i = 0; i < labels.size(); ++i)
        rows[i * static_cast<std::size_t>(classes) + static_cast<std::size_t>(labels[i])] = 1.0F;
    return rows;
}

std::vector<int> truthOf(const data::ItemSet& set)
{
    std::vector<int> truth;
    truth.reserve(set.items.size());
    for (const data::Item& item : set.items)
        truth.push_back(item.truth);
    return truth;
}

Opinions opinionsFrom(std::vector<float> rows, int outputs, int classes)
{
    Opinions opinions;
    const auto from = static_cast<std::ptrdiff_t>(outputs);
    const auto width = static_cast<std::ptrdiff_t>(classes);
    auto kept = rows.begin();
    for (auto row = rows.begin(); row != rows.end(); row += from) {
        opinions.labels.push_back(static_cast<int>(std::max_element(row, row + width) - row));
        if (from == width) continue;
        const float sum = std::accumulate(row, row + width, 0.0F);
        kept = std::transform(row, row + width, kept,
                              [&](float p) { return sum > 0 ? p / sum : 1.0F / static_cast<float>(classes); });
    }
    if (from != width) rows.erase(kept, rows.end());
    opinions.probabilities = std::move(rows);
    return opinions;
}

Result<Opinions> opinionsOf(const engine::TunedModel& model, const std::vector<std::vector<engine::Tokens>>& items,
                            int classes)
{
    auto rows = model.predict(items);
    if (!rows) return rows.error();
    const int outputs = items.empty() ? classes : static_cast<int>(rows->size() / items.size());
    return opinionsFrom(std::move(*rows), outputs, classes);
}

Opinions chosen(const Opinions& opinions, const std::vector<std::size_t>& places)
{
    Opinions some;
    if (opinions.labels.empty()) return some;
    const std::size_t width = opinions.probabilities.size() / opinions.labels.size();
    for (const std::size_t i : places) {
        some.labels.push_back(opinions.labels[i]);
        const auto row = opinions.probabilities.begin() + static_cast<std::ptrdiff_t>(i * width);
        some.probabilities.insert(some.probabilities.end(), row, row + static_cast<std::ptrdiff_t>(width));
    }
    return some;
}

data::ItemSet chosen(const data::ItemSet& set, const std::vector<std::size_t>& places)
{
    data::ItemSet some;
    some.truncatedShare = set.truncatedShare;
    std::string name = set.fingerprint;
    for (const std::size_t i : places) {
        some.items.push_back(set.items[i]);
        name += "," + std::to_string(i);
    }
    some.fingerprint = sha256(name);
    return some;
}

int actionsOf(const data::Task& task)
{
    return task.environment() != nullptr ? static_cast<int>(task.environment()->actions().size()) : task.classes();
}

std::vector<float> lessonsOf(const data::Task& task, const data::ItemSet& set, std::vector<float> answers)
{
    const data::Environment* environment = task.environment();
    if (environment == nullptr) return answers;
    const auto classes = static_cast<std::size_t>(task.classes());
    std::vector<float> lessons;
    lessons.reserve(set.items.size() * environment->actions().size());
    for (std::size_t i = 0; i < set.items.size(); ++i) {
        const auto row = data::outcomeTargets(*environment, set.items[i],
                                              std::span<const float>(answers).subspan(i * classes, classes));
        lessons.insert(lessons.end(), row.begin(), row.end());
    }
    return lessons;
}

Supervision taughtByTruth(const data::Task& task, const data::ItemSet& set, RungItems items)
{
    std::vector<int> truth = truthOf(set);
    std::vector<float> answers = oneHot(truth, task.classes());
    return assemble(task, set, std::move(items), std::move(answers), std::move(truth));
}

Supervision taughtBy(const data::Task& task, const Opinions& teacher, const data::ItemSet& set, RungItems items,
                     bool soft)
{
    return assemble(task, set, std::move(items), soft ? teacher.probabilities : oneHot(teacher.labels, task.classes()),
                    teacher.labels);
}

engine::LabelledItems labelledItems(const Supervision& taught)
{
    return {.items = taught.items, .targets = taught.targets, .classes = taught.actions};
}

} // namespace gradus::pipeline
