// SPDX-License-Identifier: GPL-3.0-or-later
// Features are standardised on the training rows, so that one ridge suits every model's scale.
#include "signatures/linear_probe.h"

#include "base/rng.h"
#include "evals/metrics.h"
#include "evals/statistics.h"
#include "signatures/probe_fit_impl.h"

#include <algorithm>
#include <cmath>
#include <set>

namespace gradus::signatures {

namespace {

using Rows = std::vector<std::int64_t>;

std::span<const float> rowOf(const ProbeData& data, std::int64_t row)
{
    const auto width = static_cast<std::size_t>(data.width);
    return data.features.subspan(static_cast<std::size_t>(row) * width, width);
}

int labelOf(const ProbeData& data, std::int64_t row)
{
    return data.labels[static_cast<std::size_t>(row)];
}

double accuracyOn(const LinearProbe& probe, const ProbeData& data, std::span<const std::int64_t> rows)
{
    long long right = 0;
    for (const std::int64_t row : rows)
        right += probe.classify(rowOf(data, row)) == labelOf(data, row) ? 1 : 0;
    return static_cast<double>(right) / static_cast<double>(rows.size());
}

double majorityOf(std::span<const int> labels, int classes)
{
    std::vector<long long> counts(static_cast<std::size_t>(classes), 0);
    for (const int label : labels)
        ++counts[static_cast<std::size_t>(label)];
    return static_cast<double>(*std::max_element(counts.begin(), counts.end())) / static_cast<double>(labels.size());
}

struct Fold
{
    Rows train;
    Rows test;
};

std::vector<Fold> foldsOf(std::size_t rows, const ProbeOptions& options)
{
    const Rows order = permutation(static_cast<std::int64_t>(rows), Rng(options.seed, "probe/folds"));
    std::vector<Fold> folds(static_cast<std::size_t>(options.folds));
    for (std::size_t i = 0; i < order.size(); ++i)
        for (std::size_t fold = 0; fold < folds.size(); ++fold)
            (i % folds.size() == fold ? folds[fold].test : folds[fold].train).push_back(order[i]);
    return folds;
}

/// Less the mean over the item's texts: what all of them share tells none from the others.
std::vector<float> withinItems(const ChoiceData& data)
{
    const auto width = static_cast<std::size_t>(data.width);
    const auto texts = static_cast<std::size_t>(data.texts);
    std::vector<float> rows(data.features.begin(), data.features.end());
    for (std::size_t item = 0; item < data.labels.size(); ++item)
        for (std::size_t f = 0; f < width; ++f) {
            double mean = 0;
            for (std::size_t text = 0; text < texts; ++text)
                mean += static_cast<double>(rows[(item * texts + text) * width + f]) / static_cast<double>(texts);
            for (std::size_t text = 0; text < texts; ++text)
                rows[(item * texts + text) * width + f] -= static_cast<float>(mean);
        }
    return rows;
}

std::string whyUnusable(const ChoiceData& data, const ProbeOptions& options)
{
    // The texts of an item are the classes of its label; its features are those of all of them.
    return whyUnusable(
        ProbeData{
            .features = data.features, .width = data.width * data.texts, .labels = data.labels, .classes = data.texts},
        options);
}

/// Trapezoids over log2(labels), whose steps are 1 wide, divided by the number of steps.
double areaUnder(const std::vector<double>& accuracy)
{
    double area = 0;
    for (std::size_t i = 1; i < accuracy.size(); ++i)
        area += (accuracy[i - 1] + accuracy[i]) / 2;
    return area / static_cast<double>(accuracy.size() - 1);
}

} // namespace

std::string whyUnusable(const ProbeData& data, const ProbeOptions& options)
{
    const std::size_t rows = data.labels.size();
    if (data.width < 1 || data.classes < 2) return "a probe needs at least one feature and two classes";
    if (data.features.size() != rows * static_cast<std::size_t>(data.width))
        return "the features and the labels differ in length";
    if (options.folds < 2 || rows < 2 * static_cast<std::size_t>(options.folds))
        return "a probe needs at least two rows a fold and two folds, and there are " + std::to_string(rows) + " rows";
    const std::set<int> seen(data.labels.begin(), data.labels.end());
    if (*seen.begin() < 0 || *seen.rbegin() >= data.classes) return "a label is out of range";
    if (seen.size() < 2) return "all labels are the same";
    if (!std::all_of(data.features.begin(), data.features.end(), [](float x) { return std::isfinite(x); }))
        return "a feature is not a number";
    if (!(options.ridge > 0)) return "the ridge must be above 0";
    return {};
}

LinearProbe::LinearProbe(const ProbeData& data, std::span<const std::int64_t> rows, const ProbeOptions& options)
    : m_classes(data.classes)
{
    const auto count = static_cast<Eigen::Index>(rows.size());
    Eigen::MatrixXd x(count, data.width + 1);
    std::vector<int> labels;
    for (Eigen::Index i = 0; i < count; ++i) {
        const std::int64_t row = rows[static_cast<std::size_t>(i)];
        const std::span<const float> features = rowOf(data, row);
        for (Eigen::Index f = 0; f < data.width; ++f)
            x(i, f) = static_cast<double>(features[static_cast<std::size_t>(f)]);
        labels.push_back(labelOf(data, row));
    }
    for (Eigen::Index f = 0; f < data.width; ++f) {
        m_mean.push_back(x.col(f).mean());
        const double spread = std::sqrt((x.col(f).array() - m_mean.back()).square().mean());
        m_scale.push_back(spread > 1e-12 ? 1 / spread : 0.0); // a constant feature says nothing
        x.col(f) = (x.col(f).array() - m_mean.back()) * m_scale.back();
    }
    x.col(data.width).setOnes();
    const Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor> weights =
        fitSoftmax(x, labels, data.classes, options.ridge, options.iterations);
    m_weights.assign(weights.data(), weights.data() + weights.size());
}

std::vector<double> LinearProbe::logProbabilities(std::span<const float> features) const
{
    const auto classes = static_cast<std::size_t>(m_classes);
    std::vector<double> logits(m_weights.end() - m_classes, m_weights.end());
    for (std::size_t f = 0; f < m_mean.size(); ++f) {
        const double x = (static_cast<double>(features[f]) - m_mean[f]) * m_scale[f];
        for (std::size_t k = 0; k < classes; ++k)
            logits[k] += x * m_weights[f * classes + k];
    }
    const double largest = *std::max_element(logits.begin(), logits.end());
    double sum = 0;
    for (const double logit : logits)
        sum += std::exp(logit - largest);
    for (double& logit : logits)
        logit -= largest + std::log(sum);
    return logits;
}

int LinearProbe::classify(std::span<const float> features) const
{
    const std::vector<double> scores = logProbabilities(features);
    return static_cast<int>(std::max_element(scores.begin(), scores.end()) - scores.begin());
}

ProbeReading crossValidated(const ProbeData& data, const ProbeOptions& options)
{
    ProbeReading reading;
    reading.refusal = whyUnusable(data, options);
    if (!reading.refusal.empty()) return reading;
    const auto n = static_cast<long long>(data.labels.size());
    const auto classes = static_cast<std::size_t>(data.classes);
    reading.outOfFold.resize(data.labels.size() * classes);
    long long right = 0;
    for (const auto& [train, test] : foldsOf(data.labels.size(), options)) {
        const LinearProbe probe(data, train, options);
        for (const std::int64_t row : test) {
            const std::vector<double> scores = probe.logProbabilities(rowOf(data, row));
            std::copy(scores.begin(), scores.end(),
                      reading.outOfFold.begin() + static_cast<std::ptrdiff_t>(static_cast<std::size_t>(row) * classes));
            right += std::max_element(scores.begin(), scores.end()) - scores.begin() == labelOf(data, row) ? 1 : 0;
        }
    }
    reading.accuracy = evals::proportion(right, n);
    reading.majority = majorityOf(data.labels, data.classes);
    return reading;
}

ProbeReading crossValidatedChoice(const ChoiceData& data, const ProbeOptions& options)
{
    ProbeReading reading;
    reading.refusal = whyUnusable(data, options);
    if (!reading.refusal.empty()) return reading;
    const std::vector<float> features = withinItems(data);
    std::vector<int> isRight(data.labels.size() * static_cast<std::size_t>(data.texts), 0);
    for (std::size_t item = 0; item < data.labels.size(); ++item)
        isRight[item * static_cast<std::size_t>(data.texts) + static_cast<std::size_t>(data.labels[item])] = 1;
    const ProbeData rows{.features = features, .width = data.width, .labels = isRight, .classes = 2};
    reading.outOfFold.resize(isRight.size());
    long long right = 0;
    for (const auto& [train, test] : foldsOf(data.labels.size(), options)) {
        Rows texts;
        for (const std::int64_t item : train)
            for (std::int64_t text = 0; text < data.texts; ++text)
                texts.push_back(item * data.texts + text);
        const LinearProbe probe(rows, texts, options);
        for (const std::int64_t item : test) {
            const auto scores = reading.outOfFold.begin() + static_cast<std::ptrdiff_t>(item * data.texts);
            for (std::int64_t text = 0; text < data.texts; ++text)
                scores[text] = probe.logProbabilities(rowOf(rows, item * data.texts + text))[1];
            right +=
                std::max_element(scores, scores + data.texts) - scores == data.labels[static_cast<std::size_t>(item)]
                    ? 1
                    : 0;
        }
    }
    reading.accuracy = evals::proportion(right, static_cast<long long>(data.labels.size()));
    reading.majority = majorityOf(data.labels, data.texts);
    return reading;
}

std::optional<Estimate> salience(const Estimate& accuracy, double majority, const Estimate& ceiling)
{
    if (!(ceiling.low > majority) || !std::isfinite(accuracy.value)) return std::nullopt;
    const auto scaled = [&](double value) { return (value - majority) / (ceiling.value - majority); };
    return Estimate{scaled(accuracy.value), scaled(accuracy.low), scaled(accuracy.high), accuracy.n};
}

LabelCurve labelCurve(const ProbeData& data, const ProbeOptions& options)
{
    LabelCurve curve;
    curve.refusal = whyUnusable(data, options);
    const std::size_t n = data.labels.size();
    if (curve.refusal.empty() && n < 40) curve.refusal = "a curve needs 40 rows, and there are " + std::to_string(n);
    if (curve.refusal.empty() && options.repeats < 1) curve.refusal = "a curve needs at least one shuffle";
    if (!curve.refusal.empty()) return curve;
    const std::size_t tested = n / 5;
    for (std::size_t count = 16; count <= 1024 && count <= n - tested; count *= 2)
        curve.labels.push_back(static_cast<int>(count));
    std::vector<std::vector<double>> byCount(curve.labels.size());
    std::vector<double> areas;
    for (int repeat = 0; repeat < options.repeats; ++repeat) {
        const Rows order =
            permutation(static_cast<std::int64_t>(n), Rng(options.seed, "probe/curve/" + std::to_string(repeat)));
        const std::span<const std::int64_t> rows(order);
        std::vector<double> accuracy;
        for (std::size_t i = 0; i < curve.labels.size(); ++i) {
            const LinearProbe probe(data, rows.subspan(tested, static_cast<std::size_t>(curve.labels[i])), options);
            accuracy.push_back(accuracyOn(probe, data, rows.first(tested)));
            byCount[i].push_back(accuracy.back());
        }
        areas.push_back(areaUnder(accuracy));
    }
    for (const std::vector<double>& accuracies : byCount)
        curve.accuracy.push_back(evals::meanWithInterval(accuracies));
    curve.area = evals::meanWithInterval(areas);
    return curve;
}

} // namespace gradus::signatures
