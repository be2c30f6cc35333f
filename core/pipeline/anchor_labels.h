// SPDX-License-Identifier: GPL-3.0-or-later
// What a generation's supervisor says of the anchors, whose truth is known: the noise of its labels, without a guess.
#pragma once

#include "pipeline/supervisor.h"

#include <vector>

namespace gradus::pipeline {

struct AnchorLabels
{
    std::vector<int> truth; ///< one an anchor; empty where a run has no anchors
    /// Of the same anchors; label -1 where a supervisor that is no pool said nothing, or no source of a pool spoke of
    /// any.
    Opinions opinions;
};

/// What a pool says of its anchors, N x K: one that learns from them by fits that did not see them. The panel has a
/// source.
std::vector<double> pooledOnAnchors(const StageContext& context, const Panel& panel);

/// A pool of sources that is fitted on anchors is asked about each by a fit that did not see it.
Result<AnchorLabels> labelsOnAnchors(const StageContext& context, const Supervisor& supervisor);

/// K x K row-major: row k says how often each label is given where k is true (soft: how probable it is held to be),
/// with one further anchor a class that is spread evenly; rows sum to 1. After the gold loss correction of Hendrycks et
/// al. (arXiv 1802.05300).
std::vector<double> labelConfusion(const AnchorLabels& anchors, int classes, bool soft);

} // namespace gradus::pipeline
