// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/sources.h"

#include "base/hash.h"
#include "data/fingerprint.h"

#include <algorithm>
#include <cmath>

namespace gradus::pipeline {

namespace {

/// The set as a persona reads it: its prompt before every text.
data::ItemSet promptedBy(const std::string& prompt, const data::ItemSet& set)
{
    data::ItemSet prompted = set;
    for (data::Item& item : prompted.items)
        for (std::string& text : item.texts)
            text.insert(0, prompt + "\n\n");
    return prompted;
}

/// Adds lean to the row's logits and normalises it again.
void leanOver(float* row, const std::vector<double>& lean)
{
    double sum = 0;
    for (std::size_t k = 0; k < lean.size(); ++k) {
        row[k] = static_cast<float>(row[k] * std::exp(lean[k]));
        sum += row[k];
    }
    if (sum <= 0) return;
    for (std::size_t k = 0; k < lean.size(); ++k)
        row[k] = static_cast<float>(row[k] / sum);
}

} // namespace

Result<signals::SourceVotes> ModelSource::votes(const data::ItemSet& set) const
{
    const int classes = m_context.task.classes();
    const auto width = static_cast<std::size_t>(classes);
    const data::ItemSet prompted = m_profile.prompt.empty() ? data::ItemSet{} : promptedBy(m_profile.prompt, set);
    const data::ItemSet& read = m_profile.prompt.empty() ? set : prompted;
    std::vector<float> mean(set.items.size() * width, 0.0F);
    for (const Ancestor& ancestor : m_models) {
        const auto said = opinionsOf(*ancestor.model, m_context.ladder.read(ancestor.rung, read).items, classes);
        if (!said) return said.error();
        for (std::size_t i = 0; i < mean.size(); ++i)
            mean[i] += said->probabilities[i] / static_cast<float>(m_models.size());
    }
    for (std::size_t i = 0; !m_profile.lean.empty() && i < set.items.size(); ++i)
        leanOver(mean.data() + i * width, m_profile.lean);
    Opinions opinions = opinionsFrom(std::move(mean), classes, classes);
    signals::SourceVotes votes;
    votes.labels = std::move(opinions.labels);
    votes.probabilities = std::move(opinions.probabilities);
    for (std::size_t i = 0; i < votes.labels.size(); ++i)
        if (votes.probabilities[i * width + static_cast<std::size_t>(votes.labels[i])] < m_profile.unsureBelow)
            votes.labels[i] = signals::kAbstain;
    return votes;
}

Result<signals::SourceVotes> HumanSource::votes(const data::ItemSet& set) const
{
    signals::SourceVotes votes;
    for (const data::Item& item : set.items) {
        const auto found = m_labels->classes.find(data::itemNumber(item));
        votes.labels.push_back(found == m_labels->classes.end() ? signals::kAbstain : found->second);
    }
    return votes;
}

Result<signals::SourceVotes> TruthSource::votes(const data::ItemSet& set) const
{
    constexpr double kPlaces = 4294967296.0; // 2^32
    signals::SourceVotes votes;
    for (const data::Item& item : set.items) {
        const std::uint64_t place = splitHash(data::itemName(data::itemNumber(item)), m_seed) >> 32U;
        votes.labels.push_back(static_cast<double>(place) < m_share * kPlaces ? item.truth : signals::kAbstain);
    }
    return votes;
}

Result<signals::SourceVotes> SyntheticSource::votes(const data::ItemSet& set) const
{
    signals::NoiseRequest request = m_request;
    if (m_like) {
        auto shape = m_like->votes(set);
        if (!shape) return shape.error();
        request.teacher = std::move(shape->probabilities);
    }
    auto noisy = signals::corrupt(truthOf(set), request);
    if (!noisy) return noisy.error();
    signals::SourceVotes votes;
    votes.labels = std::move(noisy->labels);
    return votes;
}

signals::NoiseKind noiseKindOf(const std::string& name)
{
    using signals::NoiseKind;
    return name == "wrong-only"          ? NoiseKind::WrongOnly
           : name == "class-conditional" ? NoiseKind::ClassConditional
           : name == "teacher-lowest"    ? NoiseKind::TeacherLowest
           : name == "teacher-errors"    ? NoiseKind::TeacherErrors
                                         : NoiseKind::UniformAll;
}

} // namespace gradus::pipeline
