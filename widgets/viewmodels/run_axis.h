// SPDX-License-Identifier: GPL-3.0-or-later
// Places along a run in the unit somebody thinks in. A matter of the view: files keep fractions of the run.
#pragma once

#include <QString>

#include <optional>
#include <utility>
#include <vector>

namespace gradus::spec {
struct Experiment;
}

namespace gradus::viewmodels {

enum class RunUnit
{
    Fraction,   ///< percent of the run
    Generation, ///< that is taught at the place: 2 at the beginning, the last one at the end
    Step,       ///< steps of tuning from the run's beginning, as Live counts them
    Epoch,      ///< passes over a generation's labels, likewise
    Token,      ///< tokens read in tuning, likewise
};

/// Immutable, a value. Between generations a place is interpolated: that is where curves are drawn, and not read.
class RunAxis final
{
public:
    RunAxis() = default; ///< percent of the run
    /// Where the unit cannot be told (see absence), percent.
    /// @param itemTokens  tokens that a student reads of one item on average; none: not known
    RunAxis(const spec::Experiment& experiment, RunUnit unit, std::optional<double> itemTokens);
    /// Why this experiment has no such axis, in a sentence; empty: it has.
    static QString absence(const spec::Experiment& experiment, RunUnit unit, std::optional<double> itemTokens);

    RunUnit unit() const { return m_unit; }
    double shown(double x) const;     ///< a fraction of the run in the unit
    double place(double value) const; ///< back; also beyond the run, in its first or last slope
    QString number(double x) const;   ///< as people type it, C locale: "40", "2.5", "128"
    QString text(double x) const;     ///< as axes and bubbles write it: "40 %", "→ G2.5", "128"
    QString title() const;            ///< of a column: "Of run", "Generation", "Step"
    /// Round places within low..high (fractions of the run), at most about seven.
    std::vector<double> ticks(double low, double high) const;

    friend bool operator==(const RunAxis&, const RunAxis&) = default;

private:
    RunUnit m_unit = RunUnit::Fraction;
    std::vector<std::pair<double, double>> m_knots{{0, 0}, {1, 100}}; ///< fraction -> value, both increasing
};

} // namespace gradus::viewmodels
