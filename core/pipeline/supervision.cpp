// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/supervision.h"

#include "base/hash.h"

#include <algorithm>

namespace gradus::pipeline {

namespace {

std::vector<float> oneHot(const std::vector<int>& labels, int classes)
{
    std::vector<float> rows(labels.size() * static_cast<std::size_t>(classes), 0.0F);
    for (std::size_t i = 0; i < labels.size(); ++i)
        rows[i * static_cast<std::size_t>(classes) + static_cast<std::size_t>(labels[i])] = 1.0F;
    return rows;
}

Supervision assemble(const data::ItemSet& set, RungItems items, std::vector<float> targets, std::vector<int> labels)
{
    Supervision supervision;
    supervision.items = std::move(items.items);
    supervision.truth = truthOf(set);
    supervision.targets = std::move(targets);
    supervision.labels = std::move(labels);
    supervision.truncatedShare = items.truncatedShare;
    supervision.fingerprint =
        sha256(set.fingerprint + sha256({reinterpret_cast<const char*>(supervision.targets.data()),
                                         supervision.targets.size() * sizeof(float)}));
    return supervision;
}

} // namespace

std::vector<int> truthOf(const data::ItemSet& set)
{
    std::vector<int> truth;
    truth.reserve(set.items.size());
    for (const data::Item& item : set.items)
        truth.push_back(item.truth);
    return truth;
}

Opinions opinionsFrom(std::vector<float> probabilities, int classes)
{
    Opinions opinions;
    const auto width = static_cast<std::ptrdiff_t>(classes);
    for (auto row = probabilities.cbegin(); row != probabilities.cend(); row += width)
        opinions.labels.push_back(static_cast<int>(std::max_element(row, row + width) - row));
    opinions.probabilities = std::move(probabilities);
    return opinions;
}

Result<Opinions> opinionsOf(const engine::TunedModel& model, const std::vector<std::vector<engine::Tokens>>& items,
                            int classes)
{
    auto probabilities = model.predict(items);
    if (!probabilities) return probabilities.error();
    return opinionsFrom(std::move(*probabilities), classes);
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

Supervision taughtByTruth(const data::ItemSet& set, RungItems items, int classes)
{
    std::vector<int> truth = truthOf(set);
    std::vector<float> targets = oneHot(truth, classes);
    return assemble(set, std::move(items), std::move(targets), std::move(truth));
}

Supervision taughtBy(const Opinions& teacher, const data::ItemSet& set, RungItems items, int classes, bool soft)
{
    return assemble(set, std::move(items), soft ? teacher.probabilities : oneHot(teacher.labels, classes),
                    teacher.labels);
}

} // namespace gradus::pipeline
