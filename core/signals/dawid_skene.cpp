// SPDX-License-Identifier: GPL-3.0-or-later
#include "signals/dawid_skene.h"

#include "signals/posterior.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace gradus::signals {

namespace {

/// Shares of votes; uniform where everyone abstains.
std::vector<double> softMajority(const VoteTable& table)
{
    const auto width = static_cast<std::size_t>(table.classes);
    std::vector<double> shares(table.items * width, 0.0);
    for (std::size_t i = 0; i < table.items; ++i) {
        double sum = 0;
        for (const SourceVotes& source : table.sources) {
            if (source.labels[i] == kAbstain) continue;
            shares[i * width + static_cast<std::size_t>(source.labels[i])] += source.weight;
            sum += source.weight;
        }
        for (std::size_t k = 0; k < width; ++k)
            shares[i * width + k] = sum > 0 ? shares[i * width + k] / sum : 1.0 / static_cast<double>(width);
    }
    return shares;
}

/// Adds the pseudo-count to every entry of a row and scales it to sum to 1; an empty row without smoothing is uniform.
void normaliseRow(double* row, std::size_t width, double smoothing)
{
    double sum = 0;
    for (std::size_t l = 0; l < width; ++l)
        sum += row[l] += smoothing;
    for (std::size_t l = 0; l < width; ++l)
        row[l] = sum > 0 ? row[l] / sum : 1.0 / static_cast<double>(width);
}

class Em final
{
public:
    Em(const VoteTable& table, const DawidSkeneOptions& options)
        : m_table(table), m_options(options), m_width(static_cast<std::size_t>(table.classes)), m_groups(options.groups)
    {
        if (m_groups.empty()) {
            m_groups.resize(table.sources.size());
            std::iota(m_groups.begin(), m_groups.end(), 0);
        }
        m_fit.posterior = softMajority(table);
        m_fit.confusion.resize(*std::max_element(m_groups.begin(), m_groups.end()) + 1);
    }

    DawidSkeneFit run()
    {
        while (m_fit.iterations < m_options.maxIterations && !m_fit.converged) {
            maximise();
            m_fit.converged = expect() < m_options.tolerance;
            ++m_fit.iterations;
        }
        return std::move(m_fit);
    }

private:
    void maximise()
    {
        m_fit.prior.assign(m_width, 0.0);
        for (std::size_t at = 0; at < m_fit.posterior.size(); ++at)
            m_fit.prior[at % m_width] += m_fit.posterior[at];
        normaliseRow(m_fit.prior.data(), m_width, m_options.smoothing);
        for (std::vector<double>& confusion : m_fit.confusion)
            confusion.assign(m_width * m_width, 0.0);
        for (std::size_t j = 0; j < m_table.sources.size(); ++j)
            count(m_table.sources[j], m_fit.confusion[m_groups[j]]);
        for (std::vector<double>& confusion : m_fit.confusion)
            for (std::size_t k = 0; k < m_width; ++k)
                normaliseRow(&confusion[k * m_width], m_width, m_options.smoothing);
    }

    void count(const SourceVotes& source, std::vector<double>& confusion) const
    {
        for (std::size_t i = 0; i < m_table.items; ++i) {
            if (source.labels[i] == kAbstain) continue;
            const auto l = static_cast<std::size_t>(source.labels[i]);
            for (std::size_t k = 0; k < m_width; ++k)
                confusion[k * m_width + l] += source.weight * m_fit.posterior[i * m_width + k];
        }
    }

    /// Returns the largest change of a posterior.
    double expect()
    {
        const auto logs = [](std::vector<double> values) {
            for (double& value : values)
                value = std::log(std::max(value, 1e-300)); // a class without mass stays impossible, not undefined
            return values;
        };
        std::vector<std::vector<double>> logConfusion;
        for (const std::vector<double>& confusion : m_fit.confusion)
            logConfusion.push_back(logs(confusion));
        const std::vector<double> logPrior = logs(m_fit.prior);
        double moved = 0;
        for (std::size_t i = 0; i < m_table.items; ++i) {
            std::vector<double> scores = logPrior;
            for (std::size_t j = 0; j < m_table.sources.size(); ++j) {
                const SourceVotes& source = m_table.sources[j];
                if (source.labels[i] == kAbstain) continue;
                const double* column = &logConfusion[m_groups[j]][static_cast<std::size_t>(source.labels[i])];
                for (std::size_t k = 0; k < m_width; ++k)
                    scores[k] += source.weight * column[k * m_width];
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
    const DawidSkeneOptions& m_options;
    std::size_t m_width;
    std::vector<std::size_t> m_groups;
    DawidSkeneFit m_fit;
};

} // namespace

DawidSkeneFit fitDawidSkene(const VoteTable& table, const DawidSkeneOptions& options)
{
    return Em(table, options).run();
}

Pooled poolByDawidSkene(const VoteTable& table)
{
    const DawidSkeneFit fit = fitDawidSkene(table);
    Pooled pooled;
    pooled.posterior.assign(fit.posterior.begin(), fit.posterior.end());
    for (const SourceVotes& source : table.sources)
        pooled.weights.push_back(source.weight);
    labelByPosterior(pooled, table.classes);
    if (table.sources.size() < 3)
        pooled.degraded = "Dawid-Skene with fewer than three sources is not identified: its result only sharpens the "
                          "shares of votes that it starts from.";
    return pooled;
}

} // namespace gradus::signals
