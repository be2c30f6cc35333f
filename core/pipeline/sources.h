// SPDX-License-Identifier: GPL-3.0-or-later
// Signal sources: each asks something for its opinion of every item, or holds its peace.
#pragma once

#include "pipeline/human_labels.h"
#include "pipeline/supervisor.h"
#include "signals/synthetic_noise.h"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace gradus::pipeline {

/// Labels of a set, in its order; signals::kAbstain where the source says nothing. Name, weight and family are left to
/// the caller. Used in the run's thread.
class Source
{
public:
    virtual ~Source() = default;
    virtual Result<signals::SourceVotes> votes(const data::ItemSet& set) const = 0;
    virtual std::string background() const { return {}; } ///< of a person, in their own words; hostile
};

/// The mean of one or several generations' probabilities, seen through a persona's profile.
class ModelSource final : public Source
{
public:
    /// models: at least one. profile: prompt, lean and unsureBelow are read.
    ModelSource(const StageContext& context, std::vector<Ancestor> models, const spec::SignalSource& profile)
        : m_context(context), m_models(std::move(models)), m_profile(profile)
    {
    }
    Result<signals::SourceVotes> votes(const data::ItemSet& set) const override;

private:
    const StageContext& m_context;
    std::vector<Ancestor> m_models;
    const spec::SignalSource& m_profile;
};

/// What people wrote down, found again by the item's content.
class HumanSource final : public Source
{
public:
    explicit HumanSource(std::shared_ptr<const HumanLabels> labels) : m_labels(std::move(labels)) {}
    Result<signals::SourceVotes> votes(const data::ItemSet& set) const override;
    std::string background() const override { return m_labels->background; }

private:
    std::shared_ptr<const HumanLabels> m_labels;
};

/// The truth of a share of the items, chosen by their content and a seed: a larger share holds the smaller one.
class TruthSource final : public Source
{
public:
    TruthSource(double share, std::uint64_t seed) : m_share(share), m_seed(seed) {}
    Result<signals::SourceVotes> votes(const data::ItemSet& set) const override;

private:
    double m_share;
    std::uint64_t m_seed;
};

/// The truth, made wrong on purpose.
class SyntheticSource final : public Source
{
public:
    /// request.teacher is filled from `like` where the kind asks for one; like may be null otherwise.
    SyntheticSource(signals::NoiseRequest request, std::shared_ptr<const Source> like)
        : m_request(std::move(request)), m_like(std::move(like))
    {
    }
    Result<signals::SourceVotes> votes(const data::ItemSet& set) const override;

private:
    signals::NoiseRequest m_request;
    std::shared_ptr<const Source> m_like;
};

/// The noise kind of spec::SignalSource::noise.
signals::NoiseKind noiseKindOf(const std::string& name);

} // namespace gradus::pipeline
