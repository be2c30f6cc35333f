// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/live/gap_content.h"

#include "pages/live/generation_steps.h"
#include "spec/experiment.h"
#include "spec/stored.h"
#include "viewmodels/gap_terms.h"

#include <QCoreApplication>

#include <algorithm>

namespace gradus::pages {

using viewmodels::LiveRun;
using viewmodels::TimeWindow;
using viewmodels::XAxis;

namespace {

QString words(const char* text)
{
    return QCoreApplication::translate("LiveCards", text);
}

/// A number that the decision before a generation was made with ("cap", "floor", "trust"), over that generation. Only
/// controllers that measure have any.
void addTerm(QVector<plot::Series>& all, const char* term, const QString& name, const QVector<qreal>& dash,
             const LiveRun& run, XAxis axis)
{
    plot::Series series = stepsOf(
        QLatin1String(term), name, run, axis, [&](const events::GenerationRecord& record) -> std::optional<Estimate> {
            const std::optional<double> value = viewmodels::gapTerm(run, record.generation, term);
            if (!value) return std::nullopt;
            return Estimate{*value, *value, *value, 1};
        });
    if (series.points.isEmpty()) return;
    series.tone = plot::Tone::Neutral;
    series.dash = dash;
    all << series;
}

} // namespace

std::optional<schedule::Curve> drawnGap(const std::string& specToml)
{
    const Result<spec::Experiment> experiment = spec::parseStored(specToml, "run");
    if (!experiment) return std::nullopt;
    if (experiment->gap.controller != "fixed" && experiment->gap.controller != "schedule") return std::nullopt;
    schedule::Curve curve = experiment->gap.curve;
    if (experiment->gap.controller == "fixed")
        curve.keys = {schedule::Key{.x = 0,
                                    .y = experiment->gap.value,
                                    .interpolation = schedule::Interpolation::Constant,
                                    .left = {},
                                    .right = {}}};
    if (curve.keys.empty() || !schedule::validate(curve)) return std::nullopt;
    return curve;
}

void addGap(QVector<plot::Series>& all, const LiveRun& run, const TimeWindow& window,
            const std::optional<schedule::Curve>& drawn)
{
    const XAxis axis = window.axis();
    plot::Series delta = stepsOf(QStringLiteral("gap/delta"), words("gap δ"), run, axis,
                                 [](const events::GenerationRecord& record) -> std::optional<Estimate> {
                                     if (!record.gap) return std::nullopt;
                                     return Estimate{*record.gap, *record.gap, *record.gap, 1};
                                 });
    if (drawn) {
        plot::Series asked;
        asked.id = QStringLiteral("drawn");
        asked.name = words("drawn");
        asked.tone = plot::Tone::Neutral;
        asked.dash = QVector<qreal>{2, 2};
        const schedule::Evaluator curve(*drawn);
        const int generations = std::max(1, run.detail().run.generations);
        constexpr int kSamples = 24;
        for (const events::GenerationRecord& record : run.detail().generations) {
            if (record.generation < 2) continue; // there is no gap to the first one
            const double first = run.firstStepOf(record);
            const double last = run.lastStepOf(record);
            for (int i = 0; i <= kSamples; ++i) {
                const double share = static_cast<double>(i) / kSamples;
                // The controller's own fraction of gaps taken, (i - 1) / (K - 2) at the gap from A_i, run on in
                // between.
                const double taken = record.generation - 2 + share;
                const double done = generations > 2 ? std::clamp(taken / (generations - 2), 0.0, 1.0) : 0.0;
                const QPointF point(run.xOf(first + share * (last - first), axis), curve(done));
                if (asked.points.isEmpty() || point.x() > asked.points.last().x()) asked.points.append(point);
                if (!record.lastStep) break; // its length is not known yet
            }
        }
        all << asked;
    }
    addTerm(all, "cap", words("cap"), {6, 3}, run, axis);
    addTerm(all, "floor", words("floor"), {1, 3}, run, axis);
    addTerm(all, "trust", words("trust"), {4, 2, 1, 2}, run, axis);
    all << delta;
}

} // namespace gradus::pages
