// SPDX-License-Identifier: GPL-3.0-or-later
#include "shell/window_bench.h"

#include "filter/run_filter.h"
#include "pages/live/live_card.h"
#include "plot/settled.h"
#include "shell/window_bench_store.h"
#include "viewmodels/runs_model.h"

#include <QElapsedTimer>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>

#include <algorithm>
#include <cmath>

namespace gradus::shell {

namespace {

constexpr int kLinePoints = 1000;       // of each line where there are many
constexpr int kManyPoints = 10'000'000; // in one series
constexpr int kManyRuns = 50'000;       // in the list
constexpr QSize kChart{1200, 500};

double quantile(QVector<double> samples, double share)
{
    if (samples.isEmpty()) return std::nan("");
    std::sort(samples.begin(), samples.end());
    return samples[static_cast<qsizetype>(share * static_cast<double>(samples.size() - 1) + 0.5)];
}

double timed(const std::function<void()>& act)
{
    QElapsedTimer clock;
    clock.start();
    act();
    return static_cast<double>(clock.nsecsElapsed()) * 1e-6;
}

/// Everything that the widget's children have asked to be painted, now.
void paintNow(QWidget& widget)
{
    for (QWidget* child : widget.findChildren<QWidget*>())
        if (child->isVisible()) child->repaint();
}

QVector<plot::Series> linesOf(int count)
{
    QVector<plot::Series> lines;
    for (int line = 0; line < count; ++line) {
        plot::Series series;
        series.id = QString::number(line);
        series.name = series.id;
        series.style = line;
        for (int i = 0; i < kLinePoints; ++i)
            series.points.append({double(i), 0.001 * line + 0.5 * std::sin(i * 0.01 + line)});
        lines.append(series);
    }
    return lines;
}

BenchFigure hover(common::ThemeController& theme)
{
    BenchFigure figure{QStringLiteral("hover over 50 lines"), 16, {}};
    plot::TimePlot chart(theme);
    chart.resize(kChart);
    chart.setFullRange(0, kLinePoints);
    chart.setSeries(linesOf(50));
    chart.show();
    chart.replotNow();
    for (int i = 0; i < 100; ++i)
        figure.samples.append(timed([&] {
            chart.setCrosshair(5.0 + 9 * i);
            paintNow(chart);
        }));
    return figure;
}

BenchFigure pan(common::ThemeController& theme, int lines, double aim)
{
    BenchFigure figure{QStringLiteral("pan of %1 lines").arg(lines), aim, {}};
    plot::TimePlot chart(theme);
    chart.resize(kChart);
    chart.setFullRange(0, kLinePoints);
    chart.setSeries(linesOf(lines));
    chart.show();
    chart.setXRange(0, kLinePoints / 2.0);
    chart.replotNow();
    for (int i = 1; i <= 40; ++i)
        figure.samples.append(timed([&] {
            chart.setXRange(10.0 * i, kLinePoints / 2.0 + 10.0 * i);
            chart.replotNow();
        }));
    return figure;
}

BenchFigure firstDraw(common::ThemeController& theme)
{
    BenchFigure figure{QStringLiteral("1,000 lines first drawn"), 300, {}};
    const QVector<plot::Series> lines = linesOf(1000);
    for (int i = 0; i < 7; ++i) {
        plot::TimePlot chart(theme);
        chart.resize(kChart);
        chart.show();
        chart.replotNow();
        figure.samples.append(timed([&] {
            chart.setFullRange(0, kLinePoints);
            chart.setSeries(lines);
            chart.replotNow();
        }));
    }
    return figure;
}

viewmodels::PointBatch batchOf(std::int64_t first, std::int64_t count)
{
    viewmodels::PointBatch batch{.runId = 1, .fromStart = first == 0, .newestWall = 0, .series = {}};
    store::SeriesPoints series{.name = "train/loss", .points = {}};
    series.points.reserve(static_cast<std::size_t>(count));
    for (std::int64_t i = first; i < first + count; ++i)
        series.points.push_back({i, 1000 + 0.001 * double(i), 0.5 + 0.4 * std::sin(double(i) * 1e-5)});
    batch.series = {series};
    return batch;
}

void manyPoints(common::ThemeController& theme, const std::function<void(const BenchFigure&)>& found)
{
    constexpr std::int64_t piece = 200'000;
    BenchFigure append{QStringLiteral("a batch after 10 million points"), 5, {}};
    BenchFigure zoom{QStringLiteral("zoom of 10 million points"), 30, {}};
    viewmodels::LiveRun run;
    store::RunDetail detail;
    detail.run.id = 1;
    detail.run.startedAt = 1000;
    events::GenerationRecord record;
    record.generation = 1;
    detail.generations = {record};
    run.setDetail(detail);
    for (std::int64_t first = 0; first < kManyPoints; first += piece)
        run.append(batchOf(first, piece));
    for (int i = 0; i < 40; ++i) {
        const viewmodels::PointBatch batch = batchOf(kManyPoints + i * 1000, 1000);
        append.samples.append(timed([&] { run.append(batch); }));
    }
    found(append);
    viewmodels::TimeWindow window;
    window.setNow(static_cast<double>(run.lastStep()));
    pages::LiveCard card(pages::CardKind::TrainingFit, run, window, theme);
    card.resize(kChart);
    card.show();
    plot::settle(card);
    for (int i = 1; i <= 40; ++i)
        zoom.samples.append(timed([&] {
            window.zoomTo(1e5 * i, kManyPoints - 1e5 * i);
            card.rangeChanged();
            card.timePlot()->replotNow();
        }));
    found(zoom);
}

BenchFigure filter(const QVector<store::RunRow>& rows)
{
    BenchFigure figure{QStringLiteral("filter of 50,000 runs"), 100, {}};
    viewmodels::RunsModel model;
    model.setRows(rows);
    for (int i = 0; i < 12; ++i)
        for (const char* text : {"failed", "utility>0.8", "experiment 77", "tag:healthy", "note:~slow",
                                 "gap.controller = pi", "gap.value > 0.1 and gap.value < 0.4", ""}) {
            const auto parsed = filter::RunFilter::parse(text);
            if (parsed) figure.samples.append(timed([&] { model.setFilter(*parsed); }));
        }
    return figure;
}

BenchFigure regroup(const QVector<store::RunRow>& rows)
{
    BenchFigure figure{QStringLiteral("grouping of 50,000 runs"), 200, {}};
    using viewmodels::RunGrouping;
    viewmodels::RunsModel model;
    model.setRows(rows);
    for (int i = 0; i < 8; ++i)
        for (const RunGrouping& grouping :
             {RunGrouping{.by = RunGrouping::By::AllButSeed},
              RunGrouping{.by = RunGrouping::By::Keys, .keys = {"tag", "gap.controller", "gap.value"}}, RunGrouping{}})
            figure.samples.append(timed([&] { model.setGrouping(grouping); }));
    return figure;
}

} // namespace

double BenchFigure::median() const
{
    return quantile(samples, 0.5);
}

double BenchFigure::p95() const
{
    return quantile(samples, 0.95);
}

bool BenchFigure::isMet() const
{
    return !samples.isEmpty() && (byP95 ? p95() : median()) < aim;
}

void benchWindow(common::ThemeController& theme, const QString& program,
                 const std::function<void(const BenchFigure&)>& found)
{
    found(hover(theme));
    found(pan(theme, 50, 50));
    found(pan(theme, 200, 100));
    found(firstDraw(theme));
    manyPoints(theme, found);
    const BenchWorkspace place(kManyRuns);
    const QVector<store::RunRow> runs = place.rows();
    if (!runs.isEmpty()) found(filter(runs));
    if (!runs.isEmpty()) found(regroup(runs));
    if (place.isThere()) found(manyRunsListed(theme, place));
    if (place.isThere()) found(commitToPixel(theme, place));
    found(exampleOpened(theme));
    if (program.isEmpty()) return;
    const QTemporaryDir fresh;
    found(startIn(fresh.path(), program, QStringLiteral("start to first paint, nothing there")));
    if (place.isThere()) found(startIn(place.folder(), program, QStringLiteral("start to first paint, 50,000 runs")));
}

QString benchLine(const BenchFigure& figure, bool json)
{
    if (json)
        return QString::fromUtf8(QJsonDocument(QJsonObject{{QStringLiteral("bench"), figure.name},
                                                           {QStringLiteral("n"), figure.samples.size()},
                                                           {QStringLiteral("median_ms"), figure.median()},
                                                           {QStringLiteral("p95_ms"), figure.p95()},
                                                           {QStringLiteral("aim_ms"), figure.aim},
                                                           {QStringLiteral("aim_is_for_p95"), figure.byP95},
                                                           {QStringLiteral("met"), figure.isMet()}})
                                     .toJson(QJsonDocument::Compact));
    return QStringLiteral("%1  n %2  median %3 ms  p95 %4 ms  aim %5 ms%6  %7")
        .arg(figure.name, -34)
        .arg(figure.samples.size(), 4)
        .arg(figure.median(), 8, 'f', 2)
        .arg(figure.p95(), 8, 'f', 2)
        .arg(figure.aim, 4)
        .arg(figure.byP95 ? QStringLiteral(" (p95)") : QStringLiteral("      "),
             figure.samples.isEmpty() ? QStringLiteral("not measured")
             : figure.isMet()         ? QStringLiteral("met")
                                      : QStringLiteral("missed"));
}

} // namespace gradus::shell
