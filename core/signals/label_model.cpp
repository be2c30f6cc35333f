// SPDX-License-Identifier: GPL-3.0-or-later
#include "signals/label_model.h"

#include "signals/majority.h"
#include "signals/posterior.h"

#include <Eigen/Core>

#include <algorithm>
#include <cmath>

namespace gradus::signals {

namespace {

constexpr int kSteps = 2000;
constexpr double kRate = 0.01;        ///< Snorkel's; it falls to a hundredth over the steps
constexpr double kDiagonal = 0.7;     ///< the start: a source is right more often than not
constexpr double kLeast = 1e-4;       ///< of a conditional probability, so that logs stay finite
constexpr double kPriorStrength = 10; ///< anchors' worth of trust in a uniform prior

using Matrix = Eigen::MatrixXd;

/// Moments of the one-hot votes, (m K) x (m K).
Matrix momentsOf(const VoteTable& table)
{
    const Eigen::Index width = table.classes;
    const Eigen::Index size = width * static_cast<Eigen::Index>(table.sources.size());
    Matrix moments = Matrix::Zero(size, size);
    std::vector<Eigen::Index> columns;
    for (std::size_t i = 0; i < table.items; ++i) {
        columns.clear();
        for (std::size_t j = 0; j < table.sources.size(); ++j)
            if (const int label = table.sources[j].labels[i]; label != kAbstain)
                columns.push_back(static_cast<Eigen::Index>(j) * width + label);
        for (const Eigen::Index a : columns)
            for (const Eigen::Index b : columns)
                moments(a, b) += 1;
    }
    return moments / static_cast<double>(table.items);
}

/// mu at (j K + l, k): coverage of source j split so that the diagonal holds kDiagonal of it.
Matrix start(const Matrix& moments, Eigen::Index width)
{
    Matrix mu(moments.rows(), width);
    for (Eigen::Index row = 0; row < mu.rows(); ++row) {
        const Eigen::Index first = row / width * width;
        const double coverage = moments.diagonal().segment(first, width).sum();
        for (Eigen::Index k = 0; k < width; ++k)
            mu(row, k) = coverage * (row - first == k ? kDiagonal : (1 - kDiagonal) / static_cast<double>(width - 1));
    }
    return mu;
}

/// Loss and its gradient by mu. mask is 0 on the blocks of a source with itself.
double lossOf(const Matrix& moments, const Matrix& mask, const Eigen::VectorXd& prior, const Matrix& mu,
              Matrix& gradient)
{
    const Matrix weighted = mu * prior.asDiagonal();
    const Matrix residual = mask.cwiseProduct(moments - weighted * mu.transpose());
    const Eigen::VectorXd marginal = moments.diagonal() - weighted.rowwise().sum();
    gradient = -4 * (residual * weighted) - 2 * (marginal * prior.transpose());
    return residual.squaredNorm() + marginal.squaredNorm();
}

/// Adam without surprises: full gradients, fixed steps.
double descend(const Matrix& moments, const Matrix& mask, const Eigen::VectorXd& prior, Matrix& mu)
{
    Matrix gradient;
    Matrix first = Matrix::Zero(mu.rows(), mu.cols());
    Matrix second = first;
    double loss = 0;
    for (int step = 1; step <= kSteps; ++step) {
        loss = lossOf(moments, mask, prior, mu, gradient);
        first = 0.9 * first + 0.1 * gradient;
        second = 0.999 * second + 0.001 * gradient.cwiseAbs2();
        const double rate = kRate * std::pow(0.01, static_cast<double>(step) / kSteps);
        const double a = rate / (1 - std::pow(0.9, step));
        const double b = 1 - std::pow(0.999, step);
        mu.array() -= a * first.array() / ((second.array() / b).sqrt() + 1e-8);
        mu = mu.cwiseMax(kLeast).cwiseMin(1 - kLeast);
    }
    return loss;
}

} // namespace

LabelModelFit fitLabelModel(const VoteTable& table, const std::vector<double>& prior)
{
    const Eigen::Index width = table.classes;
    const Matrix moments = momentsOf(table);
    Matrix mask = Matrix::Ones(moments.rows(), moments.cols());
    for (Eigen::Index first = 0; first < mask.rows(); first += width)
        mask.block(first, first, width, width).setZero();
    Matrix mu = start(moments, width);
    LabelModelFit fit;
    fit.prior = prior;
    fit.loss = descend(moments, mask, Eigen::Map<const Eigen::VectorXd>(prior.data(), width), mu);
    for (Eigen::Index row = 0; row < mu.rows(); ++row)
        for (Eigen::Index k = 0; k < width; ++k)
            fit.conditional.push_back(mu(row, k));
    return fit;
}

Pooled poolByLabelModel(const VoteTable& table, const Anchors& anchors)
{
    if (table.sources.size() < 3) {
        Pooled pooled = poolByMajority(table);
        pooled.degraded = "The label model needs at least three sources, the table has " +
                          std::to_string(table.sources.size()) + ": majority vote was used instead.";
        return pooled;
    }
    const LabelModelFit fit = fitLabelModel(table, anchoredPrior(anchors, table.classes, kPriorStrength));
    const auto width = static_cast<std::size_t>(table.classes);
    Pooled pooled;
    pooled.posterior.reserve(table.items * width);
    for (std::size_t i = 0; i < table.items; ++i) {
        std::vector<double> scores(width);
        for (std::size_t k = 0; k < width; ++k) {
            scores[k] = std::log(fit.prior[k]);
            for (std::size_t j = 0; j < table.sources.size(); ++j)
                if (const int label = table.sources[j].labels[i]; label != kAbstain)
                    scores[k] += table.sources[j].weight *
                                 std::log(fit.conditional[(j * width + static_cast<std::size_t>(label)) * width + k]);
        }
        normaliseLogs(scores);
        pooled.posterior.insert(pooled.posterior.end(), scores.begin(), scores.end());
    }
    for (const SourceVotes& source : table.sources)
        pooled.weights.push_back(source.weight);
    labelByPosterior(pooled, table.classes);
    return pooled;
}

} // namespace gradus::signals
