// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/live/smoothed_lines.h"

#include <QCoreApplication>

#include <algorithm>
#include <limits>

namespace gradus::pages {

using viewmodels::Smoothing;
using viewmodels::SmoothingKind;

namespace {

constexpr int kFewest = 3; // points that can be smoothed at all

QVector<QPointF> joined(const QVector<double>& x, const QVector<double>& y)
{
    QVector<QPointF> points;
    points.reserve(x.size());
    for (qsizetype i = 0; i < x.size(); ++i)
        points.append({x[i], y[i]});
    return points;
}

/// NaN is equal to itself here: a gap that stays is no change.
bool isSame(const QVector<QPointF>& a, const QVector<QPointF>& b)
{
    const auto same = [](double p, double q) { return p == q || (p != p && q != q); };
    return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(), [&](const QPointF& p, const QPointF& q) {
               return same(p.x(), q.x()) && same(p.y(), q.y());
           });
}

} // namespace

QVector<plot::Series> SmoothedLines::of(const QVector<plot::Series>& raw, const viewmodels::LiveRun& run,
                                        viewmodels::XAxis axis, const Smoothing& smoothing)
{
    m_stamp.clear();
    if (smoothing.kind == SmoothingKind::None) {
        m_made.clear();
        return raw;
    }
    QVector<plot::Series> traces;
    QVector<plot::Series> lines;
    int leftOut = 0;
    bool isAny = false;
    for (const plot::Series& series : raw) {
        const std::string name = series.id.toStdString();
        const bool isLine = series.draw == plot::Draw::Line || series.draw == plot::Draw::Raw;
        if (!isLine || !run.has(name) || series.points.size() < kFewest) {
            lines.append(series);
            continue;
        }
        if (run.pointCount(name) > kMostSmoothed) {
            ++leftOut;
            lines.append(series);
            continue;
        }
        isAny = true;
        // Of the whole series, so that zooming in changes no value.
        const viewmodels::Polyline whole = run.line(name, axis, 0, std::numeric_limits<double>::max(), 0);
        Made& made = m_made[series.id];
        QVector<QPointF> points = joined(whole.x, whole.y);
        if (made.smoothing != smoothing || !isSame(made.raw, points)) {
            made.smooth = joined(whole.x, viewmodels::smoothed(whole.x, whole.y, smoothing));
            made.raw = std::move(points);
            made.smoothing = smoothing;
        }
        plot::Series trace = series;
        trace.id += QStringLiteral("/raw");
        trace.draw = plot::Draw::Raw;
        trace.inLegend = false;
        trace.markers = false;
        trace.endLabel.clear();
        traces.append(trace);
        plot::Series line = series;
        line.draw = plot::Draw::Line;
        if (series.draw == plot::Draw::Raw) line.dash = QVector<qreal>{}; // dashes would be lost in the trace behind
        line.points = made.smooth;
        line.low.clear();
        line.high.clear();
        line.markers = false;
        lines.append(line);
    }
    if (isAny) m_stamp = viewmodels::stampOf(smoothing);
    if (leftOut > 0)
        m_stamp += (isAny ? QStringLiteral("; ") : QString()) +
                   QCoreApplication::translate("SmoothedLines", "%n too long to be smoothed", nullptr, leftOut);
    return traces + lines;
}

} // namespace gradus::pages
