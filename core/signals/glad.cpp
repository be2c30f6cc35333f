// SPDX-License-Identifier: GPL-3.0-or-later
#include "signals/glad.h"

#include "signals/posterior.h"

#include <algorithm>
#include <cmath>

namespace gradus::signals {

namespace {

constexpr int kAscentSteps = 5;       ///< a partial M-step: EM still climbs
constexpr double kTolerance = 1e-6;   ///< stop when no posterior moves by more
constexpr double kLongestStep = 0.5;  ///< of log ease: its curvature is only bounded near the optimum
constexpr double kSureEnough = 1e-12; ///< keeps log(1 - s) finite

double logistic(double x)
{
    return 1 / (1 + std::exp(-x));
}

class Em final
{
public:
    explicit Em(const VoteTable& table) : m_table(table), m_width(static_cast<std::size_t>(table.classes))
    {
        m_fit.ability.assign(table.sources.size(), 1.0);
        m_fit.ease.assign(table.items, 1.0);
        m_fit.posterior.assign(table.items * m_width, 1.0 / static_cast<double>(m_width));
        expect();
    }

    GladFit run(int maxIterations)
    {
        double moved = 1;
        while (m_fit.iterations < maxIterations && moved > kTolerance) {
            for (int step = 0; step < kAscentSteps; ++step) {
                ascendAbilities();
                ascendEase();
            }
            moved = expect();
            ++m_fit.iterations;
        }
        return std::move(m_fit);
    }

private:
    double right(std::size_t i, int label) const
    {
        return m_fit.posterior[i * m_width + static_cast<std::size_t>(label)];
    }

    /// Gradient step divided by an upper bound of the curvature, so that it never overshoots.
    void ascendAbilities()
    {
        for (std::size_t j = 0; j < m_table.sources.size(); ++j) {
            const SourceVotes& source = m_table.sources[j];
            double gradient = 1 - m_fit.ability[j];
            double curvature = 1;
            for (std::size_t i = 0; i < m_table.items; ++i) {
                if (source.labels[i] == kAbstain) continue;
                const double beta = m_fit.ease[i];
                gradient += source.weight * beta * (right(i, source.labels[i]) - logistic(m_fit.ability[j] * beta));
                curvature += source.weight * beta * beta / 4;
            }
            m_fit.ability[j] += gradient / curvature;
        }
    }

    void ascendEase()
    {
        for (std::size_t i = 0; i < m_table.items; ++i) {
            double& beta = m_fit.ease[i];
            double gradient = -std::log(beta);
            double curvature = 1;
            for (std::size_t j = 0; j < m_table.sources.size(); ++j) {
                const SourceVotes& source = m_table.sources[j];
                if (source.labels[i] == kAbstain) continue;
                const double x = m_fit.ability[j] * beta;
                gradient += source.weight * x * (right(i, source.labels[i]) - logistic(x));
                curvature += source.weight * x * x / 4;
            }
            beta *= std::exp(std::clamp(gradient / curvature, -kLongestStep, kLongestStep));
        }
    }

    double expect()
    {
        const double others = static_cast<double>(m_width) - 1;
        double moved = 0;
        std::vector<double> scores(m_width);
        for (std::size_t i = 0; i < m_table.items; ++i) {
            std::fill(scores.begin(), scores.end(), 0.0);
            for (std::size_t j = 0; j < m_table.sources.size(); ++j) {
                const SourceVotes& source = m_table.sources[j];
                if (source.labels[i] == kAbstain) continue;
                const double s = std::clamp(logistic(m_fit.ability[j] * m_fit.ease[i]), kSureEnough, 1 - kSureEnough);
                // Only the ratio of right to wrong matters once the row is normalised.
                scores[static_cast<std::size_t>(source.labels[i])] += source.weight * std::log(s * others / (1 - s));
            }
            normaliseLogs(scores);
            for (std::size_t k = 0; k < m_width; ++k) {
                moved = std::max(moved, std::abs(scores[k] - m_fit.posterior[i * m_width + k]));
                m_fit.posterior[i * m_width + k] = scores[k];
            }
        }
        return moved;
    }

    const VoteTable& m_table;
    std::size_t m_width;
    GladFit m_fit;
};

} // namespace

GladFit fitGlad(const VoteTable& table, int maxIterations)
{
    return Em(table).run(maxIterations);
}

Pooled poolByGlad(const VoteTable& table)
{
    const GladFit fit = fitGlad(table);
    Pooled pooled;
    pooled.posterior.assign(fit.posterior.begin(), fit.posterior.end());
    const double ablest = *std::max_element(fit.ability.begin(), fit.ability.end());
    for (std::size_t j = 0; j < table.sources.size(); ++j) {
        const double relative = ablest > 0 ? std::max(0.0, fit.ability[j] / ablest) : 1.0;
        pooled.weights.push_back(table.sources[j].weight * relative);
    }
    labelByPosterior(pooled, table.classes);
    if (table.sources.size() < 3)
        pooled.degraded = "GLAD with fewer than three sources is not identified: its result only sharpens the votes.";
    return pooled;
}

} // namespace gradus::signals
