// SPDX-License-Identifier: GPL-3.0-or-later
// The template "gsm8k-solutions": is a worked solution right?
#pragma once

#include "data/template.h"

namespace gradus::data {

/// Verifying solutions of GSM8K problems: columns question, answer (the reference; its last number counts) and
/// solution, which may be several columns ("a.solution, b.solution"): every solution that is there is an item. Truth 1:
/// its last number is the reference's. A solution without a number is wrong; solutions that are missing are left out.
/// Group: the question.
Template gsm8kSolutionsTemplate();

} // namespace gradus::data
