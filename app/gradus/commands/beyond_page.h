// SPDX-License-Identifier: GPL-3.0-or-later
// Three ways to judge what no supervisor can check, in words and as a page with figures.
#pragma once

#include "commands/page_ground.h"
#include "evals/beyond_judge.h"
#include "report/report.h"

#include <optional>
#include <string>
#include <vector>

namespace gradus::app {

/// The three judgements of the models, and what they were made of.
struct Judged
{
    evals::GradedModels models;
    std::optional<evals::SurrogateJudge> surrogate;
    std::optional<evals::ExtrapolationJudge> extrapolation;
    std::vector<evals::PeerJudge> peers;
    PageGround ground;
};

std::string beyondText(const Judged& judged);
/// note: the author's own conclusion; may be empty.
report::Report beyondPage(const Judged& judged, const std::string& note);

} // namespace gradus::app
