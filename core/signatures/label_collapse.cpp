// SPDX-License-Identifier: GPL-3.0-or-later
// Entropies of means do not average over items, so the bootstrap redraws the means themselves.
#include "signatures/label_collapse.h"

#include "base/rng.h"
#include "signatures/verdict_impl.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

namespace gradus::signatures {

namespace {

const char* const kKind = "signature.mode_collapse";

/// Rows of one iteration, and the label each gives.
struct Table
{
    std::vector<double> rows; ///< N x classes
    std::vector<std::size_t> labels;
};

Table tableOf(const std::vector<float>& probabilities, std::size_t classes)
{
    Table table{std::vector<double>(probabilities.begin(), probabilities.end()), {}};
    for (std::size_t from = 0; from < probabilities.size(); from += classes) {
        const auto row = probabilities.begin() + static_cast<std::ptrdiff_t>(from);
        table.labels.push_back(
            static_cast<std::size_t>(std::max_element(row, row + static_cast<std::ptrdiff_t>(classes)) - row));
    }
    return table;
}

struct Shares
{
    std::vector<double> mean;  ///< mean prediction
    std::vector<double> given; ///< share of items given each label
};

Shares sharesOf(const Table& table, const std::vector<std::size_t>& items, std::size_t classes)
{
    Shares shares{std::vector<double>(classes, 0.0), std::vector<double>(classes, 0.0)};
    for (const std::size_t item : items) {
        shares.given[table.labels[item]] += 1;
        for (std::size_t k = 0; k < classes; ++k)
            shares.mean[k] += table.rows[item * classes + k];
    }
    for (std::size_t k = 0; k < classes; ++k) {
        shares.given[k] /= static_cast<double>(items.size());
        shares.mean[k] /= static_cast<double>(items.size());
    }
    return shares;
}

double entropyOf(const std::vector<double>& shares)
{
    double entropy = 0;
    for (const double p : shares)
        if (p > 0) entropy -= p * std::log(p);
    return entropy;
}

std::optional<double> relative(double before, double now)
{
    if (!(before > 1e-12)) return std::nullopt;
    return now / before - 1;
}

using Pair = std::array<std::optional<double>, 2>; ///< of the mean prediction, of the labels given

Pair changesOf(const Shares& before, const Shares& now)
{
    return {relative(entropyOf(before.mean), entropyOf(now.mean)),
            relative(entropyOf(before.given), entropyOf(now.given))};
}

std::optional<Estimate> withInterval(const std::optional<double>& value, std::vector<double>& drawn, std::size_t n)
{
    if (!value || drawn.empty()) return std::nullopt;
    std::sort(drawn.begin(), drawn.end());
    const auto at = [&](double q) {
        return drawn[static_cast<std::size_t>(std::lround(q * static_cast<double>(drawn.size() - 1)))];
    };
    return Estimate{*value, std::min(*value, at(0.025)), std::max(*value, at(0.975)), static_cast<long long>(n)};
}

std::array<std::optional<Estimate>, 2> bootstrap(const Table& before, const Table& now, const Pair& values,
                                                 std::size_t classes, std::uint64_t seed, int draws)
{
    const std::size_t n = before.labels.size();
    std::array<std::vector<double>, 2> drawn;
    std::vector<std::size_t> items(n);
    Rng rng(seed, "bootstrap/labels");
    for (int draw = 0; draw < draws; ++draw) {
        for (std::size_t& item : items)
            item = rng.below(n);
        const Pair changes = changesOf(sharesOf(before, items, classes), sharesOf(now, items, classes));
        for (std::size_t which = 0; which < drawn.size(); ++which)
            if (changes[which]) drawn[which].push_back(*changes[which]);
    }
    return {withInterval(values[0], drawn[0], n), withInterval(values[1], drawn[1], n)};
}

std::string whyNoFigure(const LabelCollapseInput& input, const LabelCollapseThresholds& thresholds)
{
    if (input.classes < 2) return "there are fewer than two classes";
    if (input.before.empty() || input.now.empty()) return "there are no predictions to compare";
    const auto classes = static_cast<std::size_t>(input.classes);
    if (input.before.size() != input.now.size() || input.before.size() % classes != 0)
        return "the predictions of " + input.reference + " and now differ in length";
    for (const auto* table : {&input.before, &input.now})
        if (!std::all_of(table->begin(), table->end(), [](float p) { return std::isfinite(p) && p >= 0; }))
            return "a probability is negative or not a number";
    const std::size_t items = input.before.size() / classes;
    if (items < static_cast<std::size_t>(std::max(1, thresholds.items)))
        return "there are only " + std::to_string(items) + " items, of which " + std::to_string(thresholds.items) +
               " are needed";
    return {};
}

} // namespace

Verdict labelCollapse(const LabelCollapseInput& input, const LabelCollapseThresholds& thresholds)
{
    const std::array<std::string, 2> names{"entropy of the mean prediction", "entropy of the labels given"};
    const std::string statistic = "relative change of the " + names[0];
    const std::string reason = whyNoFigure(input, thresholds);
    if (!reason.empty()) return noFigure(kKind, statistic, -thresholds.fall, "label collapse", reason);

    const auto classes = static_cast<std::size_t>(input.classes);
    const Table before = tableOf(input.before, classes);
    const Table now = tableOf(input.now, classes);
    std::vector<std::size_t> all(before.labels.size());
    for (std::size_t i = 0; i < all.size(); ++i)
        all[i] = i;
    const Shares sharesBefore = sharesOf(before, all, classes);
    const Shares sharesNow = sharesOf(now, all, classes);
    const auto changes =
        bootstrap(before, now, changesOf(sharesBefore, sharesNow), classes, input.seed, std::max(1, thresholds.draws));
    if (!changes[0] && !changes[1])
        return noFigure(kKind, statistic, -thresholds.fall, "label collapse",
                        input.reference + " gave every item the same label, so nothing is left to collapse");
    const std::size_t deeper = !changes[0] || (changes[1] && changes[1]->high < changes[0]->high) ? 1 : 0;

    Verdict verdict{kKind, false, "relative change of the " + names[deeper], *changes[deeper], -thresholds.fall,
                    {},    {}};
    verdict.fired = verdict.value.high < -thresholds.fall;
    const auto largest = std::max_element(sharesNow.given.begin(), sharesNow.given.end());
    const auto label = static_cast<std::size_t>(largest - sharesNow.given.begin());
    const std::string figures = "since " + input.reference + " the " + names[deeper] + " changed by " +
                                change(verdict.value) + ", and the commonest label, " + std::to_string(label) +
                                ", is given to " + percent(*largest) + " of the items (" +
                                percent(sharesBefore.given[label]) + " then)";
    verdict.sentence = verdict.fired
                           ? "Label collapse: " + figures +
                                 ": check the balance of the training labels and of the filter that chose them."
                           : "No label collapse: " + figures + ".";
    verdict.detailsJson = Json{{"mean_prediction", jsonOf(changes[0])}, {"labels_given", jsonOf(changes[1])},
                               {"shares_before", sharesBefore.given},   {"shares_now", sharesNow.given},
                               {"mean_before", sharesBefore.mean},      {"mean_now", sharesNow.mean}}
                              .dump();
    return verdict;
}

} // namespace gradus::signatures
