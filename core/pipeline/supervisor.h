// SPDX-License-Identifier: GPL-3.0-or-later
// Whoever labels for a generation: its predecessor alone, or several sources pooled into one.
#pragma once

#include "pipeline/stage_context.h"
#include "pipeline/supervision.h"
#include "signals/mix_noise.h"
#include "signals/votes.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace gradus::pipeline {

/// A finished generation, to be asked for its opinion.
struct Ancestor
{
    std::shared_ptr<const engine::TunedModel> model;
    int rung = 0; ///< it reads items as this rung does
};

/// Of aligned predecessors, newest first; nullptr where there is none yet.
inline const Ancestor* newestOf(const std::vector<Ancestor>& predecessors)
{
    return predecessors.empty() ? nullptr : &predecessors.front();
}

/// What several sources said, and what was made of it. The table holds the items that were asked for, then the anchors.
struct Panel
{
    signals::VoteTable table;             ///< sources that said something
    std::vector<std::string> kinds;       ///< one a source of the table
    std::vector<std::string> backgrounds; ///< likewise: a person's own words (hostile), else empty
    std::vector<std::string> silent;      ///< sources that said nothing about any item
    signals::Anchors anchors;
    signals::Pooled pooled;
    std::vector<std::int64_t> numbers; ///< data::itemNumber of every item of the table
    std::size_t asked = 0;             ///< items before the anchors
};

/// Noise of what the panel's pool says, calibrated on the anchors.
signals::MixNoise noiseOf(const StageContext& context, const Panel& panel);

/// Probabilities and labels of the items asked for; label -1 (signals::kAbstain) where nobody said anything.
struct Labels
{
    Opinions opinions;
    std::optional<Panel> panel; ///< none where one model labels as it is
};

/// Used in the run's thread.
class Supervisor
{
public:
    virtual ~Supervisor() = default;
    virtual Result<Labels> label(const data::ItemSet& set) const = 0;
};

/// What the supervisor says of a generation's pool, from which the items go that nobody labelled. Bad input when none
/// is left.
Result<Labels> labelsOf(const Supervisor& supervisor, data::ItemSet& pool, int generation);

/// One generation labels as it is.
class Predecessor final : public Supervisor
{
public:
    /// The context must outlive it.
    Predecessor(const StageContext& context, Ancestor ancestor) : m_context(context), m_ancestor(std::move(ancestor)) {}
    Result<Labels> label(const data::ItemSet& set) const override;

private:
    const StageContext& m_context;
    Ancestor m_ancestor;
};

} // namespace gradus::pipeline
