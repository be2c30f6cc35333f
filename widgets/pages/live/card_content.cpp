// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/live/card_content.h"

#include "base/text.h"
#include "common/number_text.h"
#include "pages/live/stage_look.h"
#include "spec/experiment.h"
#include "viewmodels/figures.h"
#include "viewmodels/series_catalogue.h"

#include <QCoreApplication>

#include <algorithm>
#include <cmath>
#include <limits>

namespace gradus::pages {

using viewmodels::LiveRun;
using viewmodels::TimeWindow;
using viewmodels::XAxis;

namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr int kColumns = 2000;         // more than any plot is wide
constexpr std::size_t kWhole = 50'000; // below this a run is handed over whole and the plot thins it

QString words(const char* text)
{
    return QCoreApplication::translate("LiveCards", text);
}

/// How one series of the store is drawn.
struct Look
{
    const char* name;
    bool markers = false;
    bool right = false;
    plot::Draw draw = plot::Draw::Line;
};

plot::Series lineOf(const Look& look, const LiveRun& run, const TimeWindow& window)
{
    const viewmodels::SeriesInfo* info = viewmodels::findSeries(look.name);
    plot::Series series;
    series.id = QString::fromUtf8(look.name);
    series.name = info != nullptr ? viewmodels::seriesLabel(*info) : series.id;
    series.style = info != nullptr ? info->style : 0;
    series.draw = look.draw;
    series.markers = look.markers;
    series.rightAxis = look.right;
    const bool whole = run.pointCount() <= kWhole;
    const viewmodels::Polyline line =
        run.line(look.name, window.axis(), whole ? 0 : window.first(),
                 whole ? std::numeric_limits<double>::max() : window.last(), whole ? 0 : kColumns);
    series.points.reserve(line.x.size());
    for (qsizetype i = 0; i < line.x.size(); ++i)
        series.points.append({line.x[i], line.y[i]});
    return series;
}

/// Intervals belong to evaluations, which are few: matched to the line's points by x.
void addBand(plot::Series& series, const LiveRun& run, XAxis axis)
{
    const viewmodels::BandLine band = run.band(series.id.toStdString(), axis);
    if (band.x.isEmpty()) return;
    qsizetype at = 0;
    for (const QPointF& point : series.points) {
        while (at < band.x.size() && (band.x[at] < point.x() || std::isnan(band.low[at])))
            ++at;
        const bool found = at < band.x.size() && band.x[at] == point.x() && !std::isnan(point.y());
        series.low.append(found ? band.low[at] : kNan);
        series.high.append(found ? band.high[at] : kNan);
    }
}

/// A value of each generation as a step line over it; a gap where there is none.
template <typename Value>
plot::Series stepsOf(const QString& id, const QString& name, const LiveRun& run, XAxis axis, Value value)
{
    plot::Series series;
    series.id = id;
    series.name = name;
    series.draw = plot::Draw::Hold;
    bool intervals = false;
    for (const events::GenerationRecord& record : run.detail().generations) {
        const std::optional<Estimate> estimate = value(record);
        if (!estimate || !std::isfinite(estimate->value)) continue;
        const double first = run.xOf(run.firstStepOf(record), axis);
        const double last = run.xOf(run.lastStepOf(record), axis);
        series.points.append({first, estimate->value});
        series.points.append({last, estimate->value});
        series.points.append({last, kNan});
        series.low += {estimate->low, estimate->low, kNan};
        series.high += {estimate->high, estimate->high, kNan};
        intervals = intervals || estimate->low != estimate->high;
    }
    if (!intervals) {
        series.low.clear();
        series.high.clear();
    }
    return series;
}

void addUtility(QVector<plot::Series>& all, const LiveRun& run, const TimeWindow& window)
{
    const XAxis axis = window.axis();
    plot::Series ceiling = stepsOf(QStringLiteral("ceiling"), words("ceiling"), run, axis,
                                   [](const auto& record) { return record.ceiling; });
    ceiling.tone = plot::Tone::Neutral;
    ceiling.dash = QVector<qreal>{6, 3};
    ceiling.low.clear();
    ceiling.high.clear();
    plot::Series weak =
        stepsOf(QStringLiteral("weak"), words("weak"), run, axis, [](const auto& record) { return record.weak; });
    weak.style = 1;
    weak.dash = QVector<qreal>{2, 2};
    weak.low.clear();
    weak.high.clear();
    plot::Series final;
    final.id = QStringLiteral("final");
    final.name = words("end of a generation");
    final.draw = plot::Draw::Points;
    final.markers = true;
    final.hollow = true;
    final.inLegend = false; // beside the competence that ends there
    for (const events::GenerationRecord& record : run.detail().generations)
        if (record.utility && record.lastStep && !record.rolledBack)
            final.points.append({run.xOf(run.lastStepOf(record), axis), record.utility->value});
    plot::Series competence = lineOf({"utility/competence"}, run, window);
    addBand(competence, run, axis);
    all << ceiling << weak << competence;
    if (run.has("utility/conformity")) all << lineOf({"utility/conformity", true}, run, window);
    if (!final.points.isEmpty()) all << final;
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
    all << delta;
}

void addRecovery(QVector<plot::Series>& all, const LiveRun& run, const TimeWindow& window)
{
    plot::Series recovered = stepsOf(QStringLiteral("pgr"), words("PGR"), run, window.axis(),
                                     [](const events::GenerationRecord& record) -> std::optional<Estimate> {
                                         if (!record.pgrRefusal.empty()) return std::nullopt;
                                         return record.pgr;
                                     });
    recovered.style = 5;
    recovered.dash = QVector<qreal>{};
    all << recovered;
}

void addEach(QVector<plot::Series>& all, std::initializer_list<Look> looks, const LiveRun& run,
             const TimeWindow& window)
{
    for (const Look& look : looks) {
        if (!run.has(look.name)) continue;
        plot::Series series = lineOf(look, run, window);
        addBand(series, run, window.axis());
        all << series;
    }
}

} // namespace

