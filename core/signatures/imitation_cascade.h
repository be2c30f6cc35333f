// SPDX-License-Identifier: GPL-3.0-or-later
// Imitation cascade: the student repeats its supervisor's held-out errors beyond what the same base taught by truth
// does, while it fits its noisy training labels and held-out utility falls from its best.
#pragma once

#include "signatures/verdict.h"

#include <vector>

namespace gradus::signatures {

struct CascadeInput
{
    /// Labels of the same held-out items, in the same order.
    std::vector<int> student;
    std::vector<int>
        ceiling; ///< the same base taught by truth; empty: the reference is unknown, and the sentence says so
    std::vector<int> teacher;
    std::vector<int> truth;
    int classes = 0;                      ///< 0: as many as there are different labels
    double trainNoisy = 0;                ///< accuracy on its own noisy training labels, 0..1
    std::vector<Estimate> utilityHistory; ///< held-out utility at this generation's evaluations, oldest first
};

/// All of the conditions must hold. Defaults: alpha and the two points of utility are those of the gap controller's
/// tolerance; the rest is ours, and an experiment may set it.
struct CascadeThresholds
{
    double excess = 0.05;      ///< smallest excess imitation that counts; its interval must lie above 0 too
    double unreferenced = 0.5; ///< without a ceiling: the interval of the plain imitation rate must lie above this
    double fit = 0.95;         ///< trainNoisy from which the noisy labels count as fitted
    double fall = 0.02;        ///< smallest fall of utility from its best that counts
    double alpha = 0.05;       ///< one-sided level of that fall, Bonferroni over the evaluations that might be best
    int teacherErrors = 20;    ///< fewer items on which the teacher is wrong give no figure
};

/// The statistic is the excess imitation IR(student) - IR(ceiling), IR = P(label = teacher's | teacher wrong), less
/// what a student that errs more in general would show: lean x (student's error rate - ceiling's, where the teacher is
/// right). lean is the share of the ceiling's errors on teacher-wrong items that name the teacher's label, shrunk
/// towards 1/(K-1) with K - 1 counts: always 1 for two classes. A student that merely memorised random noise thus
/// scores about 0, even where some wrong labels are easier to fall for; one that errs more on hard items, on which
/// teachers err too, scores above 0. Interval: normal, items as units.
Verdict imitationCascade(const CascadeInput& input, const CascadeThresholds& thresholds = {});

} // namespace gradus::signatures
