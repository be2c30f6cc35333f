// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/live/card_content.h"

#include "base/text.h"
#include "common/number_text.h"
#include "events/standing_utility.h"
#include "pages/live/gap_content.h"
#include "pages/live/generation_steps.h"
#include "pages/live/stage_look.h"
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
            final.points.append({run.xOf(run.lastStepOf(record), axis), events::standingUtility(record)->value});
    plot::Series competence = lineOf({"utility/competence"}, run, window);
    addBand(competence, run, axis);
    all << ceiling << weak << competence;
    if (run.has("utility/conformity")) all << lineOf({"utility/conformity", true}, run, window);
    if (!final.points.isEmpty()) all << final;
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

/// What is measured once a generation, by its series' name.
void addOfGeneration(QVector<plot::Series>& all, const char* name, const LiveRun& run, XAxis axis)
{
    if (!run.has(name)) return;
    const viewmodels::SeriesInfo* info = viewmodels::findSeries(name);
    plot::Series series =
        stepsOf(QString::fromLatin1(name), info != nullptr ? viewmodels::seriesLabel(*info) : QString::fromLatin1(name),
                run, axis, [&](const events::GenerationRecord& record) -> std::optional<Estimate> {
                    const double last = run.lastStepOf(record);
                    const std::optional<double> value = run.valueAt(name, last);
                    if (!value) return std::nullopt;
                    const double half = run.halfWidthAt(name, last).value_or(0);
                    return Estimate{*value, *value - half, *value + half, 1};
                });
    series.style = info != nullptr ? info->style : 0;
    all << series;
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

bool isOptional(CardKind kind)
{
    return kind == CardKind::Noise || kind == CardKind::Harm;
}

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
    case CardKind::Noise:
        return {QStringLiteral("noiseCard"), words("Label noise"), words("share of wrong labels, 95 % interval"),
                words("Noise is estimated when a generation is done")};
    case CardKind::Harm:
        return {QStringLiteral("harmCard"), words("Harm and over-refusal"), words("on held-out twins, 95 % interval"),
                words("Harm is measured after stage 3")};
    case CardKind::Foreign:
        return {{}, {}, words("imported"), words("No point of this series")};
    case CardKind::Mix:
        return {QStringLiteral("mixCard"), words("Signal mix"), words("share of the votes; dotted: as drawn"),
                words("The mix appears with generation 2")};
    }
    return {};
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
    case CardKind::Noise:
        for (const char* name :
             {"noise/estimate", "noise/upper", "noise/anchors", "noise/confident", "noise/loss_mixture"})
            addOfGeneration(all, name, run, window.axis());
        break;
    case CardKind::Harm:
        for (const char* name : {"harm/rate", "refusal/over"})
            addOfGeneration(all, name, run, window.axis());
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
        plot::StageSpan span{run.xOf(band.firstStep, axis), run.xOf(band.lastStep, axis),
                             static_cast<plot::Stage>(band.stage - 1), false};
        // Stages 2 and 3 take no training step: on the clock they last as long as they lasted.
        if (axis == XAxis::WallTime && band.begunAt) {
            span.first = run.secondsOf(*band.begunAt);
            span.last = band.endedAt ? run.secondsOf(*band.endedAt) : std::max(span.first, span.last);
        }
        spans.append(span);
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
    for (const store::EventRow& event : run.detail().events) {
        if (static_cast<double>(event.step) > step) continue;
        const QString said = QString::fromStdString(visible(event.sentence, 600));
        if (event.kind == "gap.decision") sentence = said;
        // What is trained then is not what was decided: that stands first.
        if (event.kind == "gap.intermediate") sentence = said + QLatin1Char(' ') + sentence;
    }
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
