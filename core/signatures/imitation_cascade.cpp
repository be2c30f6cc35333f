// SPDX-License-Identifier: GPL-3.0-or-later
// Each condition is measured apart, then put into one sentence: a detector that only says "fired" helps nobody.
#include "signatures/imitation_cascade.h"

#include "evals/metrics.h"
#include "evals/statistics.h"
#include "signatures/verdict_impl.h"

#include <algorithm>
#include <cmath>
#include <set>

namespace gradus::signatures {

namespace {

const char* const kKind = "signature.imitation_cascade";

int classesOf(const CascadeInput& input)
{
    if (input.classes > 1) return input.classes;
    std::set<int> seen;
    for (const auto* labels : {&input.student, &input.ceiling, &input.teacher, &input.truth})
        seen.insert(labels->begin(), labels->end());
    return std::max(2, static_cast<int>(seen.size()));
}

double squaredError(const Estimate& mean)
{
    const double half = (mean.high - mean.low) / 2 / evals::normalQuantile(0.975);
    return half * half;
}

/// Per-item differences student - ceiling, and where the ceiling's own errors go.
struct Comparison
{
    std::vector<double> following; ///< teacher wrong: label = teacher's
    std::vector<double> elsewhere; ///< teacher right: label != truth
    double ceilingWrong = 0;       ///< items on which teacher and ceiling are both wrong
    double ceilingAlike = 0;       ///< of these, with the same label
};

Comparison compare(const CascadeInput& input)
{
    Comparison comparison;
    const auto minus = [](bool a, bool b) { return (a ? 1.0 : 0.0) - (b ? 1.0 : 0.0); };
    for (std::size_t i = 0; i < input.truth.size(); ++i) {
        const int truth = input.truth[i];
        const int teacher = input.teacher[i];
        const int ceiling = input.ceiling[i];
        if (teacher == truth) {
            comparison.elsewhere.push_back(minus(input.student[i] != truth, ceiling != truth));
            continue;
        }
        comparison.following.push_back(minus(input.student[i] == teacher, ceiling == teacher));
        comparison.ceilingWrong += ceiling != truth ? 1 : 0;
        comparison.ceilingAlike += ceiling == teacher ? 1 : 0;
    }
    return comparison;
}

/// The statistic of the header. Needs a ceiling and at least two teacher errors.
struct Directed
{
    Estimate excess;
    double lean = 1;
};

Directed directedExcess(const CascadeInput& input, int classes)
{
    const Comparison comparison = compare(input);
    const Estimate followed = evals::meanWithInterval(comparison.following);
    const double others = classes - 1;
    const double lean = (comparison.ceilingAlike + 1) / (comparison.ceilingWrong + others);
    double value = followed.value;
    double variance = squaredError(followed);
    if (comparison.elsewhere.size() > 1) {
        // Two different sets of items, so the variances add; the last term is the lean's own.
        const Estimate elsewhere = evals::meanWithInterval(comparison.elsewhere);
        value -= lean * elsewhere.value;
        variance += lean * lean * squaredError(elsewhere) +
                    elsewhere.value * elsewhere.value * lean * (1 - lean) / (comparison.ceilingWrong + others);
    }
    const double half = evals::normalQuantile(0.975) * std::sqrt(variance);
    return {{value, value - half, value + half, static_cast<long long>(comparison.following.size())}, lean};
}

/// How far utility is below its best, and whether that is more than chance.
struct Fall
{
    bool known = false;
    double best = 0;
    double last = 0;
    bool significant = false;
};

Fall fallOf(const std::vector<Estimate>& history, const CascadeThresholds& thresholds)
{
    const auto finite = [](const Estimate& e) {
        return std::isfinite(e.value) && std::isfinite(e.low) && std::isfinite(e.high);
    };
    if (history.size() < 2 || !std::all_of(history.begin(), history.end(), finite)) return {};
    const auto best = std::max_element(history.begin(), history.end(),
                                       [](const Estimate& a, const Estimate& b) { return a.value < b.value; });
    const Estimate& last = history.back();
    // The best of many is high by luck: the level is shared among the earlier evaluations. Treating the two as
    // independent is cautious, since both were measured on the same items.
    const double level = thresholds.alpha / static_cast<double>(history.size() - 1);
    const double error = std::sqrt(squaredError(*best) + squaredError(last));
    const double fall = best->value - last.value;
    const bool significant = fall >= thresholds.fall && fall > evals::normalQuantile(1 - level) * error;
    return {true, best->value, last.value, significant};
}

std::string whyNoFigure(const CascadeInput& input, long long teacherErrors, const CascadeThresholds& thresholds)
{
    const std::size_t n = input.truth.size();
    if (n == 0) return "there are no held-out items";
    if (input.student.size() != n || input.teacher.size() != n || (!input.ceiling.empty() && input.ceiling.size() != n))
        return "the lists of held-out labels differ in length";
    if (!std::isfinite(input.trainNoisy)) return "the accuracy on the training labels is not a number";
    if (teacherErrors == 0) return "the supervisor is right on every held-out item, so there is no error to repeat";
    if (teacherErrors < thresholds.teacherErrors)
        return "the supervisor is wrong on only " + std::to_string(teacherErrors) + " held-out items, of which " +
               std::to_string(thresholds.teacherErrors) + " are needed";
    return {};
}

std::string fallText(const Fall& fall)
{
    if (!fall.known) return "utility has no history to fall from";
    return "utility is " + percent(fall.last) + " after a best of " + percent(fall.best);
}

std::string sentenceOf(const Verdict& verdict, const CascadeInput& input, const Fall& fall, double imitation)
{
    const bool referenced = !input.ceiling.empty();
    std::string figures = "on the " + std::to_string(verdict.value.n) +
                          " held-out items where the supervisor is wrong the student repeats it on " +
                          percent(imitation);
    if (referenced)
        figures += ", " + points(verdict.value) + " beyond the same base taught by truth and undirected error";
    else
        figures += " (no base taught by truth was measured, so errors that any student makes are not taken out)";
    figures += "; it fits " + percent(input.trainNoisy) + " of its training labels, and " + fallText(fall);
    if (!verdict.fired) return "No imitation cascade: " + figures + ".";
    return "Imitation cascade: " + figures +
           ": go back to the best checkpoint and train for less, with a confidence loss, or from less noisy labels.";
}

} // namespace

Verdict imitationCascade(const CascadeInput& input, const CascadeThresholds& thresholds)
{
    const bool referenced = !input.ceiling.empty();
    const std::string statistic =
        referenced ? "excess imitation beyond undirected error" : "imitation rate, reference unknown";
    const double threshold = referenced ? thresholds.excess : thresholds.unreferenced;
    const bool sameLength = input.student.size() == input.truth.size() && input.teacher.size() == input.truth.size();
    const auto imitation =
        sameLength ? evals::agreementWithErrors(input.student, input.teacher, input.truth) : std::nullopt;
    const std::string reason = whyNoFigure(input, imitation ? imitation->n : 0, thresholds);
    if (!reason.empty()) return noFigure(kKind, statistic, threshold, "imitation", reason);

    Verdict verdict{kKind, false, statistic, *imitation, threshold, {}, {}};
    std::optional<Estimate> plainExcess;
    Json lean = nullptr;
    if (referenced) {
        const Directed directed = directedExcess(input, classesOf(input));
        verdict.value = directed.excess;
        lean = directed.lean;
        plainExcess = evals::excessImitation(input.student, input.ceiling, input.teacher, input.truth);
    }
    const bool imitates = referenced ? verdict.value.low > 0 && verdict.value.value >= thresholds.excess
                                     : verdict.value.low > thresholds.unreferenced;
    const bool fits = input.trainNoisy >= thresholds.fit;
    const Fall fall = fallOf(input.utilityHistory, thresholds);
    verdict.fired = imitates && fits && fall.significant;
    verdict.sentence = sentenceOf(verdict, input, fall, imitation->value);
    const auto orNull = [&](double value) { return fall.known ? Json(value) : Json(nullptr); };
    verdict.detailsJson = Json{
        {"imitation", jsonOf(imitation)},
        {"excess_imitation", jsonOf(plainExcess)},
        {"statistic", jsonOf(verdict.value)},
        {"lean", lean},
        {"classes", classesOf(input)},
        {"train_noisy", input.trainNoisy},
        {"utility_best", orNull(fall.best)},
        {"utility_last", orNull(fall.last)},
        {"imitates", imitates},
        {"fits", fits},
        {"falls",
         fall.significant}}.dump();
    return verdict;
}

} // namespace gradus::signatures
