// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/noise_figures.h"

#include "base/text.h"
#include "compare/noise_report.h"
#include "report/words.h"
#include "signals/synthetic_noise.h"

#include <algorithm>
#include <cmath>

namespace gradus::report {

namespace {

using compare::NoiseCurve;
using compare::NoiseRow;

std::string sizeOf(const NoiseCurve& curve)
{
    return "rung " + curve.rung + (curve.setting.empty() ? "" : ", " + curve.setting);
}

ChartSeries seriesOf(const NoiseCurve& curve, const char* name, int style, std::optional<Estimate> NoiseRow::*field)
{
    ChartSeries series{name, style};
    for (const NoiseRow& row : curve.rows) {
        const std::optional<Estimate>& value = row.*field;
        if (!value || !std::isfinite(value->value)) continue;
        ChartPoint point{.place = row.rate, .value = value->value};
        if (value->n > 1) {
            point.low = value->low;
            point.high = value->high;
        }
        point.words = std::string(name) + ", rate " + fixedText(row.rate, 2) + ": " + estimateText(*value, 3) + ", " +
                      counted(row.seeds, "run");
        series.points.push_back(std::move(point));
    }
    return series;
}

/// The rate at which the right label is no likelier than any other; none where the kind of noise does not tell.
std::optional<double> flipPoint(const NoiseCurve& curve)
{
    if (curve.noise == "uniform") return 1.0;
    if (curve.noise == "wrong-only") return signals::uninformativeRate(curve.classes);
    return std::nullopt;
}

ChartPanel fitPanel(const NoiseCurve& curve)
{
    ChartPanel panel{sizeOf(curve), {.label = "noise rate"}, {.label = "accuracy", .least = 0.0, .most = 1.0}};
    panel.series = {seriesOf(curve, "training items, against the labels taught", 0, &NoiseRow::fitNoisy),
                    seriesOf(curve, "training items, against truth", 1, &NoiseRow::fitClean),
                    seriesOf(curve, "held-out items, against truth", 2, &NoiseRow::accuracy)};
    panel.levels.push_back({1.0 / curve.classes, "chance"});
    if (const auto flip = flipPoint(curve)) panel.levels.push_back({*flip, "labels say nothing", true});
    if (curve.tolerance && curve.tolerance->reached) panel.levels.push_back({curve.tolerance->rate, "borne", true});
    return panel;
}

/// Sizes below each other with the rate that each bears.
ChartPanel tolerancePanel(const std::vector<const NoiseCurve*>& curves)
{
    ChartPanel panel{"rate that each size bears", {}, {.label = "noise rate", .least = 0.0}};
    for (const NoiseCurve* curve : curves) {
        const auto row = static_cast<double>(panel.categories.size());
        ChartSeries series{sizeOf(*curve), 0, false};
        ChartPoint point{.place = row, .value = NAN};
        if (curve->tolerance) {
            const controller::NoiseTolerance& tolerance = *curve->tolerance;
            point.value = tolerance.rate;
            if (tolerance.seeds > 1) {
                point.low = tolerance.low;
                point.high = tolerance.high;
            }
            point.words = sizeOf(*curve) + ": " + (tolerance.reached ? "" : "at least ") +
                          fixedText(tolerance.rate, 3) + ", between " + fixedText(tolerance.low, 3) + " and " +
                          (tolerance.bounded ? fixedText(tolerance.high, 3) : "an end that no rate showed");
        }
        series.points.push_back(std::move(point));
        panel.categories.push_back(sizeOf(*curve));
        panel.series.push_back(std::move(series));
    }
    return panel;
}

std::string captionOf(const std::vector<const NoiseCurve*>& curves, double loss)
{
    std::string refusals;
    for (const NoiseCurve* curve : curves)
        if (!curve->tolerance)
            refusals += " No rate is read of " + sizeOf(*curve) + ": " + curve->tolerance.error().message;
    std::size_t seeds = 0;
    for (const NoiseCurve* curve : curves)
        for (const NoiseRow& row : curve->rows)
            seeds = std::max(seeds, row.seeds);
    return "What students fit of labels that were made wrong: mean over " + counted(seeds, "seed") +
           " with 95 % t intervals. A gap between the first two lines is memorised noise. A size bears a rate until "
           "the "
           "held-out accuracy has fallen by " +
           fixedText(loss, 3) +
           " against the same seeds without noise (monotone in the rate); its interval is where "
           "that of the paired loss lies below and above. Chance is one in " +
           std::to_string(curves.front()->classes) + "." + refusals;
}

} // namespace

std::vector<Figure> noiseFigures(const Evidence& evidence)
{
    const auto found = compare::noiseReport(evidence.runs, std::nullopt);
    if (!found) return {};
    std::vector<Figure> figures;
    for (std::size_t first = 0; first < found->curves.size();) {
        std::vector<const NoiseCurve*> curves;
        for (; first < found->curves.size() && (curves.empty() || found->curves[first].noise == curves[0]->noise);
             ++first)
            curves.push_back(&found->curves[first]);
        Figure figure{"Noise of kind " + curves[0]->noise + ": what is fitted", captionOf(curves, found->loss), {}};
        for (const NoiseCurve* curve : curves)
            figure.panels.push_back(fitPanel(*curve));
        if (std::ranges::any_of(curves, [](const NoiseCurve* curve) { return curve->tolerance.ok(); }))
            figure.panels.push_back(tolerancePanel(curves));
        figures.push_back(std::move(figure));
    }
    return figures;
}

std::optional<Table> noiseTable(const Evidence& evidence)
{
    const auto found = compare::noiseReport(evidence.runs, std::nullopt);
    if (!found) return std::nullopt;
    Table table{"Noise that each size bears",
                {{"kind of noise"},
                 {"student"},
                 {"seeds", true},
                 {"held out without noise", true},
                 {"rate borne", true},
                 {"wrong labels borne", true},
                 {"highest rate", true},
                 {"lost there", true}},
                {}};
    for (const NoiseCurve& curve : found->curves) {
        const NoiseRow& first = curve.rows.front();
        std::vector<std::string> cells{curve.noise,
                                       sizeOf(curve),
                                       std::to_string(curve.rows.back().seeds),
                                       first.rate <= 0 && first.accuracy ? estimateText(*first.accuracy, 3) : "–",
                                       "not read",
                                       "not read",
                                       typeset(curve.rows.back().rate, 2),
                                       "–"};
        if (curve.tolerance) {
            cells[4] = compare::borneText(*curve.tolerance, 1);
            cells[5] = compare::borneText(*curve.tolerance, curve.wrongPerRate);
            if (!curve.tolerance->losses.empty()) cells[7] = estimateText(curve.tolerance->losses.back().loss, 3, true);
        }
        table.rows.push_back(std::move(cells));
    }
    table.note = "Borne: until the held-out accuracy has fallen by " + fixedText(found->loss, 3) +
                 " against the same seeds without noise. The intervals are 95 %, of one size alone: where those of two "
                 "sizes overlap, that they bear different amounts is not shown.";
    return table;
}

} // namespace gradus::report
