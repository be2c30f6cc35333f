// SPDX-License-Identifier: GPL-3.0-or-later
#include "signals/source_report.h"

#include "evals/metrics.h"
#include "evals/statistics.h"
#include "signals/rater_agreement.h"
#include "signals/redundancy.h"

#include <algorithm>
#include <cmath>
#include <functional>

namespace gradus::signals {

namespace {

constexpr std::size_t kGroups = 50; ///< of items, for the jackknife of effective numbers

/// The anchors as items of their own, so that labels and truth stand side by side.
struct OnAnchors
{
    std::vector<std::vector<int>> labels; ///< m x n0
    std::vector<int> truth;
};

OnAnchors onAnchors(const VoteTable& table, const Anchors& anchors)
{
    OnAnchors known{{}, anchors.truth};
    for (const SourceVotes& source : table.sources) {
        std::vector<int> labels;
        for (const std::size_t item : anchors.items)
            labels.push_back(source.labels[item]);
        known.labels.push_back(std::move(labels));
    }
    return known;
}

SourceLine lineOf(const SourceVotes& source, const std::vector<int>& known, const std::vector<int>& truth)
{
    SourceLine line{source.name, 0, std::nullopt};
    line.answered = std::ranges::count_if(source.labels, [](int label) { return label != kAbstain; });
    long long right = 0;
    long long judged = 0;
    for (std::size_t i = 0; i < truth.size(); ++i) {
        judged += known[i] != kAbstain ? 1 : 0;
        right += known[i] == truth[i] ? 1 : 0;
    }
    if (judged > 0) line.accuracy = evals::proportion(right, judged);
    return line;
}

SourcePair pairOf(const VoteTable& table, const OnAnchors& known, const SourceQuestion& question, std::size_t a,
                  std::size_t b)
{
    SourcePair pair{.first = a, .second = b};
    const std::vector<int>& first = table.sources[a].labels;
    const std::vector<int>& second = table.sources[b].labels;
    pair.agreement = pairAgreement(first, second);
    pair.cohen = cohenKappa(first, second, table.classes);
    if (known.truth.empty()) return pair;
    pair.phi = errorPhi(known.labels[a], known.labels[b], known.truth);
    pair.phiEstimate = errorPhiEstimate(known.labels[a], known.labels[b], known.truth);
    pair.consistency = errorConsistency(known.labels[a], known.labels[b], known.truth);
    if (question.verdictsOnly) return pair;
    pair.sameWrong = sameWrongAnswer(known.labels[a], known.labels[b], known.truth);
    if (!question.openAnswers) pair.capa = capaOfLabels(known.labels[a], known.labels[b], known.truth, table.classes);
    return pair;
}

/// The table and its anchors without the items of one group (item mod groups).
VoteTable withoutGroup(const VoteTable& table, Anchors& anchors, std::size_t group, std::size_t groups)
{
    VoteTable left{table.classes, 0, {}};
    for (const SourceVotes& source : table.sources)
        left.sources.push_back({.name = source.name, .labels = {}, .probabilities = {}, .weight = 1, .family = {}});
    std::vector<std::size_t> places(table.items, table.items);
    for (std::size_t item = 0; item < table.items; ++item) {
        if (item % groups == group) continue;
        places[item] = left.items++;
        for (std::size_t j = 0; j < table.sources.size(); ++j)
            left.sources[j].labels.push_back(table.sources[j].labels[item]);
    }
    Anchors kept;
    for (std::size_t a = 0; a < anchors.items.size(); ++a) {
        if (places[anchors.items[a]] == table.items) continue;
        kept.items.push_back(places[anchors.items[a]]);
        kept.truth.push_back(anchors.truth[a]);
    }
    anchors = std::move(kept);
    return left;
}

Estimate jackknifed(double value, const std::vector<double>& left, double largest, long long n)
{
    const auto groups = static_cast<double>(left.size());
    double mean = 0;
    for (const double one : left)
        mean += one / groups;
    double squares = 0;
    for (const double one : left)
        squares += (one - mean) * (one - mean);
    const double half = evals::studentQuantile(0.975, groups - 1) * std::sqrt((groups - 1) / groups * squares);
    return {value, std::max(1.0, value - half), std::max(value, std::min(largest, value + half)), n};
}

VoteTable onlySources(const VoteTable& table, const std::vector<std::size_t>& chosen)
{
    VoteTable part{table.classes, table.items, {}};
    for (const std::size_t j : chosen)
        part.sources.push_back(table.sources[j]);
    return part;
}

/// Over sources that all label some anchor.
std::optional<EffectiveNumber> effectiveNumber(const VoteTable& table, const Anchors& anchors)
{
    if (table.sources.empty()) return std::nullopt;
    const std::size_t n = anchors.items.size();
    const std::size_t groups = std::min(kGroups, table.items);
    if (n < 10) return std::nullopt;
    const SourceMatrix all = errorCorrelation(table, anchors);
    std::vector<double> means;
    std::vector<double> spectra;
    for (std::size_t group = 0; group < groups; ++group) {
        Anchors known = anchors;
        const VoteTable left = withoutGroup(table, known, group, groups);
        const SourceMatrix matrix = errorCorrelation(left, known);
        means.push_back(effectiveSources(matrix));
        spectra.push_back(effectiveSourcesSpectral(matrix));
    }
    const auto m = static_cast<double>(table.sources.size());
    return EffectiveNumber{jackknifed(effectiveSources(all), means, m, static_cast<long long>(n)),
                           jackknifed(effectiveSourcesSpectral(all), spectra, m, static_cast<long long>(n))};
}

void addWorth(SourceReport& report, const VoteTable& table, const SourceQuestion& question)
{
    if (question.verdictsOnly) {
        report.notes.push_back("Verdicts do not say what was answered, so there is no pool to add a source to, no CAPA "
                               "and no share of equal wrong answers: compare the answers themselves for these.");
        return;
    }
    if (question.anchors.items.empty()) {
        report.notes.push_back(
            "Without truth, agreement may be knowledge or shared error: errors cannot be correlated, "
            "and neither the number of independent sources nor what a further one brings is known. "
            "Known truth of some items would tell: a column named with --truth, or the signals.anchors of a run.");
        return;
    }
    if (auto worth = answerWorth(table, question.anchors))
        report.worth = std::move(*worth);
    else
        report.notes.push_back(worth.error().message);
    if (question.openAnswers) {
        report.notes.push_back("Open answers have no number of classes, so there is no CAPA and no anchored pool: what "
                               "a further source brings is stated in accuracy.");
        return;
    }
    if (auto benefit = marginalBenefit(table, question.anchors))
        report.benefit = std::move(*benefit);
    else
        report.notes.push_back(benefit.error().message);
}

} // namespace

Result<SourceReport> sourceReport(const VoteTable& table, const SourceQuestion& question)
{
    if (auto sound = checkVotes(table, question.anchors); !sound) return sound.error();
    if (table.sources.size() < 2)
        return badInput("There is one source, \"" + table.sources.front().name +
                        "\": give at least two to say anything of the two together.");
    SourceReport report;
    const OnAnchors known = onAnchors(table, question.anchors);
    for (std::size_t j = 0; j < table.sources.size(); ++j)
        report.sources.push_back(lineOf(table.sources[j], known.labels[j], known.truth));
    for (std::size_t a = 0; a < table.sources.size(); ++a)
        for (std::size_t b = a + 1; b < table.sources.size(); ++b)
            report.pairs.push_back(pairOf(table, known, question, a, b));
    report.krippendorff = krippendorffEstimate(table);
    report.fleiss = fleissEstimate(table);
    const std::vector<std::size_t> judged = judgedSources(table, question.anchors);
    report.effective = effectiveNumber(onlySources(table, judged), question.anchors);
    for (std::size_t j = 0; j < table.sources.size(); ++j)
        if (std::ranges::find(judged, j) == judged.end())
            report.notes.push_back("Source \"" + table.sources[j].name +
                                   "\" labels no item whose truth is known: nothing tells with whom it errs, and it is "
                                   "left out of the number of independent sources.");
    addWorth(report, table, question);
    return report;
}

} // namespace gradus::signals