CardText textOf(CardKind kind)
{
    switch (kind) {
    case CardKind::Utility:
        return {QStringLiteral("utilityCard"), words("Utility"), words("accuracy, 95 % interval"),
                words("Utility appears at the first evaluation")};
    case CardKind::TrainingFit:
        return {QStringLiteral("trainingCard"), words("Training fit"), words("accuracy on training labels"),
                words("Training values appear with the first steps")};
    case CardKind::Imitation:
        return {QStringLiteral("imitationCard"), words("Imitation rate"), words("held-out, teacher wrong"),
                words("Imitation needs a teacher: it appears with generation 2")};
    case CardKind::Entropy:
        return {QStringLiteral("entropyCard"), words("Entropy"), words("of the answers, nats"),
                words("Entropy appears at the first evaluation")};
    case CardKind::Gap:
        return {QStringLiteral("gapCard"), words("Gap δ"), words("log10 parameters"),
                words("The first gap is taken between generations 1 and 2")};
    case CardKind::Recovery:
        return {QStringLiteral("recoveryCard"), words("Gap recovered"), words("PGR, 95 % interval"),
                words("PGR appears when generation 2 is done")};
    case CardKind::Foreign:
        return {{}, {}, words("imported"), words("No point of this series")};
    case CardKind::Mix:
        return {QStringLiteral("mixCard"), words("Signal mix"), words("share of the votes; dotted: as drawn"),
                words("The mix appears with generation 2")};
    }
    return {};
}

std::optional<schedule::Curve> drawnGap(const std::string& specToml)
{
    const Result<spec::Experiment> experiment = spec::parseExperiment(specToml, "run");
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

QVector<plot::Series> seriesOf(CardKind kind, const LiveRun& run, const TimeWindow& window,
                               const std::optional<schedule::Curve>& drawn)
{
    QVector<plot::Series> all;
    if (!run.hasRun()) return all;
    switch (kind) {
    case CardKind::Utility:
        addUtility(all, run, window);
        break;
    case CardKind::TrainingFit:
        addEach(all,
                {{"train/loss", false, true, plot::Draw::Raw},
                 {"train/accuracy_noisy"},
                 {"train/accuracy_clean"},
                 {"memorisation"}},
                run, window);
        break;
    case CardKind::Imitation:
        addEach(all, {{"imitation/rate"}, {"imitation/excess"}}, run, window);
        break;
    case CardKind::Entropy:
        addEach(all, {{"entropy/label"}, {"entropy/token"}, {"diversity/distinct2", false, true}}, run, window);
        break;
    case CardKind::Gap:
        addGap(all, run, window, drawn);
        break;
    case CardKind::Recovery:
        addRecovery(all, run, window);
        break;
    case CardKind::Foreign:
    case CardKind::Mix:
        break;
    }
    return all;
}

plot::Series foreignSeriesOf(const std::string& series, const LiveRun& run, const TimeWindow& window)
{
    return lineOf({series.c_str()}, run, window);
}

QVector<plot::StageSpan> stagesOf(const LiveRun& run, XAxis axis)
{
    QVector<plot::StageSpan> spans;
    for (const viewmodels::StageBand& band : run.stageBands()) {
        if (band.planned || band.state == events::StageState::Skipped) continue;
        spans.append({run.xOf(band.firstStep, axis), run.xOf(band.lastStep, axis),
                      static_cast<plot::Stage>(band.stage - 1), false});
    }
    return spans;
}

QVector<plot::GenerationLabel> generationsOf(const LiveRun& run, XAxis axis)
{
    QVector<plot::GenerationLabel> labels;
    if (!run.hasRun()) return labels;
    for (const events::GenerationRecord& record : run.detail().generations)
        labels.append(
            {run.xOf(run.firstStepOf(record), axis),
             (record.generation > 1 ? QStringLiteral("  G%1") : QStringLiteral("G%1")).arg(record.generation)});
    return labels;
}

QVector<plot::EventMark> eventsOf(const LiveRun& run, XAxis axis)
{
    QVector<plot::EventMark> marks;
    if (!run.hasRun()) return marks;
    for (const store::EventRow& event : run.detail().events) {
        plot::Mark mark = plot::Mark::Checkpoint;
        if (isAlert(event.kind))
            mark = plot::Mark::Alert;
        else if (event.kind == "schedule.edit")
            mark = plot::Mark::ScheduleEdit;
        else if (event.kind != "checkpoint")
            continue;
        marks.append({run.xOf(static_cast<double>(event.step), axis), mark,
                      QString::fromStdString(visible(event.sentence, 300))});
    }
    return marks;
}

QString decisionAt(const LiveRun& run, double step)
{
    QString sentence;
    if (!run.hasRun()) return sentence;
    for (const store::EventRow& event : run.detail().events)
        if (event.kind == "gap.decision" && static_cast<double>(event.step) <= step)
            sentence = QString::fromStdString(visible(event.sentence, 600));
    return sentence;
}

QString recoveryAt(const LiveRun& run, double step)
{
    const events::GenerationRecord* record = run.generation(run.generationAt(step));
    if (record == nullptr) return {};
    if (!record->pgrRefusal.empty()) return QString::fromStdString(visible(record->pgrRefusal, 400));
    if (!record->pgr) return {};
    return words("PGR %1").arg(common::valueText(record->pgr, 2));
}

} // namespace gradus::pages
