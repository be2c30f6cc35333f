// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewmodels/run_axis.h"

#include "base/text.h"
#include "common/number_text.h"
#include "spec/drawn.h"
#include "viewmodels/snap.h"

#include <QCoreApplication>

#include <algorithm>
#include <cmath>

namespace gradus::viewmodels {

namespace {

constexpr int kTicks = 5;

QString words(const char* text)
{
    return QCoreApplication::translate("gradus::viewmodels::RunAxis", text);
}

/// What tuning one generation adds to the axis; as pipeline::tuningSteps counts.
double lengthOf(const spec::Experiment& experiment, int generation, RunUnit unit, double itemTokens)
{
    const spec::Training training = spec::atGeneration(experiment, generation).training;
    const int labels = generation == 1 && training.teacherLabels > 0 ? training.teacherLabels : training.labels;
    if (unit == RunUnit::Epoch) return training.epochs;
    if (unit == RunUnit::Token) return static_cast<double>(labels) * training.epochs * itemTokens;
    return std::ceil(static_cast<double>(labels) / training.batch) * training.epochs;
}

bool goesByGenerations(const spec::Experiment& experiment)
{
    return experiment.experiment.procedure == "progressive" && experiment.ladder.generations > 2;
}

bool hasKnownLabels(const spec::Experiment& experiment)
{
    for (int generation = 1; generation <= experiment.ladder.generations; ++generation)
        if (spec::atGeneration(experiment, generation).training.labels <= 0) return false;
    return true;
}

} // namespace

QString RunAxis::absence(const spec::Experiment& experiment, RunUnit unit, std::optional<double> itemTokens)
{
    if (unit == RunUnit::Fraction) return {};
    if (!goesByGenerations(experiment))
        return words("Only a progressive run of three generations or more reads curves at several places.");
    if ((unit == RunUnit::Step || unit == RunUnit::Token) && !hasKnownLabels(experiment))
        return words("How many items there are is known once the task is read: give training.labels a number.");
    if (unit == RunUnit::Token && !itemTokens) return words("How many tokens an item has is not known yet.");
    return {};
}

RunAxis::RunAxis(const spec::Experiment& experiment, RunUnit unit, std::optional<double> itemTokens)
{
    if (unit == RunUnit::Fraction || !absence(experiment, unit, itemTokens).isEmpty()) return;
    const int generations = experiment.ladder.generations;
    m_unit = unit;
    m_knots.clear();
    double before = 0;
    for (int generation = 1; generation <= generations; ++generation) {
        const double value = unit == RunUnit::Generation ? generation : before;
        if (generation >= 2) m_knots.emplace_back(spec::weightPlace(generation, generations), value);
        if (unit != RunUnit::Generation) before += lengthOf(experiment, generation, unit, itemTokens.value_or(0));
    }
}

double RunAxis::shown(double x) const
{
    std::size_t at = 1;
    while (at + 1 < m_knots.size() && m_knots[at].first < x)
        ++at;
    const auto& [x0, y0] = m_knots[at - 1];
    const auto& [x1, y1] = m_knots[at];
    return y0 + (x - x0) / (x1 - x0) * (y1 - y0);
}

double RunAxis::place(double value) const
{
    std::size_t at = 1;
    while (at + 1 < m_knots.size() && m_knots[at].second < value)
        ++at;
    const auto& [x0, y0] = m_knots[at - 1];
    const auto& [x1, y1] = m_knots[at];
    return x0 + (value - y0) / (y1 - y0) * (x1 - x0);
}

QString RunAxis::number(double x) const
{
    // Percent is the fraction itself; elsewhere what a division leaves in the last digits is no part of the number.
    return QString::fromStdString(numberText(m_unit == RunUnit::Fraction ? 100 * x : nearestMultiple(shown(x), 1e-6)));
}

QString RunAxis::text(double x) const
{
    const double value = shown(x);
    switch (m_unit) {
    case RunUnit::Fraction:
        return common::numberText(value, std::abs(value - std::round(value)) < 0.05 ? 0 : 1) + QStringLiteral(" %");
    case RunUnit::Generation:
        return QString::fromUtf8("→ G") + QString::number(std::round(10 * value) / 10);
    case RunUnit::Epoch:
        return QString::number(std::round(10 * value) / 10);
    case RunUnit::Step:
    case RunUnit::Token:
        return common::groupedText(std::llround(value));
    }
    return {};
}

QString RunAxis::title() const
{
    switch (m_unit) {
    case RunUnit::Fraction:
        return words("Of run");
    case RunUnit::Generation:
        return words("Generation");
    case RunUnit::Step:
        return words("Step");
    case RunUnit::Epoch:
        return words("Epoch");
    case RunUnit::Token:
        return words("Tokens");
    }
    return {};
}

std::vector<double> RunAxis::ticks(double low, double high) const
{
    const double first = shown(low);
    const double last = shown(high);
    const double step = std::max(roundStep(last - first, kTicks), m_unit == RunUnit::Fraction ? 0.0 : 1.0);
    std::vector<double> places;
    if (!(step > 0)) return places;
    for (double value = std::ceil(first / step - 1e-9) * step; value <= last + 1e-9 * step; value += step)
        places.push_back(std::clamp(place(nearestMultiple(value, step)), low, high));
    return places;
}

} // namespace gradus::viewmodels
