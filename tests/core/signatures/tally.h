// SPDX-License-Identifier: GPL-3.0-or-later
// Counts what a detector says of simulated runs whose true state is known, and prints it.
#pragma once

#include "evals/paired_tests.h"
#include "signatures/verdict.h"

#include <cmath>
#include <cstdio>
#include <string>
#include <vector>

namespace gradus::tests {

class Tally final
{
public:
    /// direction: +1 when a larger value is worse, -1 when a smaller one is.
    explicit Tally(double direction) : m_direction(direction) {}

    void add(bool failing, const signatures::Verdict& verdict)
    {
        ++m_runs[failing ? 1 : 0];
        m_fired[failing ? 1 : 0] += verdict.fired ? 1 : 0;
        m_without += verdict.hasFigure() ? 0 : 1;
        m_scores.push_back(m_direction * verdict.value.value);
        m_failing.push_back(failing ? 1 : 0);
    }
    int runs(bool failing) const { return m_runs[failing ? 1 : 0]; }
    int fired(bool failing) const { return m_fired[failing ? 1 : 0]; }
    double falseAlarmRate() const { return static_cast<double>(m_fired[0]) / m_runs[0]; }
    /// The area under the curve knows no threshold: one that silences a detector shows here alone.
    double detectionRate() const { return static_cast<double>(m_fired[1]) / m_runs[1]; }
    double area() const { return evals::auroc(m_scores, m_failing)->value; }

    void print(const char* name, unsigned long long seed) const
    {
        const Estimate found = *evals::auroc(m_scores, m_failing);
        std::printf(
            "%-22s seed %llu: detected %d of %d, false alarms %d of %d, no figure %d, AUROC %.3f [%.3f, %.3f]\n", name,
            seed, m_fired[1], m_runs[1], m_fired[0], m_runs[0], m_without, found.value, found.low, found.high);
    }

private:
    double m_direction;
    int m_runs[2] = {0, 0};
    int m_fired[2] = {0, 0};
    int m_without = 0;
    std::vector<double> m_scores;
    std::vector<int> m_failing;
};

/// Not fired, no figure, a sentence and a JSON object without NaN.
inline bool isHonestRefusal(const signatures::Verdict& verdict, const std::string& word)
{
    const bool finite = std::isfinite(verdict.value.value) && std::isfinite(verdict.value.low);
    const bool says = verdict.sentence.find(word) != std::string::npos && verdict.sentence.back() == '.';
    const bool clean = verdict.sentence.find("nan") == std::string::npos && verdict.detailsJson.front() == '{';
    if (!(says && clean)) std::printf("    said: %s\n", verdict.sentence.c_str());
    return !verdict.fired && !verdict.hasFigure() && finite && says && clean;
}

} // namespace gradus::tests
